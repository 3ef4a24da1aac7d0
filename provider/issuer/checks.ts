/** Every check, in order, with what it is about. The ids are public: they stand in results and in docs/reference/checks.md. */
export const CHECKS = {
    url: "The address is one that IAM takes, and that a token can name",
    dns: "The host has addresses",
    addresses: "All of them are public",
    tcp: "One of them takes connections",
    "every-address": "Each of them does, IPv4 and IPv6",
    tls: "TLS is spoken, with SNI, by 1.2 or 1.3",
    "tls-version": "TLS 1.2 is among the versions",
    "certificate-name": "The certificate is for the host",
    "certificate-dates": "All certificates are valid, for another 30 days",
    "chain-order": "The certificates are sent in order",
    "chain-duplicates": "None is sent twice",
    "chain-additional": "None is sent that does not belong there",
    "chain-complete": "No intermediate is missing",
    "chain-keys": "Their keys are strong enough",
    "chain-signatures": "Their signatures are strong enough",
    trust: "They are of a publicly trusted CA, or of one that was given",
    "discovery-redirects": "The discovery document is not redirected",
    "discovery-fetch": "It can be fetched, each time",
    "discovery-time": "It comes within 5 seconds, each time",
    "discovery-status": "Its status is 200",
    "discovery-content-type": "It is sent as JSON, not compressed",
    "discovery-size": "It is not too large",
    "discovery-json": "It is JSON, an object",
    "discovery-issuer": "`issuer` is exactly the address",
    "discovery-jwks-uri": "`jwks_uri` is an https address",
    "discovery-algorithms": "`id_token_signing_alg_values_supported` has RS256",
    "discovery-response-types": "`response_types_supported` is there",
    "discovery-subject-types": "`subject_types_supported` is there",
    "keys-host": "The host of `jwks_uri`, where it is another one, passes the checks from `dns` to `trust`",
    thumbprint: "Which thumbprint the identity provider needs, if any",
    "keys-redirects": "The JWKS is not redirected",
    "keys-fetch": "It can be fetched, each time",
    "keys-time": "It comes within 5 seconds, each time",
    "keys-status": "Its status is 200",
    "keys-content-type": "It is sent as JSON, not compressed",
    "keys-size": "It is not too large",
    "keys-json": "It is JSON, with a list of keys",
    "keys-present": "It has an RSA key",
    "keys-count": "It has no more keys than AWS takes",
    "keys-kid": "Each key has a `kid` of its own",
    "keys-use": "The keys are for signatures",
    "keys-algorithm": "The keys are for RS256",
    "keys-strength": "The keys can be read and have 2048 bits or more",
    "keys-private": "No private key is shown",
    "keys-cache": "Nothing in between keeps old keys for more than a day",
    "rate-limit": "Requests are not limited",
    token: "The token can be read and is signed by RS256",
    "token-issuer": "`iss` is exactly the address",
    "token-audience": "`aud` is the audience",
    "token-times": "The token is valid now",
    "token-key": "The key that it names (`kid`) is in the JWKS",
    "token-signature": "Its signature is by that key",
} as const;

/** The id of a check. */
export type CheckId = keyof typeof CHECKS;

export const CHECK_IDS = Object.keys(CHECKS) as readonly CheckId[];

/** Those that need a token. */
export function isOfToken(id: CheckId): boolean {
    return id.startsWith("token");
}
