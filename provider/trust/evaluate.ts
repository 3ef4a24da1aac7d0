import { issuerOf } from "../gitlab/issuer-url";
import { parseProviderArn } from "../iam/arn";
import { isMet } from "../iam/operators";
import type { RequestContext } from "../iam/request-context";
import type { ConditionTest, Statement } from "./document";
import { coversWebIdentity } from "./statement";

/** A call of AssumeRoleWithWebIdentity as AWS evaluates it: the token's issuer and the values of the condition keys. */
export interface WebIdentityRequest {
    /** The token's `iss`. */
    readonly issuer: string;
    readonly context: RequestContext;
}

/** The result of one condition. */
export interface ConditionResult {
    readonly test: ConditionTest;
    readonly met: boolean;
    /** The values that the request has for the key; undefined if it has none. */
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
    /** The Deny statement that overrules, if there is one. */
    readonly deniedBy: StatementResult | undefined;
    readonly statements: readonly StatementResult[];
}

/**
 * Whether a trust policy allows a call: an Allow applies and no Deny does.
 * Source: AWS, "Policy evaluation logic" and "IAM JSON policy elements: Condition operators".
 */
export function evaluate(statements: readonly Statement[], request: WebIdentityRequest): Evaluation {
    const results = statements.map((statement) => evaluateStatement(statement, request));
    const deniedBy = results.find((r) => r.applies && r.statement.effect === "Deny");
    const hasAllow = results.some((r) => r.applies);
    return { allowed: hasAllow && deniedBy === undefined, deniedBy, statements: results };
}

function evaluateStatement(statement: Statement, request: WebIdentityRequest): StatementResult {
    const principalMatches = matchesPrincipal(statement, request.issuer);
    const actionMatches = coversWebIdentity(statement);
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

/** Whether a statement is about tokens of the issuer, given with or without its scheme. */
export function matchesPrincipal({ principals }: Statement, issuer: string): boolean {
    return principals.some(({ type, values }) =>
        type === "Federated"
            ? values.some((arn) => parseProviderArn(arn)?.issuer === issuerOf(issuer))
            : (type === "*" || type === "AWS") && values.includes("*"),
    );
}
