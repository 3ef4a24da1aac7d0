import { ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { Aws } from "./clients";
import { step } from "./errors";
import { tagOutputs, timestamp } from "./handler";
import { readProvider } from "./iam-open-id-connect-provider";
import { findRole } from "./iam-role";
import { Properties, text } from "./values";

const NOT_FOUND = "couldn't find resource";

export async function getCallerIdentity(aws: Aws): Promise<Properties> {
    const identity = await step("reading STS Caller Identity", () => aws.callerIdentity());
    return { id: identity.accountId, ...identity };
}

export async function getOpenIdConnectProvider(aws: Aws, inputs: Properties): Promise<Properties> {
    const url = text(inputs["url"]);
    const arn = text(inputs["arn"]) || (await step(`reading IAM OIDC Provider (${url})`, () => findByUrl(aws, url)));
    const provider = await step(`reading IAM OIDC Provider (${arn})`, async () => {
        const found = await readProvider(aws, arn);
        if (!found) throw new Error(NOT_FOUND);
        return found;
    });
    const { tagsAll, ...result } = provider;
    return { id: arn, ...result, tags: tagsAll };
}

async function findByUrl(aws: Aws, url: string): Promise<string> {
    const { OpenIDConnectProviderList: providers = [] } = await aws.iam(new ListOpenIDConnectProvidersCommand({}));
    const address = url.replace(/^https:\/\//, "");
    const found = providers.find(({ Arn = "" }) => Arn.slice(Arn.indexOf("/") + 1) === address);
    if (!found?.Arn) throw new Error(NOT_FOUND);
    return found.Arn;
}

export function getRole(aws: Aws, inputs: Properties): Promise<Properties> {
    const name = text(inputs["name"]);
    return step(`reading IAM Role (${name})`, async () => {
        const role = await findRole(aws, name);
        if (!role) throw new Error(NOT_FOUND);
        return {
            id: name,
            arn: role.Arn,
            assumeRolePolicy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ""),
            createDate: timestamp(role.CreateDate),
            description: role.Description ?? "",
            maxSessionDuration: role.MaxSessionDuration ?? 3600,
            name: role.RoleName,
            path: role.Path,
            permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
            roleLastUseds: [],
            tags: tagOutputs(role.Tags).tagsAll,
            uniqueId: role.RoleId,
        };
    });
}
