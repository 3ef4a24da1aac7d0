import { AttachRolePolicyCommand, DetachRolePolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { checkAttachment } from "./aws-rules";
import { hasCode, step } from "./errors";
import { Handler } from "./handler";
import { Properties, text } from "./values";

export const rolePolicyAttachment: Handler = {
    create(aws, inputs) {
        const role = text(inputs["role"]);
        const policyArn = text(inputs["policyArn"]);
        return step(`attaching IAM Policy (${policyArn}) to IAM Role (${role})`, async () => {
            await checkAttachment(aws, role, policyArn);
            await aws.iam(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
            return `${role}/${policyArn}`;
        });
    },

    read(aws, id, known) {
        const { role, policyArn } = target(id, known);
        return step(`reading IAM Role Policy Attachment (${role}:${policyArn})`, async () => {
            try {
                const { AttachedPolicies = [] } = await aws.iam(
                    new ListAttachedRolePoliciesCommand({ RoleName: role }),
                );
                return AttachedPolicies.some((policy) => policy.PolicyArn === policyArn)
                    ? { policyArn, role }
                    : undefined;
            } catch (error) {
                if (hasCode(error, "NoSuchEntity")) return undefined;
                throw error;
            }
        });
    },

    delete(aws, id, state) {
        const { role, policyArn } = target(id, state);
        return step(`detaching IAM Policy (${policyArn}) from IAM Role (${role})`, async () => {
            try {
                await aws.iam(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn }));
            } catch (error) {
                if (!hasCode(error, "NoSuchEntity")) throw error;
            }
        });
    },
};

/** The state says it, except on import, where the id is all there is. */
function target(id: string, known: Properties): { role: string; policyArn: string } {
    if (known["role"] !== undefined) return { role: text(known["role"]), policyArn: text(known["policyArn"]) };
    const at = id.indexOf("/");
    if (at <= 0 || at === id.length - 1) {
        throw new Error(`unexpected format for Import ID (${JSON.stringify(id)}), expected <role-name>/<policy_arn>`);
    }
    return { role: id.slice(0, at), policyArn: id.slice(at + 1) };
}
