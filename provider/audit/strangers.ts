import type { SubClaimComponent } from "../contract/types";
import { issuerOf, GITLAB_COM } from "../gitlab/issuer-url";
import type { Statement } from "../trust/document";
import { testsOf } from "../trust/statement";
import { scopeOf, type TrustSubject } from "./subjects";
import { readTokenSub, STRANGER, textOfSub, type TokenSub } from "./token-subs";
import { type Wanted, type WitnessFinder } from "./witnesses";

/** Describes a token of somebody who should not get in, for a rule about policies that are too wide. */
type Stranger = (subject: TrustSubject, context: StrangerContext) => Omit<Wanted, "statement" | "issuer">;

interface StrangerContext {
    readonly finder: WitnessFinder;
    readonly statements: readonly Statement[];
    /** Audiences of the identity provider; undefined if they are unknown. */
    readonly audiences: readonly string[] | undefined;
}

const otherProject: Stranger = (subject, context) => ({
    // The ID identifies the project, so another path is no other project.
    subs: scopeOf(subject).projectIds.length > 0 ? [] : strangersFor(subject, context),
});

const otherRef: Stranger = (subject, context) => ({
    subs: changed(ordinary(subject, context), (sub) =>
        sub.set("ref", STRANGER[sub.get("ref_type") === "tag" ? "tag" : "branch"]),
    ),
});

const unprotectedRef: Stranger = (subject, context) => {
    const subs = ordinary(subject, context);
    return {
        subs: [...changed(subs, (sub) => sub.has("ref_protected") && sub.set("ref_protected", "false")), ...subs],
        claims: { ref_protected: ["false"] },
    };
};

/** Rules about policies that let in more than they should, each with the token that shows it. */
const STRANGERS: Readonly<Record<string, Stranger>> = {
    "no-subject": otherProject,
    "negative-only": otherProject,
    "path-wildcard": otherProject,
    "several-scopes": otherProject,
    principal: otherProject,
    "group-wide": otherProject,
    "project-id": (subject, context) => ({
        subs: [...strangersFor(subject, context), ...ordinary(subject, context)],
        claims: { project_id: idsOf(subject).map((id) => id.replace(/[*?]+/g, STRANGER.projectId)) },
    }),
    "sub-shape": (subject, context) => ({
        subs: [...asTag(ordinary(subject, context)), ...strangersFor(subject, context)],
    }),
    "ref-type": (subject, context) => ({ subs: asTag(ordinary(subject, context)) }),
    "ref-type-undeclared": otherRef,
    "any-branch": otherRef,
    "any-ref": otherRef,
    "unprotected-branch": unprotectedRef,
    "unprotected-tag": unprotectedRef,
    "condition-operator": (subject, context) => ({ subs: inOtherCase(ordinary(subject, context)) }),
    "path-only": (subject, context) => ({
        subs: ordinary(subject, context),
        ...(subject.issuer === issuerOf(GITLAB_COM) && { claims: { project_id: ["99999999"] } }),
    }),
    "no-audience": (subject, context) => ({
        subs: ordinary(subject, context),
        claims: { aud: otherAudiences(subject, context) },
    }),
};

/** A token for the finding that should not get in, as a wish; undefined if the rule is not about policies that are too wide. */
export function strangerFor(id: string, subject: TrustSubject, context: StrangerContext): Wanted | undefined {
    const { statement, issuer } = subject;
    const stranger = STRANGERS[id];
    return stranger === undefined ? undefined : { statement, issuer, ...stranger(subject, context) };
}

/** Whether the witness shows what the rule is about, and not only what is meant. */
export function showsStranger(
    id: string,
    claims: Readonly<Record<string, string | number>>,
    { audiences }: StrangerContext,
): boolean {
    switch (id) {
        case "no-audience":
            return claims["aud"] !== claims["iss"] && claims["aud"] !== "sts.amazonaws.com" && audiences?.length !== 1;
        case "unprotected-branch":
        case "unprotected-tag":
            return claims["ref_protected"] === "false";
        case "path-only":
            return claims["project_id"] === "99999999";
        default:
            return true;
    }
}

function ordinary(subject: TrustSubject, { finder }: StrangerContext): readonly TokenSub[] {
    return finder.subsFor(subject.test, subject.value);
}

function strangersFor(subject: TrustSubject, { finder, statements }: StrangerContext): readonly TokenSub[] {
    const subs = finder.subsFor(subject.test, subject.value, STRANGER);
    return [...subs, ...finder.subsBeside(subs, subject, statements, STRANGER)];
}

/** The `sub` claims with a change, as far as GitLab can issue them. */
function changed(
    subs: readonly TokenSub[],
    change: (sub: Map<SubClaimComponent, string>) => unknown,
): readonly TokenSub[] {
    return subs.flatMap((sub) => {
        const copy = new Map(sub);
        change(copy);
        const text = textOfSub(copy);
        const read = text === textOfSub(sub) ? undefined : readTokenSub(text);
        return read === undefined ? [] : [read];
    });
}

/** A tag with the name of the branch. */
function asTag(subs: readonly TokenSub[]): readonly TokenSub[] {
    return changed(subs, (sub) => sub.get("ref_type") === "branch" && sub.set("ref_type", "tag"));
}

function inOtherCase(subs: readonly TokenSub[]): readonly TokenSub[] {
    const swap = (text: string): string => (text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase());
    return changed(subs, (sub) => sub.set("ref", swap(sub.get("ref") ?? "")));
}

/** The project IDs that a statement tests. */
function idsOf({ statement, issuer }: TrustSubject): readonly string[] {
    return testsOf(statement, issuer, "project_id").flatMap((t) => t.values);
}

function otherAudiences({ statement, issuer }: TrustSubject, { audiences }: StrangerContext): readonly string[] {
    const isUsual = (audience: string): boolean => audience === `https://${issuer}` || audience === "sts.amazonaws.com";
    return (
        audiences ?? (testsOf(statement, issuer, "aud").length > 0 ? [] : ["https://other-service.example.com"])
    ).filter((a) => !isUsual(a));
}
