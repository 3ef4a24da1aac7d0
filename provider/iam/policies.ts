import { containsUnknown, known, type MaybeUnknown } from "../contract/unknown";
import { Findings, type Verdict } from "../contract/findings";
import { valuesOf } from "../contract/object";
import { checkFormerKeys } from "../contract/former-keys";
import { checkInlineKey, checkKey } from "../contract/key";
import { key } from "../contract/paths";
import { jsonTextOf } from "../contract/json-document";
import { quote } from "../contract/quote";
import { partitionOf, policyPartition } from "./arn";
import type { Role } from "../contract/types";

/** The policies of a role, as far as they are known. */
type RolePolicies = Exclude<
    MaybeUnknown<Pick<Role, "managedPolicies" | "inlinePolicies" | "formerPolicyKeys">>,
    symbol
>;

export function checkPolicyArn(arn: string, partition: string | undefined, at: string, findings: Findings): void {
    const fault =
        policyPartition(arn) === undefined
            ? {
                  message: `${quote(arn)} is not the ARN of a managed policy.`,
                  fix: policyArnFix(arn, partition ?? "aws"),
              }
            : partitionFault(arn, partition);
    if (fault !== undefined) {
        findings.add("policy-arn", at, fault.message, fault.fix);
    }
}

/** A problem of an ARN, and its fix. */
export type ArnFault = Omit<Verdict, "id">;

/** The fault of an ARN in another partition than the identity provider's, if that is known. */
export function partitionFault(arn: string, partition: string | undefined): ArnFault | undefined {
    const found = partitionOf(arn)!;
    return partition === undefined || found === partition
        ? undefined
        : {
              message: `${quote(arn)} is in the partition ${quote(found)}, but the identity provider is in ${quote(partition)}.`,
              fix: `Write "${arn.replace(`arn:${found}:`, `arn:${partition}:`)}".`,
          };
}

/** The ARNs that a policy's name can mean, or the form of an ARN if the text has no name. */
function policyArnFix(text: string, partition: string): string {
    const name = /^(?:.*policy\/)?([\w+=,.@-]+(?:\/[\w+=,.@-]+)*)$/s.exec(text.trim())?.[1];
    const ofAws = `arn:${partition}:iam::aws:policy`;
    return name === undefined
        ? `It looks like "${ofAws}/AmazonS3ReadOnlyAccess".`
        : `Write "${ofAws}/${name}" for a policy of AWS, or "arn:${partition}:iam::<account ID>:policy/${name}" for your own.`;
}

/** Managed policies that a role can have by default, and the most that the quota can be raised to. */
const MANAGED_POLICY_QUOTA = 10;

const MANAGED_POLICY_MAXIMUM = 25;

export function checkManagedPolicies(
    maybe: RolePolicies["managedPolicies"],
    partition: string | undefined,
    at: string,
    findings: Findings,
): void {
    const policies = Object.entries(known(maybe) ?? {});
    const count = `has ${String(policies.length)} policies`;
    if (policies.length > MANAGED_POLICY_MAXIMUM) {
        findings.add(
            "managed-policy-count",
            at,
            `${count}, but IAM accepts at most 25.`,
            "Combine statements in one policy.",
        );
    } else if (policies.length > MANAGED_POLICY_QUOTA) {
        findings.add(
            "managed-policy-quota",
            at,
            `${count}, more than the quota "Managed policies per role" of 10, unless yours was raised.`,
            "Combine statements in one policy.",
        );
    }
    const keys = new Map<string, string>();
    for (const [name, value] of policies) {
        checkKey(name, key(at, name), findings);
        const arn = known(value);
        if (arn !== undefined) {
            checkPolicyArn(arn, partition, key(at, name), findings);
            const other = keys.get(arn);
            if (other !== undefined) {
                findings.add(
                    "duplicate-policy",
                    key(at, name),
                    `${quote(arn)} is also listed as ${key(at, other)}. IAM attaches a policy once, so removing one of the two keys would detach it.`,
                    "Keep only one of them.",
                );
            }
            keys.set(arn, name);
            if (arn.endsWith(":iam::aws:policy/AdministratorAccess")) {
                findings.add(
                    "administrator-access",
                    key(at, name),
                    "Anyone who can start a trusted job is an administrator of the account.",
                    "Grant only what the job needs.",
                );
            }
        }
    }
}

