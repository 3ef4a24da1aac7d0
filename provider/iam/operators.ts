import { fillIn, matchesGlob, parsePattern, splitGlob, variablesOf } from "./glob";
import { isInIpRange, isIpRange } from "./ip-range";
import type { PartialContext, RequestContext } from "./request-context";
import type { Truth } from "./truth";

/** Compares one value of the request with one of the policy. */
type Comparison = (actual: string, expected: string, context: RequestContext) => boolean;

const text =
    (fold: (s: string) => string): Comparison =>
    (actual, expected, context) => {
        const filled = fillIn(expected, context);
        return filled !== undefined && fold(actual) === fold(filled);
    };

const ordered =
    (parse: (s: string) => number, compare: (a: number, b: number) => boolean): Comparison =>
    (actual, expected) =>
        compare(parse(actual), parse(expected));

const like: Comparison = (actual, expected, context) => {
    const glob = parsePattern(expected, context);
    return glob !== undefined && matchesGlob(glob, actual);
};

/** ARNs are compared part by part: no wildcard reaches over one of the first five colons. */
const arnLike: Comparison = (actual, expected, context) => {
    const glob = parsePattern(expected, context);
    if (glob === undefined) {
        return false;
    }
    const actualParts = arnParts(actual);
    const expectedParts = splitGlob(glob, ARN_PARTS);
    return (
        actualParts.length === ARN_PARTS &&
        expectedParts.length === ARN_PARTS &&
        actualParts.every((part, i) => matchesGlob(expectedParts[i]!, part))
    );
};

const ARN_PARTS = 6;

/** The text cut at its first five colons. */
function arnParts(arn: string): readonly string[] {
    const parts = arn.split(":");
    return parts.length < ARN_PARTS ? parts : [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(":")];
}

const number = (s: string): number => (/^[-+]?(?:\d+|\d*\.\d+)(?:[Ee][-+]?\d+)?$/.test(s) ? Number(s) : NaN);

