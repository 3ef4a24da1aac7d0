import { specialOutputValueSig, specialSecretSig, specialSigKey, unknownValue } from "@pulumi/pulumi/runtime/rpc";
import { property } from "./paths";
import { isObject } from "./object";

/** Arguments of a function as plain values, and what the engine said about them. */
export interface Unwrapped {
    readonly value: unknown;
    /** Paths of what has no value yet. */
    readonly unknown: readonly string[];
    /** Every text that is secret. Whoever asked keeps the answer secret too. */
    readonly secrets: readonly string[];
}

/** Takes values out of the wrapping in which the engine sends secrets, outputs and what is not known yet. */
export function unwrap(wrapped: unknown): Unwrapped {
    const unknown: string[] = [];
    const secrets: string[] = [];
    const plain = (value: unknown, path: string, isSecret: boolean): unknown => {
        if (value === unknownValue) {
            unknown.push(path);
            return undefined;
        }
        if (Array.isArray(value)) {
            return value.map((item, i) => plain(item, `${path}[${String(i)}]`, isSecret));
        }
        if (!isObject(value)) {
            if (isSecret) {
                secrets.push(String(value));
            }
            return value;
        }
        switch (value[specialSigKey]) {
            case specialSecretSig:
                return plain(value["value"], path, true);
            case specialOutputValueSig:
                return plain(
                    "value" in value ? value["value"] : unknownValue,
                    path,
                    isSecret || value["secret"] === true,
                );
            default:
                return Object.fromEntries(
                    Object.entries(value).map(([k, v]) => [k, plain(v, property(path, k), isSecret)]),
                );
        }
    };
    return { value: plain(wrapped, "", false), unknown, secrets };
}

/** Whether a message repeats a secret, or the beginning of a long one. */
export function tells(message: string, secrets: readonly string[]): boolean {
    return secrets.some(
        (secret) => secret !== "" && message.includes(JSON.stringify(secret).slice(1, -1).slice(0, 20)),
    );
}
