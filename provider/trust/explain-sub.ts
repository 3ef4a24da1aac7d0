import { quote } from "../contract/quote";
import type { Cause } from "../contract/types";
import type { SubClaimComponent } from "../contract/types";
import { ciRule } from "../gitlab/ci-rule";
import { matchesGlob, patternGlob } from "../iam/glob";
import { isPattern } from "../iam/policy-text";
import { COMPONENTS } from "../gitlab/sub-claim";

/** A cause, and how far the job is from being allowed. The nearest cause is reported. */
export interface WeighedCause extends Cause {
    readonly distance: number;
}

/** Another project is further away than anything else that differs, but for a `sub` of another shape. */
const OTHER_PROJECT = 10;
const OTHER_SHAPE = 20;

/** Why a `sub` claim meets none of the values that a condition expects: the nearest of them, and what differs. */
export function explainSub(operator: string, expected: readonly string[], actual: string): WeighedCause {
    const folded = foldedMatch(expected, actual.toLowerCase());
    if (folded !== undefined && !/Like/.test(operator) && isPattern(folded)) {
        const wildcard = folded.includes("*") ? "*" : "?";
        return {
            cause: `${operator} compares the \`${wildcard}\` in ${quote(folded)} as a plain character.`,
            fix: "Use StringLike for values with a wildcard.",
            distance: 1,
        };
    }
    if (folded !== undefined) {
        return {
            cause: `${quote(actual)} differs from ${quote(folded)} only in case, and the comparison is exact.`,
            fix: "Write the group, project, branch or tag exactly as GitLab shows it.",
            distance: 1,
        };
    }
    const job = pairsOf(actual);
    const candidates = expected
        .flatMap((e) => differences(e, job))
        .sort((a, b) => a.distance - b.distance || b.first - a.first);
    const impossible = candidates.find(isImpossible);
    if (impossible !== undefined) {
        return { ...explainImpossible(impossible, actual), distance: 1 };
    }
    const nearest = candidates[0];
    if (nearest === undefined) {
        return { ...explainShape(expected, actual), distance: OTHER_SHAPE };
    }
    // All values that are as near: together they are what the role allows there.
    const allowed = candidates.filter(
        (c) => c.distance === nearest.distance && c.first === nearest.first && c.name === nearest.name,
    );
    const cause =
        nearest.name === "environment"
            ? explainEnvironment(allowed.map((c) => pairsOf(c.value)).map(environmentOf), environmentOf(job))
            : explainComponent(nearest.name, [...new Set(allowed.map((c) => literal(c.expected)))], new Map(job));
    return { ...cause, distance: nearest.distance };
}

/** The expected value that the claim, given in small letters, matches but for capital letters. */
function foldedMatch(expected: readonly string[], actual: string): string | undefined {
    return expected.find((e) => matches(e.toLowerCase(), actual));
}

function explainShape(expected: readonly string[], actual: string): Cause {
    const shapes = [...new Set(expected.map((e) => namesOf(pairsOf(e))))];
    const isGitLabs = expected.some((e) => COMPONENTS.includes(pairsOf(e)[0]![0] as SubClaimComponent));
    return {
        cause: `The sub claim consists of ${namesOf(pairsOf(actual))}, but the role expects ${shapes.join(" or ") || "nothing that a job could have"}.`,
        fix: isGitLabs
            ? "Set `subClaimComponents` to the project's setting `ci_id_token_sub_claim_components`, or change that setting."
            : `Write it as GitLab does: ${quote(actual)}.`,
    };
}

type Pair = readonly [name: string, value: string];

/** The components of a `sub` claim. */
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

/** How an expected value differs from the job's. */
interface Difference {
    /** The whole of the expected value. */
    readonly value: string;
    /** Position and name of the first component that differs, and what is expected there; `environment` if only one of the two has those of an environment. */
    readonly first: number;
    readonly name: string;
    readonly expected: string;
    /** How many components differ, and more if the project does. */
    readonly distance: number;
}

