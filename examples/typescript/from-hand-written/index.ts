import * as pulumi from "@pulumi/pulumi";
import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

// The name that each resource had in hand-written.ts, by the type and name that it has under the component.
const formerNames: Readonly<Record<string, string>> = {
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider gitlab": "gitlab-com",
    "aws:iam/role:Role gitlab-deploy": "deployer",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment gitlab-deploy:aws:policy/AmazonS3FullAccess": "deployer-s3",
};

const keepResource: pulumi.ResourceTransform = ({ type, name, props, opts }) => {
    const former = formerNames[`${type} ${name}`];
    if (former === undefined) {
        return undefined;
    }
    const alias = { name: former, parent: pulumi.rootStackResource };
    return { props, opts: pulumi.mergeOptions(opts, { aliases: [alias] }) };
};

const gitlab = new GitLabOidc(
    "gitlab",
    {
        roles: {
            deploy: {
                // The role's name in IAM stays: with another one it would be made anew.
                name: "gitlab-deployer",
                subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main", refProtected: true }],
                managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3FullAccess" },
            },
        },
    },
    { transforms: [keepResource] },
);

export const roleArn = gitlab.roleArns.apply((arns) => arns["deploy"]!);
export const gitlabCiYml = gitlab.gitlabCiYml;