/** Reports former keys of managed policies that no attachment can be kept by. */
export function checkFormerPolicyKeys(
    { formerPolicyKeys, managedPolicies }: RolePolicies,
    at: string,
    findings: Findings,
): void {
    const renamed = Object.entries(known(formerPolicyKeys) ?? {});
    const present = managedPolicies === undefined ? {} : known(managedPolicies);
    if (present === undefined) {
        return;
    }
    for (const [name] of renamed.filter(([name]) => !Object.hasOwn(present, name))) {
        findings.add(
            "former-key",
            key(at, name),
            `${quote(name)} is not a key of \`managedPolicies\`, which has ${Object.keys(present).map(quote).join(", ") || "none"}.`,
            "Use the current key, and list the keys that it had before.",
        );
    }
    checkFormerKeys(
        renamed.map(([name, formerKeys]) => ({ claim: key(at, name), at: key(at, name), formerKeys })),
        present,
        "attachment",
        findings,
    );
}

interface Statement {
    readonly Effect?: unknown;
    readonly Action?: unknown;
    readonly Resource?: unknown;
}

function isStatement(value: unknown): value is Statement {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Most characters of all inline policies of a role, without white space. Source: AWS, "IAM and AWS STS quotas". */
export const INLINE_POLICY_QUOTA = 10_240;

/** Checks the inline policies of a role, and their size together with the policy that the component adds. */
export function checkInlinePolicies(
    maybe: RolePolicies["inlinePolicies"],
    added: string | undefined,
    at: string,
    findings: Findings,
): void {
    let size = added?.length ?? 0;
    for (const [name, value] of Object.entries(known(maybe) ?? {})) {
        checkInlineKey(name, key(at, name), findings);
        if (!containsUnknown(value)) {
            size += checkDocument(typeof value === "string" ? value : jsonTextOf(value), key(at, name), findings);
        }
    }
    if (size > INLINE_POLICY_QUOTA) {
        findings.add(
            "inline-policy-size",
            at,
            `have ${String(size)} characters without white space${added === undefined ? "" : ", including the policy for `secretArns`"}, but IAM accepts 10240 for a role.`,
            "Move the largest to a managed policy and attach that.",
        );
    }
}

/** The text of a policy that is given as a JSON string or as an object. */
export function documentText(document: unknown): string {
    return typeof document === "string" ? document : JSON.stringify(document);
}

function checkDocument(text: string | undefined, at: string, findings: Findings): number {
    let statements: unknown[];
    try {
        const parsed = JSON.parse(text ?? "") as { Statement?: unknown } | null;
        statements = [...valuesOf(parsed?.Statement)];
    } catch {
        findings.add(
            "policy-document",
            at,
            text === undefined ? "cannot be written as JSON." : `${quote(text)} is not JSON.`,
            "Pass the policy as a JSON string or as an object.",
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
    if (!valuesOf(statement.Resource).includes("*")) {
        return;
    }
    const actions = valuesOf(statement.Action).filter((a): a is string => typeof a === "string");
    if (actions.some((a) => /^(\*|\*:\*)$/.test(a))) {
        findings.add(
            "full-access",
            at,
            "allows every action on every resource. Anyone who can start a trusted job controls the account.",
            "Grant only what the job needs.",
        );
    } else if (actions.some((a) => /^iam:(\*|passrole|pass\*)$/i.test(a))) {
        findings.add(
            "pass-role",
            at,
            "allows iam:PassRole for every role. The job can pass a more powerful role to a service and act through it.",
            "List the roles in Resource.",
        );
    }
}
