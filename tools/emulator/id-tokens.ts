import { createPublicKey, generateKeyPair, randomUUID, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { calculateJwkThumbprint, exportJWK, SignJWT, type JSONWebKeySet, type JWK, type JWTPayload } from "jose";

const TOKEN_LIFETIME_SECONDS = 3600;

/** Claims to set; one that is `undefined` is left out of the token. */
export type ClaimOverrides = Readonly<Record<string, unknown>>;

/** A GitLab instance, as far as ID tokens go. */
export interface Issuer {
    /** The `iss` claim, with scheme. */
    url: string;
    /** What GitLab publishes at `{url}/oauth/discovery/keys`. */
    jwks(): JSONWebKeySet;
    /** What GitLab publishes at `{url}/.well-known/openid-configuration`. */
    discovery(): Discovery;
    /** The ID token of a job: by default of a push to the branch `main` of `mygroup/myproject`, for the audience `url`. */
    sign(overrides?: ClaimOverrides): Promise<string>;
}

export interface Discovery {
    issuer: string;
    jwks_uri: string;
    response_types_supported: string[];
    subject_types_supported: string[];
    id_token_signing_alg_values_supported: string[];
    claims_supported: string[];
}

interface SigningKey {
    privateKey: KeyObject;
    jwk: JWK & { kid: string };
}

const keysOfIssuers = new WeakMap<Issuer, SigningKey>();

export async function createIssuer(url: string): Promise<Issuer> {
    const key = await createKey();
    const issuer: Issuer = {
        url,
        jwks: () => ({ keys: [key.jwk] }),
        discovery: () => ({
            issuer: url,
            jwks_uri: `${url}/oauth/discovery/keys`,
            response_types_supported: ["code"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["RS256"],
            claims_supported: ["iss", "sub", "aud", "exp", "iat"],
        }),
        sign: (overrides) => signWith(key.privateKey, key.jwk.kid, jobClaims(url, overrides)),
    };
    keysOfIssuers.set(issuer, key);
    return issuer;
}

/** Signed by a key that the issuer does not publish. */
export async function signWithUnknownKey(issuer: Issuer, overrides?: ClaimOverrides): Promise<string> {
    const { privateKey, jwk } = await createKey();
    return signWith(privateKey, jwk.kid, jobClaims(issuer.url, overrides));
}

/** Names the issuer's key but is signed by another one. */
export async function signWithForgedKey(issuer: Issuer, overrides?: ClaimOverrides): Promise<string> {
    const { privateKey } = await createKey();
    return signWith(privateKey, keyOf(issuer).jwk.kid, jobClaims(issuer.url, overrides));
}

/** Expired ten minutes ago. */
export function signExpired(issuer: Issuer, overrides?: ClaimOverrides): Promise<string> {
    const exp = secondsNow() - 600;
    return issuer.sign({ exp, nbf: exp - TOKEN_LIFETIME_SECONDS, iat: exp - TOKEN_LIFETIME_SECONDS, ...overrides });
}

/** Signed with the issuer's key by another RSA algorithm, or with its public key as an HMAC secret (an old attack). */
export function signWithAlgorithm(
    issuer: Issuer,
    algorithm: "RS512" | "HS256",
    overrides?: ClaimOverrides,
): Promise<string> {
    const { privateKey, jwk } = keyOf(issuer);
    const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
    const key = algorithm === "HS256" ? new TextEncoder().encode(String(publicKey)) : privateKey;
    return signWith(key, jwk.kid, jobClaims(issuer.url, overrides), algorithm);
}

/** The `sub` claim: the components in the order of the project's setting, without those that the job has no value for. */
export function subjectOf(claims: ClaimOverrides, components = ["project_path", "ref_type", "ref"]): string {
    return components
        .flatMap((name) => {
            const value = claims[name];
            return typeof value === "string" ? [`${name}:${value}`] : [];
        })
        .join(":");
}

function jobClaims(url: string, overrides: ClaimOverrides = {}): JWTPayload {
    const job = { project_path: "mygroup/myproject", ref_type: "branch", ref: "main", ...overrides };
    const now = secondsNow();
    const namespacePath = job.project_path.split("/").slice(0, -1).join("/");
    const refPath = `refs/${job.ref_type === "tag" ? "tags" : "heads"}/${job.ref}`;
    const sha = "714a629c0b401fdce83e847fc9589983fc6f46bc";
    return {
        iss: url,
        aud: url,
        sub: subjectOf(job),
        exp: now + TOKEN_LIFETIME_SECONDS,
        nbf: now - 5,
        iat: now,
        jti: randomUUID(),
        namespace_id: "72",
        namespace_path: namespacePath,
        project_id: "20",
        user_id: "1",
        user_login: "sample-user",
        user_email: "sample-user@example.com",
        user_access_level: "owner",
        job_project_id: "20",
        job_project_path: job.project_path,
        job_namespace_id: "72",
        job_namespace_path: namespacePath,
        pipeline_id: "574",
        pipeline_source: "push",
        job_id: "302",
        ref_path: refPath,
        ref_protected: "true",
        sha,
        runner_id: 1,
        runner_environment: "gitlab-hosted",
        ci_config_ref_uri: `${new URL(url).host}/${job.project_path}//.gitlab-ci.yml@${refPath}`,
        ci_config_sha: sha,
        project_visibility: "public",
        job_source: "push",
        ...("environment" in overrides && {
            environment_protected: "false",
            deployment_tier: "production",
            environment_action: "start",
        }),
        ...job,
    };
}

async function createKey(): Promise<SigningKey> {
    const { privateKey, publicKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const jwk = await exportJWK(publicKey);
    return { privateKey, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), use: "sig", alg: "RS256" } };
}

function signWith(key: KeyObject | Uint8Array, kid: string, claims: JWTPayload, alg = "RS256"): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ kid, typ: "JWT", alg }).sign(key);
}

function keyOf(issuer: Issuer): SigningKey {
    const key = keysOfIssuers.get(issuer);
    if (key === undefined) {
        throw new Error(`${issuer.url} was not made by createIssuer`);
    }
    return key;
}

function secondsNow(): number {
    return Math.floor(Date.now() / 1000);
}
