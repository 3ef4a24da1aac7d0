import { findingOf } from "../contract/findings";
import type { Finding } from "../contract/types";
import { quote } from "../contract/quote";
import { latin1Findings } from "../iam/policy-text";

/** The two kinds of refs that a job can run on. */
type RefKind = "branch" | "tag";

const EXAMPLE: { readonly [K in RefKind]: string } = { branch: "main", tag: "v1.0" };

/** Findings about what Git or GitLab does not allow as the name of a branch or tag, or in a pattern for one. Source: Git, "git check-ref-format"; GitLab, "Branches". */
export function refNameFindings(kind: RefKind, name: string, at: string): readonly Finding[] {
    const fault = refFault(kind, name);
    return fault === undefined
        ? latin1Findings(name, at)
        : [findingOf("ref-name", at, `${quote(name)} ${fault.why}.`, fault.fix ?? fixOf(kind, name))];
}

interface RefFault {
    readonly why: string;
    /** Left out if the fix is the name that was meant. */
    readonly fix?: string;
}

function refFault(kind: RefKind, name: string): RefFault | undefined {
    if (name === "") {
        return { why: "is empty", fix: `Write the name: ${kind}: "${EXAMPLE[kind]}".` };
    }
    if (FULL_REF.test(name)) {
        return { why: "is a full ref, but the `sub` claim has the short name" };
    }
    if (name === "HEAD") {
        return {
            why: `is Git's name for the current commit. No ${kind} has that name, so no job could match`,
            fix: `Write the name of the ${kind}: ${kind}: "${EXAMPLE[kind]}".`,
        };
    }
    if (name.startsWith("-")) {
        return { why: `begins with a hyphen. Git and GitLab allow no such ${kind}, so no job could match` };
    }
    if (kind === "branch" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name)) {
        return {
            why: "is a commit, but the `sub` claim has the branch, and GitLab allows no branch with such a name",
            fix: "Write the name of the branch that has the commit.",
        };
    }
    return isInvalid(name)
        ? {
              why: "is not a name that Git allows (no space ~ ^ : [ \\ or control characters, no `..`, `@{`, `//`, no leading or trailing `/`, no part that begins with `.` or ends with `.lock`), so no job could match",
          }
        : undefined;
}

/** Characters of a name that a fix repeats. */
const LONGEST = 100;

/** Refs that Git and GitLab keep outside of short names. */
const FULL_REF = /^refs\/(?:heads|tags|remotes|merge-requests|pipelines|environments|keep-around)\//;

function isInvalid(name: string): boolean {
    return (
        /[\0- ~^:[\\\u007f]/.test(name) || /\.\.|@\{|\/\/|^\/|\/$|\.$|(^|\/)\.|\.lock(\/|$)/.test(name) || name === "@"
    );
}

/** The branch or tag that a wrong name most likely means; undefined if unclear. */
export function meantRef(kind: RefKind, name: string): { readonly kind: RefKind; readonly name: string } | undefined {
    const [, folder, rest] = /^refs\/(heads|tags|remotes\/[^/]+)\/(.*)$/s.exec(name) ?? [];
    const meant = (rest ?? name)
        .trim()
        .replace(/^[-/]+|(?<![/.])[/.]+$/g, "")
        .replace(/\/{2,}/g, "/");
    const meantKind = folder === undefined ? kind : folder === "tags" ? "tag" : "branch";
    return meant.length <= LONGEST && refFault(meantKind, meant) === undefined
        ? { kind: meantKind, name: meant }
        : undefined;
}

function fixOf(kind: RefKind, name: string): string {
    const meant = meantRef(kind, name);
    return meant === undefined
        ? `Write the short name of the ${kind}, as \`git ${kind}\` lists it.`
        : `Write ${meant.kind}: ${quote(meant.name)}.`;
}
