import type { Properties } from "./properties";

/** A resource of the stack that is checked. */
export interface PackResource extends Properties {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** URNs of the resources that a property was computed from. */
    readonly dependencies: (property: string) => readonly string[];
}

/** A rule that a resource violates. */
export interface Violation {
    /** Name of the policy, which is the ID of the rule. */
    readonly policy: string;
    readonly urn: string;
    readonly message: string;
}

/** A violation before it has a resource: the property path, the reason and the fix. */
export interface PackFinding {
    readonly id: string;
    readonly path: string;
    readonly message: string;
    readonly fix: string;
}

/** Resources that the pack checks, and those that decide what a role can do. */
export const TYPE = {
    role: "aws:iam/role:Role",
    provider: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    policy: "aws:iam/policy:Policy",
    rolePolicy: "aws:iam/rolePolicy:RolePolicy",
    attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    attachments: "aws:iam/policyAttachment:PolicyAttachment",
} as const;
