import type { JoinedRole } from "../audit/accounts";
import type { NarrowedPolicy } from "../audit/narrow";
import { observeRole } from "../audit/observed";
import { checkPeriod, type Period } from "../audit/period";
import { SeenEvents } from "../audit/seen";
import { Findings, throwErrors } from "../contract/findings";
import { documentText } from "../iam/policies";
import { mayBeGitLab } from "../trust/gitlab-issuers";
import { policySize, TRUST_POLICY_QUOTA } from "../trust/policy";
import {
    type AdoptableRole,
    adoptRole,
    type IncompleteRole,
    type LeftRole,
    type RoleSurroundings,
} from "./adopted-role";

/** A role whose trust policy in the program allows only the jobs of the events. */
export interface NarrowedRole {
    readonly arn: string;
    /** The claim that the events support, and its limits, in words. */
    readonly summary: string;
    /** The present trust policy. */
    readonly before: unknown;
    /** The trust policy of the program. */
    readonly after: unknown;
}

/** A role that is not narrowed. */
export interface KeptRole {
    readonly arn: string;
    /** Why, in words. */
    readonly reason: string;
}

/** The result for all roles of an account. */
export interface Narrowing {
    /** The period that the events cover. */
    readonly period: Period;
    readonly narrowed: readonly NarrowedRole[];
    readonly kept: readonly KeptRole[];
}

/** CloudTrail events, and the period that they cover. */
export interface PeriodEvents {
    readonly seen: SeenEvents;
    readonly period: Period;
}

/**
 * Collects the events of a period.
 *
 * @throws InvalidInputsError if the period, which has this path, is not valid.
 */
export function eventsOfPeriod(given: Period, path: string): PeriodEvents {
    const findings = new Findings();
    const period = checkPeriod(given, path, findings);
    throwErrors(findings);
    return { seen: new SeenEvents({ isWanted: mayBeGitLab, period: period! }), period: period! };
}

/** A role with the trust policy that it has in the program. */
interface TightenedRole {
    readonly read: AdoptableRole | IncompleteRole | LeftRole;
    /** Left out if a fact about the role is missing. */
    readonly narrowing?: NarrowedRole | KeptRole;
}

/** The role with a trust policy that allows only the jobs of the events, or as it is, with the reason. */
export function tightenRole(role: JoinedRole, around: RoleSurroundings, events: PeriodEvents): TightenedRole {
    const { arn, trustPolicy } = role;
    const keep = (reason: string): TightenedRole => ({ read: adoptRole(role, around), narrowing: { arn, reason } });
    const narrower = narrowerPolicy(role, events);
    if ("reason" in narrower) {
        return keep(narrower.reason);
    }
    const read = adoptRole({ ...role, trustPolicy: narrower.policy }, around);
    if (read.kind === "incomplete") {
        return { read };
    }
    if (read.kind === "left") {
        return keep(`The inputs of this package do not express the narrower trust policy. ${read.reasons.join(" ")}`);
    }
    const size = policySize(read.trustPolicy);
    return size > TRUST_POLICY_QUOTA && size > policySize(documentText(trustPolicy))
        ? keep(
              `The narrower trust policy has ${String(size)} characters, more than the present one and than the quota of ${String(TRUST_POLICY_QUOTA)}.`,
          )
        : {
              read,
              narrowing: {
                  arn,
                  summary: narrower.summary,
                  before: JSON.parse(documentText(trustPolicy)),
                  after: JSON.parse(read.trustPolicy),
              },
          };
}

/** The narrower policy that the events support, or why there is none. */
function narrowerPolicy(
    { arn, trustPolicy }: JoinedRole,
    { seen, period }: PeriodEvents,
): (Pick<NarrowedPolicy, "policy"> & Pick<NarrowedRole, "summary">) | { readonly reason: string } {
    const calls = seen.role(arn);
    if (calls === undefined) {
        return {
            reason:
                seen.omitted > 0
                    ? "There are too many events: those of this role were not kept."
                    : `The events from ${period.from} to ${period.to} have no call for it.`,
        };
    }
    const { narrower } = observeRole(trustPolicy, calls, period);
    if (narrower.policy === undefined) {
        return narrower;
    }
    const { policy, summary, changes } = narrower;
    const unchanged = changes.find(({ reason }) => reason !== undefined);
    return changes.some(({ change }) => change === "narrowed" || change === "removed")
        ? { policy, summary }
        : { reason: unchanged?.reason ?? "Its trust policy lists only what the jobs of the events used." };
}
