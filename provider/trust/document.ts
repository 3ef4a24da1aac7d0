import { duplicateKeys } from "../contract/duplicate-keys";
import { Findings } from "../contract/findings";
import type { Finding } from "../contract/types";
import { takeJsonObject, tooLarge, type JsonDocument } from "../contract/json-document";
import { isObject } from "../contract/object";
import { key, property } from "../contract/paths";
import { kindOf, quote } from "../contract/quote";
import { examplePrincipal } from "../iam/arn";
import { type KeyTest, parseOperator } from "../iam/operators";
import { escapeDollar } from "../iam/policy-text";
import { GIVE, trustPolicyIn, type FoundPolicy } from "./role-output";

/** One test of a condition block. */
export interface ConditionTest extends KeyTest {
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

/** A trust policy as far as it can be read. */
interface ParsedTrustPolicy {
    /** Without those of which it cannot be said whom and what they are about. */
    readonly statements: readonly Statement[];
    /** Everything for which IAM would reject the policy. */
    readonly findings: readonly Finding[];
    /** Where the policy was; left out if there is none. */
    readonly found?: FoundPolicy;
}

/** The version that policies are written in, and the one that IAM takes them for where it is left out. */
export const VERSION = "2012-10-17";
const OLD_VERSION = "2008-10-17";

/** Characters that IAM takes for a trust policy, white space among them. Source: AWS, "CreateRole". */
const LARGEST = 131_072;

const EXAMPLE = `{ "Version": "${VERSION}", "Statement": [...] }`;
const EXAMPLE_PRINCIPAL = examplePrincipal("ISSUER");
const EXAMPLE_ACTION = '"Action": "sts:AssumeRoleWithWebIdentity"';
const EXAMPLE_CONDITION =
    '{ "StringEquals": { "ISSUER:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" } }';

/**
 * The statements of a trust policy given as JSON text or as an object, and what IAM would not store.
 * Sources: AWS, "Grammar of the IAM JSON policy language", and the errors `MalformedPolicyDocument` of CreateRole.
 */
export function parseTrustPolicy(policy: unknown): ParsedTrustPolicy {
    const found = trustPolicyIn(policy);
    if ("fault" in found) {
        return rejected([], [{ path: "", message: found.fault, fix: found.fix }]);
    }
    const { object, fault } = documentOf(found);
    if (object === undefined) {
        return rejected([], [{ path: "", message: `The trust policy ${fault}.`, fix: GIVE }]);
    }
    const given = placed(object["Statement"]);
    const statements = given.map(([statement, path]) => readStatement(statement, path, object["Version"] === VERSION));
    const faults = [
        ...repeatedKeys(found, object).map(standsTwice),
        ...policyFaults(object),
        ...statements.flatMap((s) => s.faults),
        ...sidFaults(given),
    ];
    return {
        ...rejected(
            statements.flatMap((s) => s.statements),
            faults,
        ),
        found,
    };
}

/** The document of a policy, or why it is none. */
function documentOf({ document, text, path }: FoundPolicy): JsonDocument {
    if (text !== undefined && path === "") {
        if (text.length > LARGEST) {
            return { fault: tooLarge(LARGEST) };
        }
        if (!isObject(document)) {
            return { fault: "is JSON, but not an object" };
        }
    }
    return takeJsonObject(document, LARGEST);
}

/** Paths in the policy of the keys that appear twice in one object of its text. Compact text has every key once, which is quicker to see than to search. */
function repeatedKeys({ text, path }: FoundPolicy, object: Members): readonly string[] {
    if (text === undefined || (path === "" && JSON.stringify(object) === text)) {
        return [];
    }
    const above = path === "" ? "" : `${path}.`;
    return duplicateKeys(text).flatMap((name) => (name.startsWith(above) ? [name.slice(above.length)] : []));
}

/** Why IAM rejects the policy, and what to write. */
type Fault = Pick<Finding, "path" | "message" | "fix">;

function rejected(statements: readonly Statement[], faults: readonly Fault[]): ParsedTrustPolicy {
    const findings = new Findings();
    for (const { path, message, fix } of faults) {
        findings.add("policy-document", path, message, fix);
    }
    return { statements, findings: findings.errors };
}

function fault(path: string, why: string, fix: string): Fault {
    return { path, message: `${why}, so IAM rejects the policy.`, fix };
}

function standsTwice(path: string): Fault {
    return fault(path, "appears twice in one object", "Put all that belongs to the key under one of them.");
}

type Members = Readonly<Record<string, unknown>>;

const ELEMENTS = ["Version", "Id", "Statement"];

/** The members that are given: what is undefined is not written. */
function membersOf(object: Members): readonly (readonly [name: string, value: unknown])[] {
    return Object.entries(object).filter(([, value]) => value !== undefined);
}

function policyFaults({ Version: version, Id: id, Statement: statement, ...others }: Members): readonly Fault[] {
    if (statement === undefined) {
        return [{ path: "", message: "The trust policy has no `Statement`.", fix: `Write ${EXAMPLE}.` }];
    }
    const faults = [...unknownElements(others, ELEMENTS, "")];
    if (version !== undefined && version !== VERSION && version !== OLD_VERSION) {
        faults.push(fault("Version", `is neither "${VERSION}" nor "${OLD_VERSION}"`, `Write "Version": "${VERSION}".`));
    }
    if (id !== undefined && typeof id !== "string") {
        faults.push(fault("Id", `is ${kindOf(id)}, not text`, "Write text, or leave it out."));
    }
    if (Array.isArray(statement) && statement.length === 0) {
        faults.push(fault("Statement", "is empty", "Write a statement that allows the jobs that are meant."));
    }
    return faults;
}

type Placed = readonly [statement: unknown, path: string];

/** The statements of a policy, each with its path. */
function placed(statement: unknown): readonly Placed[] {
    if (Array.isArray(statement)) {
        return Array.from(statement, (inner: unknown, i) => [inner, `Statement[${String(i)}]`]);
    }
    return statement === undefined ? [] : [[statement, "Statement"]];
}

const STATEMENT_ELEMENTS = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

interface ReadStatement {
    readonly statements: readonly Statement[];
    readonly faults: readonly Fault[];
}

function readStatement(statement: unknown, path: string, hasVariables: boolean): ReadStatement {
    if (!isObject(statement)) {
        const example = `{ "Effect": "Allow", "Principal": ${EXAMPLE_PRINCIPAL}, ${EXAMPLE_ACTION}, "Condition": ${EXAMPLE_CONDITION} }`;
        return { statements: [], faults: [fault(path, `is ${kindOf(statement)}, not an object`, `Write ${example}.`)] };
    }
    const about = aboutFaults(statement, path);
    const { tests, faults } = readConditions(statement["Condition"], `${path}.Condition`);
    const conditions = hasVariables ? tests : tests.map((test) => ({ ...test, values: test.values.map(escapeDollar) }));
    return {
        statements: about.length === 0 ? [statementOf(statement, path, conditions)] : [],
        faults: [
            ...unknownElements(statement, STATEMENT_ELEMENTS, path),
            ...about,
            ...resourceFaults(statement, path),
            ...faults,
        ],
    };
}

function resourceFaults(statement: Members, path: string): readonly Fault[] {
    return ["Resource", "NotResource"]
        .filter((name) => statement[name] !== undefined)
        .map((name) =>
            fault(
                `${path}.${name}`,
                "does not belong in a trust policy, which is about the role that has it",
                "Leave it out.",
            ),
        );
}

/** What is wrong with the elements that say what a statement does, for whom and with what. */
function aboutFaults(statement: Members, path: string): readonly Fault[] {
    const { Effect: effect } = statement;
    return [
        ...(effect === "Allow" || effect === "Deny"
            ? []
            : [
                  fault(
                      `${path}.Effect`,
                      'is neither "Allow" nor "Deny"',
                      'Write "Allow" or "Deny", with that capital letter.',
                  ),
              ]),
        ...principalFaults(statement, path),
        ...actionFaults(statement, path),
    ];
}

function unknownElements(object: Members, known: readonly string[], path: string): readonly Fault[] {
    return membersOf(object)
        .filter(([name]) => !known.includes(name))
        .map(([name]) => {
            const meant = known.find((k) => k.toLowerCase() === name.toLowerCase());
            return fault(
                property(path, name),
                `is no element of a ${path === "" ? "policy" : "statement"}`,
                meant === undefined ? `Leave it out; elements are ${known.join(", ")}.` : `Write "${meant}".`,
            );
        });
}

/** What is wrong with the ids of statements: an empty one is none. */
function sidFaults(statements: readonly Placed[]): readonly Fault[] {
    const owners = new Map<string, string>();
    return statements.flatMap(([statement, path]) => {
        const sid = isObject(statement) ? (statement["Sid"] ?? "") : "";
        const at = `${path}.Sid`;
        if (typeof sid !== "string") {
            return [fault(at, `is ${kindOf(sid)}, not text`, "Write text, or leave it out.")];
        }
        const owner = owners.get(sid);
        owners.set(sid, owner ?? path);
        return sid === "" || owner === undefined
            ? []
            : [fault(at, `${quote(sid)} is the Sid of ${owner} too`, "Write another one, or leave it out.")];
    });
}

const PRINCIPAL_TYPES = ["AWS", "Federated", "Service", "CanonicalUser"];

function principalFaults(statement: Members, path: string): readonly Fault[] {
    const { Principal: principal, NotPrincipal: notPrincipal } = statement;
    const at = `${path}.Principal`;
    const write = `Write "Principal": ${EXAMPLE_PRINCIPAL}.`;
    if (notPrincipal !== undefined) {
        return [fault(`${path}.NotPrincipal`, "does not belong in a trust policy", write)];
    }
    if (principal === "*") {
        return [];
    }
    if (!isObject(principal)) {
        return [fault(at, principal === undefined ? "is missing" : `is ${kindOf(principal)}, not an object`, write)];
    }
    const entries = membersOf(principal);
    if (entries.length === 0) {
        return [fault(at, "is empty", write)];
    }
    return entries.flatMap(([type, values]) =>
        PRINCIPAL_TYPES.includes(type)
            ? textFaults(values, property(at, type))
            : [fault(property(at, type), `is no type of principal`, `Types are ${PRINCIPAL_TYPES.join(", ")}.`)],
    );
}

function actionFaults(statement: Members, path: string): readonly Fault[] {
    const { Action: action, NotAction: notAction } = statement;
    const [name, values] =
        action === undefined && notAction !== undefined ? ["NotAction", notAction] : ["Action", action];
    const at = `${path}.${name}`;
    const write = `Write ${EXAMPLE_ACTION}.`;
    if (action !== undefined && notAction !== undefined) {
        return [fault(`${path}.NotAction`, "stands beside `Action`", "Leave one of the two out.")];
    }
    if (values === undefined || (Array.isArray(values) && values.length === 0)) {
        return [fault(at, values === undefined ? "is missing" : "is empty", write)];
    }
    return [
        ...textFaults(values, at),
        ...textsOf(name === "Action" ? values : [])
            .filter(isOfAnotherService)
            .map((a) => fault(at, `has ${quote(a)}, which is no action of STS`, write)),
    ];
}

/** Whether the action is certainly none of STS; what IAM says to a wildcard in the service's name is not documented. */
function isOfAnotherService(action: string): boolean {
    const [service, name] = action.split(":", 2);
    return !/[*?]/.test(service!) && (name === undefined || service!.toLowerCase() !== "sts");
}

interface ReadConditions {
    /** Without those whose operator IAM does not know. */
    readonly tests: readonly ConditionTest[];
    readonly faults: readonly Fault[];
}

export function readConditions(block: unknown, path: string): ReadConditions {
    if (block === undefined) {
        return { tests: [], faults: [] };
    }
    if (!isObject(block)) {
        const fix = `Write "Condition": ${EXAMPLE_CONDITION}.`;
        return { tests: [], faults: [fault(path, `is ${kindOf(block)}, not an object`, fix)] };
    }
    const operators = membersOf(block).map(([operator, keys]) => readTests(operator, keys, key(path, operator)));
    return { tests: operators.flatMap((o) => o.tests), faults: operators.flatMap((o) => o.faults) };
}

/** The tests of one operator. */
function readTests(operator: string, keys: unknown, path: string): ReadConditions {
    if (!isObject(keys)) {
        const why = `is ${kindOf(keys)}, not an object of condition keys`;
        return { tests: [], faults: [fault(path, why, `Write ${EXAMPLE_CONDITION}.`)] };
    }
    const given = membersOf(keys).map(([name, values]) => ({ name, values, path: key(path, name) }));
    const isKnown = parseOperator(operator) !== undefined;
    return {
        tests: (isKnown ? given : []).map((g) => ({ operator, key: g.name, values: textsOf(g.values), path: g.path })),
        faults: [
            // IAM takes an operator that it does not know where it has nothing to compare.
            ...(isKnown || given.length === 0
                ? []
                : [
                      fault(
                          path,
                          `${quote(operator)} is no condition operator`,
                          `Write for example ${EXAMPLE_CONDITION}.`,
                      ),
                  ]),
            ...given.flatMap((g) => textFaults(g.values, g.path)),
        ],
    };
}

/** Values that are neither text nor what counts as text. */
function textFaults(value: unknown, path: string): readonly Fault[] {
    if (isText(value)) {
        return [];
    }
    const at = (i: number): string => (Array.isArray(value) ? `${path}[${String(i)}]` : path);
    return listOf(value).flatMap((v, i) =>
        isText(v) ? [] : [fault(at(i), `is ${kindOf(v)}, not text`, "Write text, or a list of texts.")],
    );
}

function statementOf(statement: Members, path: string, conditions: readonly ConditionTest[]): Statement {
    const { Sid: sid, Action: action, NotAction: notAction } = statement;
    return {
        path,
        sid: typeof sid === "string" ? sid : undefined,
        effect: statement["Effect"] as Statement["effect"],
        principals: principalsOf(statement["Principal"]),
        actions: textsOf(action ?? notAction),
        isNotAction: action === undefined,
        conditions,
    };
}

function principalsOf(principal: unknown): readonly Principal[] {
    return isObject(principal)
        ? membersOf(principal).map(([type, values]) => ({ type, values: textsOf(values) }))
        : [{ type: "*", values: textsOf(principal) }];
}

function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? Array.from<unknown>(value) : [value];
}

/** Numbers and booleans count as text, as IAM takes them. */
function isText(value: unknown): boolean {
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The texts of a value that may be one or a list. */
export function textsOf(value: unknown): readonly string[] {
    return listOf(value).filter(isText).map(String);
}
