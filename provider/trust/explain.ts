import { Findings, InvalidInputsError, quote } from "../findings";
import { isObject } from "../object";
import { parseProviderArn } from "./arn";
import { conditionKeyFault } from "./conditions";
import { GITLAB_COM_KEYS } from "./claims";
import { parseTrustPolicy } from "./document";
import { evaluate, parseOperator, type ConditionResult, type StatementResult } from "./evaluate";
import { explainSub, type Cause } from "./explain-sub";
import { GITLAB_COM, issuerOf } from "./issuer-url";
import { buildTrustPolicy, type TrustPolicyInputs } from "./policy";

/** What `explainTrust` is asked: one of `trustPolicy` and `role`, and one of `claims` and `token`. */
export interface ExplainInputs {
    /** The role's trust policy, as JSON text or as an object. */
    readonly trustPolicy?: unknown;
    /** The inputs that this package would make a trust policy of. */
    readonly role?: TrustPolicyInputs;
    /** The claims of the job's ID token. */
    readonly claims?: Readonly<Record<string, unknown>>;
    /** The job's ID token. Its signature is not checked, and it is not repeated in the answer. */
    readonly token?: string;
    /** Values of further condition keys of the call, for example `aws:SourceIp`. */
    readonly context?: Readonly<Record<string, string>>;
    /** Seconds since 1970 at which the call is made. Default: now. */
    readonly now?: number;
}

export interface ConditionExplanation {
    readonly operator: string;
    readonly key: string;
    readonly expected: readonly string[];
    /** What the call has for the key; left out where it has nothing. */
    readonly actual?: string;
    readonly met: boolean;
}

export interface StatementExplanation {
    /** Where the statement stands: `Statement[0]`. */
    readonly path: string;
    readonly sid?: string;
    readonly effect: "Allow" | "Deny";
    /** Whether it is about this call: principal, action and every condition. */
    readonly applies: boolean;
    readonly principalMatches: boolean;
    readonly actionMatches: boolean;
    readonly conditions: readonly ConditionExplanation[];
    /** Why it does not apply, nearest cause first. */
    readonly causes: readonly Cause[];
}

/** Whether AWS would let the job have the role, and if not, why. */
export interface Explanation {
    readonly allowed: boolean;
    /** AWS's own words for the refusal; left out where it is allowed. */
    readonly error?: string;
    /** The nearest cause of the refusal. */
    readonly cause?: string;
    /** What to do about it. */
    readonly cure?: string;
    readonly statements: readonly StatementExplanation[];
}

const NOT_AUTHORIZED =
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity";
const invalidToken = (text: string): string =>
    `An error occurred (InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: ${text}`;

/**
 * Whether a token or its claims would get a role by a trust policy; if not, which condition refuses, and the cure.
 *
 * @throws InvalidInputsError where the policy, the claims or the token cannot be read.
 */
export function explainTrust(inputs: ExplainInputs): Explanation {
    const findings = new Findings();
    const policy = inputs.role === undefined ? inputs.trustPolicy : buildTrustPolicy(inputs.role, "role").json;
    checkChoice(inputs, findings);
    const statements = policy === undefined ? [] : parseTrustPolicy(policy, findings);
    const claims = inputs.token === undefined ? inputs.claims : decode(inputs.token, findings);
    const issuer = claims?.["iss"];
    if (claims !== undefined && (typeof issuer !== "string" || issuer === "")) {
        findings.add("claims", "claims.iss", "has no issuer.", "Give the token's claims as they are, `iss` included.");
    }
    if (findings.errors.length > 0 || claims === undefined || typeof issuer !== "string") {
        throw new InvalidInputsError(findings.errors);
    }
    const now = inputs.now ?? Math.floor(Date.now() / 1000);
    const context = contextOf(claims, issuer, now, inputs.context ?? {});
    const { allowed, deniedBy, statements: results } = evaluate(statements, { issuer, context });
    const explained = results.map((result) => explainStatement(result, issuer));
    const tokenFault = inputs.token === undefined ? undefined : explainTimes(claims, now);
    if (tokenFault !== undefined) {
        return { allowed: false, ...tokenFault, statements: explained };
    }
    if (allowed) {
        return { allowed, statements: explained };
    }
    const nearest =
        deniedBy === undefined
            ? nearestCause(explained)
            : {
                  cause: `${deniedBy.statement.path} denies it, which overrules every Allow.`,
                  cure: "Narrow the conditions of that statement.",
              };
    return { allowed, error: NOT_AUTHORIZED, ...nearest, statements: explained };
}

function checkChoice(inputs: ExplainInputs, findings: Findings): void {
    for (const [a, b] of [
        ["trustPolicy", "role"],
        ["claims", "token"],
    ] as const) {
        if ((inputs[a] === undefined) === (inputs[b] === undefined)) {
            findings.add(
                "required",
                a,
                inputs[a] === undefined ? `and \`${b}\` are both missing.` : `stands beside \`${b}\`.`,
                `Give one of \`${a}\` and \`${b}\`.`,
            );
        }
    }
}

/** The claims of a token, without looking at its signature. */
function decode(token: string, findings: Findings): Readonly<Record<string, unknown>> | undefined {
    const fault = (why: string): undefined => {
        findings.add(
            "token",
            "token",
            `${why} AWS would say: ${invalidToken("The ID Token provided is not a valid JWT.")}`,
            "Give the value of the job's ID token, three parts of base64url with dots between.",
        );
        return undefined;
    };
    const parts = token.trim().split(".");
    if (parts.length !== 3) {
        return fault("is not a JSON web token.");
    }
    try {
        const claims: unknown = JSON.parse(Buffer.from(parts[1]!, "base64url").toString("utf8"));
        return isObject(claims) ? claims : fault("has no claims.");
    } catch {
        return fault("cannot be decoded.");
    }
}

