import { duplicateKeys } from "../contract/duplicate-keys";
import { findingOf } from "../contract/findings";
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
    /** Its path: `Statement[0].Condition["StringEquals"]["gitlab.com:sub"]`. */
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
    /** Whether the statement is about every action but `actions`. */
    readonly isNotAction: boolean;
    readonly conditions: readonly ConditionTest[];
}

/** A trust policy as far as it can be read. */
interface ParsedTrustPolicy {
    /** Without statements whose effect, principal or action cannot be read. */
    readonly statements: readonly Statement[];
    /** Everything for which IAM would reject the policy. */
    readonly findings: readonly Finding[];
    /** Where the policy was; left out if there is none. */
    readonly found?: FoundPolicy;
}

/** The version that policies are written in, and the version that IAM assumes if there is none. */
export const VERSION = "2012-10-17";
const OLD_VERSION = "2008-10-17";

/** Most characters of a policy in a request to IAM, including white space. Sources: AWS, "CreateRole" and "CreatePolicy". */
export const LARGEST = 131_072;

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
    const given = statementsIn(object);
    const hasVariables = supportsVariables(object);
    const statements = given.map(([statement, path]) => readStatement(statement, path, hasVariables));
    const faults = [
        ...repeatedKeys(found, object),
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
        // Its text was parsed: nothing in it that JSON does not have, and its depth is known.
        return isObject(document) ? { object: document } : { fault: "is JSON, but not an object" };
    }
    return takeJsonObject(document, LARGEST);
}

/** The keys that appear twice in one object of the policy's text, as faults. Compact text has every key once, which is quicker to see than to search. */
export function repeatedKeys({ text, path }: Pick<FoundPolicy, "text" | "path">, object: Members): readonly Fault[] {
    if (text === undefined || (path === "" && JSON.stringify(object) === text)) {
        return [];
    }
    const above = path === "" ? "" : `${path}.`;
    const within = duplicateKeys(text).flatMap((name) => (name.startsWith(above) ? [name.slice(above.length)] : []));
    return within.map((name) => fault(name, "appears twice in one object", "Merge the two into one."));
}

/** Why IAM rejects the policy, and what to write. */
type Fault = Pick<Finding, "path" | "message" | "fix">;

function rejected(statements: readonly Statement[], faults: readonly Fault[]): ParsedTrustPolicy {
    const findings = faults.map(({ path, message, fix }) => findingOf("policy-document", path, message, fix));
    return { statements, findings };
}

function fault(path: string, why: string, fix: string): Fault {
    return { path, message: `${why}, so IAM rejects the policy.`, fix };
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
        faults.push(fault("Id", `is ${kindOf(id)}, not a string`, "Use a string, or leave it out."));
    }
    if (Array.isArray(statement) && statement.length === 0) {
        faults.push(fault("Statement", "is empty", "Add a statement that allows your jobs."));
    }
    return faults;
}

type Placed = readonly [statement: unknown, path: string];

/** The statements of a policy of any kind, each with its path. */
export function statementsIn({ Statement: statement }: Members): readonly Placed[] {
    if (Array.isArray(statement)) {
        return Array.from(statement, (inner: unknown, i) => [inner, `Statement[${String(i)}]`]);
    }
    return statement === undefined ? [] : [[statement, "Statement"]];
}

/** Whether the policy has variables. In the old version of the policy language, `${` is text. */
export function supportsVariables({ Version: version }: Members): boolean {
    return version === VERSION;
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
    const { tests, faults } = conditionsIn(statement, path, hasVariables);
    return {
        statements: about.length === 0 ? [statementOf(statement, path, tests)] : [],
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
                "is not allowed in a trust policy, whose resource is always the role itself",
                "Leave it out.",
            ),
        );
}

