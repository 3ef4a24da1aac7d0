/**
 * Whether AWS can use a GitLab instance as issuer: the check that `aws-gitlab-oidc doctor` prints, and the readers of the two documents,
 * without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/issuer
 */

export { checkIssuer } from "./check-issuer";
export { CHECKS } from "../issuer/checks";
export type { CheckId } from "../issuer/checks";
export { discoveryUrl, readDiscovery } from "../oidc/discovery";
export type { Discovery, DiscoveryCheck } from "../oidc/discovery";
export { readJwks } from "../oidc/jwks";
export type { Jwks, JwksCheck, VerificationKey } from "../oidc/jwks";
export type { Source } from "../oidc/json";
export type { Problem, Read } from "../oidc/problem";
export type { CheckIssuerArgs, CheckIssuerResult, IssuerCheck, IssuerCheckStatus } from "../contract/types";
