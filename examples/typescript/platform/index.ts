import * as pulumi from "@pulumi/pulumi";
import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

const config = new pulumi.Config();

const gitlab = new GitLabOidc("gitlab", {
    url: config.require("gitlabUrl"),
    gitlabVersion: "19.1",
    roles: {
        // Jobs on branch main of one project. The application stack attaches the permissions.
        deploy: {
            subjects: [{ project: "mygroup/myproject", branch: "main" }],
        },
        // Jobs on any branch of every project in the group get read-only access. `accept` records that this is intended.
        plan: {
            subjects: [{ group: "mygroup", branch: "*" }],
            accept: ["group-wide", "any-branch"],
            managedPolicies: { readOnly: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
        },
    },
    tags: { "managed-by": "platform" },
});

export const providerArn = gitlab.providerArn;
export const roleArns = gitlab.roleArns;
export const roleNames = gitlab.roleNames;
export const gitlabCiYml = gitlab.gitlabCiYml;
