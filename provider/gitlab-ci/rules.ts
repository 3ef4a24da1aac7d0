import { ciRule } from "../gitlab/ci-rule";
import { isPattern } from "../iam/policy-text";
import { componentsIn, parseSub } from "../gitlab/sub-claim";
import type { Subject } from "../contract/types";

const MERGE_REQUEST = "merge_request_event";

/**
 * The `rules: if` of a job, one for each way in which a subject allows it, as far as GitLab knows before the job runs.
 * Undefined if that is not enough to distinguish such a job from others. A pipeline of a merge request is among them only
 * if the subject allows no other pipeline. Otherwise the job would be in both, and every push to a branch with a merge
 * request would start two pipelines.
 */
export function rulesOf(subjects: readonly Subject[]): readonly string[] | undefined {
    const rules = subjects.map((subject) => conditionsOf(fieldsOf(subject)));
    return rules.length > 0 && rules.every((conditions) => conditions.length > 0)
        ? [...new Set(rules.map((conditions) => conditions.join(" && ")))].sort()
        : undefined;
}

/** Whether only a job with an environment is allowed. */
export function needsEnvironment(subjects: readonly Subject[]): boolean {
    return subjects.map(fieldsOf).every((s) => s.deploymentTier !== undefined || s.environmentProtected !== undefined);
}

/** The tier that all subjects ask for, if it is one. */
export function tierOf(subjects: readonly Subject[]): string | undefined {
    const tiers = new Set(subjects.map((s) => fieldsOf(s).deploymentTier));
    const [tier] = tiers;
    return tiers.size === 1 && tier !== "*" ? tier : undefined;
}

/** A raw `sub` as its fields. */
function fieldsOf(subject: Subject): Subject {
    if (subject.sub === undefined) {
        return subject;
    }
    const parsed = parseSub(subject.sub, componentsIn(subject.sub));
    return "why" in parsed ? subject : { ...subject, ...parsed };
}

function conditionsOf(subject: Subject): readonly string[] {
    const { project, group, projectId, branch, tag, refProtected, claims } = subject;
    const scope = [
        ...(project === undefined ? [] : [ciRule("CI_PROJECT_PATH", project)]),
        ...(group === undefined ? [] : [ciRule("CI_PROJECT_PATH", `${group}/*`)]),
        ...(projectId === undefined || isPattern(projectId) ? [] : [ciRule("CI_PROJECT_ID", projectId)]),
    ];
    const sources = claims?.pipelineSource ?? [];
    const isMergeRequest = sources.length > 0 && sources.every((source) => source === MERGE_REQUEST);
    const ref =
        branch !== undefined
            ? // GitLab does not set CI_COMMIT_BRANCH in the pipeline of a merge request.
              [ciRule(isMergeRequest ? "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME" : "CI_COMMIT_BRANCH", branch)]
            : tag !== undefined
              ? [ciRule("CI_COMMIT_TAG", tag)]
              : isMergeRequest
                ? []
                : [`$CI_PIPELINE_SOURCE != "${MERGE_REQUEST}"`];
    return scope.length === 0
        ? []
        : [
              ...scope,
              ...ref,
              ...(refProtected === undefined || refProtected === "*"
                  ? []
                  : [ciRule("CI_COMMIT_REF_PROTECTED", String(refProtected))]),
              ...oneOf("CI_PIPELINE_SOURCE", sources),
              ...oneOf("CI_PROJECT_NAMESPACE_ID", claims?.namespaceId),
          ];
}

function oneOf(variable: string, values: readonly string[] = []): readonly string[] {
    return values.length === 0 ? [] : [ciRule(variable, ...new Set([...values].sort()))];
}
