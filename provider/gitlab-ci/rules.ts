import { ciRule } from "../gitlab/ci-rule";
import { isPattern } from "../iam/policy-text";
import { MERGE_REQUEST_EVENT } from "../gitlab/pipeline-source";
import { componentsIn, parseSub } from "../gitlab/sub-claim";
import { pipelineSourcesOf } from "../trust/merge-requests";
import type { Subject } from "../contract/types";

/**
 * The `rules: if` of a job, one for each way in which a subject allows it, as far as GitLab knows before the job runs.
 * Undefined if that is not enough to distinguish such a job from others. A merge request pipeline is among them only if the
 * subject names it as a source. Otherwise every push to a branch with a merge request would start the job twice.
 */
export function rulesOf(subjects: readonly Subject[]): readonly string[] | undefined {
    const ways = subjects.flatMap((subject) => waysOf(fieldsOfSubject(subject)));
    return ways.length > 0 && ways.every((conditions) => conditions.length > 0)
        ? [...new Set(ways.map((conditions) => conditions.join(" && ")))].sort()
        : undefined;
}

/** Whether only a job with an environment is allowed. */
export function needsEnvironment(subjects: readonly Subject[]): boolean {
    return subjects
        .map(fieldsOfSubject)
        .every((s) => s.deploymentTier !== undefined || s.environmentProtected !== undefined);
}

/** The tier that all subjects ask for, if it is one. */
export function tierOf(subjects: readonly Subject[]): string | undefined {
    const tiers = new Set(subjects.map((s) => fieldsOfSubject(s).deploymentTier));
    const [tier] = tiers;
    return tiers.size === 1 && tier !== "*" ? tier : undefined;
}

/** A raw `sub` as its fields. */
export function fieldsOfSubject(subject: Subject): Subject {
    if (subject.sub === undefined) {
        return subject;
    }
    const parsed = parseSub(subject.sub, componentsIn(subject.sub));
    return "why" in parsed ? subject : { ...subject, ...parsed };
}

/** CI/CD variables with the claims of a job. Source: GitLab, "Predefined CI/CD variables reference". */
interface Variables {
    readonly projectPath: string;
    readonly projectId: string;
    readonly branch: string;
}

/** The token of a merge request pipeline names the source project, also if a fork's pipeline runs in the target project. */
const IN_MERGE_REQUEST: Variables = {
    projectPath: "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH",
    projectId: "CI_MERGE_REQUEST_SOURCE_PROJECT_ID",
    branch: "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
};

/** GitLab sets CI_COMMIT_BRANCH in every pipeline of a branch except those of merge requests. */
const ELSEWHERE: Variables = { projectPath: "CI_PROJECT_PATH", projectId: "CI_PROJECT_ID", branch: "CI_COMMIT_BRANCH" };

/** The conditions of each kind of pipeline that the subject allows. */
function waysOf(subject: Subject): readonly (readonly string[])[] {
    const sources = pipelineSourcesOf(subject);
    const trustsMergeRequests = subject.tag === undefined && sources.includes(MERGE_REQUEST_EVENT);
    const others = trustsMergeRequests ? sources.filter((source) => source !== MERGE_REQUEST_EVENT) : sources;
    return [
        ...(trustsMergeRequests ? [conditionsOf(subject, IN_MERGE_REQUEST, [MERGE_REQUEST_EVENT])] : []),
        ...(trustsMergeRequests && others.length === 0 ? [] : [conditionsOf(subject, ELSEWHERE, others)]),
    ];
}

function conditionsOf(subject: Subject, variables: Variables, sources: readonly string[]): readonly string[] {
    const { project, group, projectId, branch, tag, refProtected, claims } = subject;
    const scope = [
        ...(project === undefined ? [] : [ciRule(variables.projectPath, project)]),
        ...(group === undefined ? [] : [ciRule(variables.projectPath, `${group}/*`)]),
        ...(projectId === undefined || isPattern(projectId) ? [] : [ciRule(variables.projectId, projectId)]),
    ];
    const ref =
        branch !== undefined
            ? [ciRule(variables.branch, branch)]
            : tag !== undefined
              ? [ciRule("CI_COMMIT_TAG", tag)]
              : sources.length > 0
                ? []
                : [`$CI_PIPELINE_SOURCE != "${MERGE_REQUEST_EVENT}"`];
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