/** Faults of the effect, principal and action of a statement. */
function aboutFaults(statement: Members, path: string): readonly Fault[] {
    const { Effect: effect } = statement;
    return [
        ...(effect === "Allow" || effect === "Deny"
            ? []
            : [
                  fault(
                      `${path}.Effect`,
                      'is neither "Allow" nor "Deny"',
                      'Write "Allow" or "Deny", with a capital first letter.',
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
                `is not an element of a ${path === "" ? "policy" : "statement"}`,
                meant === undefined ? `Remove it. Elements are ${known.join(", ")}.` : `Write "${meant}".`,
            );
        });
}

/** Faults of the IDs of statements. An empty one counts as none. */
export function sidFaults(statements: readonly Placed[]): readonly Fault[] {
    const owners = new Map<string, string>();
    return statements.flatMap(([statement, path]) => {
        const sid = isObject(statement) ? (statement["Sid"] ?? "") : "";
        const at = `${path}.Sid`;
        if (typeof sid !== "string") {
            return [fault(at, `is ${kindOf(sid)}, not a string`, "Use a string, or leave it out.")];
        }
        const owner = owners.get(sid);
        owners.set(sid, owner ?? path);
        return sid === "" || owner === undefined
            ? []
            : [fault(at, `${quote(sid)} is also the Sid of ${owner}`, "Use a different Sid, or leave it out.")];
    });
}

const PRINCIPAL_TYPES = ["AWS", "Federated", "Service", "CanonicalUser"];

function principalFaults(statement: Members, path: string): readonly Fault[] {
    const { Principal: principal, NotPrincipal: notPrincipal } = statement;
    const at = `${path}.Principal`;
    const write = `Write "Principal": ${EXAMPLE_PRINCIPAL}.`;
    if (notPrincipal !== undefined) {
        return [fault(`${path}.NotPrincipal`, "is not allowed in a trust policy", write)];
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
            : [fault(property(at, type), `is not a type of principal`, `Types are ${PRINCIPAL_TYPES.join(", ")}.`)],
    );
}

function actionFaults(statement: Members, path: string): readonly Fault[] {
    const { Action: action, NotAction: notAction } = statement;
    const [name, values] =
        action === undefined && notAction !== undefined ? ["NotAction", notAction] : ["Action", action];
    const at = `${path}.${name}`;
    const write = `Write ${EXAMPLE_ACTION}.`;
    if (action !== undefined && notAction !== undefined) {
        return [fault(`${path}.NotAction`, "is set in addition to `Action`", "Remove one of the two.")];
    }
    if (values === undefined || (Array.isArray(values) && values.length === 0)) {
        return [fault(at, values === undefined ? "is missing" : "is empty", write)];
    }
    return [
        ...textFaults(values, at),
        ...textsOf(name === "Action" ? values : [])
            .filter(isOfAnotherService)
            .map((a) => fault(at, `has ${quote(a)}, which is not an action of STS`, write)),
    ];
}

/** Whether the action certainly belongs to another service than STS. How IAM treats a wildcard in the service's name is not documented. */
function isOfAnotherService(action: string): boolean {
    const [service, name] = action.split(":", 2);
    return !/[*?]/.test(service!) && (name === undefined || service!.toLowerCase() !== "sts");
}

interface ReadConditions {
    /** Without those whose operator IAM does not know. */
    readonly tests: readonly ConditionTest[];
    readonly faults: readonly Fault[];
}

/** The conditions of a statement in a policy of any kind. `example` is a valid block of conditions, for fixes. */
export function conditionsIn(
    { Condition: block }: Members,
    path: string,
    hasVariables: boolean,
    example = EXAMPLE_CONDITION,
): ReadConditions {
    const { tests, faults } = readConditions(block, `${path}.Condition`, example);
    return {
        tests: hasVariables ? tests : tests.map((test) => ({ ...test, values: test.values.map(escapeDollar) })),
        faults,
    };
}

function readConditions(block: unknown, path: string, example: string): ReadConditions {
    if (block === undefined) {
        return { tests: [], faults: [] };
    }
    if (!isObject(block)) {
        const fix = `Write "Condition": ${example}.`;
        return { tests: [], faults: [fault(path, `is ${kindOf(block)}, not an object`, fix)] };
    }
    const operators = membersOf(block).map(([operator, keys]) =>
        readTests([operator, keys], key(path, operator), example),
    );
    return { tests: operators.flatMap((o) => o.tests), faults: operators.flatMap((o) => o.faults) };
}

/** The tests of one operator. */
function readTests([operator, keys]: readonly [string, unknown], path: string, example: string): ReadConditions {
    if (!isObject(keys)) {
        const why = `is ${kindOf(keys)}, not an object of condition keys`;
        return { tests: [], faults: [fault(path, why, `Write ${example}.`)] };
    }
    const given = membersOf(keys).map(([name, values]) => ({ name, values, path: key(path, name) }));
    const isKnown = parseOperator(operator) !== undefined;
    return {
        tests: (isKnown ? given : []).map((g) => ({ operator, key: g.name, values: textsOf(g.values), path: g.path })),
        faults: [
            // IAM accepts an unknown operator that has nothing to compare.
            ...(isKnown || given.length === 0
                ? []
                : [fault(path, `${quote(operator)} is not a condition operator`, `Use, for example, ${example}.`)]),
            ...given.flatMap((g) => textFaults(g.values, g.path)),
        ],
    };
}

/** Values that are not strings and do not count as strings. */
function textFaults(value: unknown, path: string): readonly Fault[] {
    if (isText(value)) {
        return [];
    }
    const at = (i: number): string => (Array.isArray(value) ? `${path}[${String(i)}]` : path);
    return listOf(value).flatMap((v, i) =>
        isText(v) ? [] : [fault(at(i), `is ${kindOf(v)}, not a string`, "Use a string or an array of strings.")],
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

/** Numbers and booleans count as strings, as in IAM. */
function isText(value: unknown): boolean {
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The strings of a value that is one string or an array of them. */
export function textsOf(value: unknown): readonly string[] {
    return listOf(value).filter(isText).map(String);
}
