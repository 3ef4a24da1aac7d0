import * as pulumi from "@pulumi/pulumi";
import type { OrganizationGuardrailArgs, OrganizationGuardrailOutputs } from "../contract/args";
import { entriesOf } from "../contract/object";
import { asOutput, combine } from "../contract/outputs";
import { token } from "../contract/schema";
import { compileGuardrail, type GuardrailInputs } from "../guardrail/policy";
import { explainFailure } from "./explain";
import { Gate } from "./gate";
import { entryName } from "./named-by-value";
import { checkOrganizationGuardrail } from "./organization-guardrail-check";

/** Its type, and the check of its inputs. */
export const organizationGuardrail = { type: token("OrganizationGuardrail"), check: checkOrganizationGuardrail };

const TYPE = organizationGuardrail.type;

/** A resource control policy for an organization in AWS Organizations. It denies `sts:AssumeRoleWithWebIdentity` to every token of a GitLab instance that is not from the given groups and projects, even if the trust policy of the role allows the token. It grants no access: the trust policy still has to allow the job. It does not apply to the management account or to service-linked roles. The type `RESOURCE_CONTROL_POLICY` must be enabled in the organization. */
export class OrganizationGuardrail extends pulumi.ComponentResource implements OrganizationGuardrailOutputs {
    readonly policyId!: pulumi.Output<string>;
    readonly policyArn!: pulumi.Output<string>;
    readonly policy!: pulumi.Output<string>;

    /**
     * Checks all known inputs together, then creates the resources. Inputs that become known later are checked before they are used.
     *
     * @param name Name of the component in the stack, and of the policy in it.
     * @param args The tokens that may assume roles, and what the policy is attached to.
     * @param opts Pulumi's options for components, of which `provider`, `providers`, `aliases`, `protect`, `retainOnDelete` and `transforms` reach the children.
     * @throws pulumi.RunError with every problem of the inputs, each with its property path.
     */
    constructor(name: string, args: OrganizationGuardrailArgs, opts?: pulumi.ComponentResourceOptions) {
        if (opts?.urn !== undefined) {
            super(TYPE, name, {}, opts);
            return;
        }
        const gate = Gate.at(organizationGuardrail, name, args);
        super(TYPE, name, {}, opts);
        gate.warn(this);
        const { targets, name: policyName, description, tags } = gate.args;
        const { Policy, PolicyAttachment } = loadOrganizations();
        const content = asOutput(gate.hold(() => combine(documentInputs(gate.args), compileGuardrail)));
        const policy = new Policy(
            name,
            { content, type: "RESOURCE_CONTROL_POLICY", name: policyName, description, tags },
            { parent: this, ...explainFailure(`${TYPE}:${name}`, this, explainOrganization) },
        );
        for (const entry of entriesOf(targets)) {
            const { own, other } = entryName(name, entry, (id) => id);
            new PolicyAttachment(
                own,
                { policyId: policy.id, targetId: entry[1] },
                {
                    parent: policy,
                    aliases: [other],
                    ...explainFailure(`${TYPE}:${own}`, this, explainOrganization),
                },
            );
        }
        this.policyId = policy.id;
        this.policyArn = policy.arn;
        this.policy = content;
        this.registerOutputs({ policyId: this.policyId, policyArn: this.policyArn, policy: this.policy });
    }
}

const DOCUMENT_INPUTS = ["url", "groups", "projectIds", "audiences", "trustedIssuers", "exceptRoles"] as const;

type DocumentArgs = { readonly [K in keyof GuardrailInputs]: pulumi.Input<GuardrailInputs[K]> };

function documentInputs(args: OrganizationGuardrailArgs): DocumentArgs {
    return Object.fromEntries(
        DOCUMENT_INPUTS.filter((name) => args[name] !== undefined).map((name) => [name, args[name]]),
    );
}

/** Few programs create a guardrail, and the others start sooner without it. */
function loadOrganizations(): typeof import("@pulumi/aws/organizations/policy") &
    typeof import("@pulumi/aws/organizations/policyAttachment") {
    /* eslint-disable @typescript-eslint/no-require-imports -- a constructor cannot wait for an import */
    return {
        ...(require("@pulumi/aws/organizations/policy") as typeof import("@pulumi/aws/organizations/policy")),
        ...(require("@pulumi/aws/organizations/policyAttachment") as typeof import("@pulumi/aws/organizations/policyAttachment")),
    };
    /* eslint-enable @typescript-eslint/no-require-imports */
}

/** Errors of AWS Organizations, and what they mean for a guardrail. */
const REASONS: readonly (readonly [error: RegExp, explanation: string])[] = [
    [
        /PolicyTypeNotEnabled|PolicyTypeNotAvailable/,
        "Resource control policies are not enabled in the organization. Enable them once: `aws organizations enable-policy-type --root-id ROOT --policy-type RESOURCE_CONTROL_POLICY`.",
    ],
    [
        /maximum number of policies|MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED/,
        "A root, an organizational unit or an account can have 5 resource control policies, including `RCPFullAWSAccess`. Detach one, combine two, or attach the guardrail to another target.",
    ],
    [
        /AWSOrganizationsNotInUse|AccessDeniedException/,
        "Resource control policies belong to the management account of an organization, or to an account that it delegates policies to. Use an `aws` provider for that account, and allow it `organizations:CreatePolicy`, `AttachPolicy` and the other actions on policies.",
    ],
];

function explainOrganization({ errors }: pulumi.ErrorHookArgs): string | undefined {
    return REASONS.find(([error]) => errors.some((text) => error.test(text)))?.[1];
}
