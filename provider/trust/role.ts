import { Findings, key, property, quote, RULES, type Finding } from "../findings";
import { known, LATE, type MaybeLate } from "../late";
import type { Role } from "../types";
import { parseProviderArn, policyPartition } from "./arn";

/** Random characters that the AWS provider adds to a resource's name where `name` is left out, with their hyphen. */
const SUFFIX = 8;

/** What is known about a role beside its own inputs. */
export interface RoleContext {
    /** Name of the resource in Pulumi, of which the role's name in IAM is made where `name` is left out. */
    readonly resourceName: string;
    readonly providerArn: string | undefined;
}

type RoleView = Exclude<MaybeLate<Omit<Role, "subjects">>, symbol>;

/** Reports what IAM refuses in a role, except for its trust policy. */
export function checkRole(role: RoleView, context: RoleContext, path: string, findings: Findings): void {
    const at = (name: keyof Role): string => property(path, name);
    const partition = context.providerArn === undefined ? undefined : parseProviderArn(context.providerArn)?.partition;
    checkName(role.name, context.resourceName, at("name"), findings);
    checkPath(known(role.path), at("path"), findings);
    checkDescription(known(role.description), at("description"), findings);
    checkDuration(known(role.maxSessionDuration), at("maxSessionDuration"), findings);
    checkTags(role.tags, at("tags"), findings);
    const boundary = known(role.permissionsBoundary);
    if (boundary !== undefined) {
        checkPolicyArn(boundary, partition, at("permissionsBoundary"), findings);
    }
    checkManagedPolicies(role.managedPolicies, partition, at("managedPolicies"), findings);
    checkInlinePolicies(role.inlinePolicies, at("inlinePolicies"), findings);
    checkAccept(role.accept, at("accept"), findings);
}

function checkName(late: MaybeLate<string | undefined>, resourceName: string, path: string, findings: Findings): void {
    const name = known(late);
    if (name !== undefined) {
        if (name.length < 1 || name.length > 64) {
            findings.add(
                "role-name",
                path,
                `${quote(name)} has ${String(name.length)} characters: IAM takes 1 to 64.`,
                "Choose a shorter name, or leave it out.",
            );
        } else if (!/^[\w+=,.@-]+$/.test(name)) {
            findings.add(
                "role-name",
                path,
                `${quote(name)} has characters that IAM does not take.`,
                "Use letters, digits and + = , . @ - _.",
            );
        }
    } else if (late === undefined && (resourceName.length > 64 - SUFFIX || !/^[\w+=,.@-]+$/.test(resourceName))) {
        findings.add(
            "role-name",
            path,
            `is left out, but the name made of ${quote(resourceName)} and a random suffix would not be one that IAM takes (at most 64 of letters, digits and + = , . @ - _).`,
            "Set it, or give the resource or role a shorter name.",
        );
    }
}

export function checkPath(path: string | undefined, at: string, findings: Findings): void {
    if (path !== undefined && (path.length > 512 || !/^\/(?:[!-~]+\/)?$/.test(path))) {
        findings.add(
            "role-path",
            at,
            `${quote(path)} is not a path that IAM takes: at most 512 printable characters, beginning and ending with "/".`,
            'Write for example "/gitlab/".',
        );
    }
}

function checkDescription(text: string | undefined, at: string, findings: Findings): void {
    if (text !== undefined && (text.length > 1000 || !/^[\t\n\r -~\u00a1-\u00ff]*$/.test(text))) {
        findings.add(
            "role-description",
            at,
            text.length > 1000
                ? `has ${String(text.length)} characters: IAM takes 1000.`
                : "has characters outside Latin-1, which IAM does not take.",
            "Shorten or reword it.",
        );
    }
}

export function checkDuration(seconds: number | undefined, at: string, findings: Findings): void {
    if (seconds !== undefined && (seconds < 3600 || seconds > 43200)) {
        findings.add(
            "role-duration",
            at,
            `${String(seconds)} seconds is outside of what IAM takes, 3600 (1 hour) to 43200 (12 hours).`,
            seconds < 3600
                ? "Write 3600: a job can ask STS for less, from 900 seconds."
                : "Write at most 43200: a job cannot keep one session longer.",
        );
    }
}

