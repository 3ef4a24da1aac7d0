import { nearest } from "../contract/nearest";
import { quote } from "../contract/quote";
import type { Claims } from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { MERGE_REQUEST_EVENT } from "../gitlab/pipeline-source";

/** IDs of projects, groups and users. */
export const NUMERIC = { pattern: /^[1-9][0-9]*$/, shape: "a numeric ID", example: "123456" };

const oneOf = (shape: string, ...options: readonly string[]): Omit<ClaimKey, "key"> => ({
    pattern: new RegExp(`^(?:${options.join("|")})$`),
    shape,
    example: options[0]!,
    options,
});

/** A claim as a condition key, and what its values look like. */
interface ClaimKey {
    readonly key: string;
    readonly pattern: RegExp;
    /** The name of a valid value, with its article. */
    readonly shape: string;
    readonly example: string;
    /** All values, if they are few. */
    readonly options?: readonly string[];
}

/** The sources of a pipeline. Source: GitLab, "Predefined CI/CD variables reference", `CI_PIPELINE_SOURCE`. */
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
    MERGE_REQUEST_EVENT,
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

/** Claims other than `sub` and `aud` that AWS supports as condition keys for gitlab.com, and the form of their values. */
export const CLAIM_KEYS: { readonly [K in keyof Required<Claims>]: ClaimKey } = {
    namespaceId: { key: "namespace_id", ...NUMERIC },
    userId: { key: "user_id", ...NUMERIC },
    userLogin: { key: "user_login", pattern: /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/, shape: "a user name", example: "jdoe" },
    userEmail: {
        key: "user_email",
        pattern: /^[^\s@]+@[^\s@]+$/,
        shape: "an email address",
        example: "jdoe@example.com",
    },
    userAccessLevel: {
        key: "user_access_level",
        ...oneOf("an access level of GitLab", "guest", "planner", "reporter", "developer", "maintainer", "owner"),
    },
    pipelineSource: { key: "pipeline_source", ...oneOf("a pipeline source of GitLab", ...PIPELINE_SOURCES) },
    runnerEnvironment: {
        key: "runner_environment",
        ...oneOf("a runner environment of GitLab", "gitlab-hosted", "self-hosted"),
    },
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

/** The key that an unknown one most likely means. */
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

/** Why AssumeRoleWithWebIdentity of the issuer never has a condition key, and the fix; undefined if it can have it. IAM compares the names of keys without regard to case. */
export function conditionKeyFault(name: string, issuer: string): { why: string; fix: string } | undefined {
    const colon = name.lastIndexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    const claim = name.slice(colon + 1).toLowerCase();
    if (/^(aws|sts):/i.test(name)) {
        return NEVER_IN_THIS_CALL.test(name)
            ? {
                  why: "is not in the request when a job exchanges its ID token, because the caller has no AWS identity yet. The condition would never be met",
                  fix: "Remove it: the `sub` claim defines who may call.",
              }
            : undefined;
    }
    if (prefix.toLowerCase() !== issuer.toLowerCase()) {
        return {
            why: `is not a key of the issuer ${quote(issuer)}`,
            fix: `Keys of the ID token begin with "${issuer}:", the identity provider's URL without https://.`,
        };
    }
    if (["sub", "aud", "amr"].includes(claim)) {
        return undefined;
    }
    if (GITLAB_COM_KEYS.includes(claim)) {
        return issuer === issuerOf(GITLAB_COM)
            ? undefined
            : {
                  why: "is a condition key only for gitlab.com. With this issuer it would never be met",
                  fix: "Remove it. To check more than project and ref, add components to the `sub` claim with the project's setting `ci_id_token_sub_claim_components`.",
              };
    }
    return {
        why: "is a claim that AWS does not evaluate",
        fix: `Keys are ${["sub", "aud", ...(issuer === issuerOf(GITLAB_COM) ? GITLAB_COM_KEYS : [])].join(", ")}. AWS cannot check the name of an environment.`,
    };
}

/** Whether a condition key is that of the issuer's claim. */
export function isClaimKey(name: string, issuer: string, claim: string): boolean {
    // Issuer and claim are ASCII, where the length does not depend on the case.
    return (
        name.length === issuer.length + 1 + claim.length && name.toLowerCase() === `${issuer}:${claim}`.toLowerCase()
    );
}
