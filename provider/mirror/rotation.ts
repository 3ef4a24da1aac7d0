import type { PublicKey } from "./documents";

/** The sources of a JWKS. */
interface KeySources {
    /** Keys that the instance has now. */
    readonly instance: readonly PublicKey[];
    /** Earlier key lists. The first has precedence. */
    readonly earlier: readonly (readonly PublicKey[])[];
    /** Seconds since 1970. */
    readonly now: number;
    /** How long a key stays after the instance no longer has it, in seconds. */
    readonly overlap: number;
}

interface NextKeys {
    readonly keys: readonly PublicKey[];
    /** Keys that the instance does not have, and that stay. */
    readonly kept: readonly PublicKey[];
    /** Keys whose overlap has ended. */
    readonly dropped: readonly PublicKey[];
}

/**
 * The keys to publish: first the keys of the instance, then earlier keys until their `exp`, ordered by `kid`. An earlier
 * key without `exp` gets one: it was a key of the instance until now.
 */
export function nextKeys({ instance, earlier, now, overlap }: KeySources): NextKeys {
    const own = instance.map(withoutEnd);
    const present = new Set(own.map(({ kid }) => kid));
    const others = new Map<string, PublicKey>();
    for (const key of earlier.flat().filter(({ kid }) => !present.has(kid))) {
        const known = others.get(key.kid);
        if (known === undefined || (known.exp === undefined && key.exp !== undefined)) {
            others.set(key.kid, known === undefined ? key : { ...known, exp: key.exp! });
        }
    }
    const sorted = [...others.values()].sort((a, b) => (a.kid < b.kid ? -1 : 1));
    const kept = sorted
        .filter(({ exp }) => exp === undefined || exp > now)
        .map((key) => ({ ...withoutEnd(key), exp: key.exp ?? now + overlap }));
    return {
        keys: [...own, ...kept],
        kept,
        dropped: sorted.filter(({ exp }) => exp !== undefined && exp <= now),
    };
}

function withoutEnd(key: PublicKey): PublicKey {
    return Object.fromEntries(Object.entries(key).filter(([name]) => name !== "exp")) as unknown as PublicKey;
}

/** Whether two keys are the same, except for their end. */
export function isSameKey(a: PublicKey, b: PublicKey): boolean {
    const material = (key: PublicKey): string =>
        JSON.stringify(key.kty === "RSA" ? [key.kty, key.n, key.e] : [key.kty, key.crv, key.x, key.y]);
    return a.kid === b.kid && material(a) === material(b);
}
