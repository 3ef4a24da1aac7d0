/** The error that STS returns to a job whose token it rejects, in its own words as far as known. */
export function inJob(code: string, text: string): string {
    return `An error occurred (${code}) when calling the AssumeRoleWithWebIdentity operation: ${text}`;
}

export function invalidToken(text: string): string {
    return inJob("InvalidIdentityToken", text);
}

export const NOT_A_TOKEN = invalidToken(
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
);

/** AWS's description of the error code: the words for these cases are not published. */
export const NOT_VALIDATED = invalidToken(
    "The web identity token that was passed could not be validated by AWS. Get a new identity token from the identity provider and then retry the request.",
);

export function noProviderFor(issuer: string): string {
    return invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`);
}
