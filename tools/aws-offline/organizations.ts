import type { Aws } from "./clients";
import { AwsError, hasCode, step } from "./errors";
import { tagChanges, tagOutputs, toTags, type Handler, type Tag } from "./handler";
import { text, type Properties } from "./values";

// AWS refuses both, the emulator does not.
const RESOURCE_CONTROL_POLICY_SIZE = 5120;
const POLICIES_PER_TARGET = 5;

const RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY";

interface Summary {
    readonly Id: string;
    readonly Arn: string;
    readonly Name: string;
    readonly Description?: string;
    readonly Type: string;
}

interface Described {
    readonly PolicySummary: Summary;
    readonly Content: string;
}

const policy: Handler = {
    create(aws, inputs) {
        const name = text(inputs["name"]);
        return step(`creating Organizations Policy (${name})`, async () => {
            checkSize("CreatePolicy", text(inputs["type"]), text(inputs["content"]));
            const { Policy: created } = await aws.organizations("CreatePolicy", {
                Name: name,
                Type: text(inputs["type"]),
                Content: text(inputs["content"]),
                Description: text(inputs["description"]),
                Tags: toTags(inputs["tagsAll"]),
            });
            return (created as Described).PolicySummary.Id;
        });
    },

    read: (aws, id) =>
        step(`reading Organizations Policy (${id})`, async () => {
            const found = await describe(aws, id);
            if (!found) return undefined;
            const { Tags: tags } = await aws.organizations("ListTagsForResource", { ResourceId: id });
            const { Arn: arn, Name: name, Type: type, Description: description = "" } = found.PolicySummary;
            return { arn, name, type, description, content: found.Content, ...tagOutputs(tags as Tag[]) };
        }),

    async update(aws, id, update) {
        const { inputs, changed } = update;
        if (["name", "content", "description"].some((each) => changed.has(each))) {
            await step(`updating Organizations Policy (${id})`, async () => {
                checkSize("UpdatePolicy", text(inputs["type"]), text(inputs["content"]));
                await aws.organizations("UpdatePolicy", {
                    PolicyId: id,
                    Name: text(inputs["name"]),
                    Content: text(inputs["content"]),
                    Description: text(inputs["description"]),
                });
            });
        }
        if (changed.has("tagsAll")) {
            await step(`updating tags for Organizations Policy (${id})`, async () => {
                const { removed, set } = tagChanges(update);
                if (removed.length > 0) await aws.organizations("UntagResource", { ResourceId: id, TagKeys: removed });
                if (set.length > 0) await aws.organizations("TagResource", { ResourceId: id, Tags: set });
            });
        }
    },

    delete: (aws, id) =>
        step(`deleting Organizations Policy (${id})`, async () => {
            try {
                await aws.organizations("DeletePolicy", { PolicyId: id });
            } catch (error) {
                if (!hasCode(error, "PolicyNotFoundException")) throw error;
            }
        }),
};

async function describe(aws: Aws, id: string): Promise<Described | undefined> {
    try {
        const { Policy: found } = await aws.organizations("DescribePolicy", { PolicyId: id });
        return found as Described;
    } catch (error) {
        if (hasCode(error, "PolicyNotFoundException")) return undefined;
        throw error;
    }
}

const policyAttachment: Handler = {
    create(aws, inputs) {
        const policyId = text(inputs["policyId"]);
        const targetId = text(inputs["targetId"]);
        return step(`creating Organizations Policy Attachment (${targetId}:${policyId})`, async () => {
            await checkNumber(aws, policyId, targetId);
            await aws.organizations("AttachPolicy", { PolicyId: policyId, TargetId: targetId });
            return `${targetId}:${policyId}`;
        });
    },

    read: (aws, id) =>
        step(`reading Organizations Policy Attachment (${id})`, async () => {
            const { policyId, targetId } = attached(id);
            try {
                const { Targets: targets } = await aws.organizations("ListTargetsForPolicy", { PolicyId: policyId });
                const isThere = (targets as { TargetId: string }[]).some(({ TargetId: found }) => found === targetId);
                return isThere ? { policyId, targetId } : undefined;
            } catch (error) {
                if (hasCode(error, "PolicyNotFoundException")) return undefined;
                throw error;
            }
        }),

    delete: (aws, id) =>
        step(`deleting Organizations Policy Attachment (${id})`, async () => {
            const { policyId, targetId } = attached(id);
            try {
                await aws.organizations("DetachPolicy", { PolicyId: policyId, TargetId: targetId });
            } catch (error) {
                const gone = ["PolicyNotAttachedException", "PolicyNotFoundException", "TargetNotFoundException"];
                if (!gone.some((code) => hasCode(error, code))) throw error;
            }
        }),
};

function attached(id: string): { policyId: string; targetId: string } {
    const [targetId, policyId, ...more] = id.split(":");
    if (!targetId || !policyId || more.length > 0) {
        throw new Error(`invalid ID format (${id}), expected TARGETID:POLICYID`);
    }
    return { policyId, targetId };
}

function checkSize(operation: string, type: string, content: string): void {
    if (type === RESOURCE_CONTROL_POLICY && content.length > RESOURCE_CONTROL_POLICY_SIZE) {
        throw limit(operation, "You have exceeded the maximum policy size.");
    }
}

/** A target has `RCPFullAWSAccess` too, which the emulator does not list. */
async function checkNumber(aws: Aws, policyId: string, targetId: string): Promise<void> {
    const found = await describe(aws, policyId);
    if (found?.PolicySummary.Type !== RESOURCE_CONTROL_POLICY) return;
    const { Policies: policies } = await aws.organizations("ListPoliciesForTarget", {
        TargetId: targetId,
        Filter: RESOURCE_CONTROL_POLICY,
    });
    if ((policies as Properties[]).length + 1 >= POLICIES_PER_TARGET) {
        throw limit("AttachPolicy", "You have attached the maximum number of policies to the specified target.");
    }
}

function limit(operation: string, reason: string): AwsError {
    return new AwsError("Organizations", operation, { status: 400, code: "ConstraintViolationException", reason });
}

export const handlers: Readonly<Record<string, Handler>> = {
    "aws:organizations/policy:Policy": policy,
    "aws:organizations/policyAttachment:PolicyAttachment": policyAttachment,
};
