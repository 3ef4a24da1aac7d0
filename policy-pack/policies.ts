import type { EnforcementLevel, PolicyConfigSchema } from "@pulumi/policy";
import { documentationOf, documentationOfPolicy } from "../provider/contract/documentation";
import { RULES, type RuleId } from "../provider/contract/rules";

/** A policy cannot change resources, so it has no level `remediate`. */
export type Level = Exclude<EnforcementLevel, "remediate">;

/** One policy of the pack. Its name is the ID of the rule. */
export interface PackPolicy {
    readonly name: string;
    readonly description: string;
    /** The level without configuration. */
    readonly level: Level;
    /** One resource before it is created or changed, or all resources of the stack. */
    readonly sees: "resource" | "stack";
    readonly url: string;
    readonly configSchema?: PolicyConfigSchema;
    /** Why it matters, and what the policy does not see. */
    readonly details?: string;
    /** A configuration that turns the policy on. */
    readonly example?: Level | Readonly<Record<string, unknown>>;
}

/** Rules that a trust policy or an identity provider can violate. They are the same for components and commands. */
export const CHECKED_RULES = [
    ...(["issuer-url", "audience", "thumbprint", "redundant-thumbprints", "provider-arn"] as const),
    ...(["no-subject", "gitlab-path", "path-wildcard"] as const),
    ...(["ref-name", "ref-type", "project-id", "sub-shape", "environment-pair"] as const),
    ...(["claim-value", "latin1", "policy-variable"] as const),
    ...(["group-wide", "any-branch", "any-ref", "ref-type-undeclared", "unprotected-branch"] as const),
    ...(["unprotected-tag", "path-only", "path-case", "namespace-only", "user-name-only", "long-sub"] as const),
    ...(["principal", "action", "no-audience", "negative-only", "anded-subjects", "if-exists"] as const),
    ...(["condition-operator", "condition-key", "condition-value", "condition-conflict"] as const),
    ...(["literal-wildcard", "for-all-values", "unknown-key"] as const),
    ...(["policy-document", "trust-policy-size", "trust-policy-quota"] as const),
] as const satisfies readonly RuleId[];

/** A list of strings. The pack checks what they are. */
function strings(description: string): PolicyConfigSchema["properties"][string] {
    return { type: "array", items: { type: "string" }, description };
}

function ruleOf(id: RuleId): PackPolicy {
    const isError = RULES[id] === "error";
    return {
        name: id,
        description: `${isError ? "Error" : "Risk"} in a trust policy or identity provider for GitLab: ${id}.`,
        level: isError ? "mandatory" : "advisory",
        sees: "resource",
        url: documentationOf(id),
    };
}

function own(name: string, policy: Omit<PackPolicy, "name" | "url">): PackPolicy {
    return { name, ...policy, url: documentationOfPolicy(name) };
}

