import { isObject } from "../contract/object";
import type { DescribeTrustPolicyResult } from "../contract/types";
import type { GuardrailStatement } from "../guardrail/document";
import { describePolicy } from "../trust/describe";
import { describeSub } from "../trust/describe-subject";
import { parseTrustPolicy, type ConditionTest, type Statement } from "../trust/document";
import { evaluatePartly, type PartialRequest } from "../trust/evaluate";
import { issuerOfProvider } from "../iam/other-issuers";
import { mayBeGitLab } from "../trust/gitlab-issuers";
import { parseOperator, truthOf } from "../iam/operators";
import { escapeDollar } from "../iam/policy-text";
import { TRUST_POLICY_MAXIMUM, TRUST_POLICY_QUOTA } from "../trust/policy";
import { coversWebIdentity, pathOfValue, providersOf, testsOf } from "../trust/statement";
import { explainCall, requestOfSubject, type EventExplanation } from "./explain-event";
import { narrowPolicy, type AllowedSubject, type NarrowedPolicy } from "./narrow";
import type { Period } from "./period";
import type { Occurrences, SeenRole, SeenSubject } from "./seen";

/** The events behind a result. */
export interface Evidence extends Partial<Occurrences> {
    /** Calls of AssumeRoleWithWebIdentity for the role. */
    readonly count: number;
    /** Regions of the STS endpoints that the calls came to. Events of other regions may be missing. */
    readonly regions: readonly string[];
    /** Calls whose subjects are not listed, because there are too many. */
    readonly omitted: number;
}

/** A subject in words. */
export interface Described {
    /** The jobs of the subject, for example `Jobs of the project mygroup/myproject on the branch main`. */
    readonly description: string;
}

/** A subject that AWS allowed. */
export interface ObservedSubject extends SeenSubject, Described {
    readonly allowed: Occurrences;
    /** Whether the trust policy allows it now; `unknown` if that depends on a claim that events do not record. */
    readonly now: "allowed" | "denied" | "unknown";
}

/** A subject that AWS denied at least once, and why. */
export interface DeniedSubject extends SeenSubject, Described {
    readonly denied: Occurrences;
    readonly explanation: EventExplanation;
}

/** A value for the `sub` claim that no allowed call matches. */
export interface UnusedSubject extends Described {
    /** Property path in the policy. */
    readonly path: string;
    /** The value as the policy has it. */
    readonly sub: string;
}

/** A narrower trust policy, or the reason why there is none. */
export type Narrower =
    | (NarrowedPolicy & {
          /** The claim that the evidence supports, and its limits, in words. */
          readonly summary: string;
          /** The policy as inputs of this package; left out if AWS would not store it. */
          readonly inputs?: DescribeTrustPolicyResult;
          readonly reason?: never;
      })
    | { readonly policy?: never; readonly reason: string };

/** The calls for a role, compared with its trust policy. */
export interface Observed {
    readonly evidence: Evidence;
    readonly allowed: readonly ObservedSubject[];
    readonly denied: readonly DeniedSubject[];
    /** `unknown` if the events do not show all subjects that AWS allowed. */
    readonly unused: readonly UnusedSubject[] | "unknown";
    readonly narrower: Narrower;
}

/**
 * Compares the calls for a role with its trust policy. `seen` is undefined if there were none, and `period` if it is unknown which one
 * the events cover. `guards` are the resource control policies that apply to the role.
 */
export function observeRole(
    trustPolicy: unknown,
    seen: SeenRole | undefined,
    period?: Period,
    guards: readonly GuardrailStatement[] = [],
): Observed {
    const { statements: readable, findings, found } = parseTrustPolicy(trustPolicy);
    const isComplete = findings.length === 0 && found !== undefined && isObject(found.document);
    const statements = isComplete ? readable : [];
    const subjects = seen?.subjects ?? [];
    const allowed = subjects.flatMap((s): readonly ObservedSubject[] =>
        s.allowed === undefined
            ? []
            : [{ ...described(s), allowed: s.allowed, now: isComplete ? stateOf(s, statements) : "unknown" }],
    );
    const denied = subjects.flatMap((s): readonly DeniedSubject[] =>
        s.denied === undefined
            ? []
            : [
                  {
                      ...described(s),
                      denied: s.denied,
                      explanation: isComplete ? explainCall(s.lastDenied!, statements, guards) : UNREADABLE,
                  },
              ],
    );
    const evidence = evidenceOf(seen);
    const gap = isComplete ? gapIn(allowed, evidence) : "The trust policy cannot be read.";
    return {
        evidence,
        allowed,
        denied,
        unused: gap === undefined ? unusedIn(statements, allowed) : "unknown",
        narrower:
            gap === undefined
                ? narrowerThan(found!.document as Document, statements, { allowed, evidence, period })
                : { reason: gap },
    };
}

function described(subject: SeenSubject): SeenSubject & Described {
    const { sub } = subject;
    const description =
        sub === undefined
            ? "Jobs whose events have no sub claim"
            : describeSub(escapeDollar(sub), { operator: "StringEquals" });
    return { description, ...subject };
}

