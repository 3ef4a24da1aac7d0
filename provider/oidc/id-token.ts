import { verify } from "node:crypto";
import { quote } from "../contract/quote";
import { isObject } from "../contract/object";
import { CHECK_IDS, isOfToken } from "../issuer/checks";
import type { VerificationKey } from "./jwks";
import { notMade, type Outcome } from "../issuer/results";
import { readJsonObject } from "../contract/json-document";

/** What a token is judged by. */
export interface TokenInputs {
    /** The token; no part of it but its claims `iss`, `aud` and `kid` is repeated. */
    readonly token: string;
    readonly url: string;
    readonly audience?: string;
    /** Left out where the key set could not be read. */
    readonly keys?: readonly VerificationKey[];
    /** Seconds since 1970. */
    readonly now: number;
}

const LONGEST = 20_000;
/** Seconds that STS was seen (by others) to grant a clock that is fast. */
const CLOCK_TOLERANCE = 300;

const ANOTHER = "Give the job's ID token as GitLab made it.";

interface Decoded {
    readonly header: Readonly<Record<string, unknown>>;
    readonly claims: Readonly<Record<string, unknown>>;
    readonly signed: string;
    readonly signature: Buffer;
}

/** An ID token against its issuer: what STS checks before it looks at the trust policy. */
export function examineToken({ token, url, audience, keys, now }: TokenInputs): readonly Outcome[] {
    const decoded = decode(token.trim());
    if (typeof decoded === "string") {
        return [
            { id: "token", status: "fail", message: `The token ${decoded}.`, cure: ANOTHER },
            ...CHECK_IDS.filter((id) => id !== "token" && isOfToken(id)).map((id) => ({ id, ...notMade("token") })),
        ];
    }
    const { header, claims } = decoded;
    return [
        { id: "token", status: "pass", message: "The token can be read, and is signed by RS256." },
        issuerOutcome(claims["iss"], url),
        audienceOutcome(claims, audience),
        timesOutcome(claims, now),
        ...keyOutcomes(decoded, header["kid"], keys),
    ];
}

function decode(token: string): Decoded | string {
    if (token.length > LONGEST) {
        return `has ${String(token.length)} characters: STS takes up to ${String(LONGEST)}`;
    }
    const parts = token.split(".");
    if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) {
        return "is not a signed JSON web token, three parts of base64url with dots between";
    }
    const [first, second, third] = parts as [string, string, string];
    const { object: header } = readJsonObject(Buffer.from(first, "base64url"));
    const { object: claims } = readJsonObject(Buffer.from(second, "base64url"));
    if (header === undefined || claims === undefined) {
        return "cannot be decoded";
    }
    return header["alg"] === "RS256"
        ? { header, claims, signed: `${first}.${second}`, signature: Buffer.from(third, "base64url") }
        : `is signed by ${typeof header["alg"] === "string" ? quote(header["alg"]) : "nothing that it names"}, not by RS256`;
}

function issuerOutcome(iss: unknown, url: string): Outcome {
    const id = "token-issuer";
    return iss === url
        ? { id, status: "pass", message: `The token was issued by ${quote(url)}.` }
        : {
              id,
              status: "fail",
              message: `The token was issued by ${textOr(iss, "nobody that it names")}, not by ${quote(url)}.`,
              cure: "Make the identity provider for the token's issuer, letter for letter, or use a token of this instance.",
          };
}

function audienceOutcome(claims: Readonly<Record<string, unknown>>, audience: string | undefined): Outcome {
    const id = "token-audience";
    const { aud, azp } = claims;
    const audiences: readonly unknown[] = [aud ?? []].flat();
    if (audiences.length === 0 || !audiences.every((a) => typeof a === "string")) {
        return {
            id,
            status: "fail",
            message: "The token has no audience.",
            cure: "Use a token of `id_tokens` with `aud`.",
        };
    }
    const names = audiences.map((a) => quote(a)).join(", ");
    if (audiences.length > 1 && typeof azp !== "string") {
        const cure = "Write one `aud` under the job's `id_tokens`, and make another token for the other.";
        return { id, status: "fail", message: `The token is for several audiences: ${names}.`, cure };
    }
    if (audience === undefined) {
        return {
            id,
            status: "skipped",
            message: `Not checked, as no audience was given: the token is for ${names}, which the identity provider has to list.`,
        };
    }
    // Where there is an authorized party, STS takes that one.
    return audience === (typeof azp === "string" ? azp : audiences[0])
        ? { id, status: "pass", message: `The token is for ${quote(audience)}.` }
        : {
              id,
              status: "fail",
              message: `The token is for ${names}, not for ${quote(audience)}.`,
              cure: "Write the same audience under the job's `id_tokens` and into the identity provider.",
          };
}

function timesOutcome(claims: Readonly<Record<string, unknown>>, now: number): Outcome {
    const id = "token-times";
    const fail = (message: string, cure: string): Outcome => ({ id, status: "fail", message, cure });
    const [exp, iat, nbf] = [claims["exp"], claims["iat"], claims["nbf"] ?? 0];
    if (!isSecond(exp) || !isSecond(iat) || !isSecond(nbf)) {
        const name = !isSecond(exp) ? "exp" : !isSecond(iat) ? "iat" : "nbf";
        return fail(`The token's \`${name}\` is no time in whole seconds.`, ANOTHER);
    }
    if (exp <= now) {
        return fail(
            `The token expired ${String(now - exp)} s ago.`,
            "Use it in its job: it lives as long as that may run.",
        );
    }
    const later = Math.max(nbf, iat) - now;
    return later > CLOCK_TOLERANCE
        ? fail(`The token is not valid for another ${String(later)} s.`, "Set the clock of the GitLab instance.")
        : { id, status: "pass", message: `The token is valid for another ${String(exp - now)} s.` };
}

function isSecond(value: unknown): value is number {
    return Number.isSafeInteger(value);
}

function keyOutcomes(
    { signed, signature }: Decoded,
    kid: unknown,
    keys: readonly VerificationKey[] | undefined,
): readonly Outcome[] {
    if (keys === undefined) {
        return [];
    }
    const key = keys.find((k) => k.kid === kid);
    if (key === undefined) {
        return [
            {
                id: "token-key",
                status: "fail",
                message: `The token's key ${textOr(kid, "is not named and")} is not among the usable keys of the key set.`,
                cure: "If the instance signs with a new key, publish that too; if the token is of another instance, use one of this.",
            },
            { id: "token-signature", ...notMade("token-key") },
        ];
    }
    const isValid = verify("sha256", Buffer.from(signed), key.key, signature);
    return [
        { id: "token-key", status: "pass", message: `The token's key ${quote(key.kid)} is in the key set.` },
        isValid
            ? { id: "token-signature", status: "pass", message: "The signature is valid." }
            : {
                  id: "token-signature",
                  status: "fail",
                  message: `The token is not signed with the key ${quote(key.kid)} of the key set.`,
                  cure: `${ANOTHER} If it is, the key set has another key of that name.`,
              },
    ];
}

function textOr(value: unknown, otherwise: string): string {
    return typeof value === "string" ? quote(value) : isObject(value) ? "of an unusable shape" : otherwise;
}
