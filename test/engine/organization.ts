import { ORGANIZATIONS } from "../../tools/aws-offline/clients";
import { callJson } from "../../tools/aws-offline/signed-json";
import { engine } from "./engine";

/** A resource control policy as AWS has it. */
export interface GuardrailInAws {
    readonly id: string;
    readonly arn: string;
    readonly name: string;
    readonly description: string;
    readonly content: unknown;
    readonly tags: Readonly<Record<string, string>>;
}

const TYPE = "RESOURCE_CONTROL_POLICY";

async function call<T>(operation: string, input: object = {}): Promise<T> {
    const { emulator } = (await engine()).workspace;
    return (await callJson(ORGANIZATIONS, operation, input, {
        endpoint: emulator.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
    })) as T;
}

interface WithId {
    readonly Id: string;
}

export async function rootId(): Promise<string> {
    const { Roots: roots } = await call<{ Roots: WithId[] }>("ListRoots");
    return roots[0]!.Id;
}

export async function newUnit(Name: string): Promise<string> {
    const made = await call<{ OrganizationalUnit: WithId }>("CreateOrganizationalUnit", {
        ParentId: await rootId(),
        Name,
    });
    return made.OrganizationalUnit.Id;
}

export async function enableGuardrails(): Promise<void> {
    await call("EnablePolicyType", { RootId: await rootId(), PolicyType: TYPE });
}

export async function disableGuardrails(): Promise<void> {
    await call("DisablePolicyType", { RootId: await rootId(), PolicyType: TYPE });
}

interface Described {
    readonly Policy: {
        readonly PolicySummary: WithId & { readonly Arn: string; readonly Name: string; readonly Description: string };
        readonly Content: string;
    };
}

/** The resource control policies of the organization. */
export async function guardrailsInAws(): Promise<readonly GuardrailInAws[]> {
    const { Policies: policies } = await call<{ Policies: WithId[] }>("ListPolicies", { Filter: TYPE });
    return Promise.all(
        policies.map(async ({ Id: id }) => {
            const { Policy: policy } = await call<Described>("DescribePolicy", { PolicyId: id });
            const { Tags: tags } = await call<{ Tags: { Key: string; Value: string }[] }>("ListTagsForResource", {
                ResourceId: id,
            });
            const { Arn: arn, Name: name, Description: description } = policy.PolicySummary;
            return {
                id,
                arn,
                name,
                description,
                content: JSON.parse(policy.Content) as unknown,
                tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
            };
        }),
    );
}

/** IDs of the roots, organizational units and accounts that a policy is attached to. */
export async function attachedTo(policyId: string): Promise<readonly string[]> {
    const { Targets: targets } = await call<{ Targets: { TargetId: string }[] }>("ListTargetsForPolicy", {
        PolicyId: policyId,
    });
    return targets.map(({ TargetId: id }) => id);
}
