import { claimOf } from "../iam/condition-keys";
import { canBothMatch, type Glob, patternGlob, textGlob } from "../iam/glob";
import { type KeyTest, parseOperator } from "../iam/operators";
import { hasVariable } from "../iam/policy-text";
import type { GuardrailStatement } from "./document";

/** Jobs that a trust policy names, by its conditions on claims that every token has; left out if it has none. */
export interface TestedJobs {
    /** The issuer without its scheme. */
    readonly issuer: string;
    readonly sub?: KeyTest | undefined;
    readonly aud?: KeyTest | undefined;
}

/** The first statement that denies all of the jobs, for roles that it applies to. There may be others: it is found by conditions that every token of the jobs meets. */
export function statementAgainst(
    statements: readonly GuardrailStatement[],
    jobs: TestedJobs,
): GuardrailStatement | undefined {
    return statements.find(({ conditions }) => conditions.every((test) => isMetByAll(test, jobs)));
}

/** Whether every token of the jobs meets a condition. A token has `sub` and `aud`, and no key of another issuer. */
function isMetByAll(test: KeyTest, { issuer, ...jobs }: TestedJobs): boolean {
    const { operator, key, values } = test;
    const parsed = parseOperator(operator);
    const claim = claimOf(key, issuer);
    if (parsed?.base === "Null") {
        const isPresent = claim === "sub" || claim === "aud";
        const isMissing = claim === undefined && !/^(?:aws|sts):/i.test(key);
        return values.some((value) => (value.toLowerCase() === "true" ? isMissing : isPresent));
    }
    const own = claim === "sub" || claim === "aud" ? jobs[claim] : undefined;
    const given = own && globsOf(own);
    const excepted = globsOf(test);
    return (
        parsed?.negated === true &&
        parsed.set === undefined &&
        given !== undefined &&
        excepted !== undefined &&
        !given.some((pattern) => excepted.some((other) => canBothMatch(pattern, other)))
    );
}

/** The values of a condition as patterns; undefined if it does not compare texts with their case, or has variables. */
function globsOf({ operator, values }: KeyTest): readonly Glob[] | undefined {
    const base = parseOperator(operator)?.base;
    if (values.some(hasVariable) || (base !== "StringLike" && base !== "StringEquals")) {
        return undefined;
    }
    return values.map((value) =>
        base === "StringLike" ? patternGlob(value) : textGlob(value.replace(/\$\{([*?$])\}/g, "$1")),
    );
}
