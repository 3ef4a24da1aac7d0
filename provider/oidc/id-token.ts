import { verify } from "node:crypto";
import { valuesOf } from "../contract/object";
import { quote } from "../contract/quote";
import { GITLAB_COM_KEYS } from "../iam/condition-keys";
import { readObject } from "./json";
import type { VerificationKey } from "./jwks";
import type { Problem } from "./problem";

/** Claims of an ID token. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** An ID token in parts. */
export interface IdToken {
    /** The id of the key that it is signed with. */
    readonly kid: unknown;
    readonly claims: TokenClaims;
    /** The text that is signed, and its signature. */
    readonly signed: string;
    readonly signature: Buffer;
}

/** Ids of the checks of a token's content. */
export type TokenCheck = "token" | "token-issuer" | "token-audience" | "token-times";

/** The kind of a token's fault, which decides the error that AWS returns. */
export type TokenFault =
    | "too-long"
    | "unreadable"
    | "algorithm"
    | "issuer"
    | "claim-type"
    | "claim-missing"
    | "several-audiences"
    | "time-type"
    | "expired"
    | "not-yet-valid";

/** Something that is wrong with a token: AWS rejects it before it looks at any trust policy. */
export interface TokenProblem extends Problem<TokenCheck> {
    readonly fault: TokenFault;
}

/** A token as far as it could be read, and what is wrong with it. */
export interface ReadToken {
    readonly value?: IdToken;
    /** In the order of the checks. */
    readonly problems: readonly TokenProblem[];
}

/** Most characters of a token that STS accepts. */
const LONGEST = 20_000;

/** Seconds of clock difference that STS accepts, as others observed. */
const CLOCK_TOLERANCE = 300;

const UNCHANGED = "Pass the job's ID token unchanged, as GitLab issued it.";
const UNCHANGED_CLAIMS = "Pass the token's claims unchanged, as GitLab issued them.";

/** Claims other than `sub` and `aud` that are condition keys. */
const KEY_CLAIMS = ["amr", ...GITLAB_COM_KEYS];

/**
 * The one reader of ID tokens: everything that STS checks before it evaluates the trust policy, except for checks that
 * need the JWKS. Messages repeat only the claims `iss` and `aud` and the algorithm of a token.
 *
 * @param text The token, with or without white space around it.
 * @param now Seconds since 1970.
 */
export function readIdToken(text: string, now: number): ReadToken {
    const token = text.trim();
    if (token.length > LONGEST) {
        return unreadable(
            `has ${String(token.length)} characters, but STS accepts 4 to ${String(LONGEST)}`,
            "too-long",
        );
    }
    const parts = token.split(".");
    if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) {
        return unreadable("is not a signed JSON web token: three parts in base64url with dots between them");
    }
    const [first, second, third] = parts as [string, string, string];
    const [header, payload] = [first, second].map((part) => readObject(Buffer.from(part, "base64url")));
    if (header?.object === undefined) {
        return unreadable(`cannot be decoded: its header ${header!.fault}`);
    }
    if (payload?.object === undefined) {
        return unreadable(`cannot be decoded: its second part ${payload!.fault}`);
    }
    const { alg, kid } = header.object;
    const claims = payload.object;
    return {
        value: { kid, claims, signed: `${first}.${second}`, signature: Buffer.from(third, "base64url") },
        problems: [...algorithmProblems(alg), ...claimProblems(claims, now)],
    };
}

/**
 * The same for claims without their token. They may be a part of its claims, and of a job that ended long ago: none is
 * missing but `iss`, and the token is not expired.
 */
export function readClaims(claims: TokenClaims): readonly TokenProblem[] {
    return claimProblems(claims, undefined);
}

/** The audience by which AWS knows the token: its authorized party if it has one, else the one in `aud`. */
export function audienceOf({ aud, azp }: TokenClaims): string | undefined {
    const audience: unknown = typeof azp === "string" ? azp : [aud].flat()[0];
    return typeof audience === "string" ? audience : undefined;
}

/** Whether the token is signed with the key. */
export function isSignedWith({ signed, signature }: IdToken, { key }: VerificationKey): boolean {
    return verify("sha256", Buffer.from(signed), key, signature);
}

function unreadable(what: string, fault: TokenFault = "unreadable"): ReadToken {
    return { problems: [problem("token", fault, { path: "", message: `The token ${what}.`, fix: UNCHANGED })] };
}

type Words = Pick<TokenProblem, "path" | "message" | "fix">;

function problem(id: TokenCheck, fault: TokenFault, words: Words): TokenProblem {
    return { id, status: "fail", fault, ...words };
}

/** AWS accepts other algorithms too, but GitLab's JWKS has only keys for RS256. */
function algorithmProblems(alg: unknown): readonly TokenProblem[] {
    const named = typeof alg === "string" ? `is ${quote(alg)}` : "is not named";
    const message = `The token's algorithm ${named}, but GitLab signs with RS256.`;
    return alg === "RS256" ? [] : [problem("token", "algorithm", { path: "alg", message, fix: UNCHANGED })];
}

