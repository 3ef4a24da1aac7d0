import { quote } from "../findings";
import { literalGlob, matchesGlob } from "./evaluate";
import { isPattern } from "./names";

/** Why something was refused, in words, and what to do about it. */
export interface Cause {
    readonly cause: string;
    readonly cure: string;
}

/** Why a `sub` claim meets none of the values that a condition expects: the nearest of them, and what differs. */
export function explainSub(operator: string, expected: readonly string[], actual: string): Cause {
    const isLiteral = !/Like/.test(operator);
    const literal = isLiteral ? expected.find((e) => isPattern(e) && matchesGlob(literalGlob(e), actual)) : undefined;
    if (literal !== undefined) {
        return {
            cause: `${operator} takes the \`*\` in ${quote(literal)} literally.`,
            cure: "Use StringLike for values with a wildcard.",
        };
    }
    const folded = expected.find((e) => matchesGlob(literalGlob(e.toLowerCase()), actual.toLowerCase()));
    if (folded !== undefined) {
        return {
            cause: `${quote(actual)} differs from ${quote(folded)} in capital letters only, and the comparison is exact.`,
            cure: "Write the group, project, branch or tag in the case that GitLab shows.",
        };
    }
    const job = pairsOf(actual);
    const candidates = expected
        .map((e) => ({ pairs: pairsOf(e) }))
        .filter(({ pairs }) => namesOf(pairs) === namesOf(job))
        .map(({ pairs }) => ({
            pairs,
            different: job.filter(([, value], i) => !matchesGlob(literalGlob(pairs[i]![1]), value)),
        }))
        .sort((a, b) => a.different.length - b.different.length);
    const nearest = candidates[0];
    if (nearest === undefined || nearest.different.length === 0) {
        return {
            cause: `The sub claim is made of ${namesOf(job)}, the role expects ${[...new Set(expected.map((e) => namesOf(pairsOf(e))))].join(" or ")}.`,
            cure: "Declare the project's setting `ci_id_token_sub_claim_components` with `subClaimComponents`, or change that setting.",
        };
    }
    // The same component of the other values that are as near: all of them are what the role admits there.
    const [name] = nearest.different[0]!;
    const admitted = candidates
        .filter((c) => c.different.length === nearest.different.length && c.different[0]![0] === name)
        .map((c) => c.pairs.find(([n]) => n === name)![1]);
    return explainComponent(name, [...new Set(admitted)], new Map(job));
}

type Pair = readonly [name: string, value: string];

function pairsOf(sub: string): readonly Pair[] {
    const parts = sub.split(":");
    return parts.flatMap((name, i) => (i % 2 === 0 ? [[name, parts[i + 1] ?? ""] as const] : []));
}

function namesOf(pairs: readonly Pair[]): string {
    return pairs.map(([name]) => name).join(", ");
}

function explainComponent(name: string, admitted: readonly string[], job: ReadonlyMap<string, string>): Cause {
    const actual = job.get(name)!;
    const kind = job.get("ref_type") ?? "ref";
    const admits = admitted.map(quote).join(", ");
    switch (name) {
        case "ref_type":
            return {
                cause: `The job ran on ${kind} ${job.get("ref") ?? ""}, the role admits ${admitted.map((a) => (a === "branch" ? "branches" : a === "tag" ? "tags" : quote(a))).join(" and ")} only.`,
                cure: `Add a subject with \`${kind}\`, or run the job on a ${admitted[0] ?? "branch"}.`,
            };
        case "ref":
            return {
                cause: `The job ran on ${kind} ${quote(actual)}, the role admits ${admits}.`,
                cure: `Run the job there (\`rules: if: $CI_COMMIT_REF_NAME\`), or add a subject with ${kind}: ${quote(actual)}.`,
            };
        case "project_path":
            return {
                cause: `The job is one of project ${quote(actual)}, the role admits ${admits}.`,
                cure: `Add a subject with project: ${quote(actual)}, if it should have the role.`,
            };
        case "project_id":
            return {
                cause: `The job is one of the project with id ${actual}, the role admits ${admits}.`,
                cure: `Add a subject with projectId: ${quote(actual)}, if it should have the role.`,
            };
        case "ref_protected":
        case "environment_protected":
            return {
                cause: `The job's ${name === "ref_protected" ? kind : "environment"} is ${actual === "true" ? "" : "not "}protected, the role admits ${admits}.`,
                cure:
                    name === "ref_protected" ? `Protect the ${kind} in GitLab.` : "Protect the environment in GitLab.",
            };
        default:
            return {
                cause: `The job's ${name} is ${quote(actual)}, the role admits ${admits}.`,
                cure: "Run the job as the role expects, or add a subject for it.",
            };
    }
}
