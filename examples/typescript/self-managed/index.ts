import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

const gitlab = new GitLabOidc("gitlab", {
    // As it stands in the `iss` claim. Here GitLab's setting `ci_id_tokens_issuer_url` names a public host that serves the
    // discovery document and keys, because AWS cannot reach the instance itself.
    url: "https://oidc.example.com/gitlab",
    gitlabVersion: "19.1",
    // The setting `ci_id_token_sub_claim_components` of the projects, in its order. AWS has no condition keys for a self-managed
    // instance but `sub` and `aud`: what a role is to test has to be part of `sub`.
    subClaimComponents: ["project_id", "ref_type", "ref", "ref_protected"],
    roles: {
        // The id survives renaming, and nobody can register it again.
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
