import { specialOutputValueSig, specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { below } from "./paths";
import { Secrets } from "./redact";
import { isObject } from "./object";

/** Arguments of a function as plain values, and how the engine marked them. */
interface Unwrapped {
    readonly value: unknown;
    /** Paths of the values that are not known yet. */
    readonly unknown: readonly string[];
    /** Paths of the values that are nested deeper than any argument. */
    readonly tooDeep: readonly string[];
    /** The secret values. The caller keeps the result secret too. */
    readonly secrets: Secrets;
}

/** Deeper than any arguments, including the wrapping. */
const DEEPEST = 100;

/** Unwraps the values that the engine sends as secrets, outputs or unknown values. */
export function unwrap(wrapped: unknown): Unwrapped {
    const unknown: string[] = [];
    const tooDeep: string[] = [];
    const secrets = new Secrets();
    const plain = (value: unknown, path: string, depth = 0): unknown => {
        if (depth > DEEPEST) {
            tooDeep.push(path);
            return undefined;
        }
        if (value === unknownValue) {
            unknown.push(path);
            return undefined;
        }
        if (Array.isArray(value)) {
            return value.map((item, i) => plain(item, `${path}[${String(i)}]`, depth + 1));
        }
        if (!isObject(value)) {
            return value;
        }
        switch (value[specialSigKey]) {
            case specialSecretSig:
                return secret(value["value"], path, depth);
            case specialOutputValueSig: {
                const inner = "value" in value ? value["value"] : unknownValue;
                return value["secret"] === true ? secret(inner, path, depth) : plain(inner, path, depth + 1);
            }
            default:
                return Object.fromEntries(
                    Object.entries(value).map(([k, v]) => [k, plain(v, below(path, k), depth + 1)]),
                );
        }
    };
    const secret = (wrappedValue: unknown, path: string, depth: number): unknown => {
        const value = plain(wrappedValue, path, depth + 1);
        secrets.add(path, value);
        return value;
    };
    return { value: plain(wrapped, ""), unknown, tooDeep, secrets };
}
