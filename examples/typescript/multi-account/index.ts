import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

// Each account trusts jobs on one branch of the project.
const accounts = [
    { name: "staging", id: "222233334444", branch: "staging" },
    { name: "production", id: "333344445555", branch: "main" },
];

export const roleArns: Record<string, pulumi.Output<string>> = {};
export const gitlabCiYml: Record<string, pulumi.Output<string>> = {};

for (const { name, id, branch } of accounts) {
    const provider = new aws.Provider(name, {
        region: "eu-central-1",
        allowedAccountIds: [id],
        // The role that AWS Organizations creates in every account for the management account.
        assumeRoles: [{ roleArn: `arn:aws:iam::${id}:role/OrganizationAccountAccessRole` }],
    });

    // The component uses this provider for all of its resources.
    const gitlab = new GitLabOidc(
        `gitlab-${name}`,
        {
            roles: {
                deploy: {
                    subjects: [{ project: "mygroup/myproject", projectId: "4711", branch, refProtected: true }],
                    gitlabCi: { jobName: `deploy to ${name}` },
                },
            },
        },
        { provider },
    );

    roleArns[name] = gitlab.roleArns.apply((arns) => arns["deploy"]!);
    gitlabCiYml[name] = gitlab.gitlabCiYml;
}
