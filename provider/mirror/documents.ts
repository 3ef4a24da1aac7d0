import { quote } from "../contract/quote";
import type { Discovery } from "../oidc/discovery";
import { readJwks, type JwksCheck, type VerificationKey } from "../oidc/jwks";
import type { Source } from "../oidc/json";
import type { Problem, Read } from "../oidc/problem";

/** Keys of the two objects: the same paths as in GitLab. */
export const DISCOVERY_KEY = ".well-known/openid-configuration";
export const KEYS_KEY = "oauth/discovery/keys";

const MEMBERS = [
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "claims_supported",
] as const;

/** The published members of a discovery document, in addition to `issuer` and `jwks_uri`: those that AWS requires, without any address of the instance. */
export type PublishedMembers = { readonly [Name in (typeof MEMBERS)[number]]?: unknown };

interface KeyFacts {
    readonly kid: string;
    readonly use?: string;
    readonly alg?: string;
    /** When it is removed from the mirror, in seconds since 1970. */
    readonly exp?: number;
}

/** A public key as a JSON web key (RFC 7517), with only the members for verification. */
export type PublicKey =
    | (KeyFacts & { readonly kty: "RSA"; readonly n: string; readonly e: string })
    | (KeyFacts & { readonly kty: "EC"; readonly crv: string; readonly x: string; readonly y: string });

/** The members of a discovery document that are published. */
export function publishedMembers({ document }: Discovery): PublishedMembers {
    return pick(document, MEMBERS);
}

/**
 * The keys of a JWKS to publish. Returns no keys if anything is wrong with the JWKS, even if it is only a warning: a
 * mirror has no reason to publish anything that AWS may reject.
 */
export function readPublicKeys(source: Source): Read<readonly PublicKey[], JwksCheck> {
    const { value, problems } = readJwks(source);
    const keys = value?.keys ?? [];
    const all = [...problems, ...keys.flatMap(endProblems)];
    return all.length === 0 ? { value: keys.map(publicKey), problems: [] } : { problems: all };
}

/** `exp` is specific to the mirror: when the key is removed. */
function endProblems({ kid, jwk: { exp } }: VerificationKey, i: number): readonly Problem<JwksCheck>[] {
    return exp === undefined || (Number.isSafeInteger(exp) && (exp as number) >= 0)
        ? []
        : [
              {
                  id: "keys-json",
                  status: "fail",
                  path: `keys[${String(i)}].exp`,
                  message: `The \`exp\` of the key ${quote(kid)} is not a time in whole seconds since 1970.`,
                  fix: "Write whole seconds since 1970, or remove it.",
              },
          ];
}

function publicKey({ jwk }: VerificationKey): PublicKey {
    const numbers = jwk["kty"] === "RSA" ? ["n", "e"] : ["crv", "x", "y"];
    return pick(jwk, ["kty", "kid", "use", "alg", ...numbers, "exp"]) as unknown as PublicKey;
}

function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
    return Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])));
}

/** The discovery document that the mirror publishes. */
export function publishedDiscovery(members: PublishedMembers, issuerUrl: string): string {
    return JSON.stringify({ issuer: issuerUrl, jwks_uri: jwksUriOf(issuerUrl), ...members });
}

/** The JWKS that the mirror publishes. */
export function publishedJwks(keys: readonly PublicKey[]): string {
    return JSON.stringify({ keys });
}

export function jwksUriOf(issuerUrl: string): string {
    return `${issuerUrl}/${KEYS_KEY}`;
}

/** The line of gitlab.rb that sets the mirror as the issuer of ID tokens. */
export function gitlabRbOf(issuerUrl: string): string {
    return `gitlab_rails['ci_id_tokens_issuer_url'] = '${issuerUrl}'`;
}
