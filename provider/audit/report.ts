import type { Severity } from "../contract/rules";
import type { GitLabEvidence } from "../trust/gitlab-issuers";
import type { ReportDifference } from "./difference";
import type { PowerLevel, PowerReason } from "./power";
import type { ReportedEvents, RoleEvents } from "./role-events";

/** A value that no document of the audit has. */
export type Unknown = "unknown";

/** Who can get into the accounts from GitLab, and how much they can do there. Its schema is `report.schema.json`. */
export interface AuditReport {
    /** Version of this format. */
    readonly version: 1;
    /** By ID. */
    readonly accounts: readonly AuditedAccount[];
    /** The roles that a GitLab instance can reach, by ARN. */
    readonly roles: readonly AuditedRole[];
    /** Projects and groups with the roles that their jobs get. */
    readonly projects: readonly ProjectAccess[];
    /** Roles that can assume further roles. */
    readonly chains: readonly RoleChain[];
    /** The CloudTrail events among the documents; null if there are none. */
    readonly events: ReportedEvents | null;
    /** How the findings differ from those of a baseline; left out without a baseline. */
    readonly difference?: ReportDifference;
    /** Contradictions and gaps of the documents, and how the audit deals with them. */
    readonly notes: readonly string[];
}

/** An account with the number of its roles. */
export interface AuditedAccount {
    /** Account ID. */
    readonly account: string;
    /** All roles of the account that the documents have. */
    readonly roleCount: number;
    /** Those of them in `roles`. */
    readonly gitLabRoleCount: number;
}

/** A role that a GitLab instance can reach. */
export interface AuditedRole {
    /** ARN of the role. */
    readonly arn: string;
    /** Account ID. */
    readonly account: string;
    /** Name without the path. */
    readonly name: string;
    /** The GitLab instance without its scheme: the first one in the trust policy. */
    readonly issuer: string;
    /** All GitLab instances that the trust policy trusts. */
    readonly trusts: readonly TrustedIssuer[];
    /** Values that the trust policy accepts for `aud`; `any` if it does not limit them. */
    readonly audiences: readonly string[] | "any";
    /** Jobs that the trust policy names. */
    readonly subjects: readonly AuditedSubject[];
    /** Errors and warnings about the trust policy. */
    readonly findings: readonly AuditFinding[];
    /** Power of the role, at least. Conditions, the boundary and the roles that it can use count too. */
    readonly power: PowerLevel;
    /** Whether the power is exact. If not, reasons of the kind `unknown` explain it. */
    readonly powerComplete: boolean;
    /** Reasons for the power, and why it is not exact. */
    readonly powerReasons: readonly PowerReason[];
    /** ARN of the permissions boundary. */
    readonly boundary: string;
    /** Seconds. */
    readonly maxSessionDuration: number | Unknown;
    /** ISO 8601 in UTC; `never` if not within the period that IAM tracks, which is 400 days. */
    readonly lastUsed: string;
    /** Claims of example tokens that get in. */
    readonly witnesses: readonly WitnessClaims[];
    /** The trust policy. */
    readonly trustPolicy: unknown;
    /** The jobs that used the role, or tried to; null if there are no CloudTrail events among the documents. */
    readonly events: RoleEvents | null;
    /** Names of the documents that have the role. */
    readonly sources: readonly string[];
}

/** A GitLab instance that a role trusts. */
export interface TrustedIssuer {
    /** URL without its scheme. */
    readonly issuer: string;
    /** Why it counts as GitLab. */
    readonly evidence: GitLabEvidence;
    /** The identity provider in the trust policy; null if the policy trusts all of the account. */
    readonly providerArn: string | null;
    /** Whether the account has the identity provider. */
    readonly providerExists: boolean | Unknown;
    /** Whether the identity provider lists an audience that the trust policy accepts. */
    readonly listsAudience: boolean | Unknown;
}

/** Jobs that a trust policy names. */
export interface AuditedSubject {
    /** The jobs in words. */
    readonly description: string;
    /** The GitLab instance without its scheme. */
    readonly issuer: string;
    /** Property path in the trust policy. */
    readonly path: string;
    /** Operator and value of the condition on `sub`; null if there is none that limits the jobs. */
    readonly sub: SubCondition | null;
    /** The projects of the jobs. */
    readonly scope: SubjectScope;
    /** Branches and tags. */
    readonly refs: "one" | "some" | "any" | Unknown;
    /** Whether a token gets in by this subject, under the guardrails if there are any; unknown if no example was found, and the value is so unusual that there may be one. */
    readonly reachable: boolean | Unknown;
    /** Property path of the guardrail's statement that denies all of the jobs, for example `guardrails[0].Statement[0]`; left out if there is none. */
    readonly deniedBy?: string;
    /** Position in `witnesses`; null if there is no example. */
    readonly witness: number | null;
    /** Condition keys that the token does not decide, with values that the witness needs. */
    readonly context: Readonly<Record<string, string>>;
}

/** Operator and value of a condition on `sub`. */
export interface SubCondition {
    /** IAM's operator, for example `StringLike`. */
    readonly operator: string;
    /** The value as the policy has it. */
    readonly value: string;
}

/** The projects that a subject covers. */
export interface SubjectScope {
    /** How many projects. */
    readonly kind: ScopeKind;
    /** Path of the project or group, or the pattern of paths; empty for a project that is known by ID only, and for an instance. */
    readonly path: string;
    /** IDs of the projects, if the trust policy tests them. */
    readonly projectIds: readonly string[];
}

/** One project, all projects of a group, projects whose path matches a pattern, or all projects of the instance; unknown if the value is none that GitLab's `sub` claim can have. */
export type ScopeKind = "project" | "group" | "pattern" | "instance" | Unknown;

/** An error or warning about a trust policy. Role, ID and path identify it. */
export interface AuditFinding {
    /** ID of the rule. */
    readonly id: string;
    /** Whether it is an error or a warning. */
    readonly severity: Severity;
    /** Property path in the trust policy. */
    readonly path: string;
    /** The problem. */
    readonly message: string;
    /** How to fix it. */
    readonly fix: string;
    /** Whether the tag `gitlab-oidc:accept` of the role accepts the warning. Left out if not. */
    readonly accepted?: true;
    /** Position in `witnesses` of a token that should not get in; null if there is no such example. */
    readonly witness: number | null;
}

/** A project or group with the roles that its jobs get. */
export interface ProjectAccess extends SubjectScope {
    /** The GitLab instance without its scheme. */
    readonly issuer: string;
    /** ARNs of the roles. */
    readonly roles: readonly string[];
}

/** A role that can use further roles. */
export interface RoleChain {
    /** ARN of a role in `roles`. */
    readonly role: string;
    /** ARNs of the roles that it can assume itself. */
    readonly assumes: readonly string[];
    /** ARNs of all roles that it can use, one after the other, by assuming them or passing them to a service. */
    readonly reaches: readonly string[];
}

/** Claims of an ID token that does not exist. */
export type WitnessClaims = Readonly<Record<string, string | number>> & RequiredClaims;

/** Claims that every ID token has. */
export interface RequiredClaims {
    /** URL of the GitLab instance. */
    readonly iss: string;
    /** The job. */
    readonly sub: string;
}
