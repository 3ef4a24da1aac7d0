import { conditionKeyFault } from "../iam/condition-keys";
import type { PartialContext, RequestContext } from "../iam/request-context";
import { coversArn } from "../iam/role-arn";
import { all, type Truth } from "../iam/truth";
import { evaluatePartly, type PartialRequest, type StatementResult } from "../trust/evaluate";
import { coversWebIdentity } from "../trust/statement";
import type { GuardrailStatement } from "./document";

/** A statement of a guardrail that denies a call, or may deny it. */
export interface Denial {
    readonly result: StatementResult<Truth>;
    readonly statement: GuardrailStatement;
    /** Whether it certainly denies the call. If not, its conditions or its resources depend on something unknown. */
    readonly isCertain: boolean;
}

/** Whether a statement is about calls for the role; undefined if that depends on the ARN of the role, or on a policy variable. */
export function coversRole({ resources, isNotResource }: GuardrailStatement, roleArn: string | undefined): Truth {
    const matches = resources.some((r) => r === "*" || (roleArn !== undefined && coversArn(r, roleArn)));
    const isOpen = !matches && resources.some((r) => roleArn === undefined || r.includes("${"));
    return isOpen ? undefined : matches !== isNotResource;
}

/** The statements that certainly apply to calls of jobs for the role. */
export function statementsFor(
    statements: readonly GuardrailStatement[],
    roleArn: string,
): readonly GuardrailStatement[] {
    return statements.filter((s) => coversWebIdentity(s) && coversRole(s, roleArn) === true);
}

/** The statement that denies a call, or else the first one that may deny it; undefined if none can. */
export function denialOf(
    statements: readonly GuardrailStatement[],
    { issuer, context, isKnown }: PartialRequest,
    roleArn: string | undefined,
): Denial | undefined {
    // Other than for a trust policy, the role is a resource here.
    const isKnownHere = (key: string): boolean => context.has(key) || (!key.startsWith("aws:resource") && isKnown(key));
    const evaluation = evaluatePartly(statements, { issuer, context, isKnown: isKnownHere });
    const denials = evaluation.statements.flatMap((result, i): readonly Denial[] => {
        const statement = statements[i]!;
        const applies = all<Truth>([result.applies, coversRole(statement, roleArn)]);
        return applies === false ? [] : [{ result, statement, isCertain: applies === true }];
    });
    return denials.find(({ isCertain }) => isCertain) ?? denials[0];
}

/** The known keys of a call with a known token: all keys of identity providers, and the other keys of the context. */
export function contextOfToken(context: RequestContext, issuer: string): PartialContext {
    return {
        context,
        isKnown: (key) =>
            context.has(key) || !/^(?:aws|sts):/.test(key) || conditionKeyFault(key, issuer) !== undefined,
    };
}