/** Rules that only this pack has. Those with a list or a limit do nothing without it. */
export const OWN = {
    accept: {
        ...ruleOf("accept"),
        description: "The tag `gitlab-oidc:accept` of a role or identity provider accepts only warnings.",
        details:
            "The components write the tag from their input `accept`. On a resource of your own, write the IDs of the warnings, separated by spaces. The tag never accepts errors, or the rules on this page: a person who can tag a role cannot weaken them.",
        example: { ids: ["any-branch"] },
        url: documentationOfPolicy("accept"),
        configSchema: {
            properties: {
                ids: strings(
                    "IDs of the warnings that the tag may accept. An empty array ignores the tag. Default: all warnings.",
                ),
            },
        },
    },
    issuers: own("allowed-issuers", {
        description: "Roles and identity providers trust only these GitLab instances.",
        details:
            "An instance whose host name lacks the word `gitlab` is recognized by these URLs. Any other issuer is reported, unless it is a known one of another vendor, for example GitHub Actions.",
        example: { urls: ["https://gitlab.com", "https://gitlab.example.com"] },
        level: "mandatory",
        sees: "resource",
        configSchema: {
            properties: { urls: strings("URLs of GitLab instances, such as `https://gitlab.com`.") },
        },
    }),
    audiences: own("allowed-audiences", {
        description: "Roles and identity providers for GitLab accept only these audiences.",
        details: "A token that a job requests for another service has another audience.",
        example: { audiences: ["https://gitlab.com"] },
        level: "mandatory",
        sees: "resource",
        configSchema: { properties: { audiences: strings("Values of the claim `aud`.") } },
    }),
    projects: own("allowed-projects", {
        description: "Roles trust only jobs of these groups and projects.",
        details:
            "Everybody can create a group on gitlab.com. A value is allowed if every project that it can match is. One of the three lists is enough.",
        example: { groups: ["mygroup"], projects: ["other/myproject"], projectIds: ["4711"] },
        level: "mandatory",
        sees: "resource",
        configSchema: {
            properties: {
                groups: strings("Paths of groups. All projects below a group are allowed."),
                projects: strings("Paths of projects, such as `mygroup/myproject`."),
                projectIds: strings("Numeric IDs of projects."),
            },
        },
    }),
    boundary: own("required-boundary", {
        description: "Roles for GitLab have one of these permissions boundaries.",
        details: "A boundary limits what any policy of the role can allow.",
        example: { arns: ["arn:aws:iam::*:policy/ci-boundary"] },
        level: "mandatory",
        sees: "resource",
        configSchema: {
            properties: {
                arns: strings("ARNs of policies. `*` matches any text, `?` one character."),
            },
        },
    }),
    session: own("longest-session", {
        description: "Sessions of roles for GitLab are not longer than this.",
        details:
            "Credentials remain valid until the session ends. A role without `maxSessionDuration` has 3600 seconds.",
        example: { seconds: 3600 },
        level: "mandatory",
        sees: "resource",
        configSchema: {
            properties: {
                seconds: {
                    type: "integer",
                    minimum: 3600,
                    maximum: 43200,
                    description: "Seconds, from 3600 to 43200.",
                },
            },
        },
    }),
    projectId: own("required-project-id", {
        description:
            "Roles for gitlab.com name the ID of each project, which a new project at the same path does not have.",
        details: "A condition on `gitlab.com:project_id` is enough, or a `sub` value that begins with `project_id`.",
        example: "mandatory",
        level: "disabled",
        sees: "resource",
    }),
    secret: own("secret-value", {
        description: "A secret value that is not in the analyzed state cannot be checked.",
        details:
            "`pulumi policy analyze --file` cannot decrypt all secrets, for example those of Pulumi Cloud. Previews and updates check secret values, and their messages do not show them.",
        level: "advisory",
        sees: "resource",
    }),
    protection: own("protected-refs", {
        description: "Roles that can write trust only protected branches and tags.",
        details:
            "Everybody who can push can create an unprotected branch. The power of a role is that of `aws-gitlab-oidc audit`: this policy applies to `write`, `escalation` and `administrator`.",
        example: "mandatory",
        level: "disabled",
        sees: "stack",
    }),
    administrator: own("no-administrator", {
        description: "Roles for GitLab are not administrators of the account.",
        details: "A permissions boundary counts if its document is in the stack.",
        example: { enforcementLevel: "mandatory", escalation: true },
        level: "disabled",
        sees: "stack",
        configSchema: {
            properties: {
                escalation: {
                    type: "boolean",
                    description: "Whether roles that can become administrators count too. Default: false.",
                },
            },
        },
    }),
    unseen: own("unknown-power", {
        description: "The stack has all policies that decide what a role for GitLab can do.",
        details:
            "The policies `protected-refs` and `no-administrator` are about the power that is certain. This policy reports a role that may have more power, for example because of a managed policy that is not in the stack. Values that are unknown during a preview are not reported.",
        example: "advisory",
        level: "disabled",
        sees: "stack",
    }),
} as const satisfies Readonly<Record<string, PackPolicy>>;

/** All policies, in the order of the documentation. */
export const POLICIES: readonly PackPolicy[] = [...CHECKED_RULES.map(ruleOf), ...Object.values(OWN)];

/** The policy for a rule. */
export function policyNamed(name: string): PackPolicy {
    return POLICIES.find((policy) => policy.name === name) ?? ruleOf(name as RuleId);
}
