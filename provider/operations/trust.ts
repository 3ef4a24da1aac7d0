/**
 * Trust policies of roles for GitLab CI/CD jobs: built, checked and explained, synchronously and without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/trust
 */

export { describeTrustPolicy } from "./describe-trust-policy";
export { explainTrust } from "./explain-trust";
export { buildOrganizationGuardrail } from "./get-organization-guardrail";
export { buildTrustPolicy } from "./get-trust-policy";
export { lintTrustPolicy } from "./lint-trust-policy";
export { policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "../trust/policy";
export type { Conditions } from "../trust/conditions";
export { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
export { InvalidInputsError } from "../contract/findings";
export { RULES } from "../contract/rules";
export type { RuleId, Severity } from "../contract/rules";
export type {
    Cause,
    Claims,
    ConditionExplanation,
    DescribedSubject,
    DescribeTrustPolicyArgs,
    DescribeTrustPolicyResult,
    ExplainTrustArgs,
    ExplainTrustResult,
    Finding,
    GetOrganizationGuardrailArgs,
    GetOrganizationGuardrailResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
    RoleTrust,
    StatementExplanation,
    SubClaimComponent,
    Subject,
    UncheckedStatement,
    UnexplainedPart,
} from "../contract/types";
