import { createPublicKey, X509Certificate, type KeyObject } from "node:crypto";
import { isObject } from "../contract/object";
import { quote } from "../contract/quote";
import { readObject, type Source } from "./json";
import { failure, warning, type Problem, type Read } from "./problem";

/** A public key of a JWKS that AWS can verify a token with. */
export interface VerificationKey {
    /** The id by which a token names it. */
    readonly kid: string;
    /** The key itself, for Node's `crypto`. */
    readonly key: KeyObject;
    /** The key as it is in the JWKS. */
    readonly jwk: Readonly<Record<string, unknown>>;
}

/** A JWKS as far as it can be used. */
export interface Jwks {
    /** The RSA and EC keys that nothing is wrong with, apart from warnings. GitLab signs with RSA keys. */
    readonly keys: readonly VerificationKey[];
    /** The document as it is. */
    readonly document: Readonly<Record<string, unknown>>;
}

/** Ids of the checks of the JWKS's content. */
export type JwksCheck =
    | "keys-json"
    | "keys-present"
    | "keys-count"
    | "keys-kid"
    | "keys-use"
    | "keys-algorithm"
    | "keys-strength"
    | "keys-private";

type JwksProblem = Problem<JwksCheck>;

/** Keys of one kind that AWS reads. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
const MOST_KEYS = 100;

/** Bits of an RSA key: the private part of a shorter key can be computed; a longer key is slow to verify with. */
const LEAST_BITS = 2048;
const MOST_BITS = 16_384;

/** Most bits of an exponent that OpenSSL and Java allow with a long modulus. */
const MOST_EXPONENT_BITS = 64;

/** Members that only a private or secret JSON web key has. Source: RFC 7518, section 6. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** The curves that AWS has, the bytes of a coordinate, and the algorithm that belongs to each. Source: RFC 7518, sections 3.4 and 6.2. */
const CURVES = new Map<unknown, { readonly length: number; readonly algorithm: string }>([
    ["P-256", { length: 32, algorithm: "ES256" }],
    ["P-384", { length: 48, algorithm: "ES384" }],
    ["P-521", { length: 66, algorithm: "ES512" }],
]);

/**
 * Reads a JWKS (RFC 7517) and checks what AWS requires of it. Messages never repeat a part of a private key that it may
 * have.
 *
 * @param source The document as text, as bytes or as the object that was parsed from it.
 */
export function readJwks(source: Source): Read<Jwks, JwksCheck> {
    const { object, fault } = readObject(source);
    const list = object?.["keys"];
    if (object === undefined || !Array.isArray(list)) {
        const path = object === undefined ? "" : "keys";
        return { problems: [failure("keys-json", path, `The JWKS ${fault ?? "has no list `keys`"}.`, UNCHANGED)] };
    }
    if (list.length > 10 * MOST_KEYS) {
        return { problems: [countProblem(list.length, "keys")] };
    }
    const entries = list.map((jwk: unknown, i) => readKey(jwk, `keys[${String(i)}]`));
    return {
        value: { keys: entries.flatMap(({ key }) => key ?? []), document: object },
        problems: [
            ...presence(entries),
            ...["RSA", "EC"].flatMap((kty) => {
                const count = entries.filter(({ jwk }) => jwk["kty"] === kty).length;
                return count > MOST_KEYS ? [countProblem(count, `${kty} keys`)] : [];
            }),
            ...repeatedKids(entries),
            ...entries.flatMap(({ problems }) => problems),
        ],
    };
}

const UNCHANGED = "Publish GitLab's own JWKS (its path is /oauth/discovery/keys) unchanged.";
const REMOVE = "Remove the key from the JWKS.";
const REPLACE = `Replace the instance's signing key with an RSA key of ${String(LEAST_BITS)} bits or more and the exponent 65537, for example with \`openssl genrsa ${String(LEAST_BITS)}\`.`;

function countProblem(count: number, what: string): JwksProblem {
    return failure(
        "keys-count",
        "keys",
        `The JWKS has ${String(count)} ${what}: AWS reads ${String(MOST_KEYS)} RSA and ${String(MOST_KEYS)} EC keys.`,
        "Remove the keys that no longer sign tokens.",
    );
}

/** An element of `keys`. */
interface Entry {
    readonly path: string;
    readonly jwk: Readonly<Record<string, unknown>>;
    readonly problems: readonly JwksProblem[];
    /** Left out if something is wrong with it. */
    readonly key?: VerificationKey;
}

function presence(entries: readonly Entry[]): readonly JwksProblem[] {
    if (entries.some(({ jwk }) => jwk["kty"] === "RSA")) {
        return [];
    }
    return [
        failure(
            "keys-present",
            "keys",
            entries.length === 0
                ? "The JWKS is empty."
                : "The JWKS has no RSA key: GitLab signs with RS256, so no token could be verified.",
            `${UNCHANGED} If GitLab's own JWKS has none either, its signing key is missing: run gitlab-rake gitlab:doctor:secrets.`,
        ),
    ];
}

