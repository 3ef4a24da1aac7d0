import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";

/** Registers gitlab.com in the emulator's account. */
export async function createProvider(endpoint: string): Promise<void> {
    const url = "https://gitlab.com";
    await clientOf(endpoint).send(new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: [url] }));
}

/** Makes a role that admits the branch `main` of `mygroup/myproject`. */
export async function createRole(endpoint: string, role: { RoleName: string; Path?: string }): Promise<void> {
    const trust = {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: {
                        "gitlab.com:aud": "https://gitlab.com",
                        "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                    },
                },
            },
        ],
    };
    await clientOf(endpoint).send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: JSON.stringify(trust) }));
}

function clientOf(endpoint: string): IAMClient {
    const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
    return new IAMClient({ endpoint, region: "us-east-1", credentials });
}
