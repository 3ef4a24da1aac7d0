import type * as pulumi from "@pulumi/pulumi";
import type { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { PipelineRoleArgs } from "../contract/args";
import { entriesOf } from "../contract/object";
import { policyInPartition } from "../iam/arn";
import { documentText } from "../iam/policies";
import { combine, unlessSecret } from "../contract/outputs";
import { reveal } from "./gate";

type Policies = Pick<PipelineRoleArgs, "managedPolicies" | "inlinePolicies" | "formerPolicyKeys">;

/** Creates the policies of a role. The key of an inline policy is also its name in IAM. */
export function addPolicies(name: string, role: Role, policies: Policies): void {
    const { managedPolicies, inlinePolicies, formerPolicyKeys } = policies;
    const formerKeys = new Map(entriesOf(formerPolicyKeys));
    for (const [key, policyArn] of entriesOf(managedPolicies)) {
        const former = (formerKeys.get(key) ?? []).map((old) => ({ name: `${name}:${old}` }));
        const { own, other } = namesOf(name, key, policyArn);
        new RolePolicyAttachment(own, { role: role.name, policyArn }, { parent: role, aliases: [other, ...former] });
    }
    for (const [key, document] of entriesOf(inlinePolicies)) {
        const policy = combine<{ document: unknown }, string>({ document }, (a) => documentText(a.document));
        new RolePolicy(`${name}:${key}`, { role: role.name, name: key, policy }, { parent: role });
    }
}

interface Names {
    readonly own: string;
    /** Its former name, if the ARN was a string before and is an output now, or the reverse. */
    readonly other: pulumi.Input<pulumi.Alias>;
}

/**
 * The name of an attachment: its ARN if the program has that as text, otherwise its key.
 *
 * Pulumi creates new resources before it deletes old ones. Deleting an attachment detaches the policy, even if the same policy was
 * just attached under another name. Attachments that are named by their ARNs stay when keys are renamed and ARNs move between
 * keys. But a preview may not know the ARN of another resource.
 */
function namesOf(name: string, key: string, policyArn: pulumi.Input<string>): Names {
    const byKey = `${name}:${key}`;
    if (typeof policyArn === "string") {
        return { own: `${name}:${policyInPartition(policyArn)}`, other: { name: byKey } };
    }
    // Not an Output, which would not be an alias in a preview. A secret would appear in the state as text.
    const other = reveal(unlessSecret(policyArn)).then(
        (arn) => ({ name: typeof arn === "string" ? `${name}:${policyInPartition(arn)}` : byKey }),
        () => ({ name: byKey }),
    );
    return { own: byKey, other };
}
