import { Findings } from "../contract/findings";
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
            checkAudience(audience, url, `${path}[${String(i)}]`, findings);
            if (seen.has(audience)) {
                findings.add("audience", `${path}[${String(i)}]`, `${quote(audience)} appears twice.`, "Remove one.");
            }
            seen.add(audience);
        }
    });
}

export function checkAudience(audience: string, url: string | undefined, path: string, findings: Findings): void {
    const fault = (why: string, fix: string): void => findings.add("audience", path, `${quote(audience)} ${why}.`, fix);
    if (audience === "" || audience.length > 255) {
        fault(`has ${String(audience.length)} characters, but IAM accepts 1 to 255`, "Use the URL of the instance.");
    } else if (!/^[!-~]+$/.test(audience)) {
        fault("has white space or characters outside ASCII", "Use the URL of the instance, or `sts.amazonaws.com`.");
    } else if (claimLike(audience) === "sub") {
        fault(
            "is a subject, not an audience: no token has it as `aud`",
            "Move it to `subjects`, and write the URL of the instance here.",
        );
    } else if (isPattern(audience)) {
        fault("has a wildcard, but audiences are compared exactly", "List the audiences one by one.");
    } else if (audience.includes("$")) {
        fault("has `$`, which GitLab expands in the job", "Choose an audience without it.");
    } else if (
        url !== undefined &&
        audience !== url &&
        audience.replace(/\/+$/, "").replace(/^http:/, "https:") === url
    ) {
        fault("is almost the URL, but audiences are compared exactly", `Write ${quote(url)}.`);
    }
}
