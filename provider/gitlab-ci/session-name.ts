import type { SessionName } from "./script";

const VARIABLE = /\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/g;

/** A session name for an input of a CI/CD component: the same check, as a regular expression of GitLab. */
export const SESSION_NAME = "^([A-Za-z0-9_+=,.@-]|[$][A-Za-z_][A-Za-z0-9_]*|[$][{][A-Za-z_][A-Za-z0-9_]*[}])+$";

/** The IDs of the job: CloudTrail shows them, and no two jobs share credentials that the AWS CLI caches by this name. */
export const DEFAULT_SESSION_NAME = "GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID";

/** Whether STS accepts the text as a session name, once the CI/CD variables in it have values. */
export function isSessionName(text: string): boolean {
    const fixed = text.replace(VARIABLE, "");
    const shortest = fixed === text ? 2 : 0;
    return /^[\w+=,.@-]*$/.test(fixed) && fixed.length >= shortest && fixed.length <= 64 && text !== "";
}

export function sessionNameOf(text: string | undefined): SessionName {
    return text === undefined
        ? { word: `"${DEFAULT_SESSION_NAME}"`, isLoose: false }
        : { word: `"${text}"`, isLoose: text.includes("$") };
}
