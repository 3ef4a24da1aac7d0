import { Findings, quote } from "../findings";

/** Whether the value has a wildcard of IAM's string patterns. */
export function isPattern(value: string): boolean {
    return /[*?]/.test(value);
}

/**
 * Text as IAM reads it back: `${` begins a policy variable in version 2012-10-17, `${$}` is a dollar sign.
 * Source: AWS, "IAM policy elements: Variables and tags".
 */
export function escapeDollar(text: string): string {
    return text.replaceAll("${", () => "${$}{");
}

/** Reports characters that IAM does not store in a policy: it takes tab, line feed, carriage return and U+0020 to U+00FF. */
export function checkLatin1(text: string, path: string, findings: Findings): void {
    const bad = /[^\u0020-\u007e\u00a0-\u00ff]/u.exec(text)?.[0];
    if (bad !== undefined) {
        findings.add(
            "latin1",
            path,
            `${quote(text)} has the character U+${bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}, which IAM does not store in a policy.`,
            "Write it in printable Latin-1; in a branch or tag the pattern `?` stands for that character.",
        );
    }
}

const SEGMENT = /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/;

/** Reports what is no path of a GitLab group or project, and wildcards that admit a stranger's. */
export function checkGitLabPath(kind: "group" | "project", path: string, at: string, findings: Findings): void {
    const example = kind === "group" ? '"mygroup/subgroup"' : '"mygroup/myproject"';
    const fault = (why: string, cure = `Write the path as it stands in GitLab's address bar: ${example}.`): void =>
        findings.add("gitlab-path", at, `${quote(path)} ${why}.`, cure);
    const wildcard = (why: string, cure: string): void =>
        findings.add("path-wildcard", at, `${quote(path)} ${why}.`, cure);

    if (/^[a-z]+:\/\//i.test(path)) {
        fault("is a url, not a path", `Write ${quote(path.replace(/^[a-z]+:\/\/[^/]*\/?/i, "").replace(/\/+$/, ""))}.`);
        return;
    }
    if (path === "") {
        fault("is empty");
        return;
    }
    const segments = path.split("/");
    if (segments.includes("")) {
        fault("has a slash too many", `Write ${quote(segments.filter((s) => s !== "").join("/"))}.`);
        return;
    }
    if (kind === "group" && isPattern(path)) {
        wildcard(
            "has a wildcard: a group covers everything below it by itself",
            `Write group: ${quote(segments.filter((s) => !isPattern(s)).join("/") || "mygroup")}.`,
        );
        return;
    }
    if (isPattern(segments[0]!)) {
        wildcard(
            "has a wildcard in its first segment: it would admit projects of every owner on the instance",
            `Name the top-level group: ${example}.`,
        );
        return;
    }
    const partial = segments.find((s) => isPattern(s) && s !== "*");
    if (partial !== undefined) {
        wildcard(
            `has the wildcard segment ${quote(partial)}: \`mygroup/app*\` also matches \`mygroup/app-evil\`, and \`*\` crosses \`/\``,
            "Name each project in a subject of its own, or use the whole segment `*`.",
        );
        return;
    }
    const bad = segments.find((s) => s !== "*" && !SEGMENT.test(s));
    if (bad !== undefined) {
        fault(`has the segment ${quote(bad)}, which GitLab does not allow in a path`);
    } else if (/\.(git|atom)$/i.test(path)) {
        fault(
            `ends with ".${path.split(".").pop()!}", which GitLab does not allow`,
            `Write ${quote(path.replace(/\.(git|atom)$/i, ""))}.`,
        );
    } else if (kind === "project" && segments.length < 2) {
        fault(
            "names a group, not a project",
            `Write project: ${quote(`${path}/myproject`)}, or group: ${quote(path)} for every project below it.`,
        );
    }
}

/** Reports what Git does not allow as the name of a branch or tag, or in a pattern for one. */
export function checkRefName(kind: "branch" | "tag", name: string, at: string, findings: Findings): void {
    const fault = (why: string, cure: string): void => findings.add("ref-name", at, `${quote(name)} ${why}.`, cure);
    const prefix = /^refs\/(heads|tags)\//.exec(name);
    if (name === "") {
        fault("is empty", `Write the name: ${kind}: "${kind === "branch" ? "main" : "v1.0"}".`);
    } else if (prefix !== null) {
        fault(
            "is a full ref: the `sub` claim has the short name",
            `Write ${prefix[1] === "heads" ? "branch" : "tag"}: ${quote(name.slice(prefix[0].length))}.`,
        );
    } else if (
        /[\0- ~^:[\\\u007f]/.test(name) ||
        /\.\.|@\{|\/\/|^\/|\/$|\.$|(^|\/)\.|\.lock(\/|$)/.test(name) ||
        name === "@"
    ) {
        fault(
            "is not a name that Git allows (no space ~ ^ : [ \\ or control characters, no `..`, `@{`, `//`, no leading or trailing `/`, no part that begins with `.` or ends with `.lock`), so no job could match",
            `Write the short name of the ${kind} as \`git ${kind}\` lists it.`,
        );
    } else {
        checkLatin1(name, at, findings);
    }
}
