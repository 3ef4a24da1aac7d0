// Generated from schema.json by `make sdk`. Edit the schema, not this file.

/** A role that GitLab CI/CD jobs can assume: who may, and what it is allowed to do. */
export interface Role {
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: readonly Subject[];
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    /** Ids of warnings that are known and accepted for this role, so that they are not said again: for example `["group-wide", "any-branch"]`. An accepted id that does not occur is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
    /** Name of the role in IAM: 1 to 64 characters of `[A-Za-z0-9_+=,.@-]`, unique in the account without regard to case. Default: the resource's name and a random suffix, so that replacing works. Changing it replaces the role. Source: AWS, "IAM and AWS STS quotas". */
    readonly name?: string;
    /** IAM path of the role, beginning and ending with `/`, at most 512 characters. Default: `/`. Changing it replaces the role, and its ARN changes. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: string;
    /** Description of the role in IAM, at most 1000 characters of Latin-1. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly description?: string;
    /** Managed policies to attach: a key of your choice, which matches `[A-Za-z0-9_-]+`, to the policy's ARN. In Pulumi's state, an attachment is named by the ARN where that is plain text: keys can be renamed, and ARNs can move between them. Where the ARN is an output, the key is the name: to rename that key, or to move the output to another one, detaches the policy, because Pulumi makes the new attachment and then deletes the old one; `formerPolicyKeys` keeps it when a key is renamed. More than 10 need a raised quota (warned about), more than 25 are refused. Refused: one ARN under two keys. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly managedPolicies?: Readonly<Record<string, string>>;
    /** Keys that an entry of `managedPolicies` had before, so that a renamed entry keeps its attachment: the present key to the former ones, `{ "deploy": ["old"] }`. Needed only where the ARN is, or was, an output. Refused: a key that `managedPolicies` does not have, and a former key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerPolicyKeys?: Readonly<Record<string, readonly string[]>>;
    /** Inline policies: a key, which is the policy's name in IAM and matches `[A-Za-z0-9_-]+`, to the document, as JSON text or as an object. A renamed key is a new policy, made before the old one is deleted. At most 10,240 characters in total without white space. Refused: text that is not JSON, a document without a statement. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly inlinePolicies?: Readonly<Record<string, unknown>>;
    /** ARN of the managed policy that is the role's permissions boundary. Default: none. Refused: anything that is not the ARN of a managed policy, or one of another partition than the provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: string;
    /** Longest session a job may ask for, in seconds: 3600 to 43200. Default: 3600. A job that asks for more is refused by STS; this package refuses values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: number;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: readonly SubClaimComponent[];
    /** Options for the job of this role in the generated CI configuration; they win over those of the package. Default: none. */
    readonly gitlabCi?: GitLabCiOptions;
    /** Tags of the role. At most 50, keys of 1 to 128 and values of up to 256 characters, not beginning with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: Readonly<Record<string, string>>;
    /** Keys that this entry of `roles` had before, so that a renamed entry keeps its role and ARN instead of being made anew. Refused: a key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerKeys?: readonly string[];
}

/** Jobs that may assume a role: exactly one scope (`project`, `group` or `projectId`; `project` may carry `projectId`) and exactly one of `branch` and `tag`, or the whole `sub` as text. There is no default: a subject says whom it admits. */
export interface Subject {
    /** Path of one project, `group/subgroup/project`, in the case GitLab shows (AWS compares case-sensitively). A whole segment after the first may be `*`, which is warned about as `group-wide`. Refused: `*` alone, a wildcard within a segment (`mygroup/app*` also matches `mygroup/app-evil`), one in the first segment, a url, a leading or trailing slash. Source: GitLab, "Connect to cloud services". */
    readonly project?: string;
    /** Path of a group: every project below it at any depth, also those that are made later. Warned about as `group-wide`. Refused: wildcards, a url, a leading or trailing slash. Source: GitLab, "Connect to cloud services". */
    readonly group?: string;
    /** Numeric id of the project. Beside `project` it protects against a path that is deleted and registered again by somebody else: on gitlab.com it becomes the condition key `gitlab.com:project_id`, elsewhere it needs `project_id` in `subClaimComponents`. Without `project` it needs sub claim components that lead with `project_id`. Beside `group` it is `"*"` where `project_id` is declared too. Refused: anything else but digits. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly projectId?: string;
    /** Short name of the branch, `main`, or a pattern with `*` (any characters, also `/`) and `?` (one character): `release/*`. `*` alone admits every branch and with it merge requests from the same project, warned about as `any-branch`. Who may push a branch that matches another pattern decides who gets the role: protect such branches and say `refProtected: true`, else it is warned about as `unprotected-branch`. Refused: `refs/heads/…`, characters that Git does not allow in names, characters outside Latin-1 (IAM cannot store them). Source: GitLab, "Connect to cloud services". */
    readonly branch?: string;
    /** Short name of the tag, `v1.0`, or a pattern as for `branch`: `v*`. Who may push such tags decides who gets the role: protect them and say `refProtected: true`, else it is warned about as `unprotected-tag`. Refused as for `branch`. Source: GitLab, "Connect to cloud services". */
    readonly tag?: string;
    /** Whether the branch or tag has to be protected in GitLab: `true`, `false`, or `"*"` for either where `subClaimComponents` declares `ref_protected`. Without that it is checked by the condition key `gitlab.com:ref_protected`, which exists on gitlab.com only; on another issuer it is refused. Default: not looked at. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly refProtected?: boolean | string;
    /** Whether the job's environment has to be protected: `true`, `false` or `"*"`. Needs `environment_protected` in `subClaimComponents`, and belongs together with `deploymentTier` where both are declared. Left out: the job has no environment. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly environmentProtected?: boolean | string;
    /** Deployment tier of the job's environment: `production`, `staging`, `testing`, `development`, `other`, or `"*"` for any. Needs `deployment_tier` in `subClaimComponents`. Left out: the job has no environment. The name of the environment cannot be checked: it is in no claim that AWS looks at. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly deploymentTier?: string;
    /** Further claims that the token has to carry, all of them (AND). They are condition keys on gitlab.com only; on another issuer they could never match and are refused. Default: none. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly claims?: Claims;
    /** The whole `sub` claim as text, instead of `project`, `group`, `branch`, `tag` and the components of environments: for what the fields cannot say. `projectId`, `refProtected` and `claims` may stand beside it as condition keys of gitlab.com. `*` and `?` are wildcards. Checked like the fields: `project_path:mygroup/myproject:ref_type:branch:ref:main`. Refused: another shape than the declared sub claim components, a wildcard that crosses from one component into the next, `${`. Source: GitLab, "Connect to cloud services". */
    readonly sub?: string;
}

/** Claims of the ID token, beside its subject, that AWS offers as condition keys for gitlab.com. Different claims are all required (AND); the values of one are alternatives (OR), compared exactly. */
export interface Claims {
    /** Numeric ids of the group or user namespace that holds the project (`gitlab.com:namespace_id`); one of them has to match. Warned about as `namespace-only` where no `projectId` stands beside it. */
    readonly namespaceId?: readonly string[];
    /** Numeric ids of the users who may start the job (`gitlab.com:user_id`); one of them has to match. */
    readonly userId?: readonly string[];
    /** User names of those who may start the job (`gitlab.com:user_login`); one of them has to match. Logins can be renamed and registered again: without `userId` it is warned about as `user-name-only`. */
    readonly userLogin?: readonly string[];
    /** E-mail addresses of those who may start the job (`gitlab.com:user_email`); one of them has to match. Addresses change hands: without `userId` it is warned about as `user-name-only`. */
    readonly userEmail?: readonly string[];
    /** Roles in the project of those who may start the job (`gitlab.com:user_access_level`): `guest`, `planner`, `reporter`, `developer`, `maintainer`, `owner`; one of them has to match, a higher one does not match by itself. */
    readonly userAccessLevel?: readonly string[];
    /** What may start the pipeline (`gitlab.com:pipeline_source`): `push`, `web`, `schedule`, `api`, `trigger`, `merge_request_event`, `parent_pipeline` and others of `CI_PIPELINE_SOURCE`; one of them has to match. */
    readonly pipelineSource?: readonly string[];
    /** Where the runner stands (`gitlab.com:runner_environment`): `gitlab-hosted` or `self-hosted`; one of them has to match. */
    readonly runnerEnvironment?: readonly string[];
}

/** A component of the `sub` claim, as in GitLab's project setting `ci_id_token_sub_claim_components`. */
export type SubClaimComponent =
    "project_path" | "project_id" | "ref_type" | "ref" | "ref_protected" | "environment_protected" | "deployment_tier";

/** Something that a check found. */
export interface Finding {
    /** Stable id of the rule, for example `group-wide`. */
    readonly id: string;
    /** `error` or `warning`. */
    readonly severity: string;
    /** Where: a property path of the inputs, for example `subjects[0].branch`. */
    readonly path: string;
    /** What is wrong and why it matters. */
    readonly message: string;
    /** What to write instead. */
    readonly fix: string;
}

/** A statement of a trust policy that was not checked. */
export interface UncheckedStatement {
    /** Where: a property path of the policy, for example `Statement[1]`. */
    readonly path: string;
    /** Why it was not checked, for example that its identity provider is not a GitLab instance. */
    readonly reason: string;
}

/** Who may assume a role, as `PipelineRole` takes it. */
export interface RoleTrust {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. Its partition is taken for all checks. */
    readonly providerArn: string;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: taken from `providerArn`. Refused where the two do not agree. */
    readonly url?: string;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: readonly string[];
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: readonly Subject[];
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: readonly SubClaimComponent[];
}

/** Why AWS refuses, in words, and what to do about it. */
export interface Cause {
    /** What differs from what the statement asks for. */
    readonly cause: string;
    /** What to change. */
    readonly fix: string;
}

/** How one condition of a statement comes out for the call. */
export interface ConditionExplanation {
    /** Operator as the policy has it, for example `StringLike`. */
    readonly operator: string;
    /** Condition key as the policy has it, for example `gitlab.com:sub`. */
    readonly key: string;
    /** Values that the policy has; one of them has to match. */
    readonly expected: readonly string[];
    /** Value that the call has; left out where it has none. */
    readonly actual?: string;
    /** Whether the condition is met. */
    readonly met: boolean;
}

/** How one statement of the trust policy comes out for the call. */
export interface StatementExplanation {
    /** Where it stands, for example `Statement[0]`. */
    readonly path: string;
    /** Its `Sid`, where it has one. */
    readonly sid?: string;
    /** `Allow` or `Deny`. */
    readonly effect: string;
    /** Whether it is about this call: principal, action and every condition. */
    readonly applies: boolean;
    /** Whether it trusts the token's issuer. */
    readonly principalMatches: boolean;
    /** Whether it is about `sts:AssumeRoleWithWebIdentity`. */
    readonly actionMatches: boolean;
    /** Its conditions. */
    readonly conditions: readonly ConditionExplanation[];
    /** Why it does not apply, nearest cause first; empty where it does. */
    readonly causes: readonly Cause[];
}

/** What the generated CI configuration is for. */
export type GitLabCiForm = "job" | "template" | "component";

/** How a job hands the credentials of its role to the commands after it. */
export type GitLabCiCredentials = "export" | "web-identity" | "profile";

/** How the generated CI configuration is written. */
export interface GitLabCiOptions {
    /** What is generated: `job`, `template` or `component`. One for the whole file, so that it is refused on a role. Default: `job`. */
    readonly form?: GitLabCiForm;
    /** How the credentials are handed over: `export`, `web-identity` or `profile`. Source: AWS, "Assume role credential provider". Default: `export`, because a refusal then ends the job at one known place, before any other command, and every tool sees the same credentials, whatever order its SDK looks for them in. */
    readonly credentials?: GitLabCiCredentials;
    /** Name of the job, 1 to 255 characters; of the hidden job in a template, where it begins with `.`. Refused: a keyword of GitLab CI, two jobs of one name, a name that GitLab would read as something else. Default: `assume role KEY`, in a template `.aws-KEY`. Source: GitLab, "CI/CD YAML syntax reference: Job keywords". */
    readonly jobName?: string;
    /** Stage of the job. Source: GitLab, "CI/CD YAML syntax reference: stage". Default: none, which GitLab takes as `test`; in a component the default of its input `stage`. */
    readonly stage?: string;
    /** Container image of the job, for example `public.ecr.aws/aws-cli/aws-cli:2.31.0`. For `export` it has the AWS CLI and a shell. Default: none, which is the runner's. Source: GitLab, "CI/CD YAML syntax reference: image". */
    readonly image?: string;
    /** Entrypoint of the image. Default: `[""]` for images that are known to start a command of their own instead of a shell (those of the AWS CLI, Terraform, OpenTofu, Pulumi, Packer and kaniko), else that of the image. Refused without `image`. Source: GitLab, "Override the entrypoint of an image". */
    readonly entrypoint?: readonly string[];
    /** Name of the environment that the job deploys to. A role whose subjects ask for a `deploymentTier` or a protected environment admits only jobs that have one. Where all subjects name one tier, the job states it. Default: none. Source: GitLab, "CI/CD YAML syntax reference: environment". */
    readonly environment?: string;
    /** Name of the variable that has the ID token, under `id_tokens`. Letters, digits and `_`, not beginning with a digit. Refused: names that the shell, the runner or AWS give a meaning. Default: `GITLAB_OIDC_TOKEN`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly tokenVariable?: string;
    /** Name of the CI/CD variable that has the role's ARN, where it is not to stand in the file. The variable is yours to set; a job that does not have it ends before it asks AWS. Refused for several roles at once. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". Default: none, the ARN stands in the file. */
    readonly roleArnVariable?: string;
    /** AWS region of the job, for example `eu-central-1`: set as `AWS_REGION` and `AWS_DEFAULT_REGION`. Refused: a region of another partition than the role's. Source: AWS, "AWS Regions". Default: none; outside the partition `aws`, where STS is found by the region, one of the role's partition where the job has none. */
    readonly region?: string;
    /** Length of the session in seconds, 900 to the role's `maxSessionDuration`; STS takes at most 43200. Refused with `web-identity` and `profile`, where the SDK asks for it and renews it. Default: 3600. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly duration?: number;
    /** Name of the session, which CloudTrail and `aws sts get-caller-identity` show: 2 to 64 characters of `[A-Za-z0-9_+=,.@-]` and CI/CD variables, `deploy-$CI_COMMIT_REF_SLUG`. In the values of variables other characters become `-`, and what goes over 64 is cut. Default: `GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID`. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly sessionName?: string;
    /** Whether the job gets `rules` that follow from the subjects, so that one that AWS could only refuse is not started: project, branch or tag, protection and pipeline source as far as GitLab knows them before a job runs; none where a subject is a secret. Pipelines of merge requests are left out, as GitLab does without `rules`. Source: GitLab, "CI/CD YAML syntax reference: rules". Default: true. */
    readonly rules?: boolean;
    /** Commands that the job runs as the role, lines of `script`. Source: GitLab, "CI/CD YAML syntax reference: script". Default: `aws sts get-caller-identity`. */
    readonly script?: readonly string[];
    /** Path of the GitLab project that the component stands in, for the `include` that uses it: `mygroup/aws-roles`. Needed for the form `component`, refused for the others. Source: GitLab, "CI/CD components". Default: none. */
    readonly componentProject?: string;
    /** Version of the component that the `include` names: a release, a tag, a commit or a branch. Refused for other forms than `component`. Default: `1.0.0`. Source: GitLab, "CI/CD components: Component versions". */
    readonly componentVersion?: string;
}

/** What is known about a role beside its ARN, for the CI configuration. */
export interface GitLabCiRole {
    /** Subjects of the role, from which the `rules` of its job follow. Default: not known, and the job has no `rules`. */
    readonly subjects?: readonly Subject[];
    /** Longest session of the role in seconds, which `duration` is held against. Default: not known. */
    readonly maxSessionDuration?: number;
    /** Options for the job of this role; they win over those for all. Default: none. */
    readonly gitlabCi?: GitLabCiOptions;
}

/** CloudFront in front of the bucket of an `IssuerMirror`, which nobody but the distribution can read then. */
export interface IssuerMirrorCloudFront {
    /** Own domain of the issuer, for example `oidc.example.com`, which becomes its url: a name in lower case without scheme, port or path. It needs `certificateArn`, and a DNS record of yours that leads to the outputs `distributionDomainName` and `distributionHostedZoneId`, before AWS can make the identity provider. Default: the name that CloudFront gives the distribution, which is first known during `up`. Source: AWS, "Use custom URLs by adding alternate domain names (CNAMEs)". */
    readonly domainName?: string;
    /** ARN of the certificate for `domainName` in AWS Certificate Manager, publicly trusted and in us-east-1, where CloudFront looks for it. Refused without `domainName`, and in another region. Default: none. Source: AWS, "Requirements for using SSL/TLS certificates with CloudFront". */
    readonly certificateArn?: string;
    /** Where CloudFront serves from: `PriceClass_100`, `PriceClass_200` or `PriceClass_All`. Default: `PriceClass_100`; only AWS fetches the two documents. Source: AWS, "CloudFront pricing". */
    readonly priceClass?: string;
}

/** How a check of an issuer came out. */
export type IssuerCheckStatus = "pass" | "warn" | "fail" | "skipped";

/** One check of an issuer, and how it came out. */
export interface IssuerCheck {
    /** Id of the check, stable: `url`, `chain-order`, `keys-kid`, …; the documentation has the table. */
    readonly id: string;
    /** How it came out. */
    readonly status: IssuerCheckStatus;
    /** What was found. */
    readonly message: string;
    /** What to do about it; left out where nothing is to be done. */
    readonly fix?: string;
}

/** What comes of a check of the issuer at preview and up. */
export type IssuerCheckMode = "off" | "warn" | "error";

/** Arguments of `getTrustPolicy`. */
export interface GetTrustPolicyArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. Its partition is taken for all checks. */
    readonly providerArn: string;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: taken from `providerArn`. Refused where the two do not agree. */
    readonly url?: string;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: readonly string[];
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: readonly Subject[];
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    /** Ids of warnings that are known and accepted for this role, so that they are not said again: for example `["group-wide", "any-branch"]`. An accepted id that does not occur is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: readonly SubClaimComponent[];
    /** Version of a self-managed GitLab instance, for example `19.1` or `18.2.2`: that of `url`. Before 18.2.2 a pipeline of a fork that ran in its parent project had the parent's `sub`, before 19.1 whoever took over the path of a deleted or renamed project had its `sub`: a role that trusts a path is warned about while the version is older or not said (`self-managed-version`). Sub claim components that the version does not offer yet are refused. Taken are two or three numbers, with the suffixes of GitLab's releases (`19.1.0-ee`). Refused: what is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: not known. */
    readonly gitlabVersion?: string;
}

