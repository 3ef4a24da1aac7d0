import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import { LEAST_BITS, MOST_KEYS, PRIVATE_MEMBERS } from "../oidc/json-web-key";
import { UNKNOWN, containsUnknown } from "../contract/unknown";
import { isObject } from "../contract/object";

/** Keys of the two objects, which are GitLab's own paths. */
export const DISCOVERY_KEY = ".well-known/openid-configuration";
export const KEYS_KEY = "oauth/discovery/keys";

/** What of a discovery document is published beside `issuer` and `jwks_uri`: what AWS asks for, and no address of the instance. */
export interface Discovery {
    readonly response_types_supported: readonly string[];
    readonly subject_types_supported: readonly string[];
    readonly id_token_signing_alg_values_supported: readonly string[];
    readonly claims_supported?: readonly string[];
}

interface KeyFacts {
    readonly kid: string;
    readonly use?: string;
    readonly alg?: string;
    /** When it is taken out of the mirror, in seconds since 1970. */
    readonly exp?: number;
}

/** A public key as a JSON web key (RFC 7517), without members that say nothing about verifying. */
export type PublicKey =
    | (KeyFacts & { readonly kty: "RSA"; readonly n: string; readonly e: string })
    | (KeyFacts & { readonly kty: "EC"; readonly crv: string; readonly x: string; readonly y: string });

/** The document as JSON text or as an object; undefined where it is not JSON, which is reported, or not known yet. */
function documentOf(given: unknown, path: string, findings: Findings): object | undefined {
    if (given === undefined || given === UNKNOWN || (typeof given !== "string" && containsUnknown(given))) {
        return undefined;
    }
    const value = typeof given === "string" ? parsed(given) : given;
    if (!isObject(value)) {
        findings.add(
            "mirror-document",
            path,
            typeof given === "string" && value === undefined ? `${quote(given)} is not JSON.` : "is not an object.",
            `Give what \`aws-gitlab-oidc mirror fetch\` writes: ${WHERE[path] ?? "the document as JSON text or as an object"}.`,
        );
        return undefined;
    }
    return value;
}

const WHERE: Readonly<Record<string, string>> = {
    discovery: "the text of openid-configuration.json",
    keys: "the text of jwks.json",
};

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return undefined;
    }
}

const LISTS = ["response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported"] as const;

/** Reads the discovery document of an instance, and reports what AWS would not take. */
export function readDiscoveryDocument(given: unknown, path: string, findings: Findings): Discovery | undefined {
    const document = documentOf(given, path, findings) as Readonly<Record<string, unknown>> | undefined;
    if (document === undefined) {
        return undefined;
    }
    const before = findings.errors.length;
    const wrong = (name: string, message: string): void =>
        findings.add(
            "mirror-document",
            property(path, name),
            message,
            "Give the document as the instance serves it at /.well-known/openid-configuration.",
        );
    if (typeof document["issuer"] !== "string") {
        wrong("issuer", "is missing: this is not the discovery document of an OpenID provider.");
    }
    for (const name of LISTS) {
        if (!isTexts(document[name]) || document[name].length === 0) {
            wrong(name, "is not a list of texts, and AWS does not take the document without it.");
        }
    }
    const algorithms = document["id_token_signing_alg_values_supported"];
    if (isTexts(algorithms) && algorithms.length > 0 && !algorithms.includes("RS256")) {
        wrong("id_token_signing_alg_values_supported", "does not have RS256, with which GitLab signs ID tokens.");
    }
    if (document["claims_supported"] !== undefined && !isTexts(document["claims_supported"])) {
        wrong("claims_supported", "is not a list of texts.");
    }
    if (findings.errors.length > before) {
        return undefined;
    }
    const names = [...LISTS, ...(document["claims_supported"] === undefined ? [] : (["claims_supported"] as const))];
    return Object.fromEntries(names.map((name) => [name, document[name]])) as unknown as Discovery;
}

function isTexts(value: unknown): value is readonly string[] {
    return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Reads the key set of an instance, and reports what may not or need not be published. */
export function readKeys(given: unknown, path: string, findings: Findings): readonly PublicKey[] | undefined {
    const document = documentOf(given, path, findings) as { readonly keys?: unknown } | undefined;
    if (document === undefined) {
        return undefined;
    }
    const at = property(path, "keys");
    if (!Array.isArray(document.keys)) {
        findings.add(
            "mirror-document",
            at,
            "is not a list: this is not a key set.",
            "Give the document as the instance serves it at /oauth/discovery/keys.",
        );
        return undefined;
    }
    const before = findings.errors.length;
    const keys = document.keys.flatMap((key: unknown, i) => readKey(key, `${at}[${String(i)}]`, findings) ?? []);
    const kids = document.keys.map((key: unknown) => (isObject(key) ? key["kid"] : undefined));
    kids.forEach((kid, i) => {
        if (typeof kid === "string" && kids.indexOf(kid) < i) {
            findings.add(
                "mirror-document",
                `${at}[${String(i)}].kid`,
                `${quote(kid)} is the id of an earlier key too, and a token names its key by it.`,
                "Remove one of the two.",
            );
        }
    });
    if (document.keys.length > MOST_KEYS) {
        findings.add(
            "mirror-document",
            at,
            `has ${String(document.keys.length)} keys: AWS reads ${String(MOST_KEYS)}.`,
            "Remove those that nothing is signed with any more.",
        );
    }
    if (findings.errors.length === before && !keys.some(({ kty }) => kty === "RSA")) {
        findings.add(
            "mirror-document",
            at,
            "has no RSA key, with which GitLab signs ID tokens.",
            "Give the key set as the instance serves it.",
        );
    }
    return findings.errors.length === before ? keys : undefined;
}

/** The coordinates of the curves that STS verifies with, in bytes. */
const CURVES: Readonly<Record<string, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };

