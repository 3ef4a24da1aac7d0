import { Findings } from "../contract/findings";
import { readJsonObject, takeJsonObject } from "../contract/json-document";
import { isObject, valuesOf } from "../contract/object";
import { property } from "../contract/paths";
import { kindOf } from "../contract/quote";
import type { Finding } from "../contract/types";
import { conditionsIn, LARGEST, repeatedKeys, sidFaults, type Statement, textsOf, VERSION } from "../trust/document";

/** A Deny statement of a resource control policy. */
export interface GuardrailStatement extends Statement {
    readonly resources: readonly string[];
    /** Whether the statement applies to every resource but `resources`. */
    readonly isNotResource: boolean;
}

/** A resource control policy as far as it can be read. */
interface ParsedGuardrail {
    readonly statements: readonly GuardrailStatement[];
    /** Everything for which AWS would reject the policy. */
    readonly findings: readonly Finding[];
}

const EXAMPLE =
    '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*", "Condition": {...} }] }';

const EXAMPLE_CONDITION = '{ "StringNotLike": { "ISSUER:sub": "project_path:mygroup/*" } }';

type Members = Readonly<Record<string, unknown>>;

/**
 * The Deny statements of a resource control policy, given as JSON text, as an object, or as the output of
 * `aws organizations describe-policy`. `path` is its path in the arguments.
 * Source: AWS, "RCP syntax".
 */
function parseGuardrail(given: unknown, path: string): ParsedGuardrail {
    const findings = new Findings();
    const fault = (name: string, message: string, fix: string): void =>
        findings.add("guardrail", property(path, name), message, fix);
    const { object, text, fault: unreadable } = documentIn(given);
    if (object === undefined) {
        findings.add("guardrail", path, `${unreadable!}.`, `Pass ${EXAMPLE} as JSON text or as an object.`);
        return { statements: [], findings: findings.errors };
    }
    const statements = valuesOf(object["Statement"]);
    if (statements.some(isOfTrustPolicy)) {
        findings.add(
            "guardrail",
            path,
            "is a trust policy, not a resource control policy.",
            "Pass the output `policy` of OrganizationGuardrail, or of `aws organizations describe-policy`.",
        );
        return { statements: [], findings: findings.errors };
    }
    for (const { path: at, message, fix } of repeatedKeys({ path: "", ...(text !== undefined && { text }) }, object)) {
        findings.add("guardrail", `${path}.${at}`, message, fix);
    }
    if (object["Version"] !== VERSION) {
        fault("Version", `is not "${VERSION}", which AWS requires.`, `Write "Version": "${VERSION}".`);
    }
    if (statements.length === 0) {
        fault("Statement", "is missing.", `Write ${EXAMPLE}.`);
    }
    const at = property(path, "Statement");
    const isList = Array.isArray(object["Statement"]);
    const placed = statements.map((statement, i) => [statement, isList ? `${at}[${String(i)}]` : at] as const);
    for (const { path: of, message, fix } of sidFaults(placed)) {
        findings.add("guardrail", of, message, fix);
    }
    return {
        statements: placed.flatMap(([statement, of]) => readGuardrailStatement(statement, of, findings)),
        findings: findings.errors,
    };
}

/** The Deny statements of several resource control policies, which are a list of the arguments. */
export function readGuardrails(documents: readonly unknown[], findings: Findings): readonly GuardrailStatement[] {
    const read = documents.map((document, i) => parseGuardrail(document, `guardrails[${String(i)}]`));
    findings.addAll(read.flatMap((each) => each.findings));
    return read.flatMap((each) => each.statements);
}

/** A policy, with its text if it was given as text; or the reason why there is none. */
interface GivenPolicy {
    readonly object?: Members;
    readonly text?: string;
    readonly fault?: string;
}

/** The policy, or the one in the output of `aws organizations describe-policy`. */
function documentIn(given: unknown): GivenPolicy {
    const outer = policyOf(given);
    const described = outer.object?.["Policy"];
    const content = isObject(described) ? described["Content"] : undefined;
    return content === undefined ? outer : policyOf(content);
}

function policyOf(given: unknown): GivenPolicy {
    return typeof given === "string"
        ? { ...readJsonObject(given, LARGEST), text: given }
        : takeJsonObject(given, LARGEST);
}

/** Whether a statement trusts an identity provider, as only those of trust policies do. */
function isOfTrustPolicy(statement: unknown): boolean {
    const { Effect: effect, Principal: principal } = isObject(statement) ? statement : {};
    return effect === "Allow" && isObject(principal) && principal["Federated"] !== undefined;
}

/** Reads one statement. The one of `RCPFullAWSAccess`, which denies nothing, is left out. */
function readGuardrailStatement(statement: unknown, path: string, findings: Findings): readonly GuardrailStatement[] {
    const fault = (name: string, message: string, fix: string): void =>
        findings.add("guardrail", property(path, name), message, fix);
    if (!isObject(statement)) {
        findings.add("guardrail", path, `is ${kindOf(statement)}, not an object.`, `Write ${EXAMPLE}.`);
        return [];
    }
    const {
        Effect: effect,
        Principal: principal,
        Action: action,
        Resource: resource,
        NotResource: notResource,
    } = statement;
    if (isFullAccess(statement)) {
        return [];
    }
    const before = findings.errors.length;
    if (effect !== "Deny") {
        fault("Effect", 'is not "Deny". Only `RCPFullAWSAccess` can have another effect.', 'Write "Effect": "Deny".');
    }
    if (principal !== "*") {
        fault("Principal", 'is not "*", the only principal in a resource control policy.', 'Write "Principal": "*".');
    }
    for (const name of Object.keys(statement).filter((each) => !ELEMENTS.includes(each))) {
        fault(
            name,
            "is not an element of a resource control policy.",
            `Remove it. Elements are ${ELEMENTS.join(", ")}.`,
        );
    }
    if (!isTexts(action)) {
        fault("Action", "is not a string or an array of strings.", 'Write "Action": "sts:AssumeRoleWithWebIdentity".');
    }
    const [name, resources] = notResource === undefined ? ["Resource", resource] : ["NotResource", notResource];
    if (!isTexts(resources) || (resource !== undefined && notResource !== undefined)) {
        fault(name, "is not the one list of resources of the statement.", 'Write either "Resource" or "NotResource".');
    }
    const { tests, faults } = conditionsIn(statement, path, true, EXAMPLE_CONDITION);
    for (const { path: at, message, fix } of faults) {
        findings.add("guardrail", at, message, fix);
    }
    if (findings.errors.length > before) {
        return [];
    }
    return [
        {
            path,
            sid: typeof statement["Sid"] === "string" ? statement["Sid"] : undefined,
            effect: "Deny",
            principals: [{ type: "*", values: ["*"] }],
            actions: textsOf(action),
            isNotAction: false,
            conditions: tests,
            resources: textsOf(resources),
            isNotResource: name === "NotResource",
        },
    ];
}

const ELEMENTS = ["Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"];

function isFullAccess({
    Effect: effect,
    Principal: principal,
    Action: action,
    Resource: resource,
    Condition: condition,
}: Members): boolean {
    const isAll = (value: unknown): boolean => textsOf(value).includes("*");
    return effect === "Allow" && principal === "*" && isAll(action) && isAll(resource) && condition === undefined;
}

function isTexts(value: unknown): boolean {
    const values = valuesOf(value);
    return values.length > 0 && values.every((each) => typeof each === "string");
}
