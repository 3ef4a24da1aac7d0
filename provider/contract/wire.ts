import { specialOutputValueSig, specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { below } from "./paths";
import { Secrets } from "./redact";
import { isObject } from "./object";

/** Arguments of a function as plain values, and what the engine said about them. */
interface Unwrapped {
    readonly value: unknown;
    /** Paths of what has no value yet. */
    readonly unknown: readonly string[];
    /** What is secret. Whoever asked keeps the answer secret too. */
    readonly secrets: Secrets;
}

/** Takes values out of the wrapping in which the engine sends secrets, outputs and what is not known yet. */
export function unwrap(wrapped: unknown): Unwrapped {
    const unknown: string[] = [];
    const secrets = new Secrets();
    const plain = (value: unknown, path: string): unknown => {
        if (value === unknownValue) {
            unknown.push(path);
            return undefined;
        }
        if (Array.isArray(value)) {
            return value.map((item, i) => plain(item, `${path}[${String(i)}]`));
        }
        if (!isObject(value)) {
            return value;
        }
        switch (value[specialSigKey]) {
            case specialSecretSig:
                return secret(value["value"], path);
            case specialOutputValueSig: {
                const inner = "value" in value ? value["value"] : unknownValue;
                return value["secret"] === true ? secret(inner, path) : plain(inner, path);
            }
            default:
                return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v, below(path, k))]));
        }
    };
    const secret = (wrappedValue: unknown, path: string): unknown => {
        const value = plain(wrappedValue, path);
        secrets.add(path, value);
        return value;
    };
    return { value: plain(wrapped, ""), unknown, secrets };
}
