import { issuerOf } from "../provider/gitlab/issuer-url";
import { claimLike } from "../provider/gitlab/sub-claim";
import { subFieldsOf, subjectsOf, type TrustSubject } from "../provider/audit/subjects";
import { allowedValues, isPositive } from "../provider/trust/conditions";
import { parseTrustPolicy, type Statement } from "../provider/trust/document";
import { isAboutGitLab, type ReadPolicy } from "../provider/trust/gitlab-findings";
import { GitLabIssuers, issuersOf, mayBeGitLab } from "../provider/trust/gitlab-issuers";
import { providersOf, testsOf } from "../provider/trust/statement";

/** A role whose trust policy is about GitLab. */
export interface GitLabRole extends ReadPolicy {
    /** Whether a statement is about GitLab, or is meant to be. */
    readonly isAbout: (statement: Statement) => boolean;
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

/** Whether a statement mentions GitLab where it names no identity provider of it: in a wrong ARN, or in a condition. */
function isMeantForGitLab(statement: Statement): boolean {
    return (
        providersOf(statement).some((provider) => mayBeGitLab(provider) && /\bgitlab\b/i.test(provider)) ||
        statement.conditions.some(
            ({ key, values }) =>
                NAMED_GITLAB.test(key) || (/:sub$/i.test(key) && values.some((value) => claimLike(value) === "sub")),
        )
    );
}

/** The role; undefined if its trust policy is not about GitLab. A policy without a statement that can be read counts: IAM rejects it. */
export function readGitLabRole(trustPolicy: unknown, urls: readonly string[]): GitLabRole | undefined {
    const { statements } = parseTrustPolicy(trustPolicy);
    const named = statements.flatMap(issuersOf);
    const issuers = new GitLabIssuers(
        named.filter((issuer) => isGitLab(issuer, urls)).map((issuer) => `https://${issuer}`),
    );
    issuers.learnFrom(statements);
    const isAbout = (s: Statement): boolean => isAboutGitLab(s, issuers) || isMeantForGitLab(s);
    const about = statements.filter(isAbout);
    if (about.length === 0 && statements.length > 0) {
        return undefined;
    }
    const known = [...new Set(named)].filter((issuer) => issuers.evidenceOf(issuer) !== undefined);
    return {
        trustPolicy,
        statements,
        isAbout,
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
