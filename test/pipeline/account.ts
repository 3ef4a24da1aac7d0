import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { trustPolicy } from "../support/policies";

export interface AccountRole {
    readonly RoleName: string;
    readonly Path?: string;
    /** Branch of `mygroup/myproject` that the role allows, `main` by default. */
    readonly branch?: string;
    /** Its trust policy, instead of the one for a branch. */
    readonly trustPolicy?: string;
}

interface TrustPolicy {
    readonly Statement: readonly {
        readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    }[];
}

/** A trust policy without the condition keys that the emulator does not have. It would deny every token because of them. */
function forEmulator(trustPolicy: string): string {
    const policy = JSON.parse(trustPolicy) as TrustPolicy;
    const without = (keys: object): object =>
        Object.fromEntries(Object.entries(keys).filter(([key]) => /:(?:sub|aud)$/.test(key)));
    const Statement = policy.Statement.map((statement) => ({
        ...statement,
        Condition: Object.fromEntries(
            Object.entries(statement.Condition).map(([operator, keys]) => [operator, without(keys)]),
        ),
    }));
    return JSON.stringify({ ...policy, Statement });
}

/** Registers gitlab.com in the emulator's account. */
export async function createProvider(endpoint: string): Promise<void> {
    const url = "https://gitlab.com";
    await clientOf(endpoint).send(new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: [url] }));
}

/** Makes a role that allows one branch of `mygroup/myproject`, for an hour at most. */
export async function createRole(
    endpoint: string,
    { branch = "main", trustPolicy: own, ...role }: AccountRole,
): Promise<void> {
    const ofBranch = trustPolicy({
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": `project_path:mygroup/myproject:ref_type:branch:ref:${branch}`,
        },
    });
    const AssumeRolePolicyDocument = own === undefined ? JSON.stringify(ofBranch) : forEmulator(own);
    await clientOf(endpoint).send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument }));
}

function clientOf(endpoint: string): IAMClient {
    const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
    return new IAMClient({ endpoint, region: "us-east-1", credentials });
}
