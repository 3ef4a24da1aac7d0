import type { Finding } from "../contract/types";
import type { Statement } from "./document";
import { type GitLabIssuers, issuersOf } from "./gitlab-issuers";
import { lintPolicy } from "./lint";
import { isForEverybody } from "./statement";

/** A trust policy and its statements. */
export interface ReadPolicy {
    readonly trustPolicy: unknown;
    readonly statements: readonly Statement[];
}

/** Whether a statement trusts a GitLab instance. */
export function isAboutGitLab(statement: Statement, issuers: GitLabIssuers): boolean {
    return issuersOf(statement).some((issuer) => issuers.evidenceOf(issuer) !== undefined) || isForEverybody(statement);
}

/** The findings about the statements of a trust policy that are about GitLab. */
export function gitLabFindings(
    { trustPolicy, statements }: ReadPolicy,
    isAbout: (statement: Statement) => boolean,
): readonly Finding[] {
    const others = statements.filter((s) => !isAbout(s)).map(({ path }) => path);
    return lintPolicy({ trustPolicy }).findings.filter(({ path }) => !others.some((other) => isWithin(path, other)));
}

/** Whether a property path is another one or a part of it. */
export function isWithin(path: string, outer: string): boolean {
    return outer !== "" && path.startsWith(outer) && /^(?:[.[]|$)/.test(path.slice(outer.length));
}
