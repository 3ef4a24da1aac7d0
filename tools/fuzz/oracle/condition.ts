import type { Context } from "./context";
import { compareDates } from "./date";
import { compareNumbers } from "./decimal";
import { inRange } from "./ip";
import { arnLike, equal, equalIgnoringCase, joined, like, substitute, type Value } from "./text";
import { agreed, all, any, not, type Truth } from "./truth";

interface Operator {
    /** Whether variables are replaced; "unspecified" where two of AWS's pages say the opposite of each other. */
    readonly variables: "yes" | "no" | "unspecified";
    readonly negated: boolean;
    /** One value of the request against one of the policy, before negation. */
    readonly matches: (request: string, policy: NonNullable<Value>) => Truth;
}

/** "IAM JSON policy elements: Condition operators". */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
    ...family("yes", [
        ["StringEquals", "StringNotEquals", equal],
        ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", equalIgnoringCase],
        ["StringLike", "StringNotLike", like],
        ["ArnEquals", "ArnNotEquals", arnLike],
        ["ArnLike", "ArnNotLike", arnLike],
    ]),
    ...ordered("Numeric", compareNumbers),
    ...ordered("Date", compareDates),
    ...family("no", [
        ["IpAddress", "NotIpAddress", (request, policy) => inRange(request, joined(policy))],
        ["BinaryEquals", undefined, (request, policy) => sameBytes(request, joined(policy))],
    ]),
    ...family("unspecified", [["Bool", undefined, (request, policy) => sameBoolean(request, joined(policy))]]),
]);

type Row = readonly [positive: string, negated: string | undefined, matches: Operator["matches"]];

function family(variables: Operator["variables"], rows: readonly Row[]): [string, Operator][] {
    return rows.flatMap(([positive, negated, matches]): [string, Operator][] => [
        [positive, { variables, negated: false, matches }],
        ...(negated === undefined ? [] : [[negated, { variables, negated: true, matches }] as [string, Operator]]),
    ]);
}

function ordered(type: string, compare: typeof compareNumbers): [string, Operator][] {
    const row = (name: string, negated: string | undefined, holds: (order: number) => boolean): Row => [
        `${type}${name}`,
        negated && `${type}${negated}`,
        (request, policy) => compare(request, joined(policy), holds),
    ];
    return family("no", [
        row("Equals", "NotEquals", (order) => order === 0),
        row("LessThan", undefined, (order) => order < 0),
        row("LessThanEquals", undefined, (order) => order <= 0),
        row("GreaterThan", undefined, (order) => order > 0),
        row("GreaterThanEquals", undefined, (order) => order >= 0),
    ]);
}

/** "true" or "false"; other spellings are not said. */
function sameBoolean(request: string, policy: string): Truth {
    const known = [request, policy].every((value) => value === "true" || value === "false");
    return known ? request === policy : undefined;
}

/**
 * The text compares the key's bytes with the decoded value of the policy; the table beside it shows the request's value in base64 too.
 * A token has text, so both readings have to say the same.
 */
function sameBytes(request: string, policy: string): Truth {
    const decoded = Buffer.from(policy, "base64");
    if (decoded.toString("base64") !== policy) {
        return undefined;
    }
    return agreed([decoded.equals(Buffer.from(request, "utf8")), request === policy]);
}

interface Qualified {
    readonly set: "ForAllValues" | "ForAnyValue" | undefined;
    readonly name: string;
    readonly ifExists: boolean;
}

function parse(operator: string): Qualified | undefined {
    const [, set, name, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(operator) ?? [];
    return name === undefined ? undefined : { set: set as Qualified["set"], name, ifExists: ifExists !== undefined };
}

export interface Condition {
    readonly operator: string;
    readonly key: string;
    /** At least one; a boolean or number of the document as its text. */
    readonly values: readonly string[];
}

export function conditionHolds(condition: Condition, version: string, context: Context): Truth {
    const qualified = parse(condition.operator);
    const present = context.valuesOf(condition.key);
    if (qualified === undefined || present === undefined || condition.values.length === 0) {
        return undefined;
    }
    if (qualified.name === "Null") {
        return nullHolds(qualified, condition.values, present);
    }
    const operator = OPERATORS.get(qualified.name);
    const values = operator && policyValues(operator, condition.values, version, context);
    if (operator === undefined || values === undefined) {
        return undefined;
    }
    const known = values.filter((value) => value !== null);
    const truth =
        present === null ? absent(qualified, operator) : holds({ qualified, operator, present, values: known });
    // "Policy variables with no value": the value matches nothing, and "the policy statement does not take effect", which
    // does not say what another value of the list is worth.
    const undecided = known.length < values.length && !operator.negated && !(present === null && qualified.ifExists);
    return undecided && truth === true ? undefined : truth;
}

/** Undefined where one of the values has no meaning that AWS describes. */
function policyValues(
    { variables }: Operator,
    values: readonly string[],
    version: string,
    context: Context,
): readonly (NonNullable<Value> | null)[] | undefined {
    const texts = values.map((text): Value => {
        if (variables === "yes") {
            return substitute(text, version, context);
        }
        return text.includes("${") ? undefined : [{ text, wildcards: "yes" }];
    });
    return texts.every((value) => value !== undefined) ? texts : undefined;
}

/** "true" (the key does not exist) or "false" (it exists and its value is not null). Not said: both, other spellings, empty values. */
function nullHolds({ set, ifExists }: Qualified, values: readonly string[], present: readonly string[] | null): Truth {
    const [expected, ...more] = new Set(values);
    if (set !== undefined || ifExists || more.length > 0 || (expected !== "true" && expected !== "false")) {
        return undefined;
    }
    return present !== null && isNull(present) ? undefined : (present === null) === (expected === "true");
}

/** "A null dataset, such as an empty string". */
function isNull(values: readonly string[]): boolean {
    return values.length === 0 || (values.length === 1 && values[0] === "");
}

/**
 * IfExists: "If the key is not present, evaluate the condition element as true."
 * ForAllValues: "true if there are no context keys"; ForAnyValue: "For no matching context key [...] false".
 * Else: false, and true for an operator that "requires that the key is not matched".
 * A table under "Wildcard matching" has ForAllValues:StringNotLike without its key as "No match"; its other rows are the
 * opposite of the operator's description too, and "Multivalued context key examples" has it as "Match".
 */
function absent({ set, ifExists }: Qualified, { negated }: Operator): Truth {
    return ifExists || (set === undefined ? negated : set === "ForAllValues");
}

interface Comparison {
    readonly qualified: Qualified;
    readonly operator: Operator;
    readonly present: readonly string[];
    readonly values: readonly NonNullable<Value>[];
}

/**
 * "Conditions with multiple context keys or values": several values of a policy are OR, and NOR of a negated operator.
 * "Multivalued string condition operators": ForAllValues and ForAnyValue of each operator, negated ones too.
 */
function holds({ qualified: { set, ifExists }, operator, present, values }: Comparison): Truth {
    if (set !== undefined && isNull(present)) {
        const truth = set === "ForAllValues";
        return ifExists ? agreed([truth, true]) : truth; // IfExists: "present" with no value?
    }
    if (set === undefined ? present.length !== 1 : present.includes("")) {
        return undefined; // "Multivalued context keys require a condition set operator."
    }
    const each = present.map((request) => {
        const truth = any(values.map((value) => operator.matches(request, value)));
        return operator.negated ? not(truth) : truth;
    });
    return set === "ForAnyValue" ? any(each) : all(each);
}
