import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { trustPolicy } from "../support/policies";

export interface AccountRole {
    readonly RoleName: string;
    readonly Path?: string;
    /** Branch of `mygroup/myproject` that the role allows, `main` by default. */
    readonly branch?: string;
}

/** Registers gitlab.com in the emulator's account. */
export async function createProvider(endpoint: string): Promise<void> {
    const url = "https://gitlab.com";
    await clientOf(endpoint).send(new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: [url] }));
}

/** Makes a role that allows one branch of `mygroup/myproject`, for an hour at most. */
export async function createRole(endpoint: string, { branch = "main", ...role }: AccountRole): Promise<void> {
    const trust = trustPolicy({
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": `project_path:mygroup/myproject:ref_type:branch:ref:${branch}`,
        },
    });
    await clientOf(endpoint).send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: JSON.stringify(trust) }));
}

function clientOf(endpoint: string): IAMClient {
    const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
    return new IAMClient({ endpoint, region: "us-east-1", credentials });
}
