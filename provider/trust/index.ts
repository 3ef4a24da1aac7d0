/**
 * Trust policies of roles for GitLab CI/CD jobs: built, checked and explained, synchronously and without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/trust
 */

export { explainTrust } from "./explain";
export type { ExplainInputs } from "./explain";
export { lintTrustPolicy } from "./lint";
export type { LintInputs } from "./lint";
export { buildTrustPolicy, policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "./policy";
export type { TrustPolicy, TrustPolicyInputs } from "./policy";
export type { Conditions } from "./conditions";
export { GITLAB_COM, issuerOf } from "./issuer-url";
export { InvalidInputsError, RULES } from "../findings";
export type { Finding, RuleId, Severity } from "../findings";
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
} from "../types";
