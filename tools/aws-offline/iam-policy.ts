import {
    CreatePolicyCommand,
    CreatePolicyVersionCommand,
    DeletePolicyCommand,
    DeletePolicyVersionCommand,
    GetPolicyCommand,
    GetPolicyVersionCommand,
    ListPolicyVersionsCommand,
    PolicyVersion,
    TagPolicyCommand,
    UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import { checkTags } from "./aws-rules";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler, tagChanges, tagOutputs, toTags } from "./handler";
import { nameFromPrefix, prefixFromName } from "./names";
import { keepUnlessChanged, normalizePolicy } from "./policies";
import { text } from "./values";

const MAX_VERSIONS = 5;

export const policy: Handler = {
    create(aws, inputs) {
        const name = text(inputs["name"]) || nameFromPrefix(text(inputs["namePrefix"]));
        return step(`creating IAM Policy (${name})`, async () => {
            checkTags("CreatePolicy", inputs["tagsAll"]);
            const { Policy: created } = await aws.iam(
                new CreatePolicyCommand({
                    PolicyName: name,
                    Path: text(inputs["path"]),
                    Description: text(inputs["description"]) || undefined,
                    PolicyDocument: text(inputs["policy"]),
                    Tags: toTags(inputs["tagsAll"]),
                }),
            );
            return created?.Arn ?? "";
        });
    },

    read: (aws, id, known) =>
        step(`reading IAM Policy (${id})`, async () => {
            try {
                const { Policy: found } = await aws.iam(new GetPolicyCommand({ PolicyArn: id }));
                const { PolicyVersion: version } = await aws.iam(
                    new GetPolicyVersionCommand({ PolicyArn: id, VersionId: found?.DefaultVersionId }),
                );
                const current = normalizePolicy(decodeURIComponent(version?.Document ?? "{}"));
                return {
                    arn: found?.Arn,
                    attachmentCount: found?.AttachmentCount ?? 0,
                    description: found?.Description ?? "",
                    name: found?.PolicyName,
                    namePrefix: prefixFromName(found?.PolicyName ?? ""),
                    path: found?.Path,
                    policy: keepUnlessChanged(text(known["policy"]), current),
                    policyId: found?.PolicyId,
                    ...tagOutputs(found?.Tags),
                };
            } catch (error) {
                if (hasCode(error, "NoSuchEntity")) return undefined;
                throw error;
            }
        }),

    async update(aws, id, update) {
        const { inputs, changed } = update;
        if (changed.has("policy")) {
            await step(`updating IAM Policy (${id})`, async () => {
                await pruneVersions(aws, id);
                await aws.iam(
                    new CreatePolicyVersionCommand({
                        PolicyArn: id,
                        PolicyDocument: text(inputs["policy"]),
                        SetAsDefault: true,
                    }),
                );
            });
        }
        if (changed.has("tagsAll")) {
            await step(`updating tags for IAM Policy (${id})`, async () => {
                checkTags("TagPolicy", inputs["tagsAll"]);
                const { removed, set } = tagChanges(update);
                if (removed.length > 0) await aws.iam(new UntagPolicyCommand({ PolicyArn: id, TagKeys: removed }));
                if (set.length > 0) await aws.iam(new TagPolicyCommand({ PolicyArn: id, Tags: set }));
            });
        }
    },

    delete: (aws, id) =>
        step(`deleting IAM Policy (${id})`, async () => {
            try {
                for (const version of await spareVersions(aws, id)) await deleteVersion(aws, id, version);
                await aws.iam(new DeletePolicyCommand({ PolicyArn: id }));
            } catch (error) {
                if (!hasCode(error, "NoSuchEntity")) throw error;
            }
        }),
};

async function pruneVersions(aws: Aws, arn: string): Promise<void> {
    const spare = await spareVersions(aws, arn);
    const [oldest] = spare;
    if (oldest && spare.length + 1 >= MAX_VERSIONS) await deleteVersion(aws, arn, oldest);
}

/** All but the default version, oldest first. */
async function spareVersions(aws: Aws, arn: string): Promise<PolicyVersion[]> {
    const { Versions = [] } = await aws.iam(new ListPolicyVersionsCommand({ PolicyArn: arn }));
    return Versions.filter((version) => !version.IsDefaultVersion).sort((a, b) => number(a) - number(b));
}

function number(version: PolicyVersion): number {
    return Number(version.VersionId?.slice(1));
}

async function deleteVersion(aws: Aws, arn: string, { VersionId }: PolicyVersion): Promise<void> {
    await aws.iam(new DeletePolicyVersionCommand({ PolicyArn: arn, VersionId }));
}
