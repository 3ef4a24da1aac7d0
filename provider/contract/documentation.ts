/** The page with one heading per rule, as the repository shows it. */
const RULES_PAGE = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs/reference/rules.md";

/** Address of the documentation of a rule. */
export function documentationOf(id: string): string {
    return `${RULES_PAGE}#${id}`;
}
