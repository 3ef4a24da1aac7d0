import { findingOf } from "../contract/findings";
import type { Finding } from "../contract/types";
import { quote } from "../contract/quote";
import { isPattern } from "../iam/policy-text";

const SEGMENT = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/;

interface PathFault {
    readonly id: "gitlab-path" | "path-wildcard";
    readonly why: string;
    /** Left out if the fix is the path that the text is about. */
    readonly fix?: string;
}

/** Findings about a text that is not the path of a GitLab group or project, and about wildcards that match other people's projects. */
export function gitLabPathFindings(kind: PathKind, path: string, at: string): readonly Finding[] {
    const fault = pathFault(kind, path);
    if (fault === undefined) {
        return [];
    }
    const { id, why, fix = fixOf(kind, path) } = fault;
    return [findingOf(id, at, `${quote(path)} ${why}.`, fix)];
}

type PathKind = "group" | "project";

const EXAMPLE: { readonly [K in PathKind]: string } = { group: '"mygroup/subgroup"', project: '"mygroup/myproject"' };

function pathFault(kind: PathKind, path: string): PathFault | undefined {
    const fault = (why: string, fix?: string): PathFault => ({
        id: "gitlab-path",
        why,
        ...(fix !== undefined && { fix }),
    });
    const wildcard = (why: string, fix: string): PathFault => ({ id: "path-wildcard", why, fix });

    if (/^[a-z]+:\/\//i.test(path)) {
        return fault("is a URL, not a path");
    }
    if (path === "") {
        return fault("is empty");
    }
    const segments = path.split("/");
    if (segments.includes("")) {
        return fault("has an extra slash");
    }
    if (kind === "group" && isPattern(path)) {
        const above = segments.slice(0, segments.findIndex(isPattern)).join("/");
        return wildcard(
            "has a wildcard, but a group already covers everything below it",
            `Write group: ${quote(isSound("group", above) ? above : "mygroup")}.`,
        );
    }
    if (isPattern(segments[0]!)) {
        return wildcard(
            "has a wildcard in its first segment, so it would match projects of every owner on the instance",
            `Name the top-level group: ${EXAMPLE[kind]}.`,
        );
    }
    const partial = segments.find((s) => isPattern(s) && s !== "*");
    if (partial !== undefined) {
        return wildcard(
            `has a wildcard inside the segment ${quote(partial)}. For example, \`mygroup/app*\` also matches \`mygroup/app-evil\` and \`mygroup/app/other\``,
            "Write one subject for each project, or use `*` as a whole segment.",
        );
    }
    const bad = segments.find((s) => s !== "*" && !SEGMENT.test(s));
    if (bad !== undefined) {
        return fault(`has the segment ${quote(bad)}, which GitLab does not allow in a path`);
    }
    const dotted = segments.find((s, i) => s.endsWith(".") && (isGroup(kind, i, segments) || /^\.+$/.test(s)));
    if (dotted !== undefined) {
        return fault(
            /^\.+$/.test(dotted)
                ? `has the segment ${quote(dotted)}, which GitLab does not allow as a name`
                : `has the segment ${quote(dotted)}, but GitLab does not allow a group path that ends with "."`,
        );
    }
    const reserved = segments.find((s) => /\.(?:git|atom)$/i.test(s));
    if (reserved !== undefined) {
        return fault(
            `has the segment ${quote(reserved)}, but GitLab does not allow a path that ends in ".git" or ".atom"`,
        );
    }
    return kind === "project" && segments.length < 2
        ? fault(
              "names a group, not a project",
              `Write project: ${quote(`${path}/myproject`)}, or group: ${quote(path)} for every project below it.`,
          )
        : undefined;
}

/** Whether the segment is that of a group: the last one of a project's path is the project's. */
function isGroup(kind: PathKind, i: number, segments: readonly string[]): boolean {
    return kind === "group" || i < segments.length - 1;
}

function isSound(kind: PathKind, path: string): boolean {
    return pathFault(kind, path) === undefined;
}

/** The path that a wrong one most likely means; undefined if unclear. */
export function meantPath(kind: PathKind, text: string): string | undefined {
    const path = pathWithin(text);
    return isSound(kind, path) ? path : undefined;
}

function fixOf(kind: PathKind, text: string): string {
    const path = meantPath(kind, text);
    return path !== undefined
        ? `Write ${quote(path)}.`
        : `Write the path as it appears in the browser's address bar: ${EXAMPLE[kind]}.`;
}

/** The path that a text is about: that in the url of a page or repository, without extra slashes and suffixes. */
function pathWithin(text: string): string {
    const path = text.replace(/^(?:[a-z]+:\/\/[^/]*|[^/@:]+@[^/:]+:)/i, "").replace(/[?#].*|\/-\/.*/s, "");
    return normalized(path.split("/"))
        .join("/")
        .replace(/\.(?:git|atom)$/i, "");
}

/** The segments with `.` and `..` resolved as in a file's path. A `..` that leads out of the path remains, so the path stays invalid. */
function normalized(segments: readonly string[]): readonly string[] {
    const entered: string[] = [];
    for (const segment of segments) {
        if (segment === ".." && entered.length > 0 && entered.at(-1) !== "..") {
            entered.pop();
        } else if (segment !== "" && segment !== ".") {
            entered.push(segment);
        }
    }
    return entered;
}
