/**
 * Whether AWS can use a GitLab instance as issuer: the check that `aws-gitlab-oidc doctor` prints, and the reading of the two documents,
 * without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/issuer
 */

export { checkIssuer } from "./check";
export { CHECKS } from "./checks";
export type { CheckId } from "./checks";
export { discoveryUrl, readDiscovery } from "./discovery";
export type { Discovery, DiscoveryCheck } from "./discovery";
export { readKeySet } from "./keys";
export type { KeySet, KeySetCheck, VerificationKey } from "./keys";
export type { Problem, Read } from "./problem";
export type { CheckIssuerArgs, CheckIssuerResult, IssuerCheck, IssuerCheckStatus } from "../types";
