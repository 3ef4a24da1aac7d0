import type { IssuerCheck } from "../contract/types";
import { inJob, invalidToken, noProviderFor, NOT_A_TOKEN } from "../oidc/sts-words";
import type { CheckId } from "./checks";

const NO_KEY = invalidToken(
    "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
);

/** The error message of AWS for the first failed check, as far as it is known; undefined if no check failed. */
export function awsWords(checks: readonly IssuerCheck[], url: string): string | undefined {
    const failed = checks.find(({ status }) => status === "fail")?.id as CheckId | undefined;
    if (failed === undefined) {
        return undefined;
    }
    if (failed in OF_CHECK) {
        return OF_CHECK[failed];
    }
    if (/^(?:keys|rate)-/.test(failed)) {
        return NO_KEY;
    }
    if (/^discovery-(?:json|issuer|jwks-uri|algorithms)$/.test(failed)) {
        return `Please check .well-known/openid-configuration of provider: ${url} is valid. In a job: ${NO_KEY}`;
    }
    const atCreation = `Could not connect to openid configuration of provider: ${url}`;
    // GitLab documents this message for certificate chains only when the identity provider is created.
    return failed.startsWith("chain-") ? atCreation : `${atCreation}. In a job: ${NO_KEY}`;
}

const OF_CHECK: { readonly [id in CheckId]?: string } = {
    url: "Invalid Open ID Connect Provider URL",
    trust: `${invalidToken("OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint")} (unless the identity provider has the thumbprint)`,
    token: NOT_A_TOKEN,
    "token-issuer": noProviderFor("the token's issuer"),
    "token-audience": invalidToken("Incorrect token audience"),
    "token-times": inJob("ExpiredTokenException", "Token expired"),
    "token-key": NO_KEY,
    "token-signature": NO_KEY,
};