/** The difference, if both have the same components up to the end of the expected value, apart from those of an environment. */
function differences(value: string, job: readonly Pair[]): readonly Difference[] {
    const expected = pairsOf(value);
    const [last, lastValue] = expected.at(-1)!;
    const stated = lastValue === "" && /^\*+$/.test(last) ? expected.slice(0, -1) : expected;
    const isOpen = stated !== expected || lastValue.endsWith("*");
    const sides = alignedPairs(stated, job, isOpen);
    if (sides === undefined) {
        return [];
    }
    const different = sides.stated.flatMap(([name, pattern], i) =>
        matches(pattern, sides.job[i]![1]) ? [] : [{ first: i, name, expected: pattern }],
    );
    const environment = sides.hasOtherEnvironment
        ? [{ first: sides.stated.length, name: "environment", expected: "" }]
        : [];
    const all = [...different, ...environment];
    const isOther = different.some(({ name }) => /^project_(path|id)$/.test(name));
    return all.slice(0, 1).map((first) => ({ ...first, value, distance: all.length + (isOther ? OTHER_PROJECT : 0) }));
}

interface Sides {
    readonly stated: readonly Pair[];
    readonly job: readonly Pair[];
    /** Whether only one of the two has an environment. The pairs no longer have it. */
    readonly hasOtherEnvironment: boolean;
}

/** The components that are in both, or undefined if they differ. */
function alignedPairs(stated: readonly Pair[], job: readonly Pair[], isOpen: boolean): Sides | undefined {
    if (haveSameNames(stated, job, isOpen)) {
        return { stated, job, hasOtherEnvironment: false };
    }
    const others = { stated: withoutEnvironment(stated), job: withoutEnvironment(job), hasOtherEnvironment: true };
    const isInOne = others.stated.length < stated.length !== others.job.length < job.length;
    return isInOne && haveSameNames(others.stated, others.job, isOpen) ? others : undefined;
}

function haveSameNames(stated: readonly Pair[], job: readonly Pair[], isOpen: boolean): boolean {
    return (
        (isOpen ? stated.length <= job.length : stated.length === job.length) &&
        stated.every(([name], i) => name === job[i]![0])
    );
}

/** The components that a job without an `environment` does not have in its `sub` claim. */
const ENVIRONMENT: ReadonlySet<string> = new Set(["deployment_tier", "environment_protected"]);

function withoutEnvironment(pairs: readonly Pair[]): readonly Pair[] {
    return pairs.filter(([name]) => !ENVIRONMENT.has(name));
}

function environmentOf(pairs: readonly Pair[]): ReadonlyMap<string, string> {
    return new Map(pairs.filter(([name]) => ENVIRONMENT.has(name)));
}

type Environment = ReadonlyMap<string, string>;

/** Why a job without an environment is denied if the role expects one, or the other way round. */
function explainEnvironment(expected: readonly Environment[], job: Environment): Cause {
    return job.size > 0 ? explainNeedlessEnvironment(job) : explainMissingEnvironment(expected);
}

function explainNeedlessEnvironment(job: Environment): Cause {
    const tier = job.get("deployment_tier");
    const state = job.get("environment_protected");
    const fields = [
        ...(tier === undefined ? [] : [`deploymentTier: ${quote(tier)}`]),
        ...(state === undefined ? [] : [`environmentProtected: ${state === "true" ? "true" : "false"}`]),
    ];
    return {
        cause: "The job has an `environment`, but the role allows only jobs without one.",
        fix: `Remove \`environment\` from the job. Or add a subject with ${fields.join(" and ")}, and set \`subClaimComponents\` to the project's setting.`,
    };
}

