import { IAM, type Tag } from "@aws-sdk/client-iam";
import { engine } from "./engine";

/** The account of the tests, as AWS's own SDK sees it. */
export async function iam(): Promise<IAM> {
    const { workspace } = await engine();
    return new IAM({
        endpoint: workspace.emulator.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
    });
}

export interface RoleInAws {
    readonly arn: string;
    readonly trust: unknown;
    readonly description: string;
    readonly maxSessionDuration: number;
    readonly boundary: string | undefined;
    readonly tags: Readonly<Record<string, string>>;
    /** ARNs. */
    readonly managed: readonly string[];
    /** Documents by name. */
    readonly inline: Readonly<Record<string, unknown>>;
}

export async function roleInAws(name: string): Promise<RoleInAws> {
    const aws = await iam();
    const { Role: role } = await aws.getRole({ RoleName: name });
    const { AttachedPolicies: attached = [] } = await aws.listAttachedRolePolicies({ RoleName: name });
    const { PolicyNames: names = [] } = await aws.listRolePolicies({ RoleName: name });
    const documents = names.sort().map(async (PolicyName) => {
        const { PolicyDocument } = await aws.getRolePolicy({ RoleName: name, PolicyName });
        return [PolicyName, documentOf(PolicyDocument)] as const;
    });
    return {
        arn: role!.Arn!,
        trust: documentOf(role!.AssumeRolePolicyDocument),
        description: role!.Description ?? "",
        maxSessionDuration: role!.MaxSessionDuration!,
        boundary: role!.PermissionsBoundary?.PermissionsBoundaryArn,
        tags: tagsOf(role!.Tags),
        managed: attached.map((p) => p.PolicyArn!).sort(),
        inline: Object.fromEntries(await Promise.all(documents)),
    };
}

export async function providerInAws(
    arn: string,
): Promise<{ audiences: string[]; thumbprints: string[]; tags: Record<string, string> }> {
    const found = await (await iam()).getOpenIDConnectProvider({ OpenIDConnectProviderArn: arn });
    return {
        audiences: [...(found.ClientIDList ?? [])].sort(),
        thumbprints: found.ThumbprintList ?? [],
        tags: tagsOf(found.Tags),
    };
}

/** Everything in the account that this package could have made. */
export async function everythingInAws(): Promise<{ providers: string[]; roles: string[]; policies: string[] }> {
    const aws = await iam();
    const [providers, roles, policies] = await Promise.all([
        aws.listOpenIDConnectProviders({}),
        aws.listRoles({}),
        aws.listPolicies({ Scope: "Local" }),
    ]);
    return {
        providers: (providers.OpenIDConnectProviderList ?? []).map((p) => p.Arn!).sort(),
        roles: (roles.Roles ?? []).map((r) => r.RoleName!.replace(/-[0-9a-f]{7}$/, "")).sort(),
        policies: (policies.Policies ?? []).map((p) => p.PolicyName!).sort(),
    };
}

export const nothing = { providers: [], roles: [], policies: [] };

function documentOf(text: string | undefined): unknown {
    return JSON.parse(decodeURIComponent(text ?? "null"));
}

function tagsOf(tags: readonly Tag[] | undefined): Record<string, string> {
    return Object.fromEntries((tags ?? []).map((t) => [t.Key!, t.Value!]));
}
