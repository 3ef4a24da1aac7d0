export { GitLabOidc } from "./components/gitlab-oidc";
export { IdentityProvider } from "./components/identity-provider";
export { IssuerMirror } from "./components/issuer-mirror";
export { PipelineRole } from "./components/pipeline-role";
export type {
    CheckIssuerOutputArgs,
    ClaimsArgs,
    ExplainTrustOutputArgs,
    GetGitlabCiOutputArgs,
    GetTrustPolicyOutputArgs,
    GitLabOidcArgs,
    IdentityProviderArgs,
    IssuerMirrorArgs,
    IssuerMirrorCloudFrontArgs,
    LintTrustPolicyOutputArgs,
    PipelineRoleArgs,
    RoleArgs,
    RoleTrustArgs,
    SubjectArgs,
} from "./components/args";
export {
    checkIssuer,
    checkIssuerOutput,
    explainTrust,
    explainTrustOutput,
    getGitlabCi,
    getGitlabCiOutput,
    getTrustPolicy,
    getTrustPolicyOutput,
    lintTrustPolicy,
    lintTrustPolicyOutput,
} from "./functions";
export type {
    Cause,
    CheckIssuerArgs,
    CheckIssuerResult,
    ConditionExplanation,
    ExplainTrustArgs,
    ExplainTrustResult,
    Finding,
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    IssuerCheck,
    IssuerCheckStatus,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
    StatementExplanation,
    SubClaimComponent,
} from "./types";
