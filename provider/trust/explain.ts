import { Findings, throwErrors } from "../contract/findings";
import { quote } from "../contract/quote";
import { valuesOf } from "../contract/object";
import { key, property } from "../contract/paths";
import { readGuardrails } from "../guardrail/document";
import { contextOfToken, denialOf } from "../guardrail/evaluate";
import { explainDenial } from "../guardrail/explain";
import { examplePrincipal, parseProviderArn } from "../iam/arn";
import { conditionKeyFault, GITLAB_COM_KEYS } from "../iam/condition-keys";
import { conditionWords } from "./condition-words";
import { parseTrustPolicy, type Statement } from "./document";
import { evaluate, type ConditionResult, type Evaluation, type StatementResult } from "./evaluate";
import { parseOperator } from "../iam/operators";
import { checkRoleArn } from "../iam/role-arn";
import {
    audienceOf,
    isLong,
    readClaims,
    readIdToken,
    type TokenClaims,
    type TokenFault,
    type TokenProblem,
} from "../oidc/id-token";
import { inJob, invalidToken, noProviderFor, NOT_A_TOKEN, NOT_VALIDATED } from "../oidc/sts-words";
import type { RequestContext } from "../iam/request-context";
import type { Truth } from "../iam/truth";
import type { Cause, ExplainTrustArgs, ExplainTrustResult, Finding, StatementExplanation } from "../contract/types";
import { explainComponent, explainSub, pairsOf, type WeighedCause } from "./explain-sub";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { checkTrustPolicyInputs, type TrustPolicyInputs } from "./policy";

const NOT_AUTHORIZED = inJob("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");

/**
 * Whether a token or its claims would get a role by a trust policy at a time, in seconds since 1970; if not, which condition fails, and the fix.
 *
 * @throws InvalidInputsError if the policy, the claims or the token cannot be read.
 */
export function explainRequest(given: ExplainTrustArgs, now: number): ExplainTrustResult {
    const findings = new Findings();
    const policy = given.role === undefined ? given.trustPolicy : policyOf(given.role, findings);
    const { statements, findings: rejected } = parseTrustPolicy(policy);
    findings.addAll(rejected);
    for (const [name, value] of Object.entries(given.context ?? {}).filter(([, v]) => isLong(v))) {
        findings.add(
            "claims",
            key("context", name),
            `has ${String(value.length)} characters, more than any ID token.`,
            "Pass the value as the job has it.",
        );
    }
    const guardrails = readGuardrails(given.guardrails ?? [], findings);
    if (given.roleArn !== undefined) {
        checkRoleArn(given.roleArn, "roleArn", findings);
    }
    const { claims, problems } = tokenOf(given, now);
    findings.addAll(problems.flatMap(unusable));
    throwErrors(findings);
    const read = claims as TokenClaims & { readonly iss: string };
    const context = requestContext(read, now, given.context ?? {});
    const { allowed, deniedBy, statements: results } = evaluate(statements, { issuer: read.iss, context });
    const explained = results.map((result) => explainStatement(result, read.iss, context));
    const statementsOnly = explained.map(({ statement }) => statement);
    const [problem] = problems;
    if (problem !== undefined) {
        const { message: cause, fix } = problem;
        return {
            allowed: false,
            error: WORDS[problem.fault](problem, read, now),
            cause,
            fix,
            statements: statementsOnly,
        };
    }
    const denial = denialOf(
        guardrails,
        { issuer: read.iss, ...contextOfToken(context, issuerOf(read.iss)) },
        given.roleArn,
    );
    if (allowed && denial !== undefined) {
        return {
            allowed: false,
            error: NOT_AUTHORIZED,
            ...explainDenial(denial),
            deniedBy: denial.statement.path,
            statements: statementsOnly,
        };
    }
    if (allowed) {
        return { allowed, statements: statementsOnly };
    }
    const nearest = deniedBy === undefined ? nearestCause(explained) : denyCause(deniedBy);
    return { allowed, error: NOT_AUTHORIZED, ...nearest, statements: statementsOnly };
}

/** The reason why a policy denies a call. Some condition keys of the call may be unknown. */
export function explainDenied(
    { deniedBy, statements }: Evaluation<Truth>,
    issuer: string,
    context: RequestContext,
): Cause {
    return deniedBy === undefined
        ? nearestCause(statements.map((result) => weigh(result, issuer, context)))
        : denyCause(deniedBy);
}

function denyCause(result: StatementResult<Truth>): Cause {
    return {
        cause: `${result.statement.path} denies it, which overrules every Allow: ${conditionWords(result.conditions)}.`,
        fix: "Narrow the conditions of that statement.",
    };
}

/** The trust policy of a role that is given by its subjects. */
function policyOf(role: TrustPolicyInputs, findings: Findings): string {
    const json = checkTrustPolicyInputs(role, "role", findings);
    throwErrors(findings);
    return json!;
}