/** Result of `getTrustPolicy`. */
export interface GetTrustPolicyResult {
    /** The trust policy as compact JSON. */
    readonly json: string;
    /** What is allowed but worth knowing, without what `accept` names. */
    readonly warnings: readonly Finding[];
}

/** Arguments of `getGitlabCi`. */
export interface GetGitlabCiArgs {
    /** ARNs of the roles by a key that names the job and matches `[A-Za-z0-9_-]+`, for example the output `roleArns` of `GitLabOidc`. Refused: an empty map, and what is not the ARN of one role. Source: AWS, "IAM identifiers". */
    readonly roleArns: Readonly<Record<string, string>>;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: string;
    /** Audience that the job asks for: one of the provider's. Default: the `url`. */
    readonly audience?: string;
    /** How it is written. Default: a job for each role. */
    readonly gitlabCi?: GitLabCiOptions;
    /** What is known about the roles beside their ARNs, by the keys of `roleArns`. Refused: a key that `roleArns` does not have. Default: nothing. */
    readonly roles?: Readonly<Record<string, GitLabCiRole>>;
}

/** Result of `getGitlabCi`. */
export interface GetGitlabCiResult {
    /** The `.gitlab-ci.yml`: jobs, templates, or the `include` of the components. */
    readonly yaml: string;
    /** For the form `component`, the files of the project that the components stand in, text by path: `templates/KEY.yml` for each role, and `README.md`. Empty for the other forms. */
    readonly files: Readonly<Record<string, string>>;
}