/** Faults of the claims; `now` is left out for claims without their token. */
function claimProblems(claims: TokenClaims, now: number | undefined): readonly TokenProblem[] {
    return [
        ...typeProblems(claims),
        ...issuerProblems(claims["iss"]),
        ...subjectProblems(claims["sub"], now !== undefined),
        ...audienceProblems(claims, now !== undefined),
        ...timeProblems(claims, now),
    ];
}

function typeProblems(claims: TokenClaims): readonly TokenProblem[] {
    const long = ["iss", "sub", "aud", "azp", ...KEY_CLAIMS].filter((name) => isLong(claims[name]));
    return [
        ...long.map((name) =>
            claimType("token", name, `has more than ${String(LONGEST)} characters, which is more than any ID token`),
        ),
        ...KEY_CLAIMS.filter((name) => !long.includes(name) && !isSimple(claims[name])).map((name) =>
            claimType("token", name, "is neither a string nor an array of strings"),
        ),
    ];
}

/** AWS converts numbers and booleans to strings. */
function isSimple(value: unknown): boolean {
    return valuesOf(value).every((v) => ["string", "number", "boolean"].includes(typeof v));
}

/** Whether a value is longer than any ID token, so no job can have it. */
export function isLong(value: unknown): boolean {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const size = (v: unknown): number => (typeof v === "string" ? v.length : 1);
    return values.length > LONGEST || values.reduce<number>((sum, v) => sum + size(v), 0) > LONGEST;
}

function claimType(id: TokenCheck, name: string, what: string): TokenProblem {
    return problem(id, "claim-type", { path: name, message: `The claim \`${name}\` ${what}.`, fix: UNCHANGED_CLAIMS });
}

function issuerProblems(iss: unknown): readonly TokenProblem[] {
    if (typeof iss !== "string" || iss === "") {
        return [claimType("token-issuer", "iss", "is missing or not a string")];
    }
    const words = {
        path: "iss",
        message: `The token was issued by ${quote(iss)}, which is not an https address. AWS compares it exactly with the identity provider's URL.`,
        fix: "Set GitLab's `external_url`, or its setting `ci_id_tokens_issuer_url`, to the https address of the identity provider.",
    };
    return iss.startsWith("https://") ? [] : [problem("token-issuer", "issuer", words)];
}

function missing(id: TokenCheck, name: string, fix = UNCHANGED): TokenProblem {
    return problem(id, "claim-missing", { path: name, message: `The token has no claim \`${name}\`.`, fix });
}

function subjectProblems(sub: unknown, isToken: boolean): readonly TokenProblem[] {
    if (sub === undefined || sub === "") {
        return isToken ? [missing("token", "sub")] : [];
    }
    return typeof sub === "string" ? [] : [claimType("token", "sub", "is not a string")];
}

function audienceProblems({ aud, azp }: TokenClaims, isToken: boolean): readonly TokenProblem[] {
    if (isLong(aud)) {
        return []; // Reported already, and too long to be walked through.
    }
    const audiences = valuesOf(aud);
    if (audiences.every((audience) => audience === "")) {
        const fix = "Use a token of `id_tokens` with `aud`: CI_JOB_JWT has none.";
        return isToken ? [missing("token-audience", "aud", fix)] : [];
    }
    if (!audiences.every((audience) => typeof audience === "string")) {
        return [claimType("token-audience", "aud", "is neither a string nor an array of strings")];
    }
    const words = {
        path: "aud",
        message: `The token is for several audiences: ${audiences.map((audience) => quote(audience)).join(", ")}.`,
        fix: "Write one `aud` under the job's `id_tokens`, and add another token for the other audience.",
    };
    return audiences.length > 1 && typeof azp !== "string"
        ? [problem("token-audience", "several-audiences", words)]
        : [];
}

function timeProblems(claims: TokenClaims, now: number | undefined): readonly TokenProblem[] {
    const absent = now === undefined ? [] : ["exp", "iat"].filter((name) => claims[name] === undefined);
    if (absent.length > 0) {
        return absent.map((name) => missing("token-times", name));
    }
    const wrong = ["exp", "iat", "nbf"].filter((name) => claims[name] !== undefined && !isSecond(claims[name]));
    if (wrong.length > 0) {
        return wrong.map((name) =>
            problem("token-times", "time-type", {
                path: name,
                message: `The claim \`${name}\` is not a time in whole seconds since 1970.`,
                fix: UNCHANGED,
            }),
        );
    }
    const { exp, iat, nbf = 0 } = claims as Readonly<Record<"exp" | "iat", number>> & { readonly nbf?: number };
    return now === undefined ? [] : clockProblems(now, exp, Math.max(iat, nbf));
}

function clockProblems(now: number, end: number, start: number): readonly TokenProblem[] {
    if (end <= now) {
        const message = `The token expired ${String(now - end)} s ago: a token is valid until the timeout of its job.`;
        const fix = "Exchange it at the beginning of the job that it was issued for.";
        return [problem("token-times", "expired", { path: "exp", message, fix })];
    }
    const message = `The token is not valid for another ${String(start - now)} s.`;
    const fix = "Correct the clock of the GitLab instance.";
    return start - now > CLOCK_TOLERANCE
        ? [problem("token-times", "not-yet-valid", { path: "nbf", message, fix })]
        : [];
}

function isSecond(value: unknown): value is number {
    return Number.isSafeInteger(value);
}
