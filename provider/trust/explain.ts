import { Findings, throwErrors } from "../contract/findings";
import { quote } from "../contract/quote";
import { isObject, valuesOf } from "../contract/object";
import { parseProviderArn } from "../iam/arn";
import { conditionKeyFault } from "../iam/condition-keys";
import { GITLAB_COM_KEYS } from "../iam/condition-keys";
import { parseTrustPolicy, type Statement } from "./document";
import { evaluate, type ConditionResult, type StatementResult } from "./evaluate";
import { parseOperator } from "../iam/operators";
import type { Cause, ExplainTrustArgs, ExplainTrustResult, StatementExplanation } from "../contract/types";
import { explainComponent, explainSub, pairsOf, type WeighedCause } from "./explain-sub";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { checkTrustPolicyInputs, type TrustPolicyInputs } from "./policy";

const NOT_AUTHORIZED =
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity";
const NOT_A_JWT = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
const invalidToken = (text: string): string =>
    `An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: ${text}`;

/**
 * Whether a token or its claims would get a role by a trust policy at a time, in seconds since 1970; if not, which condition refuses, and the cure.
 *
 * @throws InvalidInputsError where the policy, the claims or the token cannot be read.
 */
export function explainRequest(given: ExplainTrustArgs, now: number): ExplainTrustResult {
    const findings = new Findings();
    const policy = given.role === undefined ? given.trustPolicy : policyOf(given.role, findings);
    const statements = parseTrustPolicy(policy, findings);
    const { claims, algorithm }: Partial<DecodedToken> =
        given.token === undefined ? { claims: given.claims! } : decode(given.token, findings);
    if (claims !== undefined) {
        checkClaimTypes(claims, findings);
    }
    throwErrors(findings);
    const read = claims as Readonly<Record<string, unknown>> & { readonly iss: string };
    const context = contextOf(read, now, given.context ?? {});
    const { allowed, deniedBy, statements: results } = evaluate(statements, { issuer: read.iss, context });
    const explained = results.map((result) => explainStatement(result, read.iss, context));
    const statementsOnly = explained.map(({ statement }) => statement);
    const tokenFault = explainToken(read, algorithm, now);
    if (tokenFault !== undefined) {
        return { allowed: false, ...tokenFault, statements: statementsOnly };
    }
    if (allowed) {
        return { allowed, statements: statementsOnly };
    }
    const nearest =
        deniedBy === undefined
            ? nearestCause(explained)
            : {
                  cause: `${deniedBy.statement.path} denies it, which overrules every Allow: ${explainDeny(deniedBy)}.`,
                  cure: "Narrow the conditions of that statement.",
              };
    return { allowed, error: NOT_AUTHORIZED, ...nearest, statements: statementsOnly };
}

/** What made a Deny statement apply. */
function explainDeny({ conditions }: StatementResult): string {
    const met = conditions.map(
        ({ test, actual }) =>
            `${quote(test.key)} is ${actual === undefined ? "missing" : quote(actual.join(", "))}, which meets ${test.operator} ${test.values.map(quote).join(", ")}`,
    );
    return met.join(", and ") || "it has no conditions";
}

/** The trust policy of a role that is given by its subjects. */
function policyOf(role: TrustPolicyInputs, findings: Findings): string {
    const json = checkTrustPolicyInputs(role, "role", findings);
    throwErrors(findings);
    return json!;
}

interface DecodedToken {
    readonly claims: Readonly<Record<string, unknown>>;
    /** What the token says it is signed with; null where it does not. */
    readonly algorithm: unknown;
}

/** The token's claims, without looking at its signature. */
function decode(jwt: string, findings: Findings): Partial<DecodedToken> {
    const decoded = parseToken(jwt.trim());
    if (typeof decoded !== "string") {
        return decoded;
    }
    findings.add(
        "token",
        "token",
        `${decoded}.`,
        "Give the value of the job's ID token, three parts of base64url with dots between.",
    );
    return {};
}

/** The token's parts, or why it has none. */
function parseToken(jwt: string): DecodedToken | string {
    if (jwt.length > 20_000) {
        return `has ${String(jwt.length)} characters: STS takes 4 to 20000`;
    }
    const words = `AWS would say: ${invalidToken(NOT_A_JWT)}`;
    const parts = jwt.split(".");
    if (parts.length !== 3) {
        return `is not a JSON web token. ${words}`;
    }
    try {
        const [header, claims] = parts.slice(0, 2).map((part): unknown => JSON.parse(base64url(part)));
        return isObject(header) && isObject(claims)
            ? { claims, algorithm: header["alg"] ?? null }
            : `has no claims. ${words}`;
    } catch {
        return `cannot be decoded. ${words}`;
    }
}

function base64url(text: string): string {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "base64url"));
}

