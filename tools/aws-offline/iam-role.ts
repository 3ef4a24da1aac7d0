import {
    CreateRoleCommand,
    DeleteRoleCommand,
    DeleteRolePermissionsBoundaryCommand,
    DeleteRolePolicyCommand,
    DetachRolePolicyCommand,
    GetRoleCommand,
    GetRolePolicyCommand,
    ListAttachedRolePoliciesCommand,
    ListRolePoliciesCommand,
    PutRolePermissionsBoundaryCommand,
    Role,
    TagRoleCommand,
    UntagRoleCommand,
    UpdateAssumeRolePolicyCommand,
    UpdateRoleCommand,
    UpdateRoleDescriptionCommand,
} from "@aws-sdk/client-iam";
import { checkTags, checkTrustPolicy } from "./aws-rules";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler, tagChanges, tagOutputs, timestamp, toTags } from "./handler";
import { nameFromPrefix, prefixFromName } from "./names";
import { keepUnlessChanged, normalizeInlinePolicy, normalizePolicy } from "./policies";
import { isEmpty, Properties, text } from "./values";

export const role: Handler = {
    create(aws, inputs) {
        const name = text(inputs["name"]) || nameFromPrefix(text(inputs["namePrefix"]));
        return step(`creating IAM Role (${name})`, async () => {
            checkTrustPolicy("CreateRole", text(inputs["assumeRolePolicy"]));
            checkTags("CreateRole", inputs["tagsAll"]);
            await aws.iam(
                new CreateRoleCommand({
                    RoleName: name,
                    Path: text(inputs["path"]),
                    AssumeRolePolicyDocument: text(inputs["assumeRolePolicy"]),
                    Description: text(inputs["description"]) || undefined,
                    MaxSessionDuration: inputs["maxSessionDuration"] as number,
                    PermissionsBoundary: text(inputs["permissionsBoundary"]) || undefined,
                    Tags: toTags(inputs["tagsAll"]),
                }),
            );
            return name;
        });
    },

    read: (aws, id, known) =>
        step(`reading IAM Role (${id})`, async () => {
            const found = await findRole(aws, id);
            if (!found) return undefined;
            const current = normalizePolicy(decodeURIComponent(found.AssumeRolePolicyDocument ?? "{}"));
            return {
                arn: found.Arn,
                assumeRolePolicy: keepUnlessChanged(text(known["assumeRolePolicy"]), current),
                createDate: timestamp(found.CreateDate),
                description: found.Description ?? "",
                forceDetachPolicies: known["forceDetachPolicies"] ?? false,
                inlinePolicies: await inlinePolicies(aws, id),
                managedPolicyArns: await attachedPolicyArns(aws, id),
                maxSessionDuration: found.MaxSessionDuration ?? 3600,
                name: found.RoleName,
                namePrefix: prefixFromName(found.RoleName ?? ""),
                path: found.Path,
                permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
                uniqueId: found.RoleId,
                ...tagOutputs(found.Tags),
            };
        }),

    async update(aws, id, update) {
        const { inputs, changed } = update;
        const RoleName = id;
        const named = `IAM Role (${id})`;

        if (changed.has("assumeRolePolicy")) {
            const PolicyDocument = text(inputs["assumeRolePolicy"]);
            await step(`updating ${named} assume role policy`, async () => {
                checkTrustPolicy("UpdateAssumeRolePolicy", PolicyDocument);
                await aws.iam(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
            });
        }
        if (changed.has("description")) {
            const Description = text(inputs["description"]);
            await step(`updating ${named} description`, () =>
                aws.iam(new UpdateRoleDescriptionCommand({ RoleName, Description })),
            );
        }
        if (changed.has("maxSessionDuration")) {
            const MaxSessionDuration = inputs["maxSessionDuration"] as number;
            await step(`updating ${named} MaxSessionDuration`, () =>
                aws.iam(new UpdateRoleCommand({ RoleName, MaxSessionDuration })),
            );
        }
        if (changed.has("permissionsBoundary")) {
            const PermissionsBoundary = text(inputs["permissionsBoundary"]);
            if (PermissionsBoundary) {
                await step(`updating ${named} permissions boundary`, () =>
                    aws.iam(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
                );
            } else {
                await step(`deleting ${named} permissions boundary`, () =>
                    aws.iam(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
                );
            }
        }
        if (changed.has("tagsAll")) {
            await step(`updating tags for ${named}`, async () => {
                checkTags("TagRole", inputs["tagsAll"]);
                const { removed, set } = tagChanges(update);
                if (removed.length > 0) await aws.iam(new UntagRoleCommand({ RoleName, TagKeys: removed }));
                if (set.length > 0) await aws.iam(new TagRoleCommand({ RoleName, Tags: set }));
            });
        }
    },

    delete: (aws, id, state) =>
        step(`deleting IAM Role (${id})`, async () => {
            try {
                await detachPolicies(aws, id, state);
                await aws.iam(new DeleteRoleCommand({ RoleName: id }));
            } catch (error) {
                if (!hasCode(error, "NoSuchEntity")) throw error;
            }
        }),
};

export async function findRole(aws: Aws, name: string): Promise<Role | undefined> {
    try {
        return (await aws.iam(new GetRoleCommand({ RoleName: name }))).Role;
    } catch (error) {
        if (hasCode(error, "NoSuchEntity")) return undefined;
        throw error;
    }
}

/** Like the real provider: when forced, or when the recorded state lists policies (a refresh puts them there). */
async function detachPolicies(aws: Aws, name: string, state: Properties): Promise<void> {
    const force = state["forceDetachPolicies"] === true;
    if (force || !isEmpty(state["managedPolicyArns"])) {
        for (const PolicyArn of await attachedPolicyArns(aws, name)) {
            await aws.iam(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
        }
    }
    if (force || !isEmpty(state["inlinePolicies"])) {
        for (const PolicyName of await inlinePolicyNames(aws, name)) {
            await aws.iam(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }));
        }
    }
}

async function attachedPolicyArns(aws: Aws, name: string): Promise<string[]> {
    const { AttachedPolicies = [] } = await aws.iam(new ListAttachedRolePoliciesCommand({ RoleName: name }));
    return AttachedPolicies.map((policy) => policy.PolicyArn ?? "").sort();
}

async function inlinePolicyNames(aws: Aws, name: string): Promise<string[]> {
    const { PolicyNames = [] } = await aws.iam(new ListRolePoliciesCommand({ RoleName: name }));
    return [...PolicyNames].sort();
}

export async function inlinePolicies(aws: Aws, name: string): Promise<{ name: string; policy: string }[]> {
    const policies: { name: string; policy: string }[] = [];
    for (const PolicyName of await inlinePolicyNames(aws, name)) {
        const { PolicyDocument = "{}" } = await aws.iam(new GetRolePolicyCommand({ RoleName: name, PolicyName }));
        policies.push({ name: PolicyName, policy: normalizeInlinePolicy(decodeURIComponent(PolicyDocument)) });
    }
    return policies;
}
