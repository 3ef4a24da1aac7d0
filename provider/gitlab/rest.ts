import { isObject } from "../contract/object";
import type { GitLabEnvironment, GitLabProtectedBranch, GitLabProtectedTag } from "../contract/types";

/** Something that GitLab's REST API returns, or why the token may not read it. */
export type Seen<T> = { readonly value: T; readonly hidden?: never } | { readonly hidden: string };

/** The statuses with which GitLab hides something from a token. Source: GitLab, "REST API troubleshooting: Status codes". */
export type HidingStatus = 401 | 403 | 404;

export function isHiding(status: number): status is HidingStatus {
    return status === 401 || status === 403 || status === 404;
}

/** A right that a token needs to read something. */
export interface Right {
    /** `the role Maintainer`. */
    readonly needs: string;
    readonly hasToken: boolean;
}

/** How to get a right, as a sentence. */
export function rightText({ needs, hasToken }: Right): string {
    return hasToken
        ? `The token needs the scope read_api and ${needs}.`
        : `Set GITLAB_TOKEN to a token with the scope read_api and ${needs}.`;
}

/** Why GitLab does not return a project or group, and the fix. */
export function accessFault(
    status: HidingStatus,
    what: string,
    hasToken: boolean,
): { readonly message: string; readonly fix: string } {
    const right = rightText({ needs: "membership in the project or group", hasToken });
    if (status === 404) {
        return {
            message: `${what} does not exist, or ${hasToken ? "the token may not read it" : "it is private"} (status 404).`,
            fix: `Check the path. ${right}`,
        };
    }
    if (!hasToken) {
        return { message: `GitLab does not return ${what} without a token (status ${String(status)}).`, fix: right };
    }
    return status === 401
        ? {
              message: "GitLab rejects the token (status 401): it is expired, revoked, or from another instance.",
              fix: "Create a personal, project or group access token with the scope read_api. A CI/CD job token is not supported.",
          }
        : { message: `GitLab does not let the token read ${what} (status 403).`, fix: right };
}

/** A reader of one JSON value. Undefined if the value does not have the documented shape. */
export type RestReader<T> = (value: unknown) => T | undefined;

/** A project, as far as one request returns it. Source: GitLab, "Projects API". */
export interface ProjectAnswer {
    readonly project: string;
    readonly projectId: string;
    /** Left out if the token may not read it. */
    readonly subClaimComponents?: readonly string[];
    readonly defaultBranch?: string;
    /** Whether the token may read the repository. GitLab returns `default_branch` only then. */
    readonly readsCode: boolean;
}

/** Source: GitLab, "Projects API: Get a single project". */
export const readProject: RestReader<ProjectAnswer> = (value) => {
    if (!isObject(value)) {
        return undefined;
    }
    const { id, path_with_namespace: project, default_branch: branch } = value;
    const components = value["ci_id_token_sub_claim_components"];
    return Number.isSafeInteger(id) && typeof project === "string" && project !== ""
        ? {
              project,
              projectId: String(id),
              ...(isTexts(components) && components.length > 0 && { subClaimComponents: components }),
              ...(typeof branch === "string" && { defaultBranch: branch }),
              readsCode: branch !== undefined,
          }
        : undefined;
};

/** Source: GitLab, "Metadata API". */
export const readMetadata: RestReader<string> = (value) =>
    isObject(value) && typeof value["version"] === "string" ? value["version"] : undefined;

/** A branch or tag. Source: GitLab, "Branches API" and "Tags API". */
export interface RefAnswer {
    readonly isProtected: boolean;
}

export const readRef: RestReader<RefAnswer> = (value) =>
    isObject(value) && typeof value["name"] === "string" ? { isProtected: value["protected"] === true } : undefined;

/** Source: GitLab, "Protected branches API". */
export const readProtectedBranch: RestReader<GitLabProtectedBranch> = (value) => {
    const name = nameIn(value);
    return name === undefined
        ? undefined
        : { name, push: whoIn(value, "push_access_levels"), merge: whoIn(value, "merge_access_levels") };
};

/** Source: GitLab, "Protected tags API". */
export const readProtectedTag: RestReader<GitLabProtectedTag> = (value) => {
    const name = nameIn(value);
    return name === undefined ? undefined : { name, create: whoIn(value, "create_access_levels") };
};

/** Source: GitLab, "Environments API". */
export const readEnvironment: RestReader<Pick<GitLabEnvironment, "name" | "tier">> = (value) => {
    const name = nameIn(value);
    const tier = isObject(value) ? value["tier"] : undefined;
    return name === undefined ? undefined : { name, tier: typeof tier === "string" ? tier : "other" };
};

/** Source: GitLab, "Protected environments API". */
export const readProtectedEnvironment: RestReader<Required<Pick<GitLabEnvironment, "name" | "deploy">>> = (value) => {
    const name = nameIn(value);
    return name === undefined ? undefined : { name, deploy: whoIn(value, "deploy_access_levels") };
};

function nameIn(value: unknown): string | undefined {
    return isObject(value) && typeof value["name"] === "string" ? value["name"] : undefined;
}

/** The roles of access levels. Each role includes those above it. Source: GitLab, "Protected branches API: Valid access levels". */
const ROLES: Readonly<Record<number, string>> = {
    30: "Developers and Maintainers",
    40: "Maintainers",
    60: "administrators",
};

/** Those who have one of the access levels. Level 0 is nobody. */
function whoIn(value: unknown, property: string): readonly string[] {
    const levels = isObject(value) ? value[property] : undefined;
    return Array.isArray(levels) ? [...new Set(levels.flatMap(who))] : [];
}

function who(level: unknown): readonly string[] {
    if (!isObject(level)) {
        return [];
    }
    for (const [property, words] of [
        ["deploy_key_id", "deploy key"],
        ["user_id", "user"],
        ["group_id", "group"],
    ] as const) {
        if (typeof level[property] === "number") {
            return [`${words} ${String(level[property])}`];
        }
    }
    const { access_level: number } = level;
    return typeof number !== "number" || number === 0 ? [] : [ROLES[number] ?? `access level ${String(number)}`];
}

function isTexts(value: unknown): value is readonly string[] {
    return Array.isArray(value) && value.every((item) => typeof item === "string");
}
