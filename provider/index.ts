/**
 * The components that let GitLab CI/CD jobs use AWS without stored keys, and the functions about their trust policies and CI files,
 * for Pulumi programs.
 *
 * @module pulumi-aws-gitlab-oidc
 */

export { GitLabOidc } from "./components/gitlab-oidc";
export { IdentityProvider } from "./components/identity-provider";
export { IssuerMirror } from "./components/issuer-mirror";
export { OrganizationGuardrail } from "./components/organization-guardrail";
export { PipelineRole } from "./components/pipeline-role";
export type {
    CheckIssuerOutputArgs,
    ClaimsArgs,
    DescribeTrustPolicyOutputArgs,
    ExplainTrustOutputArgs,
    GetGitlabCiOutputArgs,
    GetOrganizationGuardrailOutputArgs,
    GetTrustPolicyOutputArgs,
    GitLabCiOptionsArgs,
    GitLabCiRoleArgs,
    GitLabOidcArgs,
    GitLabOidcOutputs,
    IdentityProviderArgs,
    IdentityProviderOutputs,
    IssuerMirrorArgs,
    IssuerMirrorCloudFrontArgs,
    IssuerMirrorOutputs,
    LintTrustPolicyOutputArgs,
    OrganizationGuardrailArgs,
    OrganizationGuardrailOutputs,
    PipelineRoleArgs,
    PipelineRoleOutputs,
    RoleArgs,
    RoleTrustArgs,
    SubjectArgs,
} from "./contract/args";
export {
    checkIssuer,
    checkIssuerOutput,
    describeTrustPolicy,
    describeTrustPolicyOutput,
    explainTrust,
    explainTrustOutput,
    getGitlabCi,
    getGitlabCiOutput,
    getOrganizationGuardrail,
    getOrganizationGuardrailOutput,
    getTrustPolicy,
    getTrustPolicyOutput,
    lintTrustPolicy,
    lintTrustPolicyOutput,
} from "./operations/functions";
export type {
    Cause,
    Claims,
    CheckIssuerArgs,
    CheckIssuerResult,
    ConditionExplanation,
    DescribedSubject,
    DescribeTrustPolicyArgs,
    DescribeTrustPolicyResult,
    ExplainTrustArgs,
    ExplainTrustResult,
    Finding,
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GetOrganizationGuardrailArgs,
    GetOrganizationGuardrailResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    GitLabCiCredentials,
    GitLabCiForm,
    GitLabCiOptions,
    GitLabCiRole,
    IssuerCheck,
    IssuerCheckMode,
    IssuerCheckStatus,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
    RoleTrust,
    StatementExplanation,
    SubClaimComponent,
    Subject,
    UncheckedStatement,
    UnexplainedPart,
} from "./contract/types";
