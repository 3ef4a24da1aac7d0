import { BlockList, isIP } from "node:net";
import { issuerOf } from "./issuer-url";
import { parseProviderArn } from "./arn";
import type { ConditionTest, Statement } from "./document";

/** What AWS sees of a call of AssumeRoleWithWebIdentity: the token's issuer and the values of the condition keys. */
export interface WebIdentityRequest {
    /** The token's `iss`. */
    readonly issuer: string;
    /** Condition keys in lower case; a key that is not in the request is not here. */
    readonly context: ReadonlyMap<string, readonly string[]>;
}

/** How one condition came out. */
export interface ConditionResult {
    readonly test: ConditionTest;
    readonly met: boolean;
    /** What the request has for the key; undefined where it has none. */
    readonly actual: readonly string[] | undefined;
}

export interface StatementResult {
    readonly statement: Statement;
    /** Whether the statement is about this call at all, conditions aside. */
    readonly principalMatches: boolean;
    readonly actionMatches: boolean;
    readonly conditions: readonly ConditionResult[];
    readonly applies: boolean;
}

export interface Evaluation {
    readonly allowed: boolean;
    /** The Deny statement that overrules, where there is one. */
    readonly deniedBy: StatementResult | undefined;
    readonly statements: readonly StatementResult[];
}

const ACTION = "sts:AssumeRoleWithWebIdentity";

/**
 * Whether a trust policy admits a call: some Allow applies and no Deny does.
 * Source: AWS, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
 */
export function evaluate(statements: readonly Statement[], request: WebIdentityRequest): Evaluation {
    const results = statements.map((statement) => evaluateStatement(statement, request));
    const deniedBy = results.find((r) => r.applies && r.statement.effect === "Deny");
    const admitted = results.some((r) => r.applies);
    return { allowed: admitted && deniedBy === undefined, deniedBy, statements: results };
}

function evaluateStatement(statement: Statement, request: WebIdentityRequest): StatementResult {
    const principalMatches = matchesPrincipal(statement, request.issuer);
    const named = statement.actions.some((action) =>
        matchesGlob(literalGlob(action.toLowerCase()), ACTION.toLowerCase()),
    );
    const actionMatches = named !== statement.isNotAction;
    const conditions = statement.conditions.map((test) => ({
        test,
        met: isMet(test, request.context),
        actual: request.context.get(test.key.toLowerCase()),
    }));
    return {
        statement,
        principalMatches,
        actionMatches,
        conditions,
        applies: principalMatches && actionMatches && conditions.every((c) => c.met),
    };
}

function matchesPrincipal({ principals }: Statement, issuer: string): boolean {
    return principals.some(({ type, values }) =>
        type === "Federated"
            ? values.some((arn) => parseProviderArn(arn)?.issuer === issuerOf(issuer))
            : (type === "*" || type === "AWS") && values.includes("*"),
    );
}

type Context = WebIdentityRequest["context"];

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
    if (name === "Null") {
        return { set: undefined, base: name, negated: false, ifExists: false };
    }
    const match = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name);
    if (match === null) {
        return undefined;
    }
    const [, set, full, ifExists] = match;
    const base = NEGATED.get(full!) ?? full!;
    return COMPARISONS.has(base)
        ? { set: set as Operator["set"], base, negated: base !== full, ifExists: ifExists !== undefined }
        : undefined;
}

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
    if (set !== undefined) {
        // "A null dataset, such as an empty string" has nothing to match.
        const values = actual.length === 1 && actual[0] === "" ? [] : actual;
        return set === "ForAnyValue" ? values.some(matches) : values.every(matches);
    }
    // A key with several values matches no operator that is made for one, and so every one that is turned around.
    return actual.length === 1 ? matches(actual[0]!) : negated;
}

const ANY = Symbol("*");
const ONE = Symbol("?");

/** A pattern as its characters and wildcards. */
type Glob = readonly (string | symbol)[];

/** The policy's value with its variables filled in, or undefined where one of them has no value: then nothing matches. */
function parseValue(value: string, context: Context, patterns: boolean): Glob | undefined {
    const glob: (string | symbol)[] = [];
    for (const part of value.split(/(\$\{[^}]*\}|[*?])/)) {
        if (patterns && (part === "*" || part === "?")) {
            glob.push(part === "*" ? ANY : ONE);
        } else if (/^\$\{[*?$]\}/.test(part)) {
            glob.push(part[2]!);
        } else if (part.startsWith("${") && part.endsWith("}")) {
            const filled = variable(part.slice(2, -1), context);
            if (filled === undefined) {
                return undefined;
            }
            glob.push(...filled.split(""));
        } else {
            glob.push(...part.split(""));
        }
    }
    return glob;
}

/** What `${key}` or `${key, 'default'}` stands for, given without the braces. */
function variable(reference: string, context: Context): string | undefined {
    const [name] = reference.split(",", 1);
    const actual = context.get(name!.trim().toLowerCase());
    return actual?.length === 1 ? actual[0] : /^'([^']*)'$/.exec(reference.slice(name!.length + 1).trim())?.[1];
}

/** The pattern with its escapes read; a policy variable stands for itself. */
export function patternGlob(pattern: string): Glob {
    return parseValue(pattern, NO_VARIABLES, true) ?? literalGlob(pattern);
}

const NO_VARIABLES: Context = new Map();

/** A pattern without variables. */
export function literalGlob(pattern: string): Glob {
    return pattern.split("").map((c) => (c === "*" ? ANY : c === "?" ? ONE : c));
}

/** Whether the pattern matches all of the text, in time that does not grow beyond their lengths' product. */
export function matchesGlob(glob: Glob, value: string): boolean {
    let g = 0;
    let v = 0;
    let star = -1;
    let retry = 0;
    while (v < value.length) {
        if (glob[g] === ANY) {
            star = g;
            g += 1;
            retry = v;
        } else if (glob[g] === ONE || glob[g] === value[v]) {
            g += 1;
            v += 1;
        } else if (star >= 0) {
            retry += 1;
            v = retry;
            g = star + 1;
        } else {
            return false;
        }
    }
    return glob.slice(g).every((part) => part === ANY);
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
