import { createPublicKey, X509Certificate, type KeyObject } from "node:crypto";
import { quote } from "../contract/quote";
import { LEAST_BITS, MOST_KEYS, PRIVATE_MEMBERS } from "./json-web-key";
import { isObject } from "../contract/object";
import { readJsonObject } from "../contract/json-document";
import type { Problem, Read } from "./problem";

/** A key of a key set that a token of GitLab can be verified with. */
export interface VerificationKey {
    /** The id by which a token names it. */
    readonly kid: string;
    /** The key itself, for Node's `crypto`. */
    readonly key: KeyObject;
    /** The key as it stands in the set. */
    readonly jwk: Readonly<Record<string, unknown>>;
}

/** A key set as far as it can be used. */
export interface KeySet {
    /** The RSA keys that AWS can take for RS256. */
    readonly keys: readonly VerificationKey[];
    /** The document as it is. */
    readonly document: Readonly<Record<string, unknown>>;
}

/** Ids of the checks of the key set's content. */
export type KeySetCheck =
    | "keys-json"
    | "keys-present"
    | "keys-count"
    | "keys-kid"
    | "keys-use"
    | "keys-algorithm"
    | "keys-strength"
    | "keys-private";

/** A key whose shape could be read, and its place for messages. */
interface Entry {
    readonly at: string;
    readonly jwk: Readonly<Record<string, unknown>>;
}

/**
 * Reads the text (or bytes) of a key set (RFC 7517) and checks what AWS asks of it. No part of a private key that it may
 * have is repeated in a message.
 */
export function readKeySet(text: string | Uint8Array): Read<KeySet, KeySetCheck> {
    const { object, fault } = readJsonObject(text);
    const list = object?.["keys"];
    if (object === undefined || !Array.isArray(list)) {
        return { problems: [problem("keys-json", `The key set ${fault ?? "has no list `keys`"}.`, SERVE_IT)] };
    }
    if (list.length > 10 * MOST_KEYS) {
        return { problems: [countProblem(list.length, "keys")] };
    }
    const entries = list.flatMap((jwk: unknown, i): Entry[] =>
        isObject(jwk) ? [{ at: `keys[${String(i)}]${named(jwk)}`, jwk }] : [],
    );
    const usable = entries.map((entry) => ({ entry, problems: keyProblems(entry) }));
    const keys = usable.flatMap(({ entry: { jwk }, problems }): VerificationKey[] => {
        const key = problems.some(({ status }) => status === "fail") ? undefined : publicKeyOf(jwk);
        return key === undefined ? [] : [{ kid: jwk["kid"] as string, key, jwk }];
    });
    return {
        value: { keys, document: object },
        problems: [
            ...presence(list.length, entries),
            ...["RSA", "EC"].flatMap((kty) => {
                const count = entries.filter(({ jwk }) => jwk["kty"] === kty).length;
                return count > MOST_KEYS ? [countProblem(count, `${kty} keys`)] : [];
            }),
            ...repeatedKids(entries),
            ...usable.flatMap(({ problems }) => problems),
        ],
    };
}

const SERVE_IT = "Serve GitLab's own key set (its path is /oauth/discovery/keys), unchanged.";

function problem(
    id: KeySetCheck,
    message: string,
    cure: string,
    status: "warn" | "fail" = "fail",
): Problem<KeySetCheck> {
    return { id, status, message, cure };
}

function countProblem(count: number, what: string): Problem<KeySetCheck> {
    return problem(
        "keys-count",
        `The key set has ${String(count)} ${what}: AWS takes ${String(MOST_KEYS)} RSA and ${String(MOST_KEYS)} EC keys.`,
        "Remove the keys that no token is signed with any more.",
    );
}

function named(jwk: Readonly<Record<string, unknown>>): string {
    return typeof jwk["kid"] === "string" ? ` (${quote(jwk["kid"])})` : "";
}

function presence(length: number, entries: readonly Entry[]): readonly Problem<KeySetCheck>[] {
    if (entries.some(({ jwk }) => jwk["kty"] === "RSA")) {
        return [];
    }
    return [
        problem(
            "keys-present",
            length === 0
                ? "The key set is empty."
                : "The key set has no RSA key: GitLab signs with RS256, so no token could be verified.",
            `${SERVE_IT} If GitLab's own is so too, its signing key is missing: run gitlab-rake gitlab:doctor:secrets.`,
        ),
    ];
}

