import { nearest } from "../contract/nearest";
import { quote } from "../contract/quote";
import type { Claims } from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";

/** Ids of projects, groups and users. */
export const NUMERIC = { pattern: /^[1-9][0-9]*$/, shape: "a numeric id" };

const oneOf = (...options: readonly string[]): Omit<ClaimKey, "key"> => ({
    pattern: new RegExp(`^(?:${options.join("|")})$`),
    shape: `one of ${options.join(", ")}`,
    options,
});

/** A claim as a condition key, and what its values look like. */
interface ClaimKey {
    readonly key: string;
    readonly pattern: RegExp;
    readonly shape: string;
    /** All values, where they are few. */
    readonly options?: readonly string[];
}

/** Where a pipeline can come from. Source: GitLab, "Predefined CI/CD variables reference", `CI_PIPELINE_SOURCE`. */
const PIPELINE_SOURCES = [
    "push",
    "web",
    "trigger",
    "schedule",
    "api",
    "external",
    "pipeline",
    "chat",
    "webide",
    "merge_request_event",
    "external_pull_request_event",
    "parent_pipeline",
    "ondemand_dast_scan",
    "ondemand_dast_validation",
    "security_orchestration_policy",
    "container_registry_push",
    "duo_workflow",
    "pipeline_execution_policy_schedule",
    "unknown",
];

/** Claims that AWS offers as condition keys for gitlab.com, beside `sub` and `aud`, and what their values look like. */
export const CLAIM_KEYS: { readonly [K in keyof Required<Claims>]: ClaimKey } = {
    namespaceId: { key: "namespace_id", ...NUMERIC },
    userId: { key: "user_id", ...NUMERIC },
    userLogin: { key: "user_login", pattern: /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/, shape: "a user name" },
    userEmail: { key: "user_email", pattern: /^[^\s@]+@[^\s@]+$/, shape: "an e-mail address" },
    userAccessLevel: {
        key: "user_access_level",
        ...oneOf("guest", "planner", "reporter", "developer", "maintainer", "owner"),
    },
    pipelineSource: { key: "pipeline_source", ...oneOf(...PIPELINE_SOURCES) },
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

/** Global keys and keys of STS that this call can have. Source: AWS, "AWS global condition context keys", "IAM and AWS STS condition context keys". */
const IN_THIS_CALL = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:Referer",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:UserAgent",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:VpcSourceIp",
    "sts:DurationSeconds",
    "sts:RoleSessionName",
    "sts:TransitiveTagKeys",
];

const IN_THIS_CALL_LOWER = new Set(IN_THIS_CALL.map((name) => name.toLowerCase()));

/** Whether a key of `aws:` or `sts:` is not one of AWS's that are known here. IAM compares the names of keys without regard to case. */
export function isUnknownKey(name: string): boolean {
    return (
        /^(?:aws|sts):/i.test(name) &&
        !NEVER_IN_THIS_CALL.test(name) &&
        !/^aws:(?:RequestTag|ResourceTag)\/./i.test(name) &&
        !IN_THIS_CALL_LOWER.has(name.toLowerCase())
    );
}

/** The key that an unknown one most likely stands for. */
export function meantKey(name: string): string | undefined {
    return nearest(name, IN_THIS_CALL);
}

/** The claim of the issuer that a condition key is of, in small letters. */
export function claimOf(name: string, issuer: string): string | undefined {
    return name.length > issuer.length &&
        name[issuer.length] === ":" &&
        name.slice(0, issuer.length).toLowerCase() === issuer.toLowerCase()
        ? name.slice(issuer.length + 1).toLowerCase()
        : undefined;
}

/** Why a condition key is of no use for AssumeRoleWithWebIdentity of the issuer, and what to do; undefined where it is fine. IAM compares the names of keys without regard to case. */
export function conditionKeyFault(name: string, issuer: string): { why: string; fix: string } | undefined {
    const colon = name.lastIndexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    const claim = name.slice(colon + 1).toLowerCase();
    if (/^(aws|sts):/i.test(name)) {
        return NEVER_IN_THIS_CALL.test(name)
            ? {
                  why: "is not in the request when a job exchanges its ID token, because nobody is signed in yet: the condition would never be met",
                  fix: "Leave it out: who may call is said by the `sub` claim.",
              }
            : undefined;
    }
    if (prefix.toLowerCase() !== issuer.toLowerCase()) {
        return {
            why: `is no key of the issuer ${quote(issuer)}`,
            fix: `Keys of the ID token begin with "${issuer}:", the provider's url without https://.`,
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
                  fix: "Leave it out; what the `sub` claim can carry is the project's setting `ci_id_token_sub_claim_components`.",
              };
    }
    return {
        why: "is a claim that AWS does not look at",
        fix: `Keys are ${["sub", "aud", ...(issuer === issuerOf(GITLAB_COM) ? GITLAB_COM_KEYS : [])].join(", ")}; the name of an environment cannot be checked at all.`,
    };
}

/** Whether a condition key is that of the issuer's claim. */
export function isKey(name: string, issuer: string, claim: string): boolean {
    // Issuer and claim are ASCII, where the length does not depend on the case.
    return (
        name.length === issuer.length + 1 + claim.length && name.toLowerCase() === `${issuer}:${claim}`.toLowerCase()
    );
}
