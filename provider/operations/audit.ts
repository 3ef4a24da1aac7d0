/**
 * Who can get into AWS accounts from GitLab, and how much they can do there: the report that `aws-gitlab-oidc audit` prints, as a SARIF log
 * too, synchronously and without Pulumi.
 *
 * @module pulumi-aws-gitlab-oidc/audit
 */

export { auditTrust } from "../audit/audit";
export type { AuditArgs, AuditOptions } from "../audit/audit";
export { compareFindings, findingKeys } from "../audit/baseline";
export { sarifOf } from "../audit/sarif";
export type { SarifTool } from "../audit/sarif";
export type { FindingKey, ReportDifference } from "../audit/difference";
export type { AuditDocument } from "../audit/documents";
export type { EventVerdict } from "../audit/explain-event";
export type { StatementChange } from "../audit/narrow";
export type { Described, Evidence, UnusedSubject } from "../audit/observed";
export type { Period } from "../audit/period";
export type { PowerLevel, PowerReason } from "../audit/power";
export type {
    AuditedAccount,
    AuditedRole,
    AuditedSubject,
    AuditFinding,
    AuditReport,
    ProjectAccess,
    RequiredClaims,
    RoleChain,
    ScopeKind,
    SubCondition,
    SubjectScope,
    TrustedIssuer,
    Unknown,
    WitnessClaims,
} from "../audit/report";
export type {
    AllowedCalls,
    DeniedCalls,
    NarrowerTrust,
    NoNarrowerTrust,
    ReportedEvents,
    RoleEvents,
    SubjectCalls,
    UnreadableExample,
} from "../audit/role-events";
export type { Occurrences } from "../audit/seen";
export { InvalidInputsError } from "../contract/findings";
export type { Severity } from "../contract/rules";
export type {
    DescribedSubject,
    DescribeTrustPolicyResult,
    Finding,
    RoleTrust,
    UnexplainedPart,
} from "../contract/types";
export type { GitLabEvidence } from "../trust/gitlab-issuers";