interface GivenToken {
    /** Left out if the token cannot be read. */
    readonly claims?: TokenClaims;
    readonly problems: readonly TokenProblem[];
}

function tokenOf({ token: text, claims }: ExplainTrustArgs, now: number): GivenToken {
    if (text === undefined) {
        return { claims: claims!, problems: readClaims(claims!) };
    }
    const { value, problems } = readIdToken(text, now);
    return { ...(value !== undefined && { claims: value.claims }), problems };
}

/** A problem that leaves nothing to compare with the trust policy, as a finding. */
function unusable({ fault, path, message, fix }: TokenProblem): readonly Finding[] {
    const finding = { severity: "error", message, fix } as const;
    switch (fault) {
        case "too-long":
            return [{ ...finding, id: "token", path: "token" }];
        case "unreadable":
            return [{ ...finding, id: "token", path: "token", message: `${message} ${WOULD_RETURN}` }];
        case "claim-type":
            return [{ ...finding, id: "claims", path: property("claims", path) }];
        default:
            return [];
    }
}

const WOULD_RETURN = `AWS would return: ${NOT_A_TOKEN}.`;

type Words = (problem: TokenProblem, claims: TokenClaims, now: number) => string;

/** The error that AWS returns for a fault of the token, before it evaluates the trust policy. */
const WORDS: Readonly<Record<TokenFault, Words>> = {
    "too-long": () => NOT_VALIDATED,
    unreadable: () => NOT_A_TOKEN,
    algorithm: () => NOT_A_TOKEN,
    issuer: (_, { iss }) => noProviderFor(String(iss)),
    "claim-type": () => NOT_VALIDATED,
    "claim-missing": ({ path }) => invalidToken(`Missing a required claim: ${path}`),
    "several-audiences": () =>
        invalidToken("Token audience contains more than one audience while authorized party is not present"),
    "time-type": () => NOT_VALIDATED,
    expired: (_, { exp }, now) =>
        inJob(
            "ExpiredTokenException",
            `Token expired: current date/time ${String(now)} must be before the expiration date/time ${String(exp)}`,
        ),
    "not-yet-valid": () => NOT_VALIDATED,
};

/** The condition keys that the call has. */
export function requestContext(
    claims: TokenClaims & { readonly iss: string },
    now: number,
    more: Readonly<Record<string, string>>,
): RequestContext {
    const context = new Map<string, readonly string[]>([
        ["aws:currenttime", [new Date(now * 1000).toISOString()]],
        ["aws:epochtime", [String(now)]],
        ["aws:securetransport", ["true"]],
    ]);
    const prefix = issuerOf(claims.iss).toLowerCase();
    for (const name of ["sub", "aud", "amr", ...(claims.iss === GITLAB_COM ? GITLAB_COM_KEYS : [])]) {
        const values = valuesOf(name === "aud" ? audienceOf(claims) : claims[name]);
        if (values.length > 0) {
            context.set(`${prefix}:${name}`, values.map(String));
        }
    }
    for (const [key, value] of Object.entries(more)) {
        context.set(key.toLowerCase(), [value]);
    }
    return context;
}

interface Weighed {
    readonly effect: "Allow" | "Deny";
    readonly causes: readonly Cause[];
    /** How far the statement is from applying. */
    readonly distance: number;
}

interface Explained extends Weighed {
    readonly statement: StatementExplanation;
}

function weigh(result: StatementResult<Truth>, issuer: string, context: RequestContext): Weighed {
    const causes = result.applies === true ? [] : causesOf(result, issuer, context);
    return {
        effect: result.statement.effect,
        causes: causes.map(({ cause, fix }) => ({ cause, fix })),
        distance: causes.reduce((sum, { distance }) => sum + distance, 0),
    };
}

function explainStatement(result: StatementResult, issuer: string, context: RequestContext): Explained {
    const { statement, applies, principalMatches, actionMatches, conditions } = result;
    const weighed = weigh(result, issuer, context);
    return {
        ...weighed,
        statement: {
            path: statement.path,
            ...(statement.sid !== undefined && { sid: statement.sid }),
            effect: statement.effect,
            applies,
            principalMatches,
            actionMatches,
            conditions: conditions.map(({ test, met, actual }) => ({
                operator: test.operator,
                key: test.key,
                expected: test.values,
                ...(actual !== undefined && { actual: actual.join(", ") }),
                met,
            })),
            causes: weighed.causes,
        },
    };
}

/** Further away than any difference in conditions. */
const OTHER_ACTION = 1_000;
const OTHER_PRINCIPAL = 10_000;

