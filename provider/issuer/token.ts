import { quote } from "../contract/quote";
import { audienceOf, isSignedWith, readIdToken, type IdToken, type TokenClaims } from "../oidc/id-token";
import type { VerificationKey } from "../oidc/jwks";
import { CHECK_IDS, isOfToken } from "./checks";
import { merged, notMade, type Outcome } from "./results";

/** Everything that the checks of a token depend on. */
interface TokenInputs {
    readonly token: string;
    readonly url: string;
    readonly audience?: string;
    /** Left out if the JWKS could not be read. */
    readonly keys?: readonly VerificationKey[];
    /** Seconds since 1970. */
    readonly now: number;
}

/** The results of the checks of an ID token: everything that STS checks before the trust policy. */
export function tokenOutcomes({ token, url, audience, keys, now }: TokenInputs): readonly Outcome[] {
    const { value, problems } = readIdToken(token, now);
    const found = (id: Outcome["id"]): Outcome | undefined => {
        const own = problems.filter((problem) => problem.id === id);
        return own.length === 0 ? undefined : merged(id, own);
    };
    const failed = found("token");
    if (value === undefined || failed !== undefined) {
        return [
            ...(failed === undefined ? [] : [failed]),
            ...CHECK_IDS.filter((id) => id !== "token" && isOfToken(id)).map((id) => ({ id, ...notMade("token") })),
        ];
    }
    const { claims } = value;
    return [
        { id: "token", status: "pass", message: "The token can be read and is signed with RS256." },
        found("token-issuer") ?? issuerOutcome(String(claims["iss"]), url),
        found("token-audience") ?? audienceOutcome(claims, audience),
        found("token-times") ?? {
            id: "token-times",
            status: "pass",
            message: `The token is valid for another ${String(Number(claims["exp"]) - now)} s.`,
        },
        ...(keys === undefined ? [] : keyOutcomes(value, keys)),
    ];
}

function issuerOutcome(iss: string, url: string): Outcome {
    const id = "token-issuer";
    return iss === url
        ? { id, status: "pass", message: `The token was issued by ${quote(url)}.` }
        : {
              id,
              status: "fail",
              message: `The token was issued by ${quote(iss)}, not by ${quote(url)}.`,
              fix: "Create the identity provider with exactly the token's issuer, or use a token of this instance.",
          };
}

function audienceOutcome(claims: TokenClaims, audience: string | undefined): Outcome {
    const id = "token-audience";
    const own = audienceOf(claims);
    if (audience === undefined) {
        return {
            id,
            status: "skipped",
            message: `Skipped: no audience is set. The token is for ${quote(own)}. The identity provider must list this audience.`,
        };
    }
    return audience === own
        ? { id, status: "pass", message: `The token is for ${quote(audience)}.` }
        : {
              id,
              status: "fail",
              message: `The token is for ${quote(own)}, not for ${quote(audience)}.`,
              fix: "Use the same audience in the job's `id_tokens` and in the identity provider.",
          };
}

function keyOutcomes(token: IdToken, keys: readonly VerificationKey[]): readonly Outcome[] {
    const key = keys.find(({ kid, jwk }) => kid === token.kid && jwk["kty"] === "RSA");
    if (key === undefined) {
        return [
            {
                id: "token-key",
                status: "fail",
                message:
                    typeof token.kid === "string"
                        ? `The token's key ${quote(token.kid)} is not among the usable RSA keys of the JWKS.`
                        : "The token does not name its key (`kid`).",
                fix: "If the instance signs with a new key, publish that key too. If the token is from a different instance, use a token of this instance.",
            },
            { id: "token-signature", ...notMade("token-key") },
        ];
    }
    return [
        { id: "token-key", status: "pass", message: `The token's key ${quote(key.kid)} is in the JWKS.` },
        isSignedWith(token, key)
            ? { id: "token-signature", status: "pass", message: "The signature is valid." }
            : {
                  id: "token-signature",
                  status: "fail",
                  message: `The token is not signed with the key ${quote(key.kid)} of the JWKS.`,
                  fix: "Use the job's ID token without changes. If it is unchanged, the JWKS has a different key with this `kid`.",
              },
    ];
}
