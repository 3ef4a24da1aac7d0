import * as pulumi from "@pulumi/pulumi";
import { GitLabOidc } from "pulumi-aws-gitlab-oidc";

// The name of each resource in hand-written.ts, by its type and name under the component.
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
                // Keeps the role's name in IAM. A different name would replace the role.
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