function causesOf(
    { statement, principalMatches, actionMatches, conditions }: StatementResult<Truth>,
    issuer: string,
    context: RequestContext,
): WeighedCause[] {
    const causes: WeighedCause[] = [];
    if (!principalMatches) {
        causes.push({ ...explainPrincipal(statement, issuer), distance: OTHER_PRINCIPAL });
    }
    if (!actionMatches) {
        causes.push({
            cause: `The statement covers ${statement.isNotAction ? "every action except " : ""}${statement.actions.join(", ") || "no action"}, but not sts:AssumeRoleWithWebIdentity.`,
            fix: 'Set "Action": "sts:AssumeRoleWithWebIdentity".',
            distance: OTHER_ACTION,
        });
    }
    return [
        ...causes,
        ...conditions
            .filter((c) => c.met === false)
            .map((c) => ({ distance: 1, ...explainCondition(c, issuer, context) })),
    ];
}

function explainPrincipal({ principals }: Statement, issuer: string): Cause {
    const trusted = principals
        .flatMap((p) => p.values)
        .map((v) => {
            const provider = parseProviderArn(v)?.issuer;
            return provider === undefined ? v : `https://${provider}`;
        });
    const tidyIssuer = tidy(issuer);
    const nearly = trusted.find((t) => tidy(t) === tidyIssuer);
    if (nearly !== undefined) {
        return {
            cause: `The token's issuer is ${quote(issuer)}, but the identity provider's URL is ${quote(nearly)}. AWS compares them exactly.`,
            fix: "Use the same URL for both. The `iss` claim is GitLab's `external_url`, or its setting `ci_id_tokens_issuer_url`.",
        };
    }
    return {
        cause: `The token was issued by ${quote(issuer)}, but the statement trusts ${trusted.map(quote).join(", ") || "nobody"}.`,
        fix: `Set Principal to ${examplePrincipal(issuerOf(issuer))}. An account without that identity provider returns "No OpenIDConnect provider found in your account for ${issuer}".`,
    };
}

function explainCondition(
    { test, actual }: ConditionResult<Truth>,
    issuer: string,
    context: RequestContext,
): Cause & { distance?: number } {
    const { operator, key, values } = test;
    const parsed = parseOperator(operator)!; // a policy with another one is rejected
    const prefix = `${issuerOf(issuer)}:`.toLowerCase();
    const claim = key.toLowerCase().startsWith(prefix) ? key.slice(prefix.length).toLowerCase() : undefined;
    if (actual === undefined) {
        return explainMissing(key, claim, issuer);
    }
    const value = actual.join(", ");
    const expected = values.map(quote).join(", ");
    if (parsed.base === "Null") {
        return {
            cause: `The call has ${quote(key)}, but the statement requires a call without it.`,
            fix: 'Write "Null": "false" for calls that have the key.',
        };
    }
    if (parsed.negated) {
        return {
            cause: `${quote(key)} is ${quote(value)}, which ${operator} ${expected} excludes.`,
            fix: "Run the job as the role expects, or change the condition.",
        };
    }
    if (!parsed.base.startsWith("String") || claim === undefined) {
        return {
            cause: `${quote(key)} is ${quote(value)}, which does not meet ${operator} ${expected}.`,
            fix: "Run the job as the role expects, or change the condition.",
        };
    }
    if (claim === "sub") {
        return explainSub(operator, values, value);
    }
    if (claim === "aud") {
        return {
            cause: `The job requested the audience ${quote(value)}, but the role allows ${expected}.`,
            fix: `Write \`aud: ${values[0] ?? issuer}\` under the job's \`id_tokens\`, or add ${quote(value)} to \`audiences\` and to the identity provider.`,
        };
    }
    const sub = context.get(`${prefix}sub`)?.[0] ?? "";
    return explainComponent(claim, values, new Map([...pairsOf(sub), [claim, value]]));
}

/** The url as it is written most often: issuers that differ only in what this leaves out are meant to be the same. */
function tidy(url: string): string {
    let end = url.length;
    while (url[end - 1] === "/") {
        end -= 1;
    }
    return url
        .slice(0, end)
        .replace(/^http:/, "https:")
        .toLowerCase();
}

/** Why a key is not in the call. */
function explainMissing(key: string, claim: string | undefined, issuer: string): Cause {
    const fault = conditionKeyFault(key, issuerOf(issuer));
    if (fault !== undefined) {
        return { cause: `${quote(key)} ${fault.why}.`, fix: fault.fix };
    }
    return claim === undefined
        ? {
              cause: `The value of ${quote(key)} is not known here.`,
              fix: "If the call has this key, pass its value in `context`.",
          }
        : { cause: `The token has no claim \`${claim}\`.`, fix: "Pass all claims of the job's ID token." };
}

/** The cause in the Allow statement that is nearest to applying. */
function nearestCause(statements: readonly Weighed[]): Cause {
    const [nearest] = statements.filter(({ effect }) => effect === "Allow").sort((a, b) => a.distance - b.distance);
    return (
        nearest?.causes[0] ?? {
            cause: "The trust policy has no statement that allows anything.",
            fix: "Add a subject, or ask the owner of the role to allow the project.",
        }
    );
}