/** Arguments of `explainTrust`. */
export interface ExplainTrustArgs {
    /** The trust policy, as JSON text or as an object, of up to 131,072 characters and 64 levels, which is more than AWS stores. One of this and `role`. Refused: what IAM would not store. */
    readonly trustPolicy?: unknown;
    /** Who may assume the role, instead of `trustPolicy`. */
    readonly role?: RoleTrust;
    /** Claims of the job's ID token, `iss`, `sub` and `aud` among them, each of up to 20,000 characters, as many as a token has. One of this and `token`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly claims?: Readonly<Record<string, unknown>>;
    /** The job's ID token, instead of `claims`. Its times are looked at, its signature is not, and it is not repeated in the result. */
    readonly token?: string;
    /** Values of further condition keys of the call, for example `aws:SourceIp`, each of up to 20,000 characters. Default: none, so that conditions on them are not met. */
    readonly context?: Readonly<Record<string, string>>;
}

/** Result of `explainTrust`. */
export interface ExplainTrustResult {
    /** Whether the trust policy admits the job. */
    readonly allowed: boolean;
    /** AWS's own words for the refusal; left out where it is allowed. */
    readonly error?: string;
    /** The nearest cause of the refusal, in words; left out where it is allowed. */
    readonly cause?: string;
    /** What to do about it; left out where it is allowed. */
    readonly fix?: string;
    /** How each statement comes out. */
    readonly statements: readonly StatementExplanation[];
}

