import { issuerOf } from "../provider/gitlab/issuer-url";
import { subFieldsOf, subjectsOf, type TrustSubject } from "../provider/audit/subjects";
import { allowedValues, isPositive } from "../provider/trust/conditions";
import { parseTrustPolicy, type Statement } from "../provider/trust/document";
import { isAboutGitLab, type ReadPolicy } from "../provider/trust/gitlab-findings";
import { GitLabIssuers, issuersOf, mayBeGitLab } from "../provider/trust/gitlab-issuers";
import { testsOf } from "../provider/trust/statement";

/** A role whose trust policy is about GitLab. */
export interface GitLabRole extends ReadPolicy {
    readonly issuers: GitLabIssuers;
    /** Statements that allow something, and that are about GitLab. */
    readonly allowing: readonly Statement[];
    readonly subjects: readonly TrustSubject[];
}

/** An issuer that has the word in its host name, which most instances have. */
const NAMED_GITLAB = /^[^/]*\bgitlab\b/i;

/** Whether an issuer, without its scheme, counts as GitLab: by its name, or because its URL is configured. */
export function isGitLab(issuer: string, urls: readonly string[]): boolean {
    return mayBeGitLab(issuer) && (NAMED_GITLAB.test(issuer) || urls.map(issuerOf).includes(issuer));
}

/** The role; undefined if its trust policy is not about GitLab. A policy that cannot be read is, if it names the call of a job. */
export function readGitLabRole(trustPolicy: unknown, urls: readonly string[]): GitLabRole | undefined {
    const { statements } = parseTrustPolicy(trustPolicy);
    const named = statements.flatMap(issuersOf);
    const issuers = new GitLabIssuers(
        named.filter((issuer) => isGitLab(issuer, urls)).map((issuer) => `https://${issuer}`),
    );
    issuers.learnFrom(statements);
    const about = statements.filter((s) => isAboutGitLab(s, issuers));
    const isUnreadable = statements.length === 0 && /AssumeRoleWithWebIdentity/i.test(String(trustPolicy));
    if (about.length === 0 && !isUnreadable) {
        return undefined;
    }
    const known = [...new Set(named)].filter((issuer) => issuers.evidenceOf(issuer) !== undefined);
    return {
        trustPolicy,
        statements,
        issuers,
        allowing: about.filter(({ effect }) => effect === "Allow"),
        subjects: known.flatMap((issuer) => subjectsOf(statements, issuer)),
    };
}

/** Whether all jobs of a subject run on protected branches or tags. */
export function isProtected(subject: TrustSubject): boolean {
    const { statement, issuer } = subject;
    const flags = allowedValues(testsOf(statement, issuer, "ref_protected").filter(isPositive), ["true", "false"]);
    return subFieldsOf(subject)?.refProtected === "true" || flags.join() === "true";
}