function repeatedKids(entries: readonly Entry[]): readonly JwksProblem[] {
    const first = new Map<string, string>();
    return entries.flatMap(({ path, jwk: { kid } }) => {
        if (typeof kid !== "string") {
            return [];
        }
        const earlier = first.get(kid);
        first.set(kid, earlier ?? path);
        return earlier === undefined
            ? []
            : [
                  failure(
                      "keys-kid",
                      `${path}.kid`,
                      `${path} has the \`kid\` ${quote(kid)} of ${earlier}: a token identifies its key by \`kid\`, so AWS can find only one of the two.`,
                      "Remove one of the two keys.",
                  ),
              ];
    });
}

/** The one reader of a key: what is wrong with it by itself. */
function readKey(value: unknown, path: string): Entry {
    if (!isObject(value)) {
        return { path, jwk: {}, problems: [failure("keys-json", path, `${path} is not an object.`, UNCHANGED)] };
    }
    const { kty, kid } = value;
    const at: Place = { path, name: typeof kid === "string" && kid !== "" ? `${path} (${quote(kid)})` : path };
    const secret = PRIVATE_MEMBERS.filter((member) => Object.hasOwn(value, member));
    if (secret.length > 0) {
        return { path, jwk: value, problems: [privateProblem(at, secret)] };
    }
    if (kty !== "RSA" && kty !== "EC") {
        const kind = typeof kty === "string" ? `of the kind ${quote(kty)}` : "of no kind";
        const message = `${at.name} is ${kind}: AWS verifies tokens with RSA and EC keys only.`;
        return { path, jwk: value, problems: [warning("keys-algorithm", `${path}.kty`, message, REMOVE)] };
    }
    const material = kty === "RSA" ? rsaMaterial(value, at) : ecMaterial(value, at);
    const problems = [
        ...factProblems(value, at),
        ...material.problems,
        ...certificateProblems(value, material.key, at),
    ];
    return {
        path,
        jwk: value,
        problems,
        ...(material.key !== undefined &&
            !problems.some(({ status }) => status === "fail") && {
                key: { kid: kid as string, key: material.key, jwk: value },
            }),
    };
}

/** Where a key is, and what messages call it. */
interface Place {
    readonly path: string;
    readonly name: string;
}

function privateProblem({ path, name }: Place, members: readonly string[]): JwksProblem {
    return failure(
        "keys-private",
        path,
        `${name} is not a public key: it has ${members.map((s) => `\`${s}\``).join(", ")}. Anyone who has this key can sign a token for any job.`,
        "Unpublish the document, replace the instance's signing key, and publish only public keys.",
    );
}

/** Faults of the members other than the numbers. */
function factProblems(
    { kty, crv, kid, use, key_ops: operations, alg }: Readonly<Record<string, unknown>>,
    { path, name }: Place,
): readonly JwksProblem[] {
    const problems: JwksProblem[] = [];
    if (typeof kid !== "string" || kid === "") {
        problems.push(
            failure(
                "keys-kid",
                `${path}.kid`,
                `${name} has no \`kid\`: AWS uses it to find the key of a token.`,
                UNCHANGED,
            ),
        );
    }
    if (use !== undefined && use !== "sig") {
        problems.push(failure("keys-use", `${path}.use`, `${name}: \`use\` is ${textOf(use)}, not "sig".`, REMOVE));
    }
    if (operations !== undefined) {
        // Others observed that STS rejects a key with `key_ops`, even if that has "verify".
        const message = `${name} has \`key_ops\`: AWS may reject it.`;
        problems.push(warning("keys-use", `${path}.key_ops`, message, "Remove `key_ops`."));
    }
    const algorithm = kty === "RSA" ? "RS256" : CURVES.get(crv)?.algorithm;
    if (alg !== undefined && algorithm !== undefined && alg !== algorithm) {
        const reason =
            kty === "RSA" ? "GitLab signs with RS256" : `the curve ${quote(crv)} belongs to ${quote(algorithm)}`;
        const report = kty === "RSA" && (alg === "RS384" || alg === "RS512") ? warning : failure;
        problems.push(
            report("keys-algorithm", `${path}.alg`, `${name}: \`alg\` is ${textOf(alg)}; ${reason}.`, REMOVE),
        );
    }
    return problems;
}

function textOf(value: unknown): string {
    return typeof value === "string" ? quote(value) : "not a string";
}

/** The numbers of a key. */
interface Material {
    readonly key?: KeyObject;
    readonly problems: readonly JwksProblem[];
}

function rsaMaterial(jwk: Readonly<Record<string, unknown>>, { path, name }: Place): Material {
    const faults = { n: modulusFault(jwk["n"]), e: exponentFault(jwk["e"]) };
    const problems = (["n", "e"] as const).flatMap((member) => {
        const fault = faults[member];
        return fault === undefined
            ? []
            : [failure("keys-strength", `${path}.${member}`, `${name}: ${fault.message}.`, fault.fix)];
    });
    if (problems.length > 0) {
        return { problems };
    }
    const key = { kty: "RSA", n: jwk["n"] as string, e: jwk["e"] as string };
    return { key: createPublicKey({ key, format: "jwk" }), problems };
}

interface Fault {
    readonly message: string;
    readonly fix: string;
}

