export { buildTrustPolicy, policySize, TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "./policy";
export type { TrustPolicy, TrustPolicyInputs } from "./policy";
export type { Conditions } from "./conditions";
export { GITLAB_COM, issuerOf } from "./issuer-url";
export { InvalidInputsError, RULES } from "../findings";
export type { Finding, RuleId, Severity } from "../findings";
export type { Claims, SubClaimComponent, Subject } from "../types";