export function checkTags(
    tags: MaybeLate<Readonly<Record<string, string>> | undefined>,
    at: string,
    findings: Findings,
): void {
    const entries = Object.entries(known(tags) ?? {});
    if (entries.length > 50) {
        findings.add("tags", at, `has ${String(entries.length)} tags: IAM takes 50.`, "Use fewer.");
    }
    for (const [name, late] of entries) {
        const value = known(late) ?? "";
        const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
        if (name === "" || name.length > 128 || /^aws:/i.test(name) || !allowed.test(name)) {
            findings.add(
                "tags",
                key(at, name),
                "is not a tag key that IAM takes: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with `aws:`.",
                "Rename it.",
            );
        }
        if (value.length > 256 || !allowed.test(value)) {
            findings.add(
                "tags",
                key(at, name),
                `${quote(value)} is not a tag value that IAM takes: up to 256 letters, digits, spaces and _ . : / = + - @.`,
                "Shorten or reword it.",
            );
        }
    }
}

export function checkPolicyArn(arn: string, partition: string | undefined, at: string, findings: Findings): void {
    const found = policyPartition(arn);
    if (found === undefined) {
        findings.add(
            "policy-arn",
            at,
            `${quote(arn)} is not the ARN of a managed policy.`,
            `It looks like "arn:${partition ?? "aws"}:iam::aws:policy/AmazonS3ReadOnlyAccess".`,
        );
    } else if (partition !== undefined && found !== partition) {
        findings.add(
            "policy-arn",
            at,
            `${quote(arn)} is in the partition ${quote(found)}, the identity provider in ${quote(partition)}.`,
            `Write "${arn.replace(`arn:${found}:`, `arn:${partition}:`)}".`,
        );
    }
}

/** Managed policies that a role takes by default, and the most that the quota can be raised to. */
const MANAGED_POLICY_QUOTA = 10;
const MANAGED_POLICY_MAXIMUM = 25;

function checkManagedPolicies(
    late: RoleView["managedPolicies"],
    partition: string | undefined,
    at: string,
    findings: Findings,
): void {
    const policies = Object.entries(known(late) ?? {});
    const count = `has ${String(policies.length)} policies`;
    if (policies.length > MANAGED_POLICY_MAXIMUM) {
        findings.add(
            "managed-policy-count",
            at,
            `${count}: IAM takes 25 at most.`,
            "Put statements together in one policy.",
        );
    } else if (policies.length > MANAGED_POLICY_QUOTA) {
        findings.add(
            "managed-policy-quota",
            at,
            `${count}: more than the quota "Managed policies per role" of 10, unless yours was raised.`,
            "Put statements together in one policy.",
        );
    }
    for (const [name, value] of policies) {
        checkKey(name, key(at, name), findings);
        const arn = known(value);
        if (arn !== undefined) {
            checkPolicyArn(arn, partition, key(at, name), findings);
            if (arn.endsWith(":iam::aws:policy/AdministratorAccess")) {
                findings.add(
                    "administrator-access",
                    key(at, name),
                    "Whoever can start an admitted job is administrator of the account.",
                    "Give the job what it needs.",
                );
            }
        }
    }
}

/** Reports keys of maps that would not be one unambiguous part of a resource's name. */
export function checkKey(name: string, at: string, findings: Findings): void {
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(name) || name === "__proto__") {
        findings.add(
            "key",
            at,
            `${quote(name)} cannot be a key: it becomes part of names in Pulumi and IAM.`,
            "Use 1 to 128 of letters, digits, _ and -.",
        );
    }
}

interface Statement {
    readonly Effect?: unknown;
    readonly Action?: unknown;
    readonly Resource?: unknown;
}