function modulusFault(n: unknown): Fault | undefined {
    const bytes = bytesOf(n);
    if (bytes === undefined) {
        return { message: `the modulus \`n\` ${NOT_BASE64URL}`, fix: UNCHANGED };
    }
    if (bytes[0] === 0) {
        return { message: "the modulus `n` begins with a zero byte, which RFC 7518 does not allow", fix: UNCHANGED };
    }
    const bits = bitsOf(bytes);
    if (bits < LEAST_BITS) {
        return {
            message: `the modulus \`n\` has ${String(bits)} bits; a key with fewer than ${String(LEAST_BITS)} can be computed from its public part`,
            fix: REPLACE,
        };
    }
    if (bits > MOST_BITS) {
        return {
            message: `the modulus \`n\` has ${String(bits)} bits, more than ${String(MOST_BITS)}`,
            fix: REPLACE,
        };
    }
    return isOdd(bytes)
        ? undefined
        : { message: "the modulus `n` is even, so anyone can sign with this key", fix: REPLACE };
}

/** With the exponents 0 and 1 a signature is no secret; an even one belongs to no RSA key. Source: NIST, FIPS 186-5, which asks for an odd one. */
function exponentFault(e: unknown): Fault | undefined {
    const bytes = bytesOf(e);
    if (bytes === undefined) {
        return { message: `the exponent \`e\` ${NOT_BASE64URL}`, fix: UNCHANGED };
    }
    if (bytes.length === 1 && bytes[0]! < 2) {
        return {
            message: `the exponent \`e\` is ${quote(e)}, the number ${String(bytes[0])}, so anyone can sign with this key`,
            fix: REPLACE,
        };
    }
    if (bytes[0] === 0) {
        return { message: "the exponent `e` begins with a zero byte, which RFC 7518 does not allow", fix: UNCHANGED };
    }
    if (bitsOf(bytes) > MOST_EXPONENT_BITS) {
        return {
            message: `the exponent \`e\` has ${String(bitsOf(bytes))} bits, more than ${String(MOST_EXPONENT_BITS)}`,
            fix: REPLACE,
        };
    }
    return isOdd(bytes)
        ? undefined
        : { message: `the exponent \`e\` is ${quote(e)}, an even number: no RSA key has one`, fix: REPLACE };
}

/** AWS accepts a key with `x5c` only if the certificate is for the same key. */
function certificateProblems(
    { x5c }: Readonly<Record<string, unknown>>,
    key: KeyObject | undefined,
    { path, name }: Place,
): readonly JwksProblem[] {
    if (x5c === undefined || key === undefined || isCertificateOf(key, x5c)) {
        return [];
    }
    const message = `${name}: the certificate \`x5c\` is for another key.`;
    return [failure("keys-strength", `${path}.x5c`, message, "Remove `x5c`.")];
}

function isCertificateOf(key: KeyObject, x5c: unknown): boolean {
    const first: unknown = Array.isArray(x5c) ? x5c[0] : undefined;
    try {
        return new X509Certificate(Buffer.from(String(first), "base64")).publicKey.equals(key);
    } catch {
        return false;
    }
}

function ecMaterial({ crv, x, y }: Readonly<Record<string, unknown>>, { path, name }: Place): Material {
    const curve = CURVES.get(crv);
    if (curve === undefined) {
        const message = `${name}: the curve \`crv\` is ${textOf(crv)}; AWS has ${[...CURVES.keys()].join(", ")}.`;
        return { problems: [failure("keys-algorithm", `${path}.crv`, message, REMOVE)] };
    }
    const problems = Object.entries({ x, y })
        .filter(([, value]) => bytesOf(value)?.length !== curve.length)
        .map(([member]) =>
            failure(
                "keys-strength",
                `${path}.${member}`,
                `${name}: the coordinate \`${member}\` is not ${String(curve.length)} bytes in base64url, as ${String(crv)} has them.`,
                UNCHANGED,
            ),
        );
    if (problems.length > 0) {
        return { problems };
    }
    try {
        const jwk = { kty: "EC", crv: crv as string, x: x as string, y: y as string };
        return { key: createPublicKey({ key: jwk, format: "jwk" }), problems };
    } catch {
        const message = `${name}: the point of \`x\` and \`y\` is not on the curve ${String(crv)}.`;
        return { problems: [failure("keys-strength", `${path}.y`, message, UNCHANGED)] };
    }
}

const NOT_BASE64URL = "is not a number in base64url without padding";

/** The bytes of a text in base64url; undefined if it is no text, or not written in the one way that RFC 7515 allows. */
function bytesOf(value: unknown): Buffer | undefined {
    if (typeof value !== "string" || value === "") {
        return undefined;
    }
    const bytes = Buffer.from(value, "base64url");
    return bytes.toString("base64url") === value ? bytes : undefined;
}

/** Bits of a number that does not begin with a zero byte. */
function bitsOf(bytes: Buffer): number {
    return bytes.length * 8 - (Math.clz32(bytes[0]!) - 24);
}

function isOdd(bytes: Buffer): boolean {
    return bytes.at(-1)! % 2 === 1;
}
