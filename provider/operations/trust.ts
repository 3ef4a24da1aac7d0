/**
 * Trust policies of roles for GitLab CI/CD jobs: built, checked and explained, synchronously and without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/trust
 */

export { explainTrust } from "../trust/explain";
export type { ExplainInputs } from "../trust/explain";
export { lintTrustPolicy } from "../trust/lint";
export type { LintInputs, LintResult } from "../trust/lint";
export { buildTrustPolicy, policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "../trust/policy";
export type { TrustPolicy, TrustPolicyInputs } from "../trust/policy";
export type { Conditions } from "../trust/conditions";
export { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
export { InvalidInputsError } from "../contract/findings";
export { RULES } from "../contract/rules";
export type { Finding } from "../contract/findings";
export type { RuleId, Severity } from "../contract/rules";
export type {
    Cause,
    Claims,
    ConditionExplanation,
    ExplainTrustArgs,
    ExplainTrustResult,
    RoleTrust,
    StatementExplanation,
    SubClaimComponent,
    Subject,
    UncheckedStatement,
} from "../contract/types";
