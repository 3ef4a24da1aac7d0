/** Members that only a private or secret JSON web key has. Source: RFC 7518, section 6. */
export const PRIVATE_MEMBERS: readonly string[] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** Keys of one kind in a key set that AWS takes. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
export const MOST_KEYS = 100;

/** Bits of an RSA key: one with fewer can be computed from its public part. */
export const LEAST_BITS = 2048;
