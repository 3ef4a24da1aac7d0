/** The ids of the checks of the certificates, in order. */
export const CHAIN_CHECKS = [
    "certificate-name",
    "certificate-dates",
    "chain-order",
    "chain-duplicates",
    "chain-additional",
    "chain-complete",
    "chain-keys",
    "chain-signatures",
    "trust",
] as const;

/** The ids of the checks of fetching the discovery document, in order. */
export const DISCOVERY_FETCH_CHECKS = [
    "discovery-redirects",
    "discovery-fetch",
    "discovery-time",
    "discovery-status",
    "discovery-content-type",
    "discovery-size",
] as const;

/** The ids of the checks of its content, in order. */
export const DISCOVERY_READ_CHECKS = [
    "discovery-json",
    "discovery-issuer",
    "discovery-jwks-uri",
    "discovery-algorithms",
    "discovery-response-types",
    "discovery-subject-types",
] as const;

/** The ids of the checks of fetching the JWKS, in order. */
export const KEYS_FETCH_CHECKS = [
    "keys-redirects",
    "keys-fetch",
    "keys-time",
    "keys-status",
    "keys-content-type",
    "keys-size",
] as const;

/** The ids of the checks of its content, in order. */
export const KEYS_READ_CHECKS = [
    "keys-json",
    "keys-present",
    "keys-count",
    "keys-kid",
    "keys-use",
    "keys-algorithm",
    "keys-strength",
    "keys-private",
] as const;

/** The ids of the checks of an issuer, in order, as docs/reference/checks.md has them: they are public. */
export const CHECK_IDS = [
    "url",
    "dns",
    "addresses",
    "tcp",
    "every-address",
    "tls",
    "tls-version",
    ...CHAIN_CHECKS,
    ...DISCOVERY_FETCH_CHECKS,
    ...DISCOVERY_READ_CHECKS,
    "discovery-same",
    "keys-host",
    "thumbprint",
    ...KEYS_FETCH_CHECKS,
    ...KEYS_READ_CHECKS,
    "keys-cache",
    "keys-same",
    "rate-limit",
    "token",
    "token-issuer",
    "token-audience",
    "token-times",
    "token-key",
    "token-signature",
] as const;

/** The IDs of the checks of a project, in order, as docs/reference/checks.md has them: they are public. */
export const PROJECT_CHECK_IDS = [
    "rest-api",
    "instance-issuer",
    "instance-version",
    "trust-policy",
    "project-access",
    "project-subject",
    "project-path",
    "project-ids",
    "project-components",
    "branch-exists",
    "branch-protected",
    "tag-exists",
    "tag-protected",
    "environment-tier",
    "environment-protected",
] as const;
