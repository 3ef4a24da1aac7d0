import * as pulumi from "@pulumi/pulumi";
import { OrganizationGuardrail } from "pulumi-aws-gitlab-oidc";

// The roots, organizational units and accounts to attach the policy to. Without any, the policy exists and denies nothing.
const targets = new pulumi.Config().getObject<Record<string, string>>("targets") ?? {};

const guardrail = new OrganizationGuardrail("gitlab", {
    name: "gitlab-groups",
    description: "Only jobs of our GitLab groups can assume roles.",
    // Every project below these groups. AWS compares the case.
    groups: ["mygroup"],
    // The audiences that the identity providers and the jobs use.
    audiences: ["https://gitlab.com"],
    // A vendor deploys with this role from a group of its own.
    exceptRoles: ["arn:aws:iam::*:role/vendor/*"],
    targets,
});

export const policyId = guardrail.policyId;
export const policy = guardrail.policy;
