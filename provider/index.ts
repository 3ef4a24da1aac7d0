export { GitLabOidc } from "./components/gitlab-oidc";
export { IdentityProvider } from "./components/identity-provider";
export { PipelineRole } from "./components/pipeline-role";
export type {
    CiRoleArgs,
    ClaimsArgs,
    GetGitlabCiOutputArgs,
    GetTrustPolicyOutputArgs,
    GitLabOidcArgs,
    IdentityProviderArgs,
    PipelineRoleArgs,
    RoleArgs,
    SubjectArgs,
} from "./components/args";
export { getGitlabCi, getGitlabCiOutput, getTrustPolicy, getTrustPolicyOutput } from "./functions";
export type {
    Finding,
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    SubClaimComponent,
} from "./types";
