import { type Power, PowerJudge, type PolicyDocument, type RolePermissions } from "../provider/audit/power";
import { describeTrustSubject } from "../provider/audit/subject-words";
import { known, containsUnknown } from "../provider/contract/unknown";
import { GITLAB_COM, issuerOf } from "../provider/gitlab/issuer-url";
import type { Configuration } from "./configuration";
import { isProtected, readGitLabRole, type GitLabRole } from "./gitlab-role";
import { OWN } from "./policies";
import { type PackFinding, type PackResource, TYPE } from "./resource";

/** A violation of one of the stack's roles. */
export interface RoleFinding {
    readonly role: PackResource;
    readonly finding: PackFinding;
}

/** Everything about the power of the roles in a stack. Other stacks can attach policies too; nobody sees those here. */
export function checkPower(resources: readonly PackResource[], config: Configuration): readonly RoleFinding[] {
    const { needsProtection, isWithoutAdministrator, needsPower } = config;
    if (!needsProtection && !isWithoutAdministrator && !needsPower) {
        return [];
    }
    const judge = new PowerJudge();
    const policies = new StackPolicies(resources);
    return resources
        .filter(({ type }) => type === TYPE.role)
        .flatMap((role) => {
            const trustPolicy = known(role.values["assumeRolePolicy"]);
            const read =
                trustPolicy === undefined || containsUnknown(trustPolicy)
                    ? undefined
                    : readGitLabRole(trustPolicy, config.urls ?? []);
            if (read === undefined) {
                return [];
            }
            const { permissions, isWhole } = policies.of(role);
            const findings = findingsAbout(read, judge.powerOf(permissions), config);
            return findings.filter(({ id }) => isWhole || id !== OWN.unseen.name).map((finding) => ({ role, finding }));
        });
}

function findingsAbout(role: GitLabRole, power: Power, config: Configuration): readonly PackFinding[] {
    const { power: level, powerComplete, reasons } = power;
    const why = (kind: string): string =>
        reasons.flatMap((reason) => (reason.kind === kind ? [reason.text] : [])).join(" ");
    const findings: PackFinding[] = [];
    if (
        config.isWithoutAdministrator &&
        (level === "administrator" || (config.isWithoutEscalation && level === "escalation"))
    ) {
        findings.push({
            id: OWN.administrator.name,
            path: "",
            message: `The role ${level === "administrator" ? "is an administrator" : "can become an administrator"}. ${why(level)}`,
            fix: "Grant only what the job needs, or set a permissions boundary.",
        });
    }
    if (config.needsProtection && level !== "read" && level !== "none") {
        findings.push(
            ...role.subjects
                .filter((subject) => !isProtected(subject))
                .map((subject) => ({
                    id: OWN.protection.name,
                    path: `assumeRolePolicy.${subject.path}`,
                    message: `trusts ${describeTrustSubject(subject)}, which need no protected branch or tag, but the role can do more than read. ${why(level)}`,
                    fix: protectionFix(subject.issuer),
                })),
        );
    }
    if (config.needsPower && !powerComplete) {
        findings.push({
            id: OWN.unseen.name,
            path: "",
            message: `The role has the power ${level}, at least. ${why("unknown")}`,
            fix: "Use policies of the same stack, or review the role with `aws-gitlab-oidc audit`.",
        });
    }
    return findings;
}

function protectionFix(issuer: string): string {
    return issuer === issuerOf(GITLAB_COM)
        ? `Protect the branches and tags, and add "StringEquals": { "${issuer}:ref_protected": "true" }.`
        : "Protect the branches and tags, add `ref_protected` to the project's sub claim (GitLab 18.7), and let the value end with `ref_protected:true`.";
}

interface Permissions {
    readonly permissions: RolePermissions;
    /** Whether all values were known. */
    readonly isWhole: boolean;
}

/** The policies of the roles of a stack. */
class StackPolicies {
    private readonly ofRole = new Map<string, { readonly policy: PolicyDocument; readonly isKnown: boolean }[]>();
    private readonly documents = new Map<string, unknown>();

