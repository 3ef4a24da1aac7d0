import * as aws from "@pulumi/aws";

// The stack before the move to the component in index.ts.
const provider = new aws.iam.OpenIdConnectProvider("gitlab-com", {
    url: "https://gitlab.com",
    clientIdLists: ["https://gitlab.com"],
});

const role = new aws.iam.Role("deployer", {
    name: "gitlab-deployer",
    assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Federated: provider.arn },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: {
                        "gitlab.com:aud": "https://gitlab.com",
                        "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                    },
                },
            },
        ],
    },
});

new aws.iam.RolePolicyAttachment("deployer-s3", {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
});

export const roleArn = role.arn;