function explainMissingEnvironment(expected: readonly Environment[]): Cause {
    const valuesOf = (name: string): readonly string[] => [
        ...new Set(expected.flatMap((e) => e.get(name) ?? []).filter((v) => !/^\*+$/.test(v))),
    ];
    const tiers = valuesOf("deployment_tier");
    const states = valuesOf("environment_protected");
    const kind = [
        ...(tiers.length === 0 ? [] : [`of tier ${tiers.map(literal).map(quote).join(" or ")}`]),
        ...(states.length === 1 ? [`that is ${states[0] === "true" ? "" : "not "}protected`] : []),
    ];
    const tier = tiers.find((t) => /^\w+$/.test(t));
    const example =
        tier === undefined
            ? ": `environment: { name: production }`"
            : ` of tier ${tier}: \`environment: { name: ${tier}, deployment_tier: ${tier} }\``;
    return {
        cause: `The job has no \`environment\`, but the role allows only jobs with one${kind.map((k) => ` ${k}`).join("")}.`,
        fix: `Add an environment to the job${example}${states.includes("true") ? ", and protect it in GitLab" : ""}.`,
    };
}

/** Whether the value is the job's but for a ref_type that no job has. */
function isImpossible({ name, expected, distance }: Difference): boolean {
    return name === "ref_type" && distance === 1 && !matches(expected, "branch") && !matches(expected, "tag");
}

function explainImpossible({ value, expected }: Difference, actual: string): Cause {
    return {
        cause: `${quote(value)} matches no job. There is no ref_type ${quote(literal(expected))}: GitLab uses branch and tag, and branch for merge requests.`,
        fix: `Write ${quote(actual)} for this job.`,
    };
}

/** The CI variable that has the name of the job's ref. */
function variableOf(kind: string): string {
    return { branch: "CI_COMMIT_BRANCH", tag: "CI_COMMIT_TAG" }[kind] ?? "CI_COMMIT_REF_NAME";
}

/** Why the value of one component of the `sub` claim, or of the condition key of that name, is not allowed. */
export function explainComponent(name: string, allowed: readonly string[], job: ReadonlyMap<string, string>): Cause {
    const actual = job.get(name)!;
    const kind = job.get("ref_type") ?? "ref";
    const allows = allowed.map(quote).join(", ");
    switch (name) {
        case "ref_type":
            return {
                cause: `The job ran on ${kind} ${job.get("ref") ?? ""}, but the role allows only ${allowed.map((a) => (a === "branch" ? "branches" : a === "tag" ? "tags" : quote(a))).join(" and ")}.`,
                fix: allowed.every((a) => a === "branch" || a === "tag")
                    ? `Add a subject with \`${kind}\`, or run the job on a ${allowed.join(" or ")}.`
                    : "Write `branch` or `tag`: GitLab has no other ref_type, and uses `branch` for merge requests.",
            };
        case "ref":
            return {
                cause: `The job ran on ${kind} ${quote(actual)}, but the role allows ${allows}.`,
                fix: allowed.some((a) => a.startsWith("refs/"))
                    ? "Write the short name of the ref, without refs/heads/ or refs/tags/, as in the sub claim."
                    : `Run the job there (\`rules: - if: ${ciRule(variableOf(kind), allowed[0]!)}\`), or add a subject with ${kind}: ${quote(actual)}.`,
            };
        case "project_path":
            return {
                cause: `The job belongs to project ${quote(actual)}, but the role allows ${allows}.`,
                fix: `If it should have the role, add a subject with project: ${quote(actual)}.`,
            };
        case "project_id":
            return {
                cause: `The job belongs to the project with ID ${quote(actual)}, but the role allows ${allows}.`,
                fix: `If it should have the role, add a subject with projectId: ${quote(actual)}.`,
            };
        case "ref_protected":
        case "environment_protected": {
            const what = name === "ref_protected" ? kind : "environment";
            const [is, others, fix] =
                actual === "true"
                    ? ["", "unprotected", `Run the job on an unprotected ${what}, or allow both.`]
                    : ["not ", "protected", `Protect the ${what} in GitLab.`];
            return { cause: `The job's ${what} is ${is}protected, but the role allows only ${others} ones.`, fix };
        }
        default:
            return {
                cause: `The job's ${name} is ${quote(actual)}, but the role allows ${allows}.`,
                fix: "Run the job as the role expects, or add a subject for it.",
            };
    }
}
