import { Findings, Verdict } from "../contract/findings";
import { nearest } from "../contract/nearest";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { Claims, Subject } from "../contract/types";
import { type MaybeUnknown, known } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { namesProjectId } from "../gitlab/sub-claim";
import { CLAIM_KEYS, NUMERIC } from "../iam/condition-keys";
import { latin1Findings, escapeDollar, isPattern } from "../iam/policy-text";

export function checkClaims(
    subject: {
        readonly claims?: MaybeUnknown<Claims | undefined>;
        readonly projectId?: MaybeUnknown<string | undefined>;
        readonly sub?: MaybeUnknown<string | undefined>;
    },
    url: string | undefined,
    path: string,
    findings: Findings,
): void {
    const claims = known(subject.claims);
    if (claims === undefined) {
        return;
    }
    const at = property(path, "claims");
    if (url !== undefined && url !== GITLAB_COM) {
        findings.add(
            "claim-issuer",
            at,
            `AWS has these condition keys only for gitlab.com. A token of ${quote(url)} would never match.`,
            "Remove `claims`. To check more than project and ref, add components to the `sub` claim and set `subClaimComponents`.",
        );
        return;
    }
    for (const [name, values] of Object.entries(claims) as [keyof Claims, MaybeUnknown<string[] | undefined>][]) {
        const list = known(values);
        if (list?.length === 0) {
            findings.add(
                "claim-value",
                property(at, name),
                "is an empty list, which no token can match.",
                "Add a value, or leave it out.",
            );
        }
        list?.forEach((maybe, i) => {
            const value = known(maybe);
            if (value !== undefined) {
                checkClaimValue(name, value, `${property(at, name)}[${String(i)}]`, findings);
            }
        });
    }
    const has = (claim: string): boolean =>
        NAMES.some((name) => CLAIM_KEYS[name].key === claim && claims[name] !== undefined);
    const namesProject = subject.projectId !== undefined || namesProjectId(known(subject.sub) ?? "");
    for (const { id, claim, message, fix } of weakClaims(has, namesProject)) {
        const name = NAMES.find((n) => CLAIM_KEYS[n].key === claim)!;
        findings.add(id, property(at, name), message, fix);
    }
}

const NAMES = Object.keys(CLAIM_KEYS) as readonly (keyof Claims)[];

/** A claim whose test restricts less than it seems to. */
interface WeakClaim extends Verdict {
    readonly claim: string;
}

/** Warnings about the claims that are tested together. Each is given as its condition key without the issuer's prefix. */
export function weakClaims(has: (claim: string) => boolean, namesProject: boolean): readonly WeakClaim[] {
    const name = has("user_login") ? "user_login" : "user_email";
    return [
        ...(has("namespace_id") && !namesProject
            ? [
                  {
                      id: "namespace-only" as const,
                      claim: "namespace_id",
                      message: "The namespace identifies the owner of the project, not the project.",
                      fix: "Add `projectId` to the subject.",
                  },
              ]
            : []),
        ...(has(name) && !has("user_id")
            ? [
                  {
                      id: "user-name-only" as const,
                      claim: name,
                      message: "A user name or email address can later belong to someone else. The numeric ID cannot.",
                      fix: "Add `userId`.",
                  },
              ]
            : []),
    ];
}

function checkClaimValue(name: keyof Claims, value: string, at: string, findings: Findings): void {
    const fault = claimFault(CLAIM_KEYS[name].key, value);
    if (fault === undefined) {
        findings.addAll(latin1Findings(value, at));
    } else {
        findings.add(fault.id, at, fault.message, fault.fix);
    }
}

/** The fault of a value of one of gitlab.com's condition keys. The key is given without the issuer's prefix. */
export function claimFault(claim: string, value: string): Verdict | undefined {
    if (claim === "project_id") {
        return projectIdFault(value);
    }
    if (claim === "ref_protected") {
        return value === "true" || value === "false"
            ? undefined
            : {
                  id: "claim-value",
                  message: `${quote(value)} is neither true nor false.`,
                  fix: /^(?:true|false)$/i.test(value) ? `Write ${value.toLowerCase()}.` : "Write true or false.",
              };
    }
    const known = Object.values(CLAIM_KEYS).find(({ key }) => key === claim);
    if (known !== undefined && isPattern(value)) {
        return {
            id: "claim-value",
            message: `${quote(value)} has a wildcard, but claims are compared exactly: a pattern could match someone else's ID or name.`,
            fix: "List the values one by one.",
        };
    }
    if (known === undefined || known.pattern.test(value)) {
        return undefined;
    }
    const { options = [], shape, example } = known;
    const meant = nearest(value, options);
    return {
        id: "claim-value",
        message: `${quote(value)} is not ${shape}.`,
        fix:
            meant !== undefined
                ? `Write "${meant}".`
                : options.length > 0
                  ? `Write one of ${options.join(", ")}.`
                  : `Write ${shape}, such as "${example}".`,
    };
}

/** Where a user finds the ID for `<project id>`. */
export const FIND_PROJECT_ID = "In GitLab, open the project and choose ⋮ > Copy project ID.";

/** The fault of a project's numeric ID. */
export function projectIdFault(id: string): Verdict | undefined {
    return NUMERIC.pattern.test(id)
        ? undefined
        : {
              id: "project-id",
              message: isPattern(id)
                  ? `${quote(id)} has a wildcard: \`20*\` also matches project 2099.`
                  : `${quote(id)} is not a numeric project ID.`,
              fix: `Write the number without wildcards. ${FIND_PROJECT_ID}`,
          };
}

/** The condition keys, without the issuer's prefix, and the values that a subject's typed claims ask for. */
export function claimConditions(subject: Subject, inSub: ReadonlySet<string>): Record<string, readonly string[]> {
    const conditions: Record<string, readonly string[]> = {};
    if (subject.projectId !== undefined && !inSub.has("project_id")) {
        conditions["project_id"] = [subject.projectId];
    }
    if (subject.refProtected !== undefined && !inSub.has("ref_protected")) {
        conditions["ref_protected"] = [String(subject.refProtected)];
    }
    for (const [name, values] of Object.entries(subject.claims ?? {}) as [keyof Claims, string[] | undefined][]) {
        if (values !== undefined) {
            conditions[CLAIM_KEYS[name].key] = [...new Set(values.map(escapeDollar))].sort();
        }
    }
    return conditions;
}