function explainTimes(claims: Readonly<Record<string, unknown>>, now: number): (Cause & { error: string }) | undefined {
    const { exp, nbf } = claims;
    if (typeof exp === "number" && exp <= now) {
        return {
            error: `An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time ${String(now)} must be before the expiration date/time ${String(exp)}`,
            cause: `The token expired ${String(now - exp)} seconds ago: it lives as long as its job may run.`,
            cure: "Exchange it in the job that it was made for, at its beginning.",
        };
    }
    if (typeof nbf === "number" && nbf > now) {
        return {
            error: invalidToken("The web identity token that was passed could not be validated."),
            cause: `The token is not valid for another ${String(nbf - now)} seconds.`,
            cure: "Set the clock of the GitLab instance.",
        };
    }
    return undefined;
}

/** The condition keys that the call has. */
function contextOf(
    claims: Readonly<Record<string, unknown>>,
    issuer: string,
    now: number,
    more: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly string[]> {
    const prefix = issuerOf(issuer).toLowerCase();
    const names = ["sub", "aud", "amr", ...(issuer === GITLAB_COM ? GITLAB_COM_KEYS : [])];
    const ofToken = names.flatMap((name): [string, readonly string[]][] => {
        const value = claims[name];
        return value === undefined || value === null ? [] : [[`${prefix}:${name}`, [value].flat().map(String)]];
    });
    return new Map<string, readonly string[]>([
        ["aws:currenttime", [new Date(now * 1000).toISOString()]],
        ["aws:epochtime", [String(now)]],
        ["aws:securetransport", ["true"]],
        ...ofToken,
        ...Object.entries(more).map(([k, v]): [string, readonly string[]] => [k.toLowerCase(), [v]]),
    ]);
}

function explainStatement(result: StatementResult, issuer: string): StatementExplanation {
    const { statement, applies, principalMatches, actionMatches, conditions } = result;
    return {
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
        causes: applies ? [] : causesOf(result, issuer),
    };
}

function causesOf(
    { statement, principalMatches, actionMatches, conditions }: StatementResult,
    issuer: string,
): Cause[] {
    const causes: Cause[] = [];
    if (!principalMatches) {
        const trusted = statement.principals
            .flatMap((p) => p.values)
            .map((v) => parseProviderArn(v)?.issuer ?? v)
            .join(", ");
        causes.push({
            cause: `The token was issued by ${quote(issuer)}, the statement trusts ${trusted === "" ? "nobody" : quote(trusted)}.`,
            cure: `Set Principal to { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/${issuerOf(issuer)}" }.`,
        });
    }
    if (!actionMatches) {
        causes.push({
            cause: `The statement is about ${statement.isNotAction ? "anything but " : ""}${statement.actions.join(", ") || "no action"}, not sts:AssumeRoleWithWebIdentity.`,
            cure: 'Set "Action": "sts:AssumeRoleWithWebIdentity".',
        });
    }
    return [...causes, ...conditions.filter((c) => !c.met).map((c) => explainCondition(c, issuer))];
}

function explainCondition({ test, actual }: ConditionResult, issuer: string): Cause {
    const { operator, key, values } = test;
    if (parseOperator(operator) === undefined) {
        return {
            cause: `${quote(operator)} is no condition operator.`,
            cure: "Write for example StringEquals or StringLike.",
        };
    }
    const prefix = issuerOf(issuer);
    const expected = values.map(quote).join(", ");
    if (actual === undefined) {
        const fault = conditionKeyFault(key, prefix);
        return fault === undefined
            ? {
                  cause: `${quote(key)} is not in the token or not known here.`,
                  cure: "If it is a key of the call, give its value with `context`.",
              }
            : { cause: `${quote(key)} ${fault.why}.`, cure: fault.cure };
    }
    const value = actual.join(", ");
    if (key.toLowerCase() === `${prefix}:sub`.toLowerCase() && parseOperator(operator)?.negated === false) {
        return explainSub(operator, values, value);
    }
    if (key.toLowerCase() === `${prefix}:aud`.toLowerCase()) {
        return {
            cause: `The job asked for the audience ${quote(value)}, the role admits ${expected}.`,
            cure: `Write \`aud: ${values[0] ?? issuer}\` under the job's \`id_tokens\`, or add ${quote(value)} to \`audiences\` and to the identity provider.`,
        };
    }
    return {
        cause: `${quote(key)} is ${quote(value)}, and ${operator} ${expected} is not met.`,
        cure: "Run the job as the role expects, or change the condition.",
    };
}

/** The cause in the Allow statement that is nearest to applying. */
function nearestCause(statements: readonly StatementExplanation[]): Cause {
    const distance = (s: StatementExplanation): number =>
        s.causes.length + (s.principalMatches ? 0 : 100) + (s.actionMatches ? 0 : 10);
    const nearest = statements.filter((s) => s.effect === "Allow").sort((a, b) => distance(a) - distance(b))[0];
    return (
        nearest?.causes[0] ?? {
            cause: "The trust policy has no statement that allows anything.",
            cure: "Add a subject, or ask whoever keeps the role to admit the project.",
        }
    );
}