/** Arguments of `lintTrustPolicy`. */
export interface LintTrustPolicyArgs {
    /** The trust policy, as JSON text or as an object, of up to 131,072 characters and 64 levels, which is more than AWS stores. */
    readonly trustPolicy: unknown;
    /** Address of the GitLab instance that the role is for; an error if the policy trusts another provider instead. Default: whichever the policy trusts. */
    readonly url?: string;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects. Default: as each value of the policy reads. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: readonly SubClaimComponent[];
    /** Ids of warnings that are known and accepted. Default: none. */
    readonly accept?: readonly string[];
}

/** Result of `lintTrustPolicy`. */
export interface LintTrustPolicyResult {
    /** What was found, errors first. Empty if everything that was checked is fine: see `unchecked` for the rest. */
    readonly findings: readonly Finding[];
    /** Statements that allow something and were not checked, because they are not for ID tokens of GitLab, or only in part. Empty if every statement was checked. */
    readonly unchecked: readonly UncheckedStatement[];
}

/** Arguments of `checkIssuer`. */
export interface CheckIssuerArgs {
    /** Address of the issuer, exactly as it stands in the `iss` claim of its ID tokens: `https://gitlab.example.com`. What IAM would not take of it is told by the check `url`. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly url: string;
    /** Certificates (PEM) of authorities that are believed beside the publicly trusted ones: for an instance whose certificate is of an authority of its own. The check `thumbprint` then says which thumbprint the identity provider needs. Source: AWS, "Obtain the thumbprint for an OpenID Connect identity provider". Default: none. */
    readonly certificateAuthorities?: string;
    /** `HOST:PORT` that every connection goes to, whatever the names say, as curl's `--connect-to`: names, SNI and issuer stay. For split horizons. The addresses of names are not looked up and not judged then. An IPv6 address stands in brackets. Default: where the names lead. */
    readonly connectTo?: string;
    /** Whether to go on where an address is private, loopback, link-local or another one that AWS cannot reach; they are not judged then. Default: false, so that such an address fails, and nothing is sent to it. */
    readonly allowPrivate?: boolean;
    /** Audience that the token has to be for: one that the identity provider lists. Only with `token`. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". Default: not checked. */
    readonly audience?: string;
    /** An ID token of a job, a secret: its issuer, audience, times and signature are checked against the issuer's keys. It is repeated in no message. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: none. */
    readonly token?: string;
    /** Seconds that the whole run may take, more than 0 and at most 600. Default: 30. */
    readonly timeout?: number;
    /** Seconds after which one request is cut, more than 0 and at most 60. AWS waits 5 seconds; a little more shows how long it really takes. Source: AWS, "How do I resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken?". Default: 6. */
    readonly requestTimeout?: number;
    /** Bytes that each document may have, 1 to 10000000. Default: 262144. */
    readonly maxBytes?: number;
    /** Redirects that are followed for each document, 0 to 20. Default: 3. */
    readonly maxRedirects?: number;
    /** How often each document is fetched to measure its time, 1 to 20; the slowest counts. Default: 3. */
    readonly attempts?: number;
}

/** Result of `checkIssuer`. */
export interface CheckIssuerResult {
    /** Whether no check failed. Warnings are ok. */
    readonly ok: boolean;
    /** All checks, in the order of the documentation's table. Those of the token are left out where none is given. */
    readonly checks: readonly IssuerCheck[];
}
