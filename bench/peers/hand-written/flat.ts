import * as aws from "@pulumi/aws";
import type { GitLabAccessArgs } from "./gitlab-access";

/** The same resources without components around them, as a short program has them. */
export function flat(name: string, { url, roles }: { url: string; roles: GitLabAccessArgs["roles"] }): void {
    const provider = new aws.iam.OpenIdConnectProvider(name, { url, clientIdLists: [url] });
    const issuer = url.replace("https://", "");
    for (const [key, { project, branch, managedPolicies, inlinePolicies }] of Object.entries(roles)) {
        const role = new aws.iam.Role(`${name}-${key}`, {
            assumeRolePolicy: provider.arn.apply((providerArn) =>
                JSON.stringify({
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: { Federated: providerArn },
                            Action: "sts:AssumeRoleWithWebIdentity",
                            Condition: {
                                StringEquals: {
                                    [`${issuer}:aud`]: url,
                                    [`${issuer}:sub`]: `project_path:${project}:ref_type:branch:ref:${branch}`,
                                },
                            },
                        },
                    ],
                }),
            ),
        });
        for (const [policyKey, policyArn] of Object.entries(managedPolicies ?? {})) {
            new aws.iam.RolePolicyAttachment(`${name}-${key}:${policyKey}`, { role: role.name, policyArn });
        }
        for (const [policyKey, policy] of Object.entries(inlinePolicies ?? {})) {
            new aws.iam.RolePolicy(`${name}-${key}:${policyKey}`, { role: role.name, name: policyKey, policy });
        }
    }
}
