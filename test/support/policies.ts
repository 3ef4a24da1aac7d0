/** The identity provider of gitlab.com in the account of the tests. */
const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";

/** A statement for jobs of gitlab.com with a condition; `changes` take the place of its other members. */
export function statement(
    condition: unknown,
    changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
    return {
        Effect: "Allow",
        Principal: { Federated: GITLAB_COM },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: condition,
        ...changes,
    };
}

/** A trust policy of these statements. */
export function policy(...statements: readonly unknown[]): Readonly<Record<string, unknown>> {
    return { Version: "2012-10-17", Statement: statements };
}

/** A statement of a resource control policy that denies jobs by a condition. `exempt` are the roles that it leaves out. */
export function denial(sid: string, condition: unknown, exempt?: string): Readonly<Record<string, unknown>> {
    return {
        Sid: sid,
        Effect: "Deny",
        Principal: "*",
        Action: "sts:AssumeRoleWithWebIdentity",
        ...(exempt === undefined ? { Resource: "*" } : { NotResource: exempt }),
        Condition: condition,
    };
}

/** The trust policy of GitLab's guide: jobs of an instance that meet the condition. */
export function trustPolicy(
    condition: unknown,
    issuer = "gitlab.com",
    changes: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
    const principal = { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` };
    return policy(statement(condition, { Principal: principal, ...changes }));
}
