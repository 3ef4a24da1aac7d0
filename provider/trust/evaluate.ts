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
    const admitted = results.some((r) => r.applies && r.statement.effect === "Allow");
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
    (actual, expected) => {
        const [a, b] = [parse(actual), parse(expected)];
        return !Number.isNaN(a) && !Number.isNaN(b) && compare(a, b);
    };

const like: Comparison = (actual, expected, context) => {
    const glob = parseValue(expected, context, true);
    return glob !== undefined && matchesGlob(glob, actual);
};

const number = (s: string): number => (s.trim() === "" ? NaN : Number(s));
const date = (s: string): number => (/^\d+(\.\d+)?$/.test(s) ? Number(s) * 1000 : Date.parse(s));

/** The positive operators by name; `Not` before what is compared turns an operator around. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
    StringEquals: text((s) => s),
    StringEqualsIgnoreCase: text((s) => s.toLowerCase()),
    StringLike: like,
    ArnEquals: like,
    ArnLike: like,
    BinaryEquals: (actual, expected) => actual === expected,
    Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
    IpAddress: isInRange,
    ...orderings("Numeric", number),
    ...orderings("Date", date),
};

function orderings(kind: string, parse: (s: string) => number): Record<string, Comparison> {
    return {
        [`${kind}Equals`]: ordered(parse, (a, b) => a === b),
        [`${kind}LessThan`]: ordered(parse, (a, b) => a < b),
        [`${kind}LessThanEquals`]: ordered(parse, (a, b) => a <= b),
        [`${kind}GreaterThan`]: ordered(parse, (a, b) => a > b),
        [`${kind}GreaterThanEquals`]: ordered(parse, (a, b) => a >= b),
    };
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
    const match = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name);
    const full = match?.[2];
    if (full === undefined) {
        return undefined;
    }
    const base = full.startsWith("Not") ? full.slice(3) : full.replace(/^(String|Numeric|Date|Arn)Not/, "$1");
    if (full !== "Null" && COMPARISONS[base] === undefined) {
        return undefined;
    }
    return {
        set: match?.[1] as Operator["set"],
        base,
        negated: base !== full,
        ifExists: match?.[3] !== undefined,
    };
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
        return negated || ifExists || set === "ForAllValues";
    }
    const matches = (value: string): boolean =>
        values.some((expected) => COMPARISONS[base]!(value, expected, context)) !== negated;
    if (set === "ForAnyValue") {
        return actual.some(matches);
    }
    if (set === "ForAllValues") {
        return actual.every(matches);
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
        } else if (/^\$\{[*?$]\}$/.test(part)) {
            glob.push(part[2]!);
        } else if (part.startsWith("${") && part.endsWith("}")) {
            const filled = context.get(part.slice(2, -1).toLowerCase());
            if (filled?.length !== 1) {
                return undefined;
            }
            glob.push(...filled[0]!.split(""));
        } else {
            glob.push(...part.split(""));
        }
    }
    return glob;
}

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
        if (g < glob.length && glob[g] === ANY) {
            star = g;
            g += 1;
            retry = v;
        } else if (g < glob.length && (glob[g] === ONE || glob[g] === value[v])) {
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
    const [address, bits] = expected.split("/");
    const family = isIP(address!) === 6 ? "ipv6" : "ipv4";
    const range = new BlockList();
    try {
        range.addSubnet(address!, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
    } catch {
        return false;
    }
    return isIP(actual) !== 0 && range.check(actual, isIP(actual) === 6 ? "ipv6" : "ipv4");
}
