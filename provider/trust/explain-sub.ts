import { quote } from "../contract/quote";
import type { Cause } from "../contract/types";
import type { SubClaimComponent } from "../contract/types";
import { ciRule } from "../gitlab/ci-rule";
import { matchesGlob, patternGlob } from "../iam/glob";
import { isPattern } from "../iam/policy-text";
import { COMPONENTS } from "../gitlab/sub-claim";

/** A cause and how far the job is from being admitted: the nearest one is told. */
export interface WeighedCause extends Cause {
    readonly distance: number;
}

/** Another project is further away than anything else that differs, but for a `sub` of another shape. */
const OTHER_PROJECT = 10;
const OTHER_SHAPE = 20;

/** Why a `sub` claim meets none of the values that a condition expects: the nearest of them, and what differs. */
export function explainSub(operator: string, expected: readonly string[], actual: string): WeighedCause {
    const folded = expected.find((e) => matches(e.toLowerCase(), actual.toLowerCase()));
    if (folded !== undefined && !/Like/.test(operator) && isPattern(folded)) {
        const wildcard = folded.includes("*") ? "*" : "?";
        return {
            cause: `${operator} takes the \`${wildcard}\` in ${quote(folded)} literally.`,
            cure: "Use StringLike for values with a wildcard.",
            distance: 1,
        };
    }
    if (folded !== undefined) {
        return {
            cause: `${quote(actual)} differs from ${quote(folded)} in capital letters only, and the comparison is exact.`,
            cure: "Write the group, project, branch or tag in the case that GitLab shows.",
            distance: 1,
        };
    }
    const job = pairsOf(actual);
    const candidates = expected
        .flatMap((e) => differences(pairsOf(e), job))
        .sort((a, b) => a.distance - b.distance || b.first - a.first);
    const nearest = candidates[0];
    if (nearest === undefined) {
        return { ...explainShape(expected, actual), distance: OTHER_SHAPE };
    }
    // The same component of the other values that are as near: all of them are what the role admits there.
    const admitted = candidates
        .filter((c) => c.distance === nearest.distance && c.first === nearest.first)
        .map((c) => literal(c.expected));
    return {
        ...explainComponent(job[nearest.first]![0], [...new Set(admitted)], new Map(job)),
        distance: nearest.distance,
    };
}

function explainShape(expected: readonly string[], actual: string): Cause {
    const shapes = [...new Set(expected.map((e) => namesOf(pairsOf(e))))];
    const isGitLabs = expected.some((e) => COMPONENTS.includes(pairsOf(e)[0]![0] as SubClaimComponent));
    return {
        cause: `The sub claim is made of ${namesOf(pairsOf(actual))}, the role expects ${shapes.join(" or ") || "nothing that a job could have"}.`,
        cure: isGitLabs
            ? "Declare the project's setting `ci_id_token_sub_claim_components` with `subClaimComponents`, or change that setting."
            : `Write it as GitLab does: ${quote(actual)}.`,
    };
}

type Pair = readonly [name: string, value: string];

/** The `sub` claim as the components it is made of. */
export function pairsOf(sub: string): readonly Pair[] {
    const parts = sub.split(":");
    return parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1] ?? ""] as const] : []));
}

function namesOf(pairs: readonly Pair[]): string {
    return pairs.map(([name]) => name).join(", ");
}

function matches(pattern: string, value: string): boolean {
    return matchesGlob(patternGlob(pattern), value);
}

/** The value without the escapes of IAM. */
function literal(value: string): string {
    return value.replace(/\$\{([*?$])\}/g, "$1");
}

interface Difference {
    /** Position of the first component that differs, and what is expected there. */
    readonly first: number;
    readonly expected: string;
    readonly distance: number;
}

/** How an expected value differs from the job's, where both have the same components as far as the expected value goes. */
function differences(expected: readonly Pair[], job: readonly Pair[]): readonly Difference[] {
    const [last, lastValue] = expected.at(-1)!;
    const stated = lastValue === "" && /^\*+$/.test(last) ? expected.slice(0, -1) : expected;
    const isOpen = stated !== expected || lastValue.endsWith("*");
    if (namesOf(stated) !== namesOf(isOpen ? job.slice(0, stated.length) : job)) {
        return [];
    }
    const different = stated.flatMap(([, value], i) => (matches(value, job[i]![1]) ? [] : [i]));
    const [first] = different;
    const isOther = different.some((i) => /^project_(path|id)$/.test(job[i]![0]));
    return first === undefined
        ? []
        : [{ first, expected: stated[first]![1], distance: different.length + (isOther ? OTHER_PROJECT : 0) }];
}

/** The CI variable that has the name of the job's ref. */
function variableOf(kind: string): string {
    return { branch: "CI_COMMIT_BRANCH", tag: "CI_COMMIT_TAG" }[kind] ?? "CI_COMMIT_REF_NAME";
}

/** Why one component of the `sub` claim, or the condition key of that name, is not what is admitted. */
export function explainComponent(name: string, admitted: readonly string[], job: ReadonlyMap<string, string>): Cause {
    const actual = job.get(name)!;
    const kind = job.get("ref_type") ?? "ref";
    const admits = admitted.map(quote).join(", ");
    switch (name) {
        case "ref_type":
            return {
                cause: `The job ran on ${kind} ${job.get("ref") ?? ""}, the role admits ${admitted.map((a) => (a === "branch" ? "branches" : a === "tag" ? "tags" : quote(a))).join(" and ")} only.`,
                cure: admitted.every((a) => a === "branch" || a === "tag")
                    ? `Add a subject with \`${kind}\`, or run the job on a ${admitted.join(" or ")}.`
                    : "Write `branch` or `tag`: there is no other ref_type, and a merge request's is `branch`.",
            };
        case "ref":
            return {
                cause: `The job ran on ${kind} ${quote(actual)}, the role admits ${admits}.`,
                cure: admitted.some((a) => a.startsWith("refs/"))
                    ? "Write the short name of the ref: the sub claim has it without refs/heads/ and refs/tags/."
                    : `Run the job there (\`rules: - if: ${ciRule(variableOf(kind), admitted[0]!)}\`), or add a subject with ${kind}: ${quote(actual)}.`,
            };
        case "project_path":
            return {
                cause: `The job is one of project ${quote(actual)}, the role admits ${admits}.`,
                cure: `Add a subject with project: ${quote(actual)}, if it should have the role.`,
            };
        case "project_id":
            return {
                cause: `The job is one of the project with id ${quote(actual)}, the role admits ${admits}.`,
                cure: `Add a subject with projectId: ${quote(actual)}, if it should have the role.`,
            };
        case "ref_protected":
        case "environment_protected": {
            const what = name === "ref_protected" ? kind : "environment";
            const [is, others, cure] =
                actual === "true"
                    ? ["", "unprotected", `Run the job on an unprotected ${what}, or admit both.`]
                    : ["not ", "protected", `Protect the ${what} in GitLab.`];
            return { cause: `The job's ${what} is ${is}protected, the role admits ${others} ones only.`, cure };
        }
        default:
            return {
                cause: `The job's ${name} is ${quote(actual)}, the role admits ${admits}.`,
                cure: "Run the job as the role expects, or add a subject for it.",
            };
    }
}