/** The reason why the events do not show all subjects that AWS allowed, if they do not. */
function gapIn(allowed: readonly ObservedSubject[], { omitted }: Evidence): string | undefined {
    if (omitted > 0) {
        return `There are too many subjects: those of ${callsOf(omitted)} were not kept.`;
    }
    const nameless = countOf(allowed.filter((s) => s.sub === undefined || s.provider === undefined));
    return nameless === 0
        ? undefined
        : `The events of ${callsOf(nameless)} that AWS allowed have no sub claim or no identity provider.`;
}

type Document = Readonly<Record<string, unknown>>;

const UNREADABLE: EventExplanation = {
    verdict: "unknown",
    cause: "The reason is unknown, because the trust policy cannot be read.",
    fix: "Check the trust policy with the command `lint`.",
    undecided: [],
};

function evidenceOf(seen: SeenRole | undefined): Evidence {
    if (seen === undefined) {
        return { count: 0, regions: [], omitted: 0 };
    }
    const { count, first, last, regions, omitted } = seen;
    return { count, first, last, regions, omitted };
}

function stateOf({ provider, sub, audience }: SeenSubject, statements: readonly Statement[]): ObservedSubject["now"] {
    if (provider === undefined) {
        return "unknown";
    }
    const { allowed } = evaluatePartly(statements, requestOfSubject(provider, { sub, audience }));
    return allowed === undefined ? "unknown" : allowed ? "allowed" : "denied";
}

/** The values for the `sub` claim that no allowed call matches. */
function unusedIn(statements: readonly Statement[], allowed: readonly ObservedSubject[]): readonly UnusedSubject[] {
    return statements
        .filter((statement) => statement.effect === "Allow" && coversWebIdentity(statement))
        .flatMap((statement) =>
            providersOf(statement)
                .filter(mayBeGitLab)
                .flatMap((provider) => {
                    const issuer = issuerOfProvider(provider);
                    const requests = allowed
                        .filter((s) => issuerOfProvider(s.provider!) === issuer)
                        .map((s) => requestOfSubject(provider, s));
                    return testsOf(statement, issuer, "sub")
                        .filter(isList)
                        .flatMap((test) => unusedValues(test, requests));
                }),
        );
}

function isList({ operator }: ConditionTest): boolean {
    const parsed = parseOperator(operator);
    return parsed?.base.startsWith("String") === true && !parsed.negated;
}

function unusedValues(test: ConditionTest, requests: readonly PartialRequest[]): readonly UnusedSubject[] {
    return test.values.flatMap((sub, i) =>
        requests.some((request) => truthOf({ ...test, values: [sub] }, request) !== false)
            ? []
            : [{ path: pathOfValue(test, i), sub, description: describeSub(sub, { operator: test.operator }) }],
    );
}

interface Seen {
    readonly allowed: readonly ObservedSubject[];
    readonly evidence: Evidence;
    readonly period: Period | undefined;
}

function narrowerThan(document: Document, statements: readonly Statement[], seen: Seen): Narrower {
    const { allowed } = seen;
    const narrowed = narrowPolicy(document, statements, allowed as readonly (ObservedSubject & AllowedSubject)[]);
    if (narrowed === undefined) {
        return { reason: "The events have no subject that the trust policy allows." };
    }
    const isStorable = narrowed.size <= TRUST_POLICY_MAXIMUM;
    return {
        ...narrowed,
        summary: summaryOf(narrowed, seen),
        ...(isStorable && { inputs: describePolicy({ trustPolicy: narrowed.policy }) }),
    };
}

function summaryOf({ size }: NarrowedPolicy, { allowed, evidence, period }: Seen): string {
    const { first, last, regions } = evidence;
    const { from, to } = period ?? { from: String(first), to: String(last) };
    const before = countOf(allowed.filter((s) => s.now === "denied"));
    return [
        `Of the calls in the events from ${from} to ${to} in ${regionsText(regions)}, this policy denies none that the current policy allows.`,
        ...(before > 0 ? [`The current policy already denies ${callsOf(before)} that AWS allowed.`] : []),
        "Jobs that ran at other times or in other regions are not included.",
        ...(size > TRUST_POLICY_MAXIMUM
            ? [
                  `The policy has ${String(size)} characters. AWS stores up to ${String(TRUST_POLICY_MAXIMUM)}, so the subjects need several roles.`,
              ]
            : size > TRUST_POLICY_QUOTA
              ? [`The policy has ${String(size)} characters. The default quota is ${String(TRUST_POLICY_QUOTA)}.`]
              : []),
    ].join(" ");
}

/** Regions in words. */
export function regionsText(regions: readonly string[]): string {
    return regions.join(", ") || "an unknown region";
}

function countOf(subjects: readonly ObservedSubject[]): number {
    return subjects.reduce((sum, { allowed }) => sum + allowed.count, 0);
}

function callsOf(count: number): string {
    return `${String(count)} ${count === 1 ? "call" : "calls"}`;
}
