import { issuerOf } from "../gitlab/issuer-url";
import { parseProviderArn } from "../iam/arn";
import { isMet, truthOf } from "../iam/operators";
import type { PartialContext, RequestContext } from "../iam/request-context";
import { all, any, not, type Truth } from "../iam/truth";
import type { ConditionTest, Statement } from "./document";
import { coversWebIdentity } from "./statement";

/** A call of AssumeRoleWithWebIdentity as AWS evaluates it: the token's issuer and the values of the condition keys. */
export interface WebIdentityRequest {
    /** The token's `iss`. */
    readonly issuer: string;
    readonly context: RequestContext;
}

/** A call of which only some condition keys are known. */
export interface PartialRequest extends PartialContext {
    /** The token's `iss`. */
    readonly issuer: string;
}

/** The result of one condition. */
export interface ConditionResult<T extends Truth = boolean> {
    readonly test: ConditionTest;
    readonly met: T;
    /** The values that the request has for the key; undefined if it has none. */
    readonly actual: readonly string[] | undefined;
}

export interface StatementResult<T extends Truth = boolean> {
    readonly statement: Statement;
    /** Whether the statement is about this call at all, conditions aside. */
    readonly principalMatches: boolean;
    readonly actionMatches: boolean;
    readonly conditions: readonly ConditionResult<T>[];
    readonly applies: T | boolean;
}

export interface Evaluation<T extends Truth = boolean> {
    readonly allowed: T | boolean;
    /** The Deny statement that overrules, if there is one. */
    readonly deniedBy: StatementResult<T> | undefined;
    readonly statements: readonly StatementResult<T>[];
}

/**
 * Whether a trust policy allows a call: an Allow applies and no Deny does.
 * Source: AWS, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
 */
export function evaluate(statements: readonly Statement[], { issuer, context }: WebIdentityRequest): Evaluation {
    return evaluateBy(statements, issuer, (test) => ({ met: isMet(test, context), actual: actualOf(test, context) }));
}

/** The same for a call of which only some condition keys are known: true and false are certain for any values of the others. */
export function evaluatePartly(statements: readonly Statement[], request: PartialRequest): Evaluation<Truth> {
    const { issuer, context } = request;
    return evaluateBy(statements, issuer, (test) => ({
        met: truthOf(test, request),
        actual: actualOf(test, context),
    }));
}

type Test<T extends Truth> = (test: ConditionTest) => Omit<ConditionResult<T>, "test">;

function actualOf({ key }: ConditionTest, context: RequestContext): readonly string[] | undefined {
    return context.get(key.toLowerCase());
}

function evaluateBy<T extends Truth>(statements: readonly Statement[], issuer: string, test: Test<T>): Evaluation<T> {
    const results = statements.map((statement) => evaluateStatement(statement, issuer, test));
    const [allows, denies] = (["Allow", "Deny"] as const).map((effect) =>
        results.filter((r) => r.statement.effect === effect),
    );
    return {
        allowed: all([anyApplies(allows!), not(anyApplies(denies!))]),
        deniedBy: denies!.find((r) => r.applies === true),
        statements: results,
    };
}

function anyApplies<T extends Truth>(results: readonly StatementResult<T>[]): T | boolean {
    return any(results.map((r) => r.applies));
}

function evaluateStatement<T extends Truth>(statement: Statement, issuer: string, test: Test<T>): StatementResult<T> {
    const principalMatches = matchesPrincipal(statement, issuer);
    const actionMatches = coversWebIdentity(statement);
    const conditions = statement.conditions.map((t) => ({ test: t, ...test(t) }));
    return {
        statement,
        principalMatches,
        actionMatches,
        conditions,
        applies: all<T>([principalMatches, actionMatches, ...conditions.map((c) => c.met)]),
    };
}

/** Whether a statement is about tokens of the issuer, given with or without its scheme. */
export function matchesPrincipal({ principals }: Statement, issuer: string): boolean {
    return principals.some(({ type, values }) =>
        type === "Federated"
            ? values.some((arn) => parseProviderArn(arn)?.issuer === issuerOf(issuer))
            : (type === "*" || type === "AWS") && values.includes("*"),
    );
}
