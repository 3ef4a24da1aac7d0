import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

const gitlab = new GitLabOidc("gitlab", {
    // The exact value of the `iss` claim. Here, GitLab's setting `ci_id_tokens_issuer_url` is a public host that serves the
    // discovery document and the JWKS, because AWS cannot reach the instance itself.
    url: "https://oidc.example.com/gitlab",
    gitlabVersion: "19.1",
    // The projects' setting `ci_id_token_sub_claim_components`, in the same order. For a self-managed instance, AWS has only
    // the condition keys `sub` and `aud`, so everything that a role checks must be part of `sub`.
    subClaimComponents: ["project_id", "ref_type", "ref", "ref_protected"],
    roles: {
        // The project ID does not change when the project is renamed, and is never reused.
        deploy: {
            subjects: [{ projectId: "4711", branch: "main", refProtected: true }],
        },
        release: {
            subjects: [{ projectId: "4711", tag: "v*", refProtected: true }],
        },
    },
});

export const providerArn = gitlab.providerArn;
export const issuer = gitlab.issuer;
export const roleArns = gitlab.roleArns;
export const gitlabCiYml = gitlab.gitlabCiYml;
