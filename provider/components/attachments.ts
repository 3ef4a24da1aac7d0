import type { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import type { PipelineRoleArgs } from "../contract/args";
import { policyResourceName } from "../contract/child-names";
import { entriesOf } from "../contract/object";
import { policyInPartition } from "../iam/arn";
import { documentText } from "../iam/policies";
import { combine } from "../contract/outputs";
import { entryName } from "./named-by-value";

type Policies = Pick<PipelineRoleArgs, "managedPolicies" | "inlinePolicies" | "formerPolicyKeys">;

/** Creates the policies of a role. The key of an inline policy is also its name in IAM. */
export function addPolicies(name: string, role: Role, policies: Policies): void {
    const { managedPolicies, inlinePolicies, formerPolicyKeys } = policies;
    const formerKeys = new Map(entriesOf(formerPolicyKeys));
    for (const [key, policyArn] of entriesOf(managedPolicies)) {
        const former = (formerKeys.get(key) ?? []).map((old) => ({ name: policyResourceName(name, old) }));
        const { own, other } = entryName(name, [key, policyArn], policyInPartition);
        new RolePolicyAttachment(own, { role: role.name, policyArn }, { parent: role, aliases: [other, ...former] });
    }
    for (const [key, document] of entriesOf(inlinePolicies)) {
        const policy = combine<{ document: unknown }, string>({ document }, (a) => documentText(a.document));
        new RolePolicy(policyResourceName(name, key), { role: role.name, name: key, policy }, { parent: role });
    }
}
