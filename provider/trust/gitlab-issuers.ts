import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { claimLike } from "../gitlab/sub-claim";
import { parseProviderArn } from "../iam/arn";
import { otherProvider } from "../iam/other-issuers";
import type { Statement } from "./document";
import { providersOf } from "./statement";

/** Why an issuer counts as GitLab: it is gitlab.com, its URL was given, or a trust policy tests its `sub` claim for a value with GitLab's shape. */
export type GitLabEvidence = "gitlab.com" | "url" | "sub-claim";

/** Whether an identity provider may be a GitLab instance: it is not known to be another issuer. Given as ARN or as the name that IAM has for it. */
export function mayBeGitLab(provider: string): boolean {
    return otherProvider(provider) === undefined;
}

/**
 * Decides which issuers are GitLab instances. An issuer that is GitLab in one trust policy is GitLab in all of them: the role
 * without a condition on `sub` is the one to find.
 */
export class GitLabIssuers {
    private readonly evidence = new Map<string, GitLabEvidence>([[issuerOf(GITLAB_COM), "gitlab.com"]]);

    /** @param urls URLs of GitLab instances. */
    constructor(urls: readonly string[] = []) {
        for (const issuer of urls.map(issuerOf)) {
            this.learn(issuer, "url");
        }
    }

    /** Looks for issuers of GitLab in a trust policy. */
    learnFrom(statements: readonly Statement[]): void {
        const issuers = new Set(statements.flatMap(issuersOf));
        for (const { key, values } of statements.flatMap((s) => s.conditions)) {
            const prefix = key.replace(/:[^:]*$/, "").toLowerCase();
            if (/:sub$/i.test(key) && values.some((value) => claimLike(value) === "sub")) {
                [...issuers]
                    .filter((issuer) => issuer.toLowerCase() === prefix && mayBeGitLab(issuer))
                    .forEach((issuer) => this.learn(issuer, "sub-claim"));
            }
        }
    }

    /** Why the issuer, given without its scheme, counts as GitLab; undefined if it does not. */
    evidenceOf(issuer: string): GitLabEvidence | undefined {
        return this.evidence.get(issuer);
    }

    private learn(issuer: string, evidence: GitLabEvidence): void {
        if (!this.evidence.has(issuer)) {
            this.evidence.set(issuer, evidence);
        }
    }
}

/** The issuers of the identity providers that a statement trusts, without their scheme. */
export function issuersOf(statement: Statement): readonly string[] {
    return providersOf(statement).flatMap((arn) => parseProviderArn(arn)?.issuer ?? []);
}