/** Reports claims that are no text, number, truth value or list of them, where AWS makes condition keys of them. */
function checkClaimTypes(claims: Readonly<Record<string, unknown>>, findings: Findings): void {
    const { iss } = claims;
    if (typeof iss !== "string" || iss === "") {
        findings.add("claims", "claims.iss", "has no issuer.", "Give the token's claims as they are, `iss` included.");
    }
    for (const name of ["sub", "aud", "amr", ...GITLAB_COM_KEYS]) {
        if (!valuesOf(claims[name]).every((v) => ["string", "number", "boolean"].includes(typeof v))) {
            findings.add(
                "claims",
                `claims.${name}`,
                "is neither text nor a list of texts.",
                "Give the token's claims as they are.",
            );
        }
    }
}

/** Why AWS refuses the token before it looks at the trust policy. Claims that were given without their token are taken for part of them. */
function explainToken(
    claims: Readonly<Record<string, unknown>>,
    algorithm: unknown,
    now: number,
): (Cause & { error: string }) | undefined {
    const { aud, azp, exp, nbf } = claims;
    if (Array.isArray(aud) && aud.length > 1 && azp === undefined) {
        return {
            error: invalidToken("Token audience contains more than one audience while authorized party is not present"),
            cause: `The token is for several audiences: ${aud.map(quote).join(", ")}.`,
            cure: "Write one `aud` under the job's `id_tokens`, and make another token for the other.",
        };
    }
    if (algorithm === undefined) {
        return undefined;
    }
    if (typeof algorithm !== "string" || !/^(?:RS|ES)(?:256|384|512)$/.test(algorithm)) {
        return {
            error: invalidToken(NOT_A_JWT),
            cause: `The token's algorithm is ${typeof algorithm === "string" ? quote(algorithm) : "not named"}: GitLab signs with RS256.`,
            cure: "Give the job's ID token as GitLab made it.",
        };
    }
    const missing = ["sub", "aud", "exp", "iat"].find((name) => claims[name] === undefined);
    if (missing !== undefined) {
        return {
            error: invalidToken(`Missing a required claim: ${missing}`),
            cause: `The token has no claim \`${missing}\`.`,
            cure:
                missing === "aud"
                    ? "Use a token of `id_tokens` with `aud`: CI_JOB_JWT has none."
                    : "Give the job's ID token as GitLab made it.",
        };
    }
    if (typeof exp === "number" && exp <= now) {
        return {
            error: `An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time ${String(now)} must be before the expiration date/time ${String(exp)}`,
            cause: `The token expired ${String(now - exp)} s ago: it lives as long as its job may run.`,
            cure: "Exchange it in the job that it was made for, at its beginning.",
        };
    }
    if (typeof nbf === "number" && nbf > now) {
        return {
            error: invalidToken(
                "The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.",
            ),
            cause: `The token is not valid for another ${String(nbf - now)} s.`,
            cure: "Set the clock of the GitLab instance.",
        };
    }
    return undefined;
}

/** The condition keys that the call has. */
function contextOf(
    claims: Readonly<Record<string, unknown>> & { readonly iss: string },
    now: number,
    more: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly string[]> {
    const prefix = issuerOf(claims.iss).toLowerCase();
    const names = ["sub", "aud", "amr", ...(claims.iss === GITLAB_COM ? GITLAB_COM_KEYS : [])];
    const ofToken = names.flatMap((name): [string, readonly string[]][] => {
        const values = valuesOf(claims[name]).map(String);
        return values.length === 0 ? [] : [[`${prefix}:${name}`, values]];
    });
    return new Map<string, readonly string[]>([
        ["aws:currenttime", [new Date(now * 1000).toISOString()]],
        ["aws:epochtime", [String(now)]],
        ["aws:securetransport", ["true"]],
        ...ofToken,
        ...Object.entries(more).map(([k, v]): [string, readonly string[]] => [k.toLowerCase(), [v]]),
    ]);
}

type Context = ReadonlyMap<string, readonly string[]>;

interface Explained {
    readonly statement: StatementExplanation;
    /** How far the statement is from applying. */
    readonly distance: number;
}

function explainStatement(result: StatementResult, issuer: string, context: Context): Explained {
    const { statement, applies, principalMatches, actionMatches, conditions } = result;
    const causes = applies ? [] : causesOf(result, issuer, context);
    return {
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
            causes: causes.map(({ cause, cure }) => ({ cause, cure })),
        },
        distance: causes.reduce((sum, { distance }) => sum + distance, 0),
    };
}

/** Further away than anything that conditions can say. */
const OTHER_ACTION = 1_000;
const OTHER_PRINCIPAL = 10_000;

