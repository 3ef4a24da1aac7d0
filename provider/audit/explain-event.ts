import { isIP } from "node:net";
import { throwErrors, Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { readGuardrails, type GuardrailStatement } from "../guardrail/document";
import { denialOf } from "../guardrail/evaluate";
import { explainDenial } from "../guardrail/explain";
import { conditionKeyFault, isClaimKey } from "../iam/condition-keys";
import { issuerOfProvider } from "../iam/other-issuers";
import { parseTrustPolicy, type Statement } from "../trust/document";
import { evaluatePartly, type ConditionResult, type Evaluation, type PartialRequest } from "../trust/evaluate";
import { explainDenied } from "../trust/explain";
import type { Truth } from "../iam/truth";
import type { WebIdentityEvent } from "./events";

/**
 * Whether a trust policy, and the resource control policies of the account if they are given, allow the call of an event:
 * - `denied`: they do not, for any values of the token's other claims.
 * - `allowed`: it allows the `sub` claim and the audience. A claim that events do not record, or the token itself, was wrong.
 * - `unknown`: the event has too little information.
 */
export type EventVerdict = "denied" | "allowed" | "unknown";

/** A condition that depends on what an event does not record. */
export interface UndecidedCondition {
    /** Property path in the policy. */
    readonly path: string;
    readonly operator: string;
    readonly key: string;
    readonly expected: readonly string[];
}

/** The reason why AWS denied the call of an event, based on the event and the trust policy. */
export interface EventExplanation {
    readonly verdict: EventVerdict;
    readonly cause: string;
    readonly fix: string;
    /** Conditions that may have denied the call. */
    readonly undecided: readonly UndecidedCondition[];
    /** Property path of the statement that denies the call, for example `guardrails[0].Statement[0]`; left out if it is not one of a resource control policy. */
    readonly deniedBy?: string;
    /** AWS's response, if the policies do not explain it. */
    readonly note?: string;
}

/**
 * Explains why the trust policy of a role, or a resource control policy, denied the call of an event. Events record the `sub` claim and the audience of a token, and
 * no other claim.
 *
 * @throws InvalidInputsError if AWS would not store one of the policies.
 */
export function explainEvent(
    event: WebIdentityEvent,
    trustPolicy: unknown,
    guardrails: readonly unknown[] = [],
): EventExplanation {
    const { statements, findings } = parseTrustPolicy(trustPolicy);
    const found = new Findings();
    found.addAll(findings);
    const guards = readGuardrails(guardrails, found);
    throwErrors(found);
    return explainCall(event, statements, guards);
}

/** The same for policies that were read before. */
export function explainCall(
    event: WebIdentityEvent,
    statements: readonly Statement[],
    guards: readonly GuardrailStatement[],
): EventExplanation {
    const verdict = verdictOf(event, statements, guards);
    const note = noteOf(event, verdict);
    return note === undefined ? verdict : { ...verdict, note };
}

function verdictOf(
    event: WebIdentityEvent,
    statements: readonly Statement[],
    guards: readonly GuardrailStatement[],
): EventExplanation {
    const { provider } = event;
    if (provider === undefined) {
        return {
            verdict: "unknown",
            cause: "The event does not show whether the trust policy denied the call: it has no identity provider.",
            fix: FIX,
            undecided: [],
        };
    }
    const request = requestOf({ ...event, provider });
    const issuer = issuerOfProvider(provider);
    const evaluation = evaluatePartly(statements, request);
    if (evaluation.allowed === false) {
        return { verdict: "denied", ...explainDenied(evaluation, request.issuer, request.context), undecided: [] };
    }
    const denial = denialOf(guards, request, event.roleArn);
    if (denial?.isCertain === true) {
        return { verdict: "denied", ...explainDenial(denial), undecided: [], deniedBy: denial.statement.path };
    }
    const open = undecidedIn(evaluation);
    const undecided = open.map(({ test: { path, operator, key, values } }) => ({
        path,
        operator,
        key,
        expected: values,
    }));
    if (!allowsSubject(evaluation, issuer)) {
        return { verdict: "unknown", cause: whyUnknown(event, issuer, open), fix: FIX, undecided };
    }
    if (denial !== undefined && event.errorCode !== undefined) {
        return { verdict: "unknown", cause: explainDenial(denial).cause, fix: FIX, undecided };
    }
    if (event.errorCode === undefined) {
        return {
            verdict: "allowed",
            cause: "The trust policy allows this sub claim and this audience.",
            fix: "No fix is needed: AWS allowed this call.",
            undecided,
        };
    }
    const reason =
        undecided.length > 0
            ? ". Either a claim that events do not record did not match, or the token itself was invalid."
            : ", and the event meets all its other conditions. Either the token itself was invalid, for example expired, or the trust policy has changed since then.";
    return {
        verdict: "allowed",
        cause: `The trust policy allows this sub claim and this audience${reason}`,
        fix: FIX,
        undecided,
    };
}

const FIX = "Run the command `explain` with the claims or the ID token of such a job.";

type Open = ConditionResult<Truth>;

/** The conditions that decide whether the call is allowed, and that depend on values the event does not record. */
function undecidedIn({ statements }: Evaluation<Truth>): readonly Open[] {
    return statements
        .filter((s) => s.applies === undefined)
        .flatMap((s) => s.conditions.filter((c) => c.met === undefined));
}

/** Whether a statement certainly allows the `sub` claim and the audience. */
function allowsSubject({ statements }: Evaluation<Truth>, issuer: string): boolean {
    return statements.some(
        (s) =>
            s.statement.effect === "Allow" &&
            s.applies !== false &&
            s.conditions.every((c) => c.met === true || !isOfSubject(c, issuer)),
    );
}

function isOfSubject({ test }: Open, issuer: string): boolean {
    return isClaimKey(test.key, issuer, "sub") || isClaimKey(test.key, issuer, "aud");
}

function whyUnknown({ sub, audience }: WebIdentityEvent, issuer: string, open: readonly Open[]): string {
    const isOpen = (claim: string): boolean => open.some(({ test }) => isClaimKey(test.key, issuer, claim));
    const missing = [
        ...(sub === undefined && isOpen("sub") ? ["no sub claim"] : []),
        ...(audience === undefined && isOpen("aud") ? ["no readable audience"] : []),
    ];
    const keys = [...new Set(open.map(({ test }) => quote(test.key)))].join(", ");
    return `The event does not show whether the trust policy denied the call: ${missing.length > 0 ? `it has ${missing.join(" and ")}` : `the conditions on ${keys} depend on values that events do not record`}.`;
}

/** The condition keys of a call that its event records. */
export function requestOf(event: WebIdentityEvent & { readonly provider: string }): PartialRequest {
    const issuer = issuerOfProvider(event.provider);
    const { time, region, address, vpcEndpoint, sessionName, duration } = event;
    const hasAddress = address !== undefined && isIP(address) !== 0;
    return partialRequest(issuer, event, [
        ["aws:currenttime", time],
        ["aws:epochtime", String(Date.parse(time) / 1000)],
        ["aws:requestedregion", region],
        ["aws:sourceip", hasAddress && vpcEndpoint === undefined ? address : undefined],
        ["aws:sourcevpce", vpcEndpoint],
        ["aws:vpcsourceip", hasAddress && vpcEndpoint !== undefined ? address : undefined],
        ["sts:rolesessionname", sessionName],
        ["sts:durationseconds", duration === undefined ? undefined : String(duration)],
    ]);
}

/** The condition keys of every call with a `sub` claim and an audience. */
export function requestOfSubject(
    provider: string,
    subject: { readonly sub: string | undefined; readonly audience: string | undefined },
): PartialRequest {
    return partialRequest(issuerOfProvider(provider), subject, []);
}

type Known = readonly (readonly [key: string, value: string | undefined])[];

function partialRequest(
    issuer: string,
    { sub, audience }: { readonly sub: string | undefined; readonly audience: string | undefined },
    others: Known,
): PartialRequest {
    const known: Known = [
        [`${issuer}:sub`.toLowerCase(), sub],
        [`${issuer}:aud`.toLowerCase(), audience],
        // STS has no address without TLS.
        ["aws:securetransport", "true"],
        ...others,
    ];
    const context = new Map(known.flatMap(([key, value]) => (value === undefined ? [] : [[key, [value]] as const])));
    // A call through a VPC endpoint does not have its address as aws:SourceIp.
    const isVpc = context.has("aws:sourcevpce");
    return {
        issuer: `https://${issuer}`,
        context,
        isKnown: (key) =>
            context.has(key) || (isVpc && key === "aws:sourceip") || conditionKeyFault(key, issuer) !== undefined,
    };
}

/** A remark about AWS's response. */
function noteOf({ errorCode }: WebIdentityEvent, { verdict, deniedBy }: EventExplanation): string | undefined {
    if (errorCode === undefined) {
        return verdict === "denied"
            ? `AWS allowed this call, so ${deniedBy === undefined ? "the trust policy has changed since then" : "the resource control policy did not apply then"}.`
            : "AWS allowed this call.";
    }
    return errorCode === "AccessDenied"
        ? undefined
        : `AWS returned ${quote(errorCode)} instead of "AccessDenied": it rejected the token before it evaluated the trust policy.`;
}
