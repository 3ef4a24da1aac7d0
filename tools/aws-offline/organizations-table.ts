import { arn, oneOf, policyText, tags, tagsAll } from "./properties";
import type { Property, Resource } from "./resource";

const LONGEST_NAME = 128;

const skipDestroy: Property = {
    kind: "boolean",
    description: "Whether to leave it in AWS when it is destroyed.",
    refused: "use the resource option retainOnDelete",
};

const policy: Resource = {
    description: "Manages an AWS Organizations policy.",
    properties: {
        // As it is given: AWS counts and returns every character.
        content: policyText("The policy content.", (text) => text),
        description: { kind: "string", description: "A description of the policy.", input: "optional" },
        name: {
            kind: "string",
            description: "The friendly name of the policy.",
            input: "optional",
            computed: true,
            autoname: LONGEST_NAME,
        },
        skipDestroy,
        type: {
            kind: "string",
            description: "The type of the policy.",
            input: "optional",
            replaces: true,
            default: "SERVICE_CONTROL_POLICY",
            problem: oneOf("SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
        },
        arn,
        tags,
        tagsAll,
    },
};

const policyAttachment: Resource = {
    description: "Attaches an AWS Organizations policy to a root, an organizational unit or an account.",
    properties: {
        policyId: {
            kind: "string",
            description: "ID of the policy to attach.",
            input: "required",
            replaces: true,
        },
        targetId: {
            kind: "string",
            description: "ID of the root, organizational unit or account.",
            input: "required",
            replaces: true,
        },
        skipDestroy,
    },
};

export const organizationsResources: Readonly<Record<string, Resource>> = {
    "aws:organizations/policy:Policy": policy,
    "aws:organizations/policyAttachment:PolicyAttachment": policyAttachment,
};
