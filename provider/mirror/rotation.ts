import type { PublicKey } from "./documents";

/** What a JWKS is made of. */
interface KeySources {
    /** Keys that the instance has now. */
    readonly instance: readonly PublicKey[];
    /** Sets that were written or published before, the one that counts first at the front. */
    readonly earlier: readonly (readonly PublicKey[])[];
    /** Seconds since 1970. */
    readonly now: number;
    /** Seconds that a key stays after it is first seen missing. */
    readonly overlap: number;
}

interface NextKeys {
    readonly keys: readonly PublicKey[];
    /** Keys that the instance does not have, and that stay. */
    readonly kept: readonly PublicKey[];
    /** Keys whose time is over. */
    readonly dropped: readonly PublicKey[];
}

/**
 * The keys to publish: those of the instance as it has them, and behind them, in the order of their ids, those of
 * earlier sets, each until its `exp`. A key that has none gets one: it was the instance's and is no more.
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

/** Whether two keys are one and the same, whatever their end. */
export function isSameKey(a: PublicKey, b: PublicKey): boolean {
    const material = (key: PublicKey): string =>
        JSON.stringify(key.kty === "RSA" ? [key.kty, key.n, key.e] : [key.kty, key.crv, key.x, key.y]);
    return a.kid === b.kid && material(a) === material(b);
}
