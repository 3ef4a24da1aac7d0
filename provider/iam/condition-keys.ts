import { quote } from "../contract/quote";
import type { Claims } from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";

const NUMERIC = { pattern: /^[1-9][0-9]*$/, shape: "a numeric id" };

const oneOf = (...values: readonly string[]): { pattern: RegExp; shape: string } => ({
    pattern: new RegExp(`^(?:${values.join("|")})$`),
    shape: `one of ${values.join(", ")}`,
});

/** Claims that AWS offers as condition keys for gitlab.com, beside `sub` and `aud`, and what their values look like. */
export const CLAIM_KEYS: { readonly [K in keyof Required<Claims>]: { key: string; pattern: RegExp; shape: string } } = {
    namespaceId: { key: "namespace_id", ...NUMERIC },
    userId: { key: "user_id", ...NUMERIC },
    userLogin: { key: "user_login", pattern: /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/, shape: "a user name" },
    userEmail: { key: "user_email", pattern: /^[^\s@]+@[^\s@]+$/, shape: "an e-mail address" },
    userAccessLevel: {
        key: "user_access_level",
        ...oneOf("guest", "planner", "reporter", "developer", "maintainer", "owner"),
    },
    pipelineSource: {
        key: "pipeline_source",
        pattern: /^[a-z_]+$/,
        shape: "a value of CI_PIPELINE_SOURCE, such as push",
    },
    runnerEnvironment: { key: "runner_environment", ...oneOf("gitlab-hosted", "self-hosted") },
};

/** The nine claims that are condition keys on gitlab.com, and nowhere else. */
export const GITLAB_COM_KEYS: readonly string[] = [
    "namespace_id",
    "project_id",
    "user_id",
    "user_login",
    "user_email",
    "user_access_level",
    "ref_protected",
    "pipeline_source",
    "runner_environment",
];

/** Global keys that need a signed-in caller, which a job with an ID token is not yet. */
const NEVER_IN_THIS_CALL =
    /^aws:(?:Principal\w*|username|userid|MultiFactorAuth\w*|TokenIssueTime|SourceIdentity|Source(?:Account|Arn|OrgID|OrgPaths|Owner)|Calledvia\w*|ViaAWSService|FederatedProvider|ResourceOrg\w*)$|^aws:PrincipalTag\/|^sts:(?:ExternalId|SourceIdentity|AWSServiceName)$/i;

/** Why a condition key is of no use for AssumeRoleWithWebIdentity of the issuer, and what to do; undefined where it is fine. IAM compares the names of keys without regard to case. */
export function conditionKeyFault(name: string, issuer: string): { why: string; cure: string } | undefined {
    const colon = name.lastIndexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    const claim = name.slice(colon + 1).toLowerCase();
    if (/^(aws|sts):/i.test(name)) {
        return NEVER_IN_THIS_CALL.test(name)
            ? {
                  why: "is not in the request when a job exchanges its ID token, because nobody is signed in yet: the condition would never be met",
                  cure: "Leave it out: who may call is said by the `sub` claim.",
              }
            : undefined;
    }
    if (prefix.toLowerCase() !== issuer.toLowerCase()) {
        return {
            why: `is no key of the issuer ${quote(issuer)}`,
            cure: `Keys of the ID token begin with "${issuer}:", the provider's url without https://.`,
        };
    }
    if (["sub", "aud", "amr"].includes(claim)) {
        return undefined;
    }
    if (GITLAB_COM_KEYS.includes(claim)) {
        return issuer === issuerOf(GITLAB_COM)
            ? undefined
            : {
                  why: "is a condition key for gitlab.com only: on this issuer it would never be met",
                  cure: "Leave it out; what the `sub` claim can carry is the project's setting `ci_id_token_sub_claim_components`.",
              };
    }
    return {
        why: "is a claim that AWS does not look at",
        cure: `Keys are ${["sub", "aud", ...(issuer === issuerOf(GITLAB_COM) ? GITLAB_COM_KEYS : [])].join(", ")}; the name of an environment cannot be checked at all.`,
    };
}

/** Whether a condition key is that of the issuer's claim. */
export function isKey(name: string, issuer: string, claim: string): boolean {
    // Issuer and claim are ASCII, where the length does not depend on the case.
    return (
        name.length === issuer.length + 1 + claim.length && name.toLowerCase() === `${issuer}:${claim}`.toLowerCase()
    );
}
