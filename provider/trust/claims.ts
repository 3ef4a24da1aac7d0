import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { Claims, Subject } from "../contract/types";
import { type MaybeUnknown, known } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { CLAIM_KEYS } from "../iam/condition-keys";
import { checkLatin1, escapeDollar, isPattern } from "../iam/policy-text";

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
            `AWS has these condition keys for gitlab.com only; a token of ${quote(url)} would never match.`,
            "Leave `claims` out; what the `sub` claim can carry is declared with `subClaimComponents`.",
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
                "Give at least one value, or leave it out.",
            );
        }
        list?.forEach((late, i) => {
            const value = known(late);
            if (value !== undefined) {
                checkClaimValue(name, value, `${property(at, name)}[${String(i)}]`, findings);
            }
        });
    }
    const namesProject = subject.projectId !== undefined || /(?:^|:)project_id:/.test(known(subject.sub) ?? "");
    if (claims.namespaceId !== undefined && !namesProject) {
        findings.add(
            "namespace-only",
            property(at, "namespaceId"),
            "The namespace says who owns the project, not which project it is.",
            "Add `projectId` to the subject.",
        );
    }
    if ((claims.userLogin !== undefined || claims.userEmail !== undefined) && claims.userId === undefined) {
        findings.add(
            "user-name-only",
            property(at, claims.userLogin !== undefined ? "userLogin" : "userEmail"),
            "Names and addresses can pass to somebody else; the numeric id cannot.",
            "Add `userId`.",
        );
    }
}

function checkClaimValue(name: keyof Claims, value: string, at: string, findings: Findings): void {
    const { pattern, shape } = CLAIM_KEYS[name];
    if (isPattern(value)) {
        findings.add(
            "claim-value",
            at,
            `${quote(value)} has a wildcard; claims are compared exactly, because a part of an id or name matches strangers too.`,
            "List the values one by one.",
        );
    } else if (!pattern.test(value)) {
        findings.add("claim-value", at, `${quote(value)} is not ${shape}.`, `Write ${shape}.`);
    } else {
        checkLatin1(value, at, findings);
    }
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