/** Milliseconds since 1970 of seconds since then, or of a date in one of W3C's forms; without a zone it is in UTC, wherever this runs. */
function date(s: string): number {
    if (/^\d{5,}(\.\d+)?$/.test(s)) {
        return Number(s) * 1000;
    }
    const form = /^\d{4}(?:-\d\d(?:-\d\d)?)?(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?$/.exec(s);
    return form === null ? NaN : Date.parse(form[1] !== undefined && form[2] === undefined ? `${s}Z` : s);
}

/** The positive operators by name. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
    ["StringEquals", text((s) => s)],
    ["StringEqualsIgnoreCase", text((s) => s.toLowerCase())],
    ["StringLike", like],
    ["ArnEquals", arnLike],
    ["ArnLike", arnLike],
    ["BinaryEquals", (actual: string, expected: string) => actual === expected],
    ["Bool", (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase()],
    ["IpAddress", isInIpRange],
    ...orderings("Numeric", number),
    ...orderings("Date", date),
]);

/** The negated operators, each with its positive one. */
const NEGATED: ReadonlyMap<string, string> = new Map([
    ["StringNotEquals", "StringEquals"],
    ["StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"],
    ["StringNotLike", "StringLike"],
    ["NumericNotEquals", "NumericEquals"],
    ["DateNotEquals", "DateEquals"],
    ["NotIpAddress", "IpAddress"],
    ["ArnNotEquals", "ArnEquals"],
    ["ArnNotLike", "ArnLike"],
]);

/** The names of all operators, without set and `IfExists`. */
export const OPERATORS: readonly string[] = [...COMPARISONS.keys(), ...NEGATED.keys(), "Null"];

function orderings(kind: string, parse: (s: string) => number): [string, Comparison][] {
    return [
        [`${kind}Equals`, ordered(parse, (a, b) => a === b)],
        [`${kind}LessThan`, ordered(parse, (a, b) => a < b)],
        [`${kind}LessThanEquals`, ordered(parse, (a, b) => a <= b)],
        [`${kind}GreaterThan`, ordered(parse, (a, b) => a > b)],
        [`${kind}GreaterThanEquals`, ordered(parse, (a, b) => a >= b)],
    ];
}

/** One test of a condition block: operator and key, met by any of the values. */
export interface KeyTest {
    readonly operator: string;
    readonly key: string;
    readonly values: readonly string[];
}

/** The parts of an operator. */
export interface Operator {
    readonly set: "ForAnyValue" | "ForAllValues" | undefined;
    /** The operator without `Not`, `IfExists` and set. */
    readonly base: string;
    readonly negated: boolean;
    readonly ifExists: boolean;
}

/** Every operator in every form, with its parts. */
const PARTS: ReadonlyMap<string, Operator> = new Map([
    ["Null", { set: undefined, base: "Null", negated: false, ifExists: false }],
    ...[...[...COMPARISONS.keys()].map((name) => [name, name] as const), ...NEGATED].flatMap(([name, base]) =>
        [undefined, "ForAnyValue" as const, "ForAllValues" as const].flatMap((set) =>
            [false, true].map((ifExists): [string, Operator] => [
                `${set === undefined ? "" : `${set}:`}${name}${ifExists ? "IfExists" : ""}`,
                { set, base, negated: base !== name, ifExists },
            ]),
        ),
    ),
]);

/** The parts of an operator, or undefined if IAM has no such operator. */
export function parseOperator(name: string): Operator | undefined {
    return PARTS.get(name);
}

/** The form of an operator's values, if it compares more than strings; undefined if any value is valid. */
export function shapeOfValues({ base }: Operator): ValueShape | undefined {
    return base.startsWith("String") ? undefined : SHAPES.find(({ operators }) => operators.test(base));
}

/** Values that an operator can compare. */
interface ValueShape {
    readonly operators: RegExp;
    /** The name of such a value. */
    readonly name: string;
    readonly example: string;
    readonly fits: (value: string) => boolean;
}

const SHAPES: readonly ValueShape[] = [
    { operators: /^(?:Bool|Null)$/, name: "true or false", example: "true", fits: (s) => /^(?:true|false)$/i.test(s) },
    { operators: /^Numeric/, name: "a number", example: "3600", fits: (s) => !Number.isNaN(number(s)) },
    { operators: /^Date/, name: "a date", example: "2030-01-31T00:00:00Z", fits: (s) => !Number.isNaN(date(s)) },
    { operators: /^IpAddress$/, name: "an IP address or a range of them", example: "203.0.113.0/24", fits: isIpRange },
    {
        operators: /^Arn/,
        name: "an ARN",
        example: "arn:aws:iam::111122223333:role/deploy",
        fits: (s) => s === "*" || s.split(":").length >= ARN_PARTS,
    },
];

/** Whether one condition is met. An operator that IAM does not know is never met. */
export function isMet({ operator, key, values }: KeyTest, context: RequestContext): boolean {
    const parsed = parseOperator(operator);
    if (parsed === undefined) {
        return false;
    }
    const { set, base, negated, ifExists } = parsed;
    const actual = context.get(key.toLowerCase());
    if (base === "Null") {
        return values.some((v) => (v.toLowerCase() === "true") === (actual === undefined));
    }
    if (actual === undefined) {
        return ifExists || set === "ForAllValues" || (negated && set !== "ForAnyValue");
    }
    const compare = COMPARISONS.get(base)!;
    const matches = (value: string): boolean =>
        values.some((expected) => compare(value, expected, context)) !== negated;
    if (set !== undefined) {
        // "A null dataset, such as an empty string" has nothing to match.
        const values = actual.length === 1 && actual[0] === "" ? [] : actual;
        return set === "ForAnyValue" ? values.some(matches) : values.every(matches);
    }
    // A key with several values meets no operator for a single value, and so meets every negated one.
    return actual.length === 1 ? matches(actual[0]!) : negated;
}

/** Whether one condition is met by a call of which only some keys are known. */
export function truthOf(test: KeyTest, { context, isKnown }: PartialContext): Truth {
    const parsed = parseOperator(test.operator);
    const key = test.key.toLowerCase();
    if (parsed !== undefined && !isKnown(key)) {
        return undefined;
    }
    const isDecided = (value: string): boolean => variablesOf(value).every(isKnown);
    const values = test.values.filter(isDecided);
    if (parsed === undefined || values.length === test.values.length || !context.has(key)) {
        return isMet(test, context);
    }
    // A further value can only add a match. That meets a positive condition and fails a negated one.
    const met = isMet({ ...test, values }, context);
    return met === parsed.negated ? undefined : met;
}