function repeatedKids(entries: readonly Entry[]): readonly Problem<KeySetCheck>[] {
    const seen = new Map<string, string>();
    return entries.flatMap(({ at, jwk }) => {
        const { kid } = jwk;
        if (typeof kid !== "string") {
            return [];
        }
        const first = seen.get(kid);
        seen.set(kid, first ?? at);
        return first === undefined
            ? []
            : [
                  problem(
                      "keys-kid",
                      `${at} has the \`kid\` of ${first}: only one of the two can be found by it.`,
                      "Give each key a `kid` of its own.",
                  ),
              ];
    });
}

/** What is wrong with one key by itself. A key that is not for RS256 at all (EC, Ed25519) is nobody's concern. */
function keyProblems({ at, jwk }: Entry): readonly Problem<KeySetCheck>[] {
    const secret = PRIVATE_MEMBERS.filter((member) => Object.hasOwn(jwk, member));
    const leak =
        secret.length === 0
            ? []
            : [
                  problem(
                      "keys-private",
                      `${at} shows its private part (${secret.map((s) => `\`${s}\``).join(", ")}): whoever has read it can sign a token for any job.`,
                      "Take the document off the net, replace the signing key of the instance, and publish public keys only.",
                  ),
              ];
    return jwk["kty"] === "RSA" ? [...leak, ...rsaProblems(at, jwk)] : leak;
}

function rsaProblems(at: string, jwk: Readonly<Record<string, unknown>>): readonly Problem<KeySetCheck>[] {
    const { kid, use, key_ops: operations, alg } = jwk;
    const problems: Problem<KeySetCheck>[] = [];
    if (typeof kid !== "string" || kid === "") {
        problems.push(problem("keys-kid", `${at} has no \`kid\`: AWS finds a token's key by it.`, SERVE_IT));
    }
    if (use !== undefined && use !== "sig") {
        const what = typeof use === "string" ? quote(use) : "not a text";
        problems.push(problem("keys-use", `${at}: \`use\` is ${what}, not "sig".`, SERVE_IT));
    }
    if (operations !== undefined) {
        // Seen by others on STS: a key with `key_ops` is not taken, not even with "verify" in it.
        problems.push(
            problem(
                "keys-use",
                `${at} has \`key_ops\`, with which AWS may not take it.`,
                "Leave `key_ops` out.",
                "warn",
            ),
        );
    }
    if (alg !== undefined && alg !== "RS256") {
        const what = typeof alg === "string" ? quote(alg) : "not a text";
        const status = typeof alg === "string" && /^RS(?:384|512)$/.test(alg) ? "warn" : "fail";
        problems.push(
            problem("keys-algorithm", `${at}: \`alg\` is ${what}; GitLab signs with RS256.`, SERVE_IT, status),
        );
    }
    return [...problems, ...strengthProblems(at, jwk)];
}

function strengthProblems(at: string, jwk: Readonly<Record<string, unknown>>): readonly Problem<KeySetCheck>[] {
    const key = publicKeyOf(jwk);
    const details = key?.asymmetricKeyDetails;
    if (key === undefined || details?.modulusLength === undefined) {
        return [
            problem("keys-strength", `${at} is not an RSA key that can be read: \`n\` or \`e\` is wrong.`, SERVE_IT),
        ];
    }
    const least = String(LEAST_BITS);
    const cure = `Replace the signing key of the instance by an RSA key of ${least} bits or more.`;
    if (details.modulusLength < LEAST_BITS) {
        return [
            problem("keys-strength", `${at} has ${String(details.modulusLength)} bits, fewer than ${least}.`, cure),
        ];
    }
    if ((details.publicExponent ?? 0n) < 3n) {
        return [problem("keys-strength", `${at} has the exponent ${String(details.publicExponent)}.`, cure)];
    }
    return certificateAgrees(jwk, key)
        ? []
        : [problem("keys-strength", `${at}: the certificate \`x5c\` is for another key.`, "Leave `x5c` out.")];
}

function publicKeyOf({ n, e }: Readonly<Record<string, unknown>>): KeyObject | undefined {
    // 16384 bits: what takes longer to verify with is an attack, not a key.
    if (typeof n !== "string" || typeof e !== "string" || n.length > 2732 || e.length > 12) {
        return undefined;
    }
    try {
        return createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" });
    } catch {
        return undefined;
    }
}

/** AWS takes a key with `x5c` only where the certificate is for the same key. */
function certificateAgrees({ x5c }: Readonly<Record<string, unknown>>, key: KeyObject): boolean {
    const first: unknown = Array.isArray(x5c) ? x5c[0] : undefined;
    if (x5c === undefined) {
        return true;
    }
    try {
        return new X509Certificate(Buffer.from(String(first), "base64")).publicKey.equals(key);
    } catch {
        return false;
    }
}
