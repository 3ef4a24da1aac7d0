import {
    compactVerify,
    createLocalJWKSet,
    decodeJwt,
    decodeProtectedHeader,
    errors,
    type JSONWebKeySet,
    type JWTPayload,
} from "jose";

/** A refusal in the words of AWS STS. */
export class Refusal extends Error {
    constructor(
        readonly code: string,
        message: string,
        readonly status = 400,
    ) {
        super(message);
    }
}

/** What IAM has on record. */
export interface AccountRecords {
    /** The client IDs of an identity provider, or undefined where there is none with that ARN. */
    clientIds(providerArn: string): Promise<readonly string[] | undefined>;
    /** The role of that name, or undefined. */
    role(name: string): Promise<{ arn: string; maxSessionDuration: number } | undefined>;
}

/** The public keys of an issuer, in place of fetching them from its `jwks_uri`. */
export interface KeySource {
    url: string;
    /** Rejects where the keys cannot be read. */
    jwks(): JSONWebKeySet | Promise<JSONWebKeySet>;
}

export interface WebIdentityRequest {
    roleArn: string;
    roleName: string;
    account: { partition: string; id: string };
    sessionName: string;
    token: string;
    durationSeconds: number;
}

export interface AcceptedToken {
    subject: string;
    /** The one audience that the trust policy sees. */
    audience: string;
    providerArn: string;
    claims: JWTPayload;
}

/** Checks the parameters of AssumeRoleWithWebIdentity by themselves. */
export function parseRequest(parameters: ReadonlyMap<string, string>): WebIdentityRequest {
    const roleArn = parameters.get("RoleArn");
    const sessionName = parameters.get("RoleSessionName");
    const token = parameters.get("WebIdentityToken");
    const duration = parameters.get("DurationSeconds") ?? "3600";
    const problems = [
        ...lengthProblems("roleArn", roleArn, 20, 2048),
        ...lengthProblems("roleSessionName", sessionName, 2, 64),
        ...(/^[\w+=,.@-]*$/.test(sessionName ?? "")
            ? []
            : [constraint("roleSessionName", sessionName, "satisfy regular expression pattern: [\\w+=,.@-]*")]),
        ...lengthProblems("webIdentityToken", token, 4, 20000),
        ...(Number(duration) >= 900
            ? []
            : [constraint("durationSeconds", duration, "have value greater than or equal to 900")]),
        ...(Number(duration) <= 43200
            ? []
            : [constraint("durationSeconds", duration, "have value less than or equal to 43200")]),
    ];
    if (problems.length > 0 || roleArn === undefined || sessionName === undefined || token === undefined) {
        const count = `${problems.length} validation error${problems.length === 1 ? "" : "s"}`;
        throw new Refusal("ValidationError", `${count} detected: ${problems.join("; ")}`);
    }

    const arn = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/.exec(roleArn);
    const [, partition, id, roleName] = arn ?? [];
    if (partition === undefined || id === undefined || roleName === undefined) {
        throw new Refusal("ValidationError", "Request ARN is invalid");
    }
    return { roleArn, roleName, account: { partition, id }, sessionName, token, durationSeconds: Number(duration) };
}

