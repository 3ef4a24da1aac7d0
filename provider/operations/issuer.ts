/**
 * Whether AWS can use a GitLab instance as issuer, and whether a project is as a role expects it: the checks that `aws-gitlab-oidc doctor`
 * prints. Also the readers of the two documents. Without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/issuer
 */

export { checkIssuer } from "./check-issuer";
export { checkProject } from "./check-project";
export { lookupProject } from "./lookup-project";
export { CHECKS } from "../issuer/checks";
export type { CheckId } from "../issuer/checks";
export { PROJECT_CHECKS } from "../gitlab/project-checks";
export type { ProjectCheckId } from "../gitlab/project-checks";
export { discoveryUrl, readDiscovery } from "../oidc/discovery";
export type { Discovery, DiscoveryCheck } from "../oidc/discovery";
export { readJwks } from "../oidc/jwks";
export type { Jwks, JwksCheck, VerificationKey } from "../oidc/jwks";
export type { Source } from "../oidc/json";
export type { Problem, Read } from "../oidc/problem";
export type {
    CheckIssuerArgs,
    CheckIssuerResult,
    CheckProjectArgs,
    CheckProjectResult,
    GitLabEnvironment,
    GitLabProject,
    GitLabProtectedBranch,
    GitLabProtectedTag,
    IssuerCheck,
    IssuerCheckStatus,
    LookupProjectArgs,
    LookupProjectResult,
    ProjectCheck,
    SubClaimComponent,
    Subject,
} from "../contract/types";
