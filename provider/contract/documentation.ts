const DOCS = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs";

/** Address of the documentation of a rule. */
export function documentationOf(id: string): string {
    return `${DOCS}/reference/rules.md#${id}`;
}

/** Address of the documentation of a check of `checkIssuer`. */
export function documentationOfCheck(id: string): string {
    return `${DOCS}/reference/checks.md#${id}`;
}

/** Address of the documentation of a rule that only the policy pack has. */
export function documentationOfPolicy(name: string): string {
    return `${DOCS}/reference/policy-pack.md#${name}`;
}