function causesOf(
    { statement, principalMatches, actionMatches, conditions }: StatementResult,
    issuer: string,
    context: Context,
): WeighedCause[] {
    const causes: WeighedCause[] = [];
    if (!principalMatches) {
        causes.push({ ...explainPrincipal(statement, issuer), distance: OTHER_PRINCIPAL });
    }
    if (!actionMatches) {
        causes.push({
            cause: `The statement is about ${statement.isNotAction ? "anything but " : ""}${statement.actions.join(", ") || "no action"}, not sts:AssumeRoleWithWebIdentity.`,
            cure: 'Set "Action": "sts:AssumeRoleWithWebIdentity".',
            distance: OTHER_ACTION,
        });
    }
    return [
        ...causes,
        ...conditions.filter((c) => !c.met).map((c) => ({ distance: 1, ...explainCondition(c, issuer, context) })),
    ];
}

function explainPrincipal({ principals }: Statement, issuer: string): Cause {
    const trusted = principals
        .flatMap((p) => p.values)
        .map((v) => {
            const provider = parseProviderArn(v)?.issuer;
            return provider === undefined ? v : `https://${provider}`;
        });
    const tidy = (url: string): string =>
        url
            .replace(/\/+$/, "")
            .replace(/^http:/, "https:")
            .toLowerCase();
    const nearly = trusted.find((t) => tidy(t) === tidy(issuer));
    if (nearly !== undefined) {
        return {
            cause: `The token's issuer is ${quote(issuer)} and the provider's url ${quote(nearly)}: they are compared exactly.`,
            cure: "Make the two the same: the `iss` claim is GitLab's `external_url`, or its setting `ci_id_tokens_issuer_url`.",
        };
    }
    return {
        cause: `The token was issued by ${quote(issuer)}, the statement trusts ${trusted.map(quote).join(", ") || "nobody"}.`,
        cure: `Set Principal to { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/${issuerOf(issuer)}" }. An account without that identity provider answers "No OpenIDConnect provider found in your account for ${issuer}".`,
    };
}

function explainCondition(
    { test, actual }: ConditionResult,
    issuer: string,
    context: Context,
): Cause & { distance?: number } {
    const { operator, key, values } = test;
    const parsed = parseOperator(operator);
    if (parsed === undefined) {
        return {
            cause: `${quote(operator)} is no condition operator.`,
            cure: "Write for example StringEquals or StringLike.",
        };
    }
    const prefix = `${issuerOf(issuer)}:`.toLowerCase();
    const claim = key.toLowerCase().startsWith(prefix) ? key.slice(prefix.length).toLowerCase() : undefined;
    if (actual === undefined) {
        return explainMissing(key, claim, issuer);
    }
    const value = actual.join(", ");
    const expected = values.map(quote).join(", ");
    if (parsed.base === "Null") {
        return {
            cause: `${quote(key)} is there, and the statement is about calls without it.`,
            cure: 'Write "Null": "false" for calls that have the key.',
        };
    }
    if (parsed.negated) {
        return {
            cause: `${quote(key)} is ${quote(value)}, which ${operator} ${expected} keeps out.`,
            cure: "Run the job as the role expects, or change the condition.",
        };
    }
    if (!parsed.base.startsWith("String") || claim === undefined) {
        return {
            cause: `${quote(key)} is ${quote(value)}, and ${operator} ${expected} is not met.`,
            cure: "Run the job as the role expects, or change the condition.",
        };
    }
    if (claim === "sub") {
        return explainSub(operator, values, value);
    }
    if (claim === "aud") {
        return {
            cause: `The job asked for the audience ${quote(value)}, the role admits ${expected}.`,
            cure: `Write \`aud: ${values[0] ?? issuer}\` under the job's \`id_tokens\`, or add ${quote(value)} to \`audiences\` and to the identity provider.`,
        };
    }
    const sub = context.get(`${prefix}sub`)?.[0] ?? "";
    return explainComponent(claim, values, new Map([...pairsOf(sub), [claim, value]]));
}

/** Why a key is not in the call. */
function explainMissing(key: string, claim: string | undefined, issuer: string): Cause {
    const fault = conditionKeyFault(key, issuerOf(issuer));
    if (fault !== undefined) {
        return { cause: `${quote(key)} ${fault.why}.`, cure: fault.cure };
    }
    return claim === undefined
        ? {
              cause: `${quote(key)} is not known here.`,
              cure: "If it is a key of the call, give its value with `context`.",
          }
        : { cause: `The token has no claim \`${claim}\`.`, cure: "Give all claims of the job's ID token." };
}

/** The cause in the Allow statement that is nearest to applying. */
function nearestCause(explained: readonly Explained[]): Cause {
    const [nearest] = explained
        .filter(({ statement }) => statement.effect === "Allow")
        .sort((a, b) => a.distance - b.distance);
    return (
        nearest?.statement.causes[0] ?? {
            cause: "The trust policy has no statement that allows anything.",
            cure: "Add a subject, or ask whoever keeps the role to admit the project.",
        }
    );
}
