import { Findings } from "../contract/findings";
import { isObject } from "../contract/object";
import { duplicateKeys } from "../contract/duplicate-keys";
import { escapeDollar } from "../iam/policy-text";
import { trustPolicyIn, type FoundPolicy } from "./role-output";

/** One test of a condition block: operator and key, met by any of the values. */
export interface ConditionTest {
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
    /** Where it stands: `Statement[0].Condition["StringEquals"]["gitlab.com:sub"]`. */
    readonly path: string;
}

export interface Principal {
    /** `AWS`, `Federated`, `Service`, `CanonicalUser`, or `*` for `"Principal": "*"`. */
    readonly type: string;
    readonly values: readonly string[];
}

export interface Statement {
    readonly path: string;
    readonly sid: string | undefined;
    readonly effect: "Allow" | "Deny";
    readonly principals: readonly Principal[];
    readonly actions: readonly string[];
    /** Whether `actions` are those that the statement is not about. */
    readonly isNotAction: boolean;
    readonly conditions: readonly ConditionTest[];
}

/** The statements of the trust policy in what was given; reports what IAM would not take for a policy. */
export function parseTrustPolicy(given: unknown, findings: Findings): readonly Statement[] {
    const found = trustPolicyIn(given);
    if ("fault" in found) {
        findings.add("policy-document", "", found.fault, found.cure);
        return [];
    }
    const { document } = found;
    for (const path of repeatedKeys(found)) {
        findings.add(
            "policy-document",
            path,
            "stands twice in one object: only the last would count, if IAM took the policy at all.",
            "Put all that belongs to the key under one of them.",
        );
    }
    if (!isObject(document) || document["Statement"] === undefined) {
        findings.add(
            "policy-document",
            "",
            "The trust policy has no `Statement`.",
            'Write { "Version": "2012-10-17", "Statement": [...] }.',
        );
        return [];
    }
    const version = document["Version"] ?? OLD_VERSION;
    if (version !== VERSION && version !== OLD_VERSION) {
        refuse("Version", `is neither ${VERSION} nor ${OLD_VERSION}`, findings);
    }
    const statements = listOf(document["Statement"]);
    return statements.flatMap((statement, i) => {
        const path = Array.isArray((document as { Statement: unknown }).Statement)
            ? `Statement[${String(i)}]`
            : "Statement";
        return isObject(statement)
            ? parseStatement(statement, path, version === OLD_VERSION, findings)
            : refuse(path, "is not an object", findings);
    });
}

/** Paths in the policy of the keys that appear twice in one object of its text. */
function repeatedKeys({ document, text, path }: FoundPolicy): readonly string[] {
    if (text === undefined || (path === "" && isCompact(text, document))) {
        return [];
    }
    const below = path === "" ? "" : `${path}.`;
    return duplicateKeys(text).flatMap((key) => (key.startsWith(below) ? [key.slice(below.length)] : []));
}

/** Whether the text is what its values are written as: then it has every key once, which is quicker to see than to search. */
function isCompact(text: string, value: unknown): boolean {
    try {
        return JSON.stringify(value) === text;
    } catch {
        return false; // deeper than it can be written
    }
}

/** The version that policies are written in, and the one that IAM takes them for where it is left out. */
export const VERSION = "2012-10-17";
const OLD_VERSION = "2008-10-17";

function parseStatement(
    statement: Readonly<Record<string, unknown>>,
    path: string,
    withoutVariables: boolean,
    findings: Findings,
): Statement[] {
    const { Effect: effect } = statement;
    if (effect !== "Allow" && effect !== "Deny") {
        return refuse(`${path}.Effect`, 'is neither "Allow" nor "Deny"', findings);
    }
    const isNotAction = statement["Action"] === undefined && statement["NotAction"] !== undefined;
    const sid = statement["Sid"];
    return [
        {
            path,
            sid: typeof sid === "string" ? sid : undefined,
            effect,
            principals: parsePrincipals(statement["Principal"]),
            actions: textsOf(isNotAction ? statement["NotAction"] : statement["Action"]),
            isNotAction,
            conditions: parseConditions(statement["Condition"], `${path}.Condition`, findings).map((test) =>
                withoutVariables ? { ...test, values: test.values.map(escapeDollar) } : test,
            ),
        },
    ];
}

function parsePrincipals(principal: unknown): readonly Principal[] {
    if (typeof principal === "string") {
        return [{ type: "*", values: [principal] }];
    }
    return isObject(principal)
        ? Object.entries(principal).map(([type, values]) => ({ type, values: textsOf(values) }))
        : [];
}

function parseConditions(block: unknown, path: string, findings: Findings): readonly ConditionTest[] {
    if (block === undefined) {
        return [];
    }
    if (!isObject(block)) {
        return refuse(path, "is not an object", findings);
    }
    return Object.entries(block).flatMap(([operator, keys]) => {
        const at = `${path}[${JSON.stringify(operator)}]`;
        return isObject(keys)
            ? Object.entries(keys).map(([key, values]) => ({
                  operator,
                  key,
                  values: textsOf(values),
                  path: `${at}[${JSON.stringify(key)}]`,
              }))
            : refuse(at, "is not an object of keys", findings);
    });
}

function refuse(path: string, why: string, findings: Findings): never[] {
    findings.add(
        "policy-document",
        path,
        `${why}, so that IAM refuses the policy.`,
        "Write it as in AWS's grammar of policies.",
    );
    return [];
}

function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** The texts of a value that may be one or a list; numbers and booleans count as text, as IAM takes them. */
function textsOf(value: unknown): readonly string[] {
    if (typeof value === "string") {
        return [value];
    }
    return listOf(value).flatMap((v) =>
        typeof v === "string" ? [v] : typeof v === "number" || typeof v === "boolean" ? [String(v)] : [],
    );
}
