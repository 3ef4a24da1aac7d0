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

/** Makes the policies of a role. An inline policy is named by its key, which is its name in IAM too. */
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
    /** The name that it had if the ARN was given otherwise before. */
    readonly other: pulumi.Input<pulumi.Alias>;
}

/**
 * What an attachment is called: by its ARN where the program has that as text, elsewhere by its key.
 *
 * Pulumi makes what is new before it deletes what is old, and to delete an attachment is to detach the policy, also where the
 * same policy was just attached under another name. Named by their ARNs, attachments stay when keys are renamed and ARNs move
 * between them. But a preview may not know the ARN of another resource.
 */
function namesOf(name: string, key: string, policyArn: pulumi.Input<string>): Names {
    const byKey = `${name}:${key}`;
    if (typeof policyArn === "string") {
        return { own: `${name}:${policyInPartition(policyArn)}`, other: { name: byKey } };
    }
    // Not an Output, which in a preview would be no alias at all. A secret would stand in the state as text.
    const other = reveal(unlessSecret(policyArn)).then(
        (arn) => ({ name: typeof arn === "string" ? `${name}:${policyInPartition(arn)}` : byKey }),
        () => ({ name: byKey }),
    );
    return { own: byKey, other };
}