/** Checks everything about the token and the role that is not in the role's trust policy. */
export async function checkRequest(
    request: WebIdentityRequest,
    records: AccountRecords,
    issuers: readonly KeySource[],
): Promise<AcceptedToken> {
    const claims = parseToken(request.token);
    const issuer = requiredClaim(claims, "iss");
    const subject = requiredClaim(claims, "sub");
    const audience = audienceOf(claims);

    const { partition, id } = request.account;
    const providerArn = `arn:${partition}:iam::${id}:oidc-provider/${issuer.replace(/^https:\/\//, "")}`;
    const clientIds = issuer.startsWith("https://") ? await records.clientIds(providerArn) : undefined;
    if (clientIds === undefined) {
        throw invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`);
    }
    if (!clientIds.includes(audience)) {
        throw invalidToken("Incorrect token audience");
    }
    await checkSignature(
        request.token,
        issuers.find(({ url }) => url === issuer),
    );
    checkTimes(claims);
    await checkRole(request, records);
    return { subject, audience, providerArn, claims };
}

function parseToken(token: string): JWTPayload {
    const notJwt = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
    try {
        // RS256 is all that GitLab signs with.
        if (token.split(".").length === 3 && decodeProtectedHeader(token).alg === "RS256") {
            return decodeJwt(token);
        }
    } catch {
        // below
    }
    throw invalidToken(notJwt);
}

function requiredClaim(claims: JWTPayload, name: string): string {
    const value = claims[name];
    if (typeof value !== "string" || value === "") {
        throw invalidToken(`Missing a required claim: ${name}`);
    }
    return value;
}

/** AWS takes `azp` where a token has one; several audiences without it are refused. */
function audienceOf(claims: JWTPayload): string {
    const audiences = [claims.aud ?? []].flat();
    const [audience] = typeof claims.azp === "string" ? [claims.azp] : audiences;
    if (audience === undefined || audience === "") {
        throw invalidToken("Missing a required claim: aud");
    }
    if (audiences.length > 1 && claims.azp === undefined) {
        throw invalidToken("Token audience contains more than one audience while authorized party is not present");
    }
    return audience;
}

async function checkSignature(token: string, issuer: KeySource | undefined): Promise<void> {
    const noKey = invalidToken(
        // The two spaces are AWS's.
        "Couldn't retrieve verification key from your identity provider,  " +
            "please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
    if (issuer === undefined) {
        throw noKey;
    }
    const keys = await Promise.resolve(issuer.jwks()).catch(() => {
        throw noKey;
    });
    try {
        await compactVerify(token, createLocalJWKSet(keys), { algorithms: ["RS256"] });
    } catch (error) {
        throw error instanceof errors.JWKSNoMatchingKey ? noKey : notValidated();
    }
}

function checkTimes({ exp, nbf, iat }: JWTPayload): void {
    const now = Math.floor(Date.now() / 1000);
    for (const [name, value] of Object.entries({ exp, iat })) {
        if (typeof value !== "number") {
            throw invalidToken(`Missing a required claim: ${name}`);
        }
    }
    if (exp !== undefined && now >= exp) {
        throw new Refusal(
            "ExpiredTokenException",
            `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`,
        );
    }
    if (nbf !== undefined && now < nbf) {
        throw notValidated();
    }
}

export function notAuthorized(): Refusal {
    return new Refusal("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", 403);
}

async function checkRole(request: WebIdentityRequest, records: AccountRecords): Promise<void> {
    const role = await records.role(request.roleName);
    // The emulator finds a role by the last part of its ARN alone.
    if (role?.arn !== request.roleArn) {
        throw notAuthorized();
    }
    if (request.durationSeconds > role.maxSessionDuration) {
        throw new Refusal(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        );
    }
}

function lengthProblems(name: string, value: string | undefined, min: number, max: number): string[] {
    if (value === undefined) {
        return [constraint(name, undefined, "not be null")];
    }
    return [
        ...(value.length >= min ? [] : [constraint(name, value, `have length greater than or equal to ${min}`)]),
        ...(value.length <= max ? [] : [constraint(name, value, `have length less than or equal to ${max}`)]),
    ];
}

function constraint(name: string, value: string | undefined, rule: string): string {
    const quoted = value === undefined ? " null" : ` '${value}'`;
    const shown = name === "webIdentityToken" ? "" : quoted; // a secret: AWS never repeats it
    return `Value${shown} at '${name}' failed to satisfy constraint: Member must ${rule}`;
}

function invalidToken(message: string): Refusal {
    return new Refusal("InvalidIdentityToken", message);
}

/** AWS's description of the error code: the words of the service itself for these cases are not published. */
function notValidated(): Refusal {
    return invalidToken(
        "The web identity token that was passed could not be validated by AWS. " +
            "Get a new identity token from the identity provider and then retry the request.",
    );
}
