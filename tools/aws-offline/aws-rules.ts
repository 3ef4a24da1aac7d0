import { GetPolicyCommand, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import { ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { Aws } from "./clients";
import { AwsError, hasCode } from "./errors";
import { isObject, Properties, Value } from "./values";

// AWS refuses all of this, the emulator does not. Each rule raises AWS's own error before the call.

const CLIENT_IDS = 100;
const PROVIDERS_PER_ACCOUNT = 100;
const PROVIDER_URL_LENGTH = 255;
const THUMBPRINTS = 5;
const TRUST_POLICY_SIZE = 2048;
const INLINE_POLICIES_SIZE = 10240;
const POLICIES_PER_ROLE = 10;
const TAGS = 50;

/** URL of an identity provider: https, no port, no query, at most 255 characters, one per account and 100 in all. */
export async function checkNewProvider(aws: Aws, inputs: Properties): Promise<void> {
    const operation = "CreateOpenIDConnectProvider";
    const url = inputs["url"] as string;
    if (url.length > PROVIDER_URL_LENGTH) {
        throw tooLong(operation, "url", PROVIDER_URL_LENGTH);
    }
    if (!isProviderUrl(url)) throw iam(operation, 400, "ValidationError", "Invalid Open ID Connect Provider URL");
    checkClientIds(operation, inputs["clientIdLists"]);
    checkThumbprints(operation, inputs["thumbprintLists"]);
    checkTags(operation, inputs["tagsAll"]);

    const { OpenIDConnectProviderList: providers = [] } = await aws.iam(new ListOpenIDConnectProvidersCommand({}));
    const address = url.replace(/^https:\/\//, "").replace(/\/$/, "");
    if (providers.some(({ Arn }) => Arn?.split(":oidc-provider/")[1] === address)) {
        throw iam(operation, 409, "EntityAlreadyExists", `Provider with url ${url} already exists.`);
    }
    if (providers.length >= PROVIDERS_PER_ACCOUNT) {
        throw quota(operation, "OpenIdConnectProvidersPerAccount", PROVIDERS_PER_ACCOUNT);
    }
}

function isProviderUrl(url: string): boolean {
    // The URL class drops a port that is the default one, AWS does not accept it either.
    const authority = url.slice("https://".length).split(/[/?#]/)[0] ?? "";
    return url.startsWith("https://") && !/[:@]/.test(authority) && !/[?#]/.test(url);
}

export function checkClientIds(operation: string, clientIds: Value | undefined): void {
    if ((clientIds as string[]).length > CLIENT_IDS) {
        throw quota(operation, "ClientIdsPerOpenIdConnectProvider", CLIENT_IDS);
    }
}

export function checkThumbprints(operation: string, thumbprints: Value | undefined): void {
    const list = (thumbprints as string[] | undefined) ?? [];
    if (list.length > THUMBPRINTS) {
        throw iam(operation, 400, "InvalidInput", "Thumbprint list must contain fewer than 5 entries.");
    }
    if (list.some((thumbprint) => !/^[0-9a-f]{40}$/i.test(thumbprint))) {
        throw iam(operation, 400, "InvalidInput", "Thumbprint must contain only hexadecimal digits.");
    }
}

export function checkTags(operation: string, tags: Value | undefined): void {
    if (isObject(tags) && Object.keys(tags).length > TAGS) {
        throw iam(operation, 409, "LimitExceeded", `The number of tags has reached the maximum limit.`);
    }
}

/** Trust policies: characters, size (white space is not counted) and the sub condition for gitlab.com. */
export function checkTrustPolicy(operation: string, policy: string): void {
    checkCharacters(operation, operation === "CreateRole" ? "assumeRolePolicyDocument" : "policyDocument", policy);
    if (policy.replace(/\s/g, "").length > TRUST_POLICY_SIZE) {
        throw quota(operation, "ACLSizePerRole", TRUST_POLICY_SIZE);
    }
    const unguarded = statements(policy).map(unguardedGitLab).find(Boolean);
    if (unguarded) {
        // AWS's sentence goes on; how it ends was not seen.
        const reason = `Trust policy with trusted principal ${unguarded} must evaluate gitlab.com:sub`;
        throw iam(operation, 400, "MalformedPolicyDocument", reason);
    }
}

/** Since June 2025: who trusts gitlab.com has to test `sub` against something narrower than `*`. */
function unguardedGitLab(statement: Properties): string | undefined {
    const federated = isObject(statement["Principal"]) ? statement["Principal"]["Federated"] : undefined;
    const gitlab = asList(federated).find(
        (principal) => typeof principal === "string" && principal.endsWith(":oidc-provider/gitlab.com"),
    );
    if (gitlab === undefined || statement["Effect"] !== "Allow") return undefined;
    const guarded = Object.entries((statement["Condition"] as Properties | undefined) ?? {}).some(
        ([operator, keys]) =>
            /^(ForAnyValue:)?(StringEquals|StringLike|StringEqualsIgnoreCase)$/i.test(operator) &&
            Object.entries(isObject(keys) ? keys : {}).some(
                ([key, values]) =>
                    key.toLowerCase() === "gitlab.com:sub" && asList(values).every((value) => value !== "*"),
            ),
    );
    return guarded ? undefined : (gitlab as string);
}

export function checkInlinePolicies(operation: string, role: string, policies: readonly string[]): void {
    for (const policy of policies) checkCharacters(operation, "policyDocument", policy);
    const size = policies.join("").replace(/\s/g, "").length;
    if (size > INLINE_POLICIES_SIZE) {
        const reason = `Maximum policy size of ${INLINE_POLICIES_SIZE} bytes exceeded for role ${role}`;
        throw iam(operation, 409, "LimitExceeded", reason);
    }
}

/** A customer's policy has to exist. Of AWS's own the emulator knows only some, so nothing can be said there. */
export async function checkAttachment(aws: Aws, role: string, policyArn: string): Promise<void> {
    const operation = "AttachRolePolicy";
    if (!/^arn:[\w-]+:iam::aws:/.test(policyArn)) {
        try {
            await aws.iam(new GetPolicyCommand({ PolicyArn: policyArn }));
        } catch (error) {
            if (!hasCode(error, "NoSuchEntity")) throw error;
            const reason = `Policy ${policyArn} does not exist or is not attachable.`;
            throw iam(operation, 404, "NoSuchEntity", reason);
        }
    }
    const { AttachedPolicies: attached = [] } = await aws.iam(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    if (attached.length >= POLICIES_PER_ROLE && !attached.some((policy) => policy.PolicyArn === policyArn)) {
        throw quota(operation, "PoliciesPerRole", POLICIES_PER_ROLE);
    }
}

function checkCharacters(operation: string, member: string, policy: string): void {
    // eslint-disable-next-line no-control-regex -- the characters that IAM allows
    if (/^[\u0009\u000A\u000D\u0020-\u00FF]+$/.test(policy)) return;
    const reason =
        `1 validation error detected: Value at '${member}' failed to satisfy constraint: ` +
        "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+";
    throw iam(operation, 400, "ValidationError", reason);
}

function statements(policy: string): Properties[] {
    const { Statement } = JSON.parse(policy) as { Statement?: Value };
    return asList(Statement).filter(isObject);
}

function asList(value: Value | undefined): Value[] {
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function tooLong(operation: string, member: string, limit: number): AwsError {
    const reason =
        `1 validation error detected: Value at '${member}' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${limit}`;
    return iam(operation, 400, "ValidationError", reason);
}

function quota(operation: string, name: string, limit: number): AwsError {
    return iam(operation, 409, "LimitExceeded", `Cannot exceed quota for ${name}: ${limit}`);
}

function iam(operation: string, status: number, code: string, reason: string): AwsError {
    return new AwsError("IAM", operation, { status, code, reason });
}
