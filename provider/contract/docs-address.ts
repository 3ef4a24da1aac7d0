const DOCS = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/blob/main/docs";

/** The address of a heading in the documentation: `docsAddress("reference/checks", "dns")`. */
export function docsAddress(page: string, anchor: string): string {
    return `${DOCS}/${page}.md#${anchor}`;
}