    constructor(private readonly resources: readonly PackResource[]) {
        const roles = resources.filter(({ type }) => type === TYPE.role);
        const byUrn = new Set(roles.map(({ urn }) => urn));
        const byName = new Map(roles.map(({ values, urn }) => [values["name"], urn]));
        const add = (resource: PackResource, property: string, policy: PolicyDocument, isKnown: boolean): void => {
            const from = resource.dependencies(property).filter((urn) => byUrn.has(urn));
            const named = [resource.values[property]].flat().flatMap((name) => byName.get(name) ?? []);
            for (const urn of new Set(named.length > 0 ? named : from)) {
                this.ofRole.set(urn, [...(this.ofRole.get(urn) ?? []), { policy, isKnown }]);
            }
        };
        for (const { type, urn, values } of resources) {
            if (type === TYPE.policy) {
                this.documents.set(urn, values["policy"]);
            }
        }
        for (const resource of resources) {
            const { type, name, values } = resource;
            if (type === TYPE.rolePolicy) {
                const document = documentOf(values["policy"]);
                add(resource, "role", { name, document }, document !== undefined || isHidden(resource, "policy"));
            } else if (type === TYPE.attachment || type === TYPE.attachments) {
                const { policy, isKnown } = this.managed(resource, "policyArn");
                add(resource, type === TYPE.attachment ? "role" : "roles", policy, isKnown);
            }
        }
    }

    of(role: PackResource): Permissions {
        const { values, urn } = role;
        const arn = values["arn"];
        const inline = listOf(values["inlinePolicies"]).map((entry) => {
            const { name, policy } = entry as { readonly name?: unknown; readonly policy?: unknown };
            const document = documentOf(policy);
            const isKnown = document !== undefined || isHidden(role, "inlinePolicies");
            return { policy: { name: typeof name === "string" ? name : "inline policy", document }, isKnown };
        });
        const attached = listOf(values["managedPolicyArns"]).map((each) => this.named(each, role, "managedPolicyArns"));
        const all = [...inline, ...attached, ...(this.ofRole.get(urn) ?? [])];
        const boundary = values["permissionsBoundary"] ?? "";
        const limit = boundary === "" ? undefined : this.managed(role, "permissionsBoundary");
        return {
            permissions: {
                ...(typeof arn === "string" && { arn }),
                policies: unique(all.map(({ policy }) => policy)),
                boundary: limit?.policy ?? "none",
            },
            isWhole: [...all, ...(limit === undefined ? [] : [limit])].every(({ isKnown }) => isKnown),
        };
    }

    /** The managed policy that a property of a resource names. */
    private managed(resource: PackResource, property: string): { policy: PolicyDocument; isKnown: boolean } {
        return this.named(resource.values[property], resource, property);
    }

    /** A managed policy of this stack, by the resource that its ARN comes from or by the ARN, or one with the ARN. */
    private named(
        arn: unknown,
        resource: PackResource,
        property: string,
    ): { policy: PolicyDocument; isKnown: boolean } {
        const isText = typeof arn === "string";
        const byArn = this.resources.find(
            ({ type, values }) => isText && type === TYPE.policy && values["arn"] === arn,
        );
        const [from, ...more] = resource.dependencies(property).filter((urn) => this.documents.has(urn));
        const urn = byArn?.urn ?? (more.length === 0 ? from : undefined);
        const document = urn === undefined ? undefined : documentOf(this.documents.get(urn));
        return {
            policy: { name: isText ? arn : resource.name, ...(isText && { arn }), document },
            isKnown: urn === undefined ? isText : document !== undefined,
        };
    }
}

/** Whether the state hides a part of a property, which no later run will show either. */
function isHidden({ hidden }: PackResource, property: string): boolean {
    return hidden.some((path) => path.startsWith(property));
}

/** A policy document that is known as a whole. */
function documentOf(value: unknown): unknown {
    return containsUnknown(value) ? undefined : (value ?? undefined);
}

function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry !== "symbol") : [];
}

/** Each policy once: a role lists the ARNs of the policies that other resources attach. */
function unique(policies: readonly PolicyDocument[]): readonly PolicyDocument[] {
    return [...new Map(policies.map((policy, i) => [policy.arn ?? i, policy])).values()];
}
