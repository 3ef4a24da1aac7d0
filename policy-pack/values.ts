import { checkAccept } from "../provider/contract/accept";
import { Findings } from "../provider/contract/findings";
import { quote } from "../provider/contract/quote";
import type { Finding } from "../provider/contract/types";
import { issuerUrlFindings } from "../provider/gitlab/issuer-url";
import { gitLabPathFindings } from "../provider/gitlab/paths";
import { audienceFindings } from "../provider/iam/audiences";
import { isPattern } from "../provider/iam/policy-text";
import { projectIdFault } from "../provider/trust/claims";

/** The reason why a value of a list is rejected, and the value to write instead. */
type Fault = Pick<Finding, "message" | "fix">;

/** Faults of a value by the name of its list. Pulumi's engine has checked the type, and its own words for a pattern have no fix. */
const CHECKS: Readonly<Record<string, (value: string) => readonly Fault[]>> = {
    ids: acceptFaults,
    urls: (url) => issuerUrlFindings(url, ""),
    audiences: (audience) => audienceFindings(audience, undefined, ""),
    groups: (group) => gitLabPathFindings("group", group, ""),
    projects: (project) =>
        isPattern(project)
            ? [{ message: `${quote(project)} has a wildcard.`, fix: "List the projects, or use `groups`." }]
            : gitLabPathFindings("project", project, ""),
    projectIds: (id) => [projectIdFault(id) ?? []].flat(),
    arns: (arn) =>
        /^arn:[a-z*?-]+:iam::(?:[\d*?]{1,12}|aws):policy\/[!-~]+$/.test(arn)
            ? []
            : [
                  {
                      message: `${quote(arn)} is not the ARN of a policy, or of several policies by wildcards.`,
                      fix: 'Write it like "arn:aws:iam::*:policy/ci-boundary".',
                  },
              ],
};

/** Faults of the ID of a warning to accept. */
export function acceptFaults(id: string): readonly Fault[] {
    const findings = new Findings();
    checkAccept([id], "", findings);
    return findings.errors;
}

/** Everything that is wrong with the values of a policy's property, each with its path. */
export function valueProblems(path: string, name: string, value: unknown): readonly string[] {
    const check = CHECKS[name];
    return check === undefined || !Array.isArray(value)
        ? []
        : (value as readonly string[]).flatMap((each, i) =>
              check(each).map(({ message, fix }) => `${path}[${String(i)}]: ${message} ${fix}`),
          );
}