const ALGORITHMS: Readonly<Record<PublicKey["kty"], readonly string[]>> = {
    RSA: ["RS256", "RS384", "RS512"],
    EC: ["ES256", "ES384", "ES512"],
};

/** Reads one key; undefined where it is not one to publish, which is reported. */
export function readKey(value: unknown, path: string, findings: Findings): PublicKey | undefined {
    const wrong = (name: string, message: string, cure: string): void =>
        findings.add("mirror-document", name === "" ? path : property(path, name), message, cure);
    if (!isObject(value)) {
        wrong("", "is not an object.", "Give the key as a JSON web key (RFC 7517).");
        return undefined;
    }
    const secret = PRIVATE_MEMBERS.filter((name) => Object.hasOwn(value, name));
    if (secret.length > 0) {
        findings.add(
            "private-key",
            path,
            `is not a public key: it has ${secret.map((name) => `\`${name}\``).join(", ")}. Whoever reads the mirror could sign tokens in the name of the instance.`,
            "Publish the key set as the instance serves it at /oauth/discovery/keys, and replace this signing key: it has been where it does not belong.",
        );
        return undefined;
    }
    const before = findings.errors.length;
    const { kty, kid, use, alg, exp } = value;
    if (typeof kid !== "string" || kid === "") {
        wrong("kid", "is missing: a token names its key by it.", "Give the key with the `kid` that the instance has.");
    }
    if (use !== undefined && use !== "sig") {
        wrong("use", `${quote(use)} is not "sig": the key is not one that signs.`, "Remove the key.");
    }
    if (exp !== undefined && !(Number.isSafeInteger(exp) && (exp as number) >= 0)) {
        wrong("exp", "is not a time in whole seconds since 1970.", "Write it so, or remove it.");
    }
    if (kty !== "RSA" && kty !== "EC") {
        wrong("kty", `${quote(kty)} is not "RSA" or "EC", which are the keys that STS takes.`, "Remove the key.");
        return undefined;
    }
    if (alg !== undefined && !ALGORITHMS[kty].some((name) => name === alg)) {
        wrong("alg", `${quote(alg)} is not one of ${ALGORITHMS[kty].join(", ")}.`, "Remove the key.");
    }
    const material = kty === "RSA" ? rsaMaterial(value, wrong) : ecMaterial(value, wrong);
    if (findings.errors.length > before) {
        return undefined;
    }
    return {
        kty,
        kid,
        ...(use !== undefined && { use }),
        ...(alg !== undefined && { alg }),
        ...material,
        ...(exp !== undefined && { exp }),
    } as PublicKey;
}

type Wrong = (name: string, message: string, cure: string) => void;

function rsaMaterial({ n, e }: Readonly<Record<string, unknown>>, wrong: Wrong): object {
    const modulus = bytesOf(n);
    if (modulus === undefined) {
        wrong("n", "is not a number in base64url.", "Give the key as the instance serves it.");
    } else if (bitsOf(modulus) < LEAST_BITS) {
        wrong(
            "n",
            `has ${String(bitsOf(modulus))} bits: a key of less than ${String(LEAST_BITS)} can be computed from its public part.`,
            "Let the instance sign with a longer key.",
        );
    }
    if (bytesOf(e) === undefined) {
        wrong("e", "is not a number in base64url.", "Give the key as the instance serves it.");
    }
    return { n, e };
}

function ecMaterial({ crv, x, y }: Readonly<Record<string, unknown>>, wrong: Wrong): object {
    const length = typeof crv === "string" && Object.hasOwn(CURVES, crv) ? CURVES[crv] : undefined;
    if (length === undefined) {
        wrong("crv", `${quote(crv)} is not one of ${Object.keys(CURVES).join(", ")}.`, "Remove the key.");
        return {};
    }
    for (const [name, value] of Object.entries({ x, y })) {
        if (bytesOf(value)?.length !== length) {
            wrong(
                name,
                `is not a coordinate of ${String(crv)} in base64url.`,
                "Give the key as the instance serves it.",
            );
        }
    }
    return { crv, x, y };
}

function bytesOf(value: unknown): Buffer | undefined {
    return typeof value === "string" && /^[\w-]+$/.test(value) ? Buffer.from(value, "base64url") : undefined;
}

function bitsOf(bytes: Buffer): number {
    const first = bytes.findIndex((byte) => byte !== 0);
    return first < 0 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first]!) - 24);
}

/** The discovery document of the mirror, as it is published. */
export function publishedDiscovery(discovery: Discovery, issuerUrl: string): string {
    return JSON.stringify({ issuer: issuerUrl, jwks_uri: jwksUriOf(issuerUrl), ...discovery });
}

/** The key set of the mirror, as it is published. */
export function publishedKeys(keys: readonly PublicKey[]): string {
    return JSON.stringify({ keys });
}

export function jwksUriOf(issuerUrl: string): string {
    return `${issuerUrl}/${KEYS_KEY}`;
}

/** The line of gitlab.rb that makes an instance sign in the name of the mirror. */
export function gitlabRbOf(issuerUrl: string): string {
    return `gitlab_rails['ci_id_tokens_issuer_url'] = '${issuerUrl}'`;
}
