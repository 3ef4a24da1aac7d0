/** Every check, in order, with what it requires. The ids are public: they appear in results and in docs/reference/checks.md. */
export const CHECKS = {
    url: "The URL is valid for IAM and for the `iss` claim of a token",
    dns: "The host has IP addresses",
    addresses: "All addresses are public",
    tcp: "At least one address accepts connections",
    "every-address": "Every address accepts connections, IPv4 and IPv6",
    tls: "The server supports TLS 1.2 or 1.3, with SNI",
    "tls-version": "The server supports TLS 1.2",
    "certificate-name": "The certificate is for the host",
    "certificate-dates": "All certificates are valid for at least 30 more days",
    "chain-order": "The certificates are sent in order",
    "chain-duplicates": "No certificate is sent twice",
    "chain-additional": "No unrelated certificate is sent",
    "chain-complete": "No intermediate certificate is missing",
    "chain-keys": "The keys of the certificates are strong enough",
    "chain-signatures": "The signatures of the certificates are strong enough",
    trust: "The certificates are issued by a public CA, or by one of the additional CAs",
    "discovery-redirects": "The discovery document is not redirected",
    "discovery-fetch": "Every request returns a complete response",
    "discovery-time": "Every response is complete within 5 seconds",
    "discovery-status": "The status is 200",
    "discovery-content-type": "The content type is JSON, without compression",
    "discovery-size": "The document is not too large",
    "discovery-json": "The document is a JSON object",
    "discovery-issuer": "`issuer` is exactly the URL of the instance",
    "discovery-jwks-uri": "`jwks_uri` is an https URL",
    "discovery-algorithms": "`id_token_signing_alg_values_supported` lists RS256",
    "discovery-response-types": "`response_types_supported` is present",
    "discovery-subject-types": "`subject_types_supported` is present",
    "discovery-same": "All responses have the same discovery document",
    "keys-host": "If `jwks_uri` is on a different host, that host passes the checks from `dns` to `trust`",
    thumbprint: "The thumbprint that the identity provider requires, if any",
    "keys-redirects": "The JWKS is not redirected",
    "keys-fetch": "Every request returns a complete response",
    "keys-time": "Every response is complete within 5 seconds",
    "keys-status": "The status is 200",
    "keys-content-type": "The content type is JSON, without compression",
    "keys-size": "The document is not too large",
    "keys-json": "The JWKS is a JSON object with an array of keys",
    "keys-present": "The JWKS has an RSA key",
    "keys-count": "The number of keys is within the limits of AWS",
    "keys-kid": "Each key has a unique `kid`",
    "keys-use": "The keys are for signatures",
    "keys-algorithm": "The keys are for RS256",
    "keys-strength": "The keys can be read and have 2048 bits or more",
    "keys-private": "The JWKS has no private keys",
    "keys-cache": "Caches keep the JWKS for at most a day",
    "keys-same": "All responses have the same keys",
    "rate-limit": "The server does not limit the requests",
    token: "The token can be read and is signed with RS256",
    "token-issuer": "`iss` is exactly the URL of the instance",
    "token-audience": "`aud` is the expected audience",
    "token-times": "The token is valid now",
    "token-key": "The key with the `kid` of the token is in the JWKS",
    "token-signature": "The signature of the token matches that key",
} as const;

/** The id of a check. */
export type CheckId = keyof typeof CHECKS;

export const CHECK_IDS = Object.keys(CHECKS) as readonly CheckId[];

/** Whether a check requires a token. */
export function isOfToken(id: CheckId): boolean {
    return id.startsWith("token");
}
