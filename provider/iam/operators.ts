import type { ConditionTest } from "../trust/document";
import { type Context, matchesGlob, parseValue } from "./glob";
import { BlockList, isIP } from "node:net";

/** Compares one value of the request with one of the policy. */
type Comparison = (actual: string, expected: string, context: Context) => boolean;

const text =
    (fold: (s: string) => string): Comparison =>
    (actual, expected, context) => {
        const glob = parseValue(expected, context, false);
        return glob !== undefined && fold(actual) === fold(glob.join(""));
    };

const ordered =
    (parse: (s: string) => number, compare: (a: number, b: number) => boolean): Comparison =>
    (actual, expected) =>
        compare(parse(actual), parse(expected));

const like: Comparison = (actual, expected, context) => {
    const glob = parseValue(expected, context, true);
    return glob !== undefined && matchesGlob(glob, actual);
};

/** ARNs are compared part by part: no wildcard reaches over one of the first five colons. */
const arnLike: Comparison = (actual, expected, context) => {
    const glob = parseValue(expected, context, true);
    if (glob === undefined) {
        return false;
    }
    const [actualParts, expectedParts] = [arnParts(actual.split("")), arnParts(glob)];
    return (
        actualParts.length === ARN_PARTS &&
        expectedParts.length === ARN_PARTS &&
        actualParts.every((part, i) => matchesGlob(expectedParts[i]!, part.join("")))
    );
};

const ARN_PARTS = 6;

/** The text or pattern cut at its first five colons. */
function arnParts<T>(characters: readonly T[]): readonly (readonly T[])[] {
    const parts: T[][] = [[]];
    for (const c of characters) {
        if (c === ":" && parts.length < ARN_PARTS) {
            parts.push([]);
        } else {
            parts.at(-1)!.push(c);
        }
    }
    return parts;
}

const number = (s: string): number => (/^[-+]?\d*\.?\d+(?:[Ee][-+]?\d+)?$/.test(s) ? Number(s) : NaN);

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
    ["IpAddress", isInRange],
    ...orderings("Numeric", number),
    ...orderings("Date", date),
]);

/** The operators that are one of the positive ones turned around. */
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

function orderings(kind: string, parse: (s: string) => number): [string, Comparison][] {
    return [
        [`${kind}Equals`, ordered(parse, (a, b) => a === b)],
        [`${kind}LessThan`, ordered(parse, (a, b) => a < b)],
        [`${kind}LessThanEquals`, ordered(parse, (a, b) => a <= b)],
        [`${kind}GreaterThan`, ordered(parse, (a, b) => a > b)],
        [`${kind}GreaterThanEquals`, ordered(parse, (a, b) => a >= b)],
    ];
}

/** An operator taken apart. */
export interface Operator {
    readonly set: "ForAnyValue" | "ForAllValues" | undefined;
    /** The operator without `Not`, `IfExists` and set. */
    readonly base: string;
    readonly negated: boolean;
    readonly ifExists: boolean;
}

/** The parts of an operator, or undefined where IAM has no such operator. */
export function parseOperator(name: string): Operator | undefined {
    return OPERATORS.get(name);
}

/** Every operator that IAM has, by its whole name. */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
    ["Null", { set: undefined, base: "Null", negated: false, ifExists: false }],
    ...[...COMPARISONS.keys(), ...NEGATED.keys()].flatMap((full) =>
        ([undefined, "ForAnyValue", "ForAllValues"] as const).flatMap((set) =>
            [false, true].map((ifExists): [string, Operator] => {
                const base = NEGATED.get(full) ?? full;
                const name = `${set === undefined ? "" : `${set}:`}${full}${ifExists ? "IfExists" : ""}`;
                return [name, { set, base, negated: base !== full, ifExists }];
            }),
        ),
    ),
]);

/** Whether one condition is met. An operator that IAM does not know is never met. */
export function isMet({ operator, key, values }: ConditionTest, context: Context): boolean {
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
    if (set === "ForAnyValue") {
        return actual.some(matches);
    }
    if (set === "ForAllValues") {
        return actual.every(matches);
    }
    // A key with several values matches no operator that is made for one, and so every one that is turned around.
    return actual.length === 1 ? matches(actual[0]!) : negated;
}

function isInRange(actual: string, expected: string): boolean {
    const [, address, bits] = /^([^/]+)(?:\/(\d+))?$/.exec(expected) ?? [];
    if (address === undefined) {
        return false;
    }
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const range = new BlockList();
    try {
        range.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
    } catch {
        return false;
    }
    return range.check(actual, isIP(actual) === 6 ? "ipv6" : "ipv4");
}
