import type { DescribeTrustPolicyResult } from "../contract/types";
import type { GuardrailStatement } from "../guardrail/document";
import { denialOf } from "../guardrail/evaluate";
import { type EventVerdict, requestOfSubject } from "./explain-event";
import type { StatementChange } from "./narrow";
import { type Described, type Evidence, type Narrower, observeRole, type UnusedSubject } from "./observed";
import type { Period } from "./period";
import type { Occurrences, SeenEvents, SeenRole, SeenSubject } from "./seen";

/** The CloudTrail events of a report. */
export interface ReportedEvents extends Omit<Partial<Occurrences>, "count"> {
    /** All events of the documents. */
    readonly total: number;
    /** Calls of AssumeRoleWithWebIdentity among them, for all roles. The report is about these. */
    readonly calls: number;
    /** Regions of the STS endpoints that the calls came to. Events of other regions may be missing. */
    readonly regions: readonly string[];
    /** The period that the events cover, as the caller stated it. */
    readonly period: Period | "unknown";
    /** Calls outside of the period, which do not count. */
    readonly outside: number;
    /** Calls that a document or another one has before. Each counts once. */
    readonly repeated: number;
    /** ARNs of the roles that were called and that the report does not have. */
    readonly otherRoles: readonly string[];
    /** Events that cannot be read. */
    readonly unreadable: number;
    /** The first events that cannot be read. */
    readonly unreadableExamples: readonly UnreadableExample[];
}

/** An event that cannot be read. */
export interface UnreadableExample {
    /** Position among the events, from 1. */
    readonly position: number;
    /** ID of the event in quotes; null if it has none. */
    readonly id: string | null;
    /** Why it cannot be read. */
    readonly reason: string;
}

/** The calls for a role, compared with its trust policy. */
export interface RoleEvents {
    /** The events behind the result. */
    readonly evidence: Evidence;
    /** Subjects that AWS allowed. */
    readonly allowed: readonly AllowedCalls[];
    /** Subjects that AWS denied, and why. */
    readonly denied: readonly DeniedCalls[];
    /** Values for the `sub` claim that no allowed call matches; `unknown` if the events do not show all subjects that AWS allowed. */
    readonly unused: readonly UnusedSubject[] | "unknown";
    /** A trust policy that denies none of the allowed calls, and nothing more than the current one allows; or the reason why there is none. */
    readonly narrower: NarrowerTrust | NoNarrowerTrust;
}

/** Calls with the same `sub` claim and audience. */
export interface SubjectCalls extends Described {
    /** The `sub` claim; null if the events do not have it. */
    readonly sub: string | null;
    /** Null if it cannot be read from the events. */
    readonly audience: string | null;
    /** ARN of the identity provider; null if the events do not have it. */
    readonly provider: string | null;
    /** Number of calls. */
    readonly count: number;
    /** Time of the first call, in UTC. */
    readonly first: string;
    /** Time of the last call, in UTC. */
    readonly last: string;
    /** The first addresses that the calls came from. */
    readonly addresses: readonly string[];
    /** Whether there were more addresses. */
    readonly hasMoreAddresses: boolean;
}

/** Calls that AWS allowed. */
export interface AllowedCalls extends SubjectCalls {
    /** Whether the trust policy allows them now; `unknown` if that depends on a claim that events do not record. */
    readonly now: "allowed" | "denied" | "unknown";
    /** Whether the guardrails would allow them; `unknown` if that depends on something that events do not record. Left out without guardrails. */
    readonly underGuardrails?: "allowed" | "denied" | "unknown";
}

/** Calls that AWS denied. */
export interface DeniedCalls extends SubjectCalls {
    /** The error of the last call. */
    readonly errorCode: string;
    /** Whether the trust policy allows the last call. */
    readonly verdict: EventVerdict;
    /** Why AWS denied the last call. */
    readonly cause: string;
    /** How to allow it. */
    readonly fix: string;
}

/** A narrower trust policy. */
export interface NarrowerTrust {
    /** The policy as compact JSON. */
    readonly policy: string;
    /** Its characters as AWS counts them, without white space. */
    readonly size: number;
    /** The result for each statement that allows ID tokens, in the order of the policy. */
    readonly changes: readonly StatementChange[];
    /** The claim that the events support, and its limits, in words. */
    readonly summary: string;
    /** The policy as inputs of this package; null if AWS would not store it. */
    readonly inputs: DescribeTrustPolicyResult | null;
}

/** Why there is no narrower trust policy. */
export interface NoNarrowerTrust {
    /** The reason in words. */
    readonly reason: string;
}

/** The events of a report that has these roles. */
export function reportedEvents(seen: SeenEvents, roles: readonly string[]): ReportedEvents {
    const reported = new Set(roles);
    const { first, last } = seen.occurrences ?? {};
    return {
        total: seen.total,
        calls: seen.calls,
        ...(first !== undefined && last !== undefined && { first, last }),
        regions: seen.regions,
        period: seen.period ?? "unknown",
        outside: seen.outside,
        repeated: seen.repeated,
        otherRoles: seen.roleArns.filter((arn) => !reported.has(arn)),
        unreadable: seen.unreadable,
        unreadableExamples: seen.unreadableExamples.map(({ id = null, ...example }) => ({ ...example, id })),
    };
}

/** The guardrails of the audit, and the role that they are asked about. */
interface RoleGuards {
    readonly roleArn: string;
    readonly statements: readonly GuardrailStatement[];
}

interface RoleContext {
    readonly period: Period | undefined;
    readonly guards?: RoleGuards;
}

/** The calls for a role as the report has them. `guards` is left out if there are no guardrails. */
export function roleEvents(
    trustPolicy: unknown,
    seen: SeenRole | undefined,
    { period, guards }: RoleContext,
): RoleEvents {
    const { evidence, allowed, denied, unused, narrower } = observeRole(trustPolicy, seen, period, guards?.statements);
    return {
        evidence,
        allowed: allowed.map((subject) => ({
            ...callsOf(subject, subject.allowed),
            now: subject.now,
            ...(guards !== undefined && { underGuardrails: underGuardrails(subject, guards) }),
        })),
        denied: denied.map((subject) => {
            const { verdict, cause, fix } = subject.explanation;
            const errorCode = subject.lastDenied!.errorCode!;
            return { ...callsOf(subject, subject.denied), errorCode, verdict, cause, fix };
        }),
        unused,
        narrower: narrowerOf(narrower),
    };
}

function underGuardrails(
    { provider, sub, audience }: SeenSubject,
    { roleArn, statements }: RoleGuards,
): "allowed" | "denied" | "unknown" {
    if (provider === undefined) {
        return "unknown";
    }
    const denial = denialOf(statements, requestOfSubject(provider, { sub, audience }), roleArn);
    return denial === undefined ? "allowed" : denial.isCertain ? "denied" : "unknown";
}

function callsOf(
    subject: SeenSubject & Described,
    { count, first, last }: Pick<SubjectCalls, "count" | "first" | "last">,
): SubjectCalls {
    const { description, sub = null, audience = null, provider = null, addresses, hasMoreAddresses } = subject;
    return { description, sub, audience, provider, count, first, last, addresses, hasMoreAddresses };
}

function narrowerOf(narrower: Narrower): RoleEvents["narrower"] {
    if (narrower.policy === undefined) {
        return { reason: narrower.reason };
    }
    const { policy, size, changes, summary, inputs = null } = narrower;
    return { policy, size, changes, summary, inputs };
}