function isStatement(value: unknown): value is Statement {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

const INLINE_POLICY_QUOTA = 10_240;

function checkInlinePolicies(late: RoleView["inlinePolicies"], at: string, findings: Findings): void {
    let size = 0;
    for (const [name, value] of Object.entries(known(late) ?? {})) {
        checkKey(name, key(at, name), findings);
        if (!containsLate(value)) {
            size += checkDocument(typeof value === "string" ? value : textOf(value), key(at, name), findings);
        }
    }
    if (size > INLINE_POLICY_QUOTA) {
        findings.add(
            "inline-policy-size",
            at,
            `have ${String(size)} characters without white space: IAM takes 10240 for a role.`,
            "Make a managed policy of the largest and attach it.",
        );
    }
}

/** Whether a part of the tree is still to come. */
export function containsLate(tree: unknown): boolean {
    let found = false;
    textOf(tree, (value) => {
        found ||= value === LATE;
    });
    return found;
}

/** The JSON of a value, undefined where it has none; `visit` is called with everything in it. */
function textOf(value: unknown, visit: (part: unknown) => void = () => undefined): string | undefined {
    try {
        return JSON.stringify(value, (_, part: unknown) => {
            visit(part);
            return part;
        });
    } catch {
        return undefined;
    }
}

/** The text of a policy that is given as JSON text or as an object. */
export function documentText(document: unknown): string {
    return typeof document === "string" ? document : JSON.stringify(document);
}

function checkDocument(text: string | undefined, at: string, findings: Findings): number {
    let statements: unknown[];
    try {
        const parsed = JSON.parse(text ?? "") as { Statement?: unknown } | null;
        statements = [parsed?.Statement ?? []].flat();
    } catch {
        findings.add(
            "policy-document",
            at,
            text === undefined ? "cannot be written as JSON." : `${quote(text)} is not JSON.`,
            "Give the policy as JSON text or as an object.",
        );
        return 0;
    }
    if (statements.length === 0 || !statements.every(isStatement)) {
        findings.add(
            "policy-document",
            at,
            statements.length === 0 ? "has no `Statement`." : "has a `Statement` that is not an object.",
            'Write { "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": ..., "Resource": ... }] }.',
        );
    }
    for (const statement of statements.filter(isStatement).filter((s) => s.Effect === "Allow")) {
        checkStatement(statement, at, findings);
    }
    return text!.replace(/\s/g, "").length;
}

function checkStatement(statement: Statement, at: string, findings: Findings): void {
    const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
    if (!list(statement.Resource).includes("*")) {
        return;
    }
    const actions = list(statement.Action).filter((a): a is string => typeof a === "string");
    if (actions.some((a) => /^(\*|\*:\*)$/.test(a))) {
        findings.add(
            "full-access",
            at,
            "allows every action on every resource: whoever can start an admitted job owns the account.",
            "Give the job what it needs.",
        );
    } else if (actions.some((a) => /^iam:(\*|passrole|pass\*)$/i.test(a))) {
        findings.add(
            "pass-role",
            at,
            "allows iam:PassRole for every role: the job can hand a stronger role to a service and use it through that.",
            "Name the roles in Resource.",
        );
    }
}

function isWarning(id: unknown): boolean {
    return Object.entries(RULES).some(([rule, severity]) => rule === id && severity === "warning");
}

export function checkAccept(accept: RoleView["accept"], at: string, findings: Findings): void {
    known(accept)?.forEach((late, i) => {
        const id = known(late);
        if (id !== undefined && !isWarning(id)) {
            const warnings = Object.entries(RULES).filter(([, severity]) => severity === "warning");
            findings.add(
                "accept",
                `${at}[${String(i)}]`,
                `${quote(id)} is not the id of a warning.`,
                `Ids are ${warnings.map(([w]) => w).join(", ")}.`,
            );
        }
    });
}

/** The warnings that are left after what was accepted; an accepted one that does not occur is a warning itself. */
export function withoutAccepted(
    warnings: readonly Finding[],
    accept: readonly string[],
    path: string,
): readonly Finding[] {
    return [...warnings, ...unusedAccepts(warnings, accept, path)].filter(({ id }) => !accept.includes(id));
}

/** A warning for each accepted id that does not occur. */
export function unusedAccepts(
    occurring: readonly Finding[],
    accept: readonly string[],
    path: string,
): readonly Finding[] {
    const unused = new Findings();
    for (const id of accept.filter(isWarning)) {
        if (!occurring.some((w) => w.id === id)) {
            unused.add("unused-accept", property(path, "accept"), `${quote(id)} does not occur.`, "Leave it out.");
        }
    }
    return unused.warnings;
}
