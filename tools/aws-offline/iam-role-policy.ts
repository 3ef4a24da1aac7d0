import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { checkInlinePolicies } from "./aws-rules";
import { Aws } from "./clients";
import { hasCode, step } from "./errors";
import { Handler } from "./handler";
import { inlinePolicies } from "./iam-role";
import { nameFromPrefix, prefixFromName } from "./names";
import { keepUnlessChanged, normalizeInlinePolicy } from "./policies";
import { text } from "./values";

export const rolePolicy: Handler = {
    async create(aws, inputs) {
        const role = text(inputs["role"]);
        const name = text(inputs["name"]) || nameFromPrefix(text(inputs["namePrefix"]));
        await put(aws, role, name, text(inputs["policy"]));
        return `${role}:${name}`;
    },

    read: (aws, id, known) =>
        step(`reading IAM Role Policy (${id})`, async () => {
            const [role, name] = parseId(id);
            try {
                const found = await aws.iam(new GetRolePolicyCommand({ RoleName: role, PolicyName: name }));
                const current = normalizeInlinePolicy(decodeURIComponent(found.PolicyDocument ?? "{}"));
                const policy = keepUnlessChanged(text(known["policy"]), current);
                return { name, namePrefix: prefixFromName(name), policy, role };
            } catch (error) {
                if (hasCode(error, "NoSuchEntity")) return undefined;
                throw error;
            }
        }),

    async update(aws, id, { inputs }) {
        const [role, name] = parseId(id);
        await put(aws, role, name, text(inputs["policy"]));
    },

    async delete(aws, id) {
        const [role, name] = parseId(id);
        await step(`deleting IAM Role Policy (${id})`, async () => {
            try {
                await aws.iam(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: name }));
            } catch (error) {
                if (!hasCode(error, "NoSuchEntity")) throw error;
            }
        });
    },
};

function put(aws: Aws, role: string, name: string, policy: string): Promise<void> {
    return step(`putting IAM Role (${role}) Policy (${name})`, async () => {
        const others = (await inlinePolicies(aws, role)).filter((other) => other.name !== name);
        checkInlinePolicies("PutRolePolicy", role, [...others.map((other) => other.policy), policy]);
        await aws.iam(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));
    });
}

function parseId(id: string): [role: string, name: string] {
    const at = id.indexOf(":");
    if (at < 0) throw new Error("role_policy id must be of the form <role name>:<policy name>");
    return [id.slice(0, at), id.slice(at + 1)];
}
