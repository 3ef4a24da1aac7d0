import { findingOf, type Findings } from "../contract/findings";
import type { Finding } from "../contract/types";
import { quote } from "../contract/quote";
import { known, type MaybeUnknown } from "../contract/unknown";
import { claimLike } from "../gitlab/sub-claim";
import { isPattern } from "./policy-text";

/** Reports audiences that IAM does not store, that GitLab would change, or that no job asks for. */
export function checkAudiences(
    audiences: MaybeUnknown<readonly string[] | undefined>,
    url: string | undefined,
    path: string,
    findings: Findings,
): void {
    const list = known(audiences);
    if (list === undefined) {
        return;
    }
    if (list.length === 0) {
        findings.add(
            "audience",
            path,
            "is empty: AWS would reject every token with `Incorrect token audience`.",
            "Leave it out to use the URL of the instance, or list the audiences that the jobs request.",
        );
    }
    if (list.length > 100) {
        findings.add(
            "audience",
            path,
            `has ${String(list.length)} values, but IAM accepts at most 100.`,
            "Use fewer audiences.",
        );
    }
    const seen = new Set<string>();
    list.forEach((maybe, i) => {
        const audience = known(maybe);
        if (audience !== undefined) {
            findings.addAll(audienceFindings(audience, url, `${path}[${String(i)}]`));
            if (seen.has(audience)) {
                findings.add("audience", `${path}[${String(i)}]`, `${quote(audience)} appears twice.`, "Remove one.");
            }
            seen.add(audience);
        }
    });
}

interface AudienceFault {
    readonly why: string;
    readonly fix: string;
}

/** Findings about one audience. */
export function audienceFindings(audience: string, url: string | undefined, path: string): readonly Finding[] {
    const fault = audienceFault(audience, url);
    return fault === undefined ? [] : [findingOf("audience", path, `${quote(audience)} ${fault.why}.`, fault.fix)];
}

function audienceFault(audience: string, url: string | undefined): AudienceFault | undefined {
    if (audience === "" || audience.length > 255) {
        const why = `has ${String(audience.length)} characters, but IAM accepts 1 to 255`;
        return { why, fix: "Use the URL of the instance." };
    }
    if (!/^[!-~]+$/.test(audience)) {
        const why = "has white space or characters outside ASCII";
        return { why, fix: "Use the URL of the instance, or `sts.amazonaws.com`." };
    }
    if (claimLike(audience) === "sub") {
        return {
            why: "is a subject, not an audience: no token has it as `aud`",
            fix: "Move it to `subjects`, and write the URL of the instance here.",
        };
    }
    if (isPattern(audience)) {
        const why = "has a wildcard, but audiences are compared exactly";
        return { why, fix: "List the audiences one by one." };
    }
    if (audience.includes("$")) {
        return { why: "has `$`, which GitLab expands in the job", fix: "Choose an audience without it." };
    }
    return url !== undefined && audience !== url && audience.replace(/\/+$/, "").replace(/^http:/, "https:") === url
        ? { why: "is almost the URL, but audiences are compared exactly", fix: `Write ${quote(url)}.` }
        : undefined;
}
