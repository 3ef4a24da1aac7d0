// Generated from schema.json by `make sdk`. Edit the schema, not this file.

import type * as pulumi from "@pulumi/pulumi";

import type { SubClaimComponent, GitLabCiForm, GitLabCiCredentials, IssuerCheckMode } from "./types";

/** A role that GitLab CI/CD jobs can assume: which jobs it trusts, and its permissions. */
export interface RoleArgs {
    /** Which jobs may assume the role: 1 or more subjects. A job may assume the role if it matches any subject (OR). Within a subject, every property must match (AND). Exact values use `StringEquals`; values with wildcards use `StringLike`. Rejected: an empty list, and values that match more jobs than they appear to. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that apply to every subject (AND), written as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. Use them for global keys, and for keys that AWS adds in the future. Rejected: the issuer's `sub` and `aud` (use subjects and audiences), keys that this request never has, policy variables. Also rejected: `ForAllValues` and `IfExists` (they match when the key is missing), a wildcard under an operator that compares it literally, and values that the operator cannot compare or that no token has. An unknown key that begins with `aws:` or `sts:` produces the warning `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Principals of AWS that can assume the role too, without a GitLab job, for example a break-glass role: one statement with `sts:AssumeRole` for each, after those of the subjects. Each produces the warning `other-principal`. Rejected: `*` and other wildcards, anything that is not the ARN of an account, a user, a role or a session, duplicates, and an ARN of another account without `sts:ExternalId` in its `conditions`. IAM rejects a user or role that does not exist. Default: none, so only jobs can assume the role. Source: AWS, "AWS JSON policy elements: Principal". */
    readonly additionalPrincipals?: pulumi.Input<readonly pulumi.Input<AdditionalPrincipalArgs>[]>;
    /** IDs of the warnings to suppress for this role, for example `["group-wide", "any-branch"]`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. The components list the IDs in the tag `gitlab-oidc:accept` of the role, for the policy pack and the audit. Default: none. */
    readonly accept?: readonly string[];
    /** Name of the role in IAM: 1 to 64 characters of `[A-Za-z0-9_+=,.@-]`, unique in the account regardless of case. Default: the resource's name and a random suffix, so a replacement does not collide with the old role. Changing it replaces the role. Source: AWS, "IAM and AWS STS quotas". */
    readonly name?: pulumi.Input<string>;
    /** IAM path of the role. It begins and ends with `/` and has at most 512 characters. Default: `/`. Changing it replaces the role and changes its ARN. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: pulumi.Input<string>;
    /** Description of the role in IAM: at most 1000 Latin-1 characters. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly description?: pulumi.Input<string>;
    /** Managed policies to attach: a map of a key of your choice, matching `[A-Za-z0-9_-]+`, to the policy's ARN. If the ARN is a string, it names the attachment in Pulumi's state: you can rename keys and move ARNs between keys. If the ARN is an output, the key names the attachment. Renaming that key, or moving the output to another key, then detaches the policy, because Pulumi creates the new attachment before it deletes the old one. `formerPolicyKeys` keeps the attachment when you rename a key. More than 10 policies need a raised quota and produce a warning. Rejected: more than 25 policies, and one ARN under two keys. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly managedPolicies?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Former keys of entries of `managedPolicies`, so a renamed entry keeps its attachment: a map of the current key to its former keys, `{ "deploy": ["old"] }`. Needed only if the ARN is, or was, an output. Rejected: a key that `managedPolicies` does not have, and a former key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerPolicyKeys?: Readonly<Record<string, readonly string[]>>;
    /** Inline policies: a map of a key to the policy document, as JSON text or as an object. The key is the policy's name in IAM and matches `[A-Za-z0-9_+=,.@-]{1,128}`. A renamed key is a new policy, which is created before the old one is deleted. At most 10,240 characters in total, not counting white space. Rejected: text that is not JSON, and a document without a statement. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly inlinePolicies?: Readonly<Record<string, pulumi.Input<unknown>>>;
    /** ARNs of secrets in AWS Secrets Manager that the role can read. The component writes an inline policy named `secretArns`, which allows only `secretsmanager:GetSecretValue` on them. GitLab Runner needs no other action. The ARN of a secret ends with six random characters, `arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCd3F`. `-??????` in their place also matches a secret that is created later with this name. Six lowercase letters in their place are probably part of the name, and produce the warning `secret-suffix`. An empty array means none. Rejected: an ARN without these characters, other wildcards, duplicates, and an ARN of another partition than the identity provider's. Also rejected: an inline policy of yours named `secretArns`, inline policies of more than 10,240 characters in total, and an output of an empty array. If the role has no other policies, a secret of a job with the form `secrets` that is not listed produces the warning `ci-secret`. Default: none. Source: AWS, "Permissions policy examples for AWS Secrets Manager". */
    readonly secretArns?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** ARNs of the customer managed KMS keys that encrypt the secrets in `secretArns`. The policy then also allows `kms:Decrypt` with these keys, only through Secrets Manager (`kms:ViaService`) and only for the secrets in the key's region (`kms:EncryptionContext:SecretARN`). The AWS managed key `aws/secretsmanager` needs no entry. Rejected: an alias, wildcards, duplicates, an ARN of another partition than the identity provider's, and a key in a region without one of the secrets. Default: none. Source: AWS, "Secret encryption and decryption in AWS Secrets Manager". */
    readonly secretKmsKeyArns?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** ARN of the managed policy that limits the role (its permissions boundary). Default: none. Rejected: anything that is not the ARN of a managed policy, and an ARN of another partition than the identity provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: pulumi.Input<string>;
    /** Longest session that a job may request, in seconds: 3600 to 43200. Default: 3600. STS denies a job that requests more; the component rejects values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role trusts, in the same order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`. Values must be unique. If you set this, every subject must specify every listed component. Default: `[project_path, ref_type, ref]`, which is GitLab's default. Rejected: a subject with other components, because AWS would deny every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Options for the job of this role in the generated CI configuration; they override the component's `gitlabCi`. Default: none. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Tags of the role: at most 50, with keys of 1 to 128 and values of up to 256 characters. A key must not begin with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Former keys of this entry of `roles`, so a renamed entry keeps its role and ARN instead of being replaced. Rejected: a key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerKeys?: readonly string[];
}

/** Jobs that may assume a role. Set exactly one scope (`project`, `group` or `projectId`; `project` can be combined with `projectId`) and exactly one of `branch` and `tag`. Or set the whole `sub` claim as a string. Scope and ref have no default: a subject must name the jobs that it trusts. */
export interface SubjectArgs {
    /** Path of one project, `group/subgroup/project`, with the upper and lower case that GitLab shows, because the comparison is case-sensitive. Any whole segment after the first can be `*`, which produces the warning `group-wide`. Rejected: `*` alone, a wildcard in the first segment, a wildcard within a segment (`mygroup/app*` also matches `mygroup/app-evil`), a URL, a leading or trailing slash. Source: GitLab, "Connect to cloud services". */
    readonly project?: pulumi.Input<string>;
    /** Path of a group: every project below it at any depth, including projects created later. Produces the warning `group-wide`. Rejected: wildcards, a URL, a leading or trailing slash. Source: GitLab, "Connect to cloud services". */
    readonly group?: pulumi.Input<string>;
    /** Numeric ID of the project. Together with `project`, it protects against another project that is created at the same path after this one is deleted. On gitlab.com it becomes the condition key `gitlab.com:project_id`; elsewhere it needs `project_id` in `subClaimComponents`. Without `project`, it needs sub claim components that begin with `project_id`. Together with `group`, it must be `"*"`, and `project_id` must be declared too. Rejected: other values that are not all digits. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly projectId?: pulumi.Input<string>;
    /** Short name of the branch, `main`, or a pattern: `release/*`. In a pattern, `*` matches any characters, including `/`, and `?` matches one character. `*` alone trusts every branch, and with it merge requests from the same project; it produces the warning `any-branch`. With any other pattern, everyone who can push a matching branch gets the role. Protect such branches and set `refProtected: true`, otherwise the pattern produces the warning `unprotected-branch`. Rejected: `refs/heads/…`, characters that Git does not allow in names, characters outside Latin-1 (IAM cannot store them). Source: GitLab, "Connect to cloud services". */
    readonly branch?: pulumi.Input<string>;
    /** Short name of the tag, `v1.0`, or a pattern as for `branch`: `v*`. Everyone who can push such tags gets the role. Protect them and set `refProtected: true`, otherwise the tag produces the warning `unprotected-tag`. Rejected: the same values as for `branch`. Source: GitLab, "Connect to cloud services". */
    readonly tag?: pulumi.Input<string>;
    /** Whether the branch or tag must be protected in GitLab: `true` or `false`. If `subClaimComponents` declares `ref_protected`, it can also be `"*"` for either. Otherwise the role checks the condition key `gitlab.com:ref_protected`, which exists on gitlab.com only. Rejected: any value for another issuer, unless `subClaimComponents` contains `ref_protected`. Default: not checked. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly refProtected?: pulumi.Input<boolean | string>;
    /** Whether the role trusts merge request pipelines only: those whose source is the `branch` of the subject, in its project. Set it together with `branch`, the source branch. On gitlab.com, the role checks that the condition key `gitlab.com:pipeline_source` is `merge_request_event`. For another issuer AWS has no such key: the role also trusts every other pipeline of the branch, and the subject produces the warning `merge-requests-unchecked`. The generated `rules` start the job in these merge request pipelines only. To trust other pipelines too, add a second subject without it. Rejected: `false` (AWS cannot exclude merge requests), a tag, and `claims.pipelineSource` in the same subject. Default: not checked. Source: GitLab, "Merge request pipelines". */
    readonly mergeRequests?: pulumi.Input<boolean>;
    /** Whether the job's environment must be protected: `true`, `false` or `"*"`. Needs `environment_protected` in `subClaimComponents`, and must be set together with `deploymentTier` if both are declared. If not set, the job must have no environment. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly environmentProtected?: pulumi.Input<boolean | string>;
    /** Deployment tier of the job's environment: `production`, `staging`, `testing`, `development`, `other`, or `"*"` for any. Needs `deployment_tier` in `subClaimComponents`. If not set, the job must have no environment. The name of the environment cannot be checked, because no claim that AWS evaluates contains it. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly deploymentTier?: pulumi.Input<string>;
    /** Further claims that the token must have, all of them (AND). AWS supports them as condition keys for gitlab.com only. Rejected: claims for another issuer, where they could never match. Default: none. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly claims?: pulumi.Input<ClaimsArgs>;
    /** The whole `sub` claim as a string, `project_path:mygroup/myproject:ref_type:branch:ref:main`, validated in the same way. Use it for values that the other properties cannot express. It replaces `project`, `group`, `branch`, `tag` and the environment properties. On gitlab.com it can be combined with `projectId`, `refProtected` and `claims`, which become condition keys. `*` and `?` are wildcards. Rejected: components other than the declared ones, a wildcard that spans two components, `${`. Source: GitLab, "Connect to cloud services". */
    readonly sub?: pulumi.Input<string>;
}

/** A principal of AWS that can assume a role without a GitLab job. */
export interface AdditionalPrincipalArgs {
    /** ARN of the principal: a role, a user, a session (`arn:aws:sts::111122223333:assumed-role/admin/jdoe`), or a whole account (`arn:aws:iam::111122223333:root`). `:root` is not only the root user: it means every user and role of the account whose own policies allow `sts:AssumeRole`. Rejected: `*`, wildcards, an account ID alone, and an ARN of another partition than the identity provider's. Source: AWS, "AWS JSON policy elements: Principal". */
    readonly arn: pulumi.Input<string>;
    /** Conditions of the principal's statement, written as in a policy: operator to condition key to values, `{ "Bool": { "aws:MultiFactorAuthPresent": ["true"] } }`. A principal of another account than the identity provider's needs `StringEquals` with `sts:ExternalId`. Rejected: keys of the ID token, `ForAllValues` and `IfExists` (they match when the key is missing), policy variables, and values that the operator cannot compare. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
}

/** Claims of the ID token, in addition to `sub`, that AWS supports as condition keys for gitlab.com. A token must match every claim that is set (AND), with any one of its values (OR). Values are compared exactly. */
export interface ClaimsArgs {
    /** Numeric IDs of the group or user namespace that contains the project (`gitlab.com:namespace_id`); one of them must match. Produces the warning `namespace-only` without `projectId`. */
    readonly namespaceId?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Numeric IDs of the users who may start the job (`gitlab.com:user_id`); one of them must match. */
    readonly userId?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** User names of those who may start the job (`gitlab.com:user_login`); one of them must match. If a user name is changed, someone else can register it. Without `userId` it produces the warning `user-name-only`. */
    readonly userLogin?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Email addresses of those who may start the job (`gitlab.com:user_email`); one of them must match. An address can later belong to someone else. Without `userId` it produces the warning `user-name-only`. */
    readonly userEmail?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Project roles of those who may start the job (`gitlab.com:user_access_level`): `guest`, `planner`, `reporter`, `developer`, `maintainer`, `owner`. One of them must match exactly; a higher role does not match automatically. */
    readonly userAccessLevel?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Events that may start the pipeline (`gitlab.com:pipeline_source`): `push`, `web`, `schedule`, `api`, `trigger`, `merge_request_event`, `parent_pipeline` and other values of `CI_PIPELINE_SOURCE`. One of them must match. */
    readonly pipelineSource?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Type of the runner (`gitlab.com:runner_environment`): `gitlab-hosted` or `self-hosted`; one of them must match. */
    readonly runnerEnvironment?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Which jobs may assume a role, as in the inputs of `PipelineRole`. */
export interface RoleTrustArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. All checks use its partition. */
    readonly providerArn: pulumi.Input<string>;
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: the address in `providerArn`. Rejected: an address that differs from the one in `providerArn`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences that jobs request under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The generated CI configuration uses the first one. For a token whose `aud` is not listed, AWS returns `InvalidIdentityToken: Incorrect token audience`. Rejected: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the URL with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Which jobs may assume the role: 1 or more subjects. A job may assume the role if it matches any subject (OR). Within a subject, every property must match (AND). Exact values use `StringEquals`; values with wildcards use `StringLike`. Rejected: an empty list, and values that match more jobs than they appear to. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that apply to every subject (AND), written as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. Use them for global keys, and for keys that AWS adds in the future. Rejected: the issuer's `sub` and `aud` (use subjects and audiences), keys that this request never has, policy variables. Also rejected: `ForAllValues` and `IfExists` (they match when the key is missing), a wildcard under an operator that compares it literally, and values that the operator cannot compare or that no token has. An unknown key that begins with `aws:` or `sts:` produces the warning `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Principals of AWS that can assume the role too, without a GitLab job, for example a break-glass role: one statement with `sts:AssumeRole` for each, after those of the subjects. Each produces the warning `other-principal`. Rejected: `*` and other wildcards, anything that is not the ARN of an account, a user, a role or a session, duplicates, and an ARN of another account without `sts:ExternalId` in its `conditions`. IAM rejects a user or role that does not exist. Default: none, so only jobs can assume the role. Source: AWS, "AWS JSON policy elements: Principal". */
    readonly additionalPrincipals?: pulumi.Input<readonly pulumi.Input<AdditionalPrincipalArgs>[]>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role trusts, in the same order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`. Values must be unique. If you set this, every subject must specify every listed component. Default: `[project_path, ref_type, ref]`, which is GitLab's default. Rejected: a subject with other components, because AWS would deny every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
}

/** Options of the generated CI configuration. */
export interface GitLabCiOptionsArgs {
    /** Form of the output: `job`, `template`, `component` or `secrets`. It applies to the whole file. Rejected: a form on a single role. Default: `job`. */
    readonly form?: pulumi.Input<GitLabCiForm>;
    /** How the job passes on the credentials: `export`, `web-identity` or `profile`. Source: AWS, "Assume role credential provider". Default: `export`. With it, a denied request ends the job before any other command. All tools use the same credentials, regardless of where their SDKs look first. Rejected: this option with the form `secrets`, whose job gets no credentials. */
    readonly credentials?: pulumi.Input<GitLabCiCredentials>;
    /** Name of the job: 1 to 255 characters. In a template it is the name of the hidden job and begins with `.`. With the form `secrets`, a job whose name begins with `.` is a template. Rejected: a keyword of GitLab CI/CD, two jobs with the same name, a name that GitLab would interpret as something else. Default: `assume role KEY`, in a template `.aws-KEY`, with the form `secrets` `secrets KEY`. Source: GitLab, "CI/CD YAML syntax reference: Job keywords". */
    readonly jobName?: pulumi.Input<string>;
    /** Stage of the job. Source: GitLab, "CI/CD YAML syntax reference: stage". Default: none, so GitLab uses `test`; in a component, the default of its input `stage`. */
    readonly stage?: pulumi.Input<string>;
    /** Container image of the job, for example `public.ecr.aws/aws-cli/aws-cli:2.31.0`. For `export` the image needs the AWS CLI and a shell. Default: none, so the job uses the runner's image. An image in a private ECR registry produces the warning `ci-private-image`, because the runner pulls it before the job has the role. Source: GitLab, "CI/CD YAML syntax reference: image". */
    readonly image?: pulumi.Input<string>;
    /** Entrypoint of the image. Default: `[""]` for images that are known to start their own command instead of a shell (those of the AWS CLI, Terraform, OpenTofu, Pulumi, Packer and kaniko). For other images the default is the image's own entrypoint. Rejected: an entrypoint without `image`. Source: GitLab, "Override the entrypoint of an image". */
    readonly entrypoint?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Environment that the job deploys to: its name, or an object with its name, tier, URL and action. If a role's subjects require a `deploymentTier` or a protected environment, only jobs with an environment can assume it, and a job without one produces the warning `ci-environment`. If `tier` is not set and all subjects name one tier, the generated job sets that tier. Otherwise, a name that means a tier to GitLab that no subject trusts produces the warning `ci-environment`. Rejected: a tier that no subject trusts, and any environment if the subjects trust only jobs without one, because AWS would deny every job. Default: none. Source: GitLab, "CI/CD YAML syntax reference: environment". */
    readonly environment?: pulumi.Input<string | GitLabCiEnvironmentArgs>;
    /** A second role, which the job assumes with the first: the role that trusts GitLab is then only the entry, for example in a hub account, and the commands run with the second role. The job ends if AWS denies either of the two, and prints which. A session of a chained role lasts at most an hour. With `web-identity` and `profile`, the two roles are profiles in a configuration file of the job, because variables can name only one role. Rejected: this option with the form `secrets`, because the runner assumes only one role. Default: none. Source: AWS, "Methods to assume a role". */
    readonly assumeRole?: pulumi.Input<GitLabCiAssumeRoleArgs>;
    /** Name of the variable under `id_tokens` that contains the ID token. Letters, digits and `_`; it must not begin with a digit. Rejected: names that have a meaning for the shell, the runner or AWS. Default: `GITLAB_OIDC_TOKEN`, with the form `secrets` `AWS_ID_TOKEN`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly tokenVariable?: pulumi.Input<string>;
    /** Name of the CI/CD variable that contains the role's ARN, to keep the ARN out of the file. You set the variable; a job in which it is empty or not the ARN of a role ends before it calls AWS. A protected variable is empty on branches and tags that are not protected, and in most merge request pipelines. With the form `secrets`, the runner expands the variable, and the ARN is not checked. Rejected: the same variable for several roles. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". Default: none, so the ARN appears in the file. */
    readonly roleArnVariable?: pulumi.Input<string>;
    /** AWS region of the job, for example `eu-central-1`. The job sets it as `AWS_REGION` and `AWS_DEFAULT_REGION`. Rejected: a region of another partition than the role's. Source: AWS, "AWS Regions". Default: none. Outside the partition `aws`, the STS endpoint depends on the region. There, a job without a region uses a region of the role's partition. With the form `secrets`, it is the region of secrets that have none of their own. */
    readonly region?: pulumi.Input<string>;
    /** Length of the session in seconds: 900 to the role's `maxSessionDuration`. STS accepts at most 43200. Rejected: a duration with `web-identity` or `profile`, because the SDK requests and renews the session, and more than 3600 with `assumeRole`, whose session it then is. Also rejected: a duration with the form `secrets`, where the runner requests the session. Default: 3600. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly duration?: pulumi.Input<number>;
    /** Name of the session in CloudTrail and in `aws sts get-caller-identity`: 2 to 64 characters of `[A-Za-z0-9_+=,.@-]` and CI/CD variables, `deploy-$CI_COMMIT_REF_SLUG`. Other characters in the values of variables become `-`, and the result is truncated to 64 characters. With the form `secrets` they are not replaced, and STS rejects them. Default: `GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID`. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly sessionName?: pulumi.Input<string>;
    /** Whether the job gets `rules` derived from the subjects, so GitLab does not start a job that AWS would deny. They cover the project, the branch or tag, its protection and the pipeline source, as far as GitLab can evaluate them before a job runs. The job has no `rules` if a subject is a secret. The job runs in merge request pipelines only if a subject names them, with `mergeRequests` or with `merge_request_event` in `claims.pipelineSource`: the source project and the source branch must then match. Without `rules`, GitLab runs no job there. Source: GitLab, "CI/CD YAML syntax reference: rules". Default: true. */
    readonly rules?: pulumi.Input<boolean>;
    /** Commands that the job runs with the role, as lines of `script`. Source: GitLab, "CI/CD YAML syntax reference: script". Default: `aws sts get-caller-identity`, with the form `secrets` a test that each secret is there. */
    readonly script?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Secrets of AWS Secrets Manager for the form `secrets`: a map of variable to secret. The runner reads them with the role before the job's script, and the job gets each in the variable. Required for the form `secrets`. Letters, digits and `_`; a name must not begin with a digit. Rejected: this option with any other form, names that have a meaning for the shell, the runner or AWS, and the names of the variables for the ID token and the role's ARN. Default: none. Source: GitLab, "Use AWS Secrets Manager secrets in GitLab CI/CD". */
    readonly secrets?: pulumi.Input<Readonly<Record<string, pulumi.Input<GitLabCiSecretArgs>>>>;
    /** Path of the GitLab project that contains the component, `mygroup/aws-roles`, for the `include` that uses it. Required for the form `component`. Rejected: this option with any other form. Source: GitLab, "CI/CD components". Default: none. */
    readonly componentProject?: pulumi.Input<string>;
    /** Version of the component in the `include`: a release, a tag, a commit or a branch. Rejected: this option with any other form than `component`. Default: `1.0.0`. Source: GitLab, "CI/CD components: Component versions". */
    readonly componentVersion?: pulumi.Input<string>;
}

/** Environment of a job. Source: GitLab, "CI/CD YAML syntax reference: environment". */
export interface GitLabCiEnvironmentArgs {
    /** Name of the environment, with CI/CD variables if needed: `production`, `review/$CI_COMMIT_REF_SLUG`. 1 to 255 letters, digits, spaces and `- _ / . $ { }`. Rejected: `/` at the beginning or the end, and other characters. Source: GitLab, "CI/CD YAML syntax reference: environment". */
    readonly name: pulumi.Input<string>;
    /** Deployment tier of the environment: `production`, `staging`, `testing`, `development` or `other`. It becomes `deployment_tier` in the job, and the claim of that name in its ID token. Rejected: other values, and a tier that no subject of the role trusts. Default: the tier that all subjects name, or none, so GitLab derives the tier from the name when it creates the environment. Source: GitLab, "Environments". */
    readonly tier?: pulumi.Input<string>;
    /** Address of the environment, which GitLab shows as a link: up to 255 characters, with CI/CD variables if needed. Rejected: an address that does not begin with `https://`, `http://` or a variable, and white space. Default: none. Source: GitLab, "CI/CD YAML syntax reference: environment". */
    readonly url?: pulumi.Input<string>;
    /** Effect of the job on its environment: `start` (a deployment), `stop`, or `prepare`, `verify` or `access` (no deployment). The job's ID token contains the environment in all cases. Rejected: other values. Default: none, which is `start` to GitLab. Source: GitLab, "CI/CD YAML syntax reference: environment". */
    readonly action?: pulumi.Input<string>;
}

/** A second role, which a job assumes with the role that trusts it. */
export interface GitLabCiAssumeRoleArgs {
    /** ARN of the second role, usually in another account. Its trust policy must allow `sts:AssumeRole` to the first role, and a policy of the first role must allow `sts:AssumeRole` on it. Rejected: anything that is not the ARN of one role, and a role in another partition. Source: AWS, "IAM identifiers". */
    readonly roleArn: pulumi.Input<string>;
    /** External ID that the trust policy of the second role requires: 2 to 1224 characters of `[A-Za-z0-9_+=,.@:/-]`. It is not a secret, and it appears in the file. Default: none. Source: AWS, "AssumeRole". */
    readonly externalId?: pulumi.Input<string>;
    /** Length of the session of the second role in seconds: 900 to 3600, because the session of a chained role lasts at most an hour. With `web-identity` and `profile`, the SDK renews it. Default: for `export` the job's `duration`, else 3600; for the others the default of the SDK. Source: AWS, "AssumeRole". */
    readonly duration?: pulumi.Input<number>;
    /** Name of the session of the second role in CloudTrail, in the same form as the job's `sessionName`. Default: the name of the first session. Source: AWS, "AssumeRole". */
    readonly sessionName?: pulumi.Input<string>;
}

/** A secret of AWS Secrets Manager that a job gets in a variable. */
export interface GitLabCiSecretArgs {
    /** Name or ARN of the secret, for example `app/database`. A name has 1 to 512 characters of `[A-Za-z0-9/_+=.@-]`. For a secret of another account, use its ARN. Rejected: other characters, the ARN of something else, and an ARN in another partition than the role's. Source: AWS, "GetSecretValue". */
    readonly secretId: pulumi.Input<string>;
    /** Key in a secret that is a JSON object, for example `password`: the variable then contains only this value. 1 to 255 characters on one line. GitLab reads strings, numbers and booleans at the top level of the object. Default: none, so the variable contains the whole secret. Source: GitLab, "Use AWS Secrets Manager secrets in GitLab CI/CD". */
    readonly field?: pulumi.Input<string>;
    /** Whether the variable contains the path of a temporary file with the secret. If false, it contains the secret itself. Default: true, as in GitLab. Source: GitLab, "CI/CD YAML syntax reference: secrets:file". */
    readonly file?: pulumi.Input<boolean>;
    /** ID of a version of the secret: 32 to 64 letters, digits and `-`. Rejected: this option with `versionStage`. Default: none, so AWS returns the version `AWSCURRENT`. Source: AWS, "GetSecretValue". */
    readonly versionId?: pulumi.Input<string>;
    /** Staging label of a version of the secret, for example `AWSPREVIOUS`. 1 to 255 characters on one line. Rejected: this option with `versionId`. Default: none, so AWS returns the version `AWSCURRENT`. Source: AWS, "GetSecretValue". */
    readonly versionStage?: pulumi.Input<string>;
    /** AWS region of the secret, for example `eu-central-1`. Rejected: a region of another partition than the role's, and another region than that of the ARN in `secretId`. Default: the region of the ARN in `secretId`, else the job's `region`, else the value of the CI/CD variable `AWS_REGION`. Source: GitLab, "Use AWS Secrets Manager secrets in GitLab CI/CD". */
    readonly region?: pulumi.Input<string>;
}

/** Details of a role, in addition to its ARN, for the CI configuration. */
export interface GitLabCiRoleArgs {
    /** Subjects of the role. The `rules` of its job are derived from them. Default: unknown, so the job has no `rules`. */
    readonly subjects?: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Longest session of the role in seconds, which limits `duration`. Default: unknown. */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** Options for the job of this role; they override the options for all roles. Default: none. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
}

/** A CloudFront distribution in front of the bucket of an `IssuerMirror`. Only the distribution can then read the bucket. */
export interface IssuerMirrorCloudFrontArgs {
    /** Custom domain of the issuer, for example `oidc.example.com`, which becomes its URL: a lowercase name without scheme, port or path. It needs `certificateArn`. It also needs a DNS record that points to the outputs `distributionDomainName` and `distributionHostedZoneId` before AWS can create the identity provider. Default: the name that CloudFront assigns to the distribution, which is unknown until `up`. Source: AWS, "Use custom URLs by adding alternate domain names (CNAMEs)". */
    readonly domainName?: pulumi.Input<string>;
    /** ARN of the certificate for `domainName` in AWS Certificate Manager. It must be publicly trusted and in us-east-1, because CloudFront reads certificates only there. Rejected: a certificate without `domainName`, and one in another region. Default: none. Source: AWS, "Requirements for using SSL/TLS certificates with CloudFront". */
    readonly certificateArn?: pulumi.Input<string>;
    /** Edge locations that CloudFront uses: `PriceClass_100`, `PriceClass_200` or `PriceClass_All`. Default: `PriceClass_100`, because only AWS fetches the two documents. Source: AWS, "CloudFront pricing". */
    readonly priceClass?: pulumi.Input<string>;
}

/** Inputs of `GitLabOidc`. */
export interface GitLabOidcArgs {
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences that jobs request under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The generated CI configuration uses the first one. For a token whose `aud` is not listed, AWS returns `InvalidIdentityToken: Incorrect token audience`. Rejected: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the URL with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** SHA-1 thumbprints (40 hexadecimal digits each, at most 5) of the last certificate in the chain that the instance presents. If `jwks_uri` is on a different host, add the thumbprint of that host. Needed only if a chain does not lead to a publicly trusted CA. Otherwise AWS ignores them, and on gitlab.com the component produces the warning `redundant-thumbprints`. Default: none. Rejected: SHA-256 fingerprints and other values. Source: AWS, "CreateOpenIDConnectProvider". */
    readonly thumbprints?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Whether preview and up check the issuer, as the function `checkIssuer` does: address, certificates, discovery document and JWKS. The check runs once for each URL and deployment, for at most 15 seconds, and stores nothing in the state. Default: `off`, because Pulumi and AWS connect from different networks. If only one of the two can reach the instance, the result is wrong. If the URL is unknown during preview, the check does not run, and a message reports this once. Failures are reported under `url` (`issuer-check`). Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly issuerCheck?: pulumi.Input<IssuerCheckMode>;
    /** ARN of an existing identity provider, created by another stack or manually. No identity provider is created or looked up; the ARN must match `url`. AWS allows one identity provider per URL and account. The identity provider must list all `audiences`; this is not checked. Rejected: `existingProviderArn` together with `adoptExisting` or `thumbprints`. Default: none. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly existingProviderArn?: pulumi.Input<string>;
    /** Whether to use the identity provider that the account already has for `url`. It is looked up during preview and up. Fails if there is none, or if it does not list all `audiences`: AWS would deny jobs with `Incorrect token audience`. Rejected: `adoptExisting` together with `existingProviderArn` or `thumbprints`. Default: false. */
    readonly adoptExisting?: boolean;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects of this instance that the roles trust, in the same order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`. Values must be unique. If you set this, every subject must specify every listed component. Default: `[project_path, ref_type, ref]`, which is GitLab's default. Rejected: a subject with other components, because AWS would deny every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". A role's own `subClaimComponents` overrides it. */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Version of the self-managed GitLab instance at `url`, for example `19.1` or `18.2.2`. Before 18.2.2, a pipeline of a fork that ran in its parent project had the parent's `sub`. Before 19.1, a new project at the path of a deleted or renamed project had its `sub`. A role that trusts a path therefore produces the warning `self-managed-version` if the version is older or not set. Two or three numbers are accepted, with the suffixes of GitLab's releases (`19.1.0-ee`). Rejected: sub claim components that this version does not support yet, a value that is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: unknown. */
    readonly gitlabVersion?: pulumi.Input<string>;
    /** The roles to create: a map of a key of your choice, matching `[A-Za-z0-9_-]+`, to the role. The key names the role in Pulumi's state (`NAME-KEY`), in the outputs and in the generated CI configuration. Rejected: an empty map; use `IdentityProvider` for an identity provider without roles. */
    readonly roles: Readonly<Record<string, RoleArgs>>;
    /** Default for every role. IAM path of the role. It begins and ends with `/` and has at most 512 characters. Default: `/`. Changing it replaces the role and changes its ARN. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: pulumi.Input<string>;
    /** Default for every role. ARN of the managed policy that limits the role (its permissions boundary). Default: none. Rejected: anything that is not the ARN of a managed policy, and an ARN of another partition than the identity provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: pulumi.Input<string>;
    /** Default for every role. Longest session that a job may request, in seconds: 3600 to 43200. Default: 3600. STS denies a job that requests more; the component rejects values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** Options of the CI configuration in `gitlabCiYml` and `gitlabCiFiles`. Each option of a role's own `gitlabCi` overrides the same option here. Default: a job for each role. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Tags of the identity provider and of every role: at most 50, with keys of 1 to 128 and values of up to 256 characters. A key must not begin with `aws:`. A role's own tags take precedence. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** IDs of the warnings to suppress, for the identity provider and for every role: for example `["redundant-thumbprints"]`. To suppress a warning for one role only, use that role's `accept`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. The tag `gitlab-oidc:accept` of each role and of the identity provider lists them, for the policy pack and the audit. Default: none. */
    readonly accept?: readonly string[];
}

/** Outputs of `GitLabOidc`. */
export interface GitLabOidcOutputs {
    /** ARN of the identity provider. */
    readonly providerArn: pulumi.Output<string>;
    /** The URL without its scheme, for example `gitlab.com`: the prefix of the condition keys. */
    readonly issuer: pulumi.Output<string>;
    /** Audiences that the trust policies accept; the generated CI configuration uses the first one. */
    readonly audiences: pulumi.Output<readonly string[]>;
    /** ARN of each role, by its key in `roles`. */
    readonly roleArns: pulumi.Output<Readonly<Record<string, string>>>;
    /** Name of each role in IAM, by its key in `roles`. An application stack attaches its own policies to it. */
    readonly roleNames: pulumi.Output<Readonly<Record<string, string>>>;
    /** Trust policy of each role as compact JSON, by its key in `roles`. */
    readonly trustPolicies: pulumi.Output<Readonly<Record<string, string>>>;
    /** The `.gitlab-ci.yml` that assumes the roles and stops if AWS denies the request: jobs, templates, or the `include` of the components, depending on `gitlabCi.form`. */
    readonly gitlabCiYml: pulumi.Output<string>;
    /** For the form `component`, the files of the project that contains the components, text by path: `templates/KEY.yml` for each role, and `README.md`. Empty for the other forms. */
    readonly gitlabCiFiles: pulumi.Output<Readonly<Record<string, string>>>;
}

/** Inputs of `IdentityProvider`. */
export interface IdentityProviderArgs {
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences that jobs request under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The generated CI configuration uses the first one. For a token whose `aud` is not listed, AWS returns `InvalidIdentityToken: Incorrect token audience`. Rejected: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the URL with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** SHA-1 thumbprints (40 hexadecimal digits each, at most 5) of the last certificate in the chain that the instance presents. If `jwks_uri` is on a different host, add the thumbprint of that host. Needed only if a chain does not lead to a publicly trusted CA. Otherwise AWS ignores them, and on gitlab.com the component produces the warning `redundant-thumbprints`. Default: none. Rejected: SHA-256 fingerprints and other values. Source: AWS, "CreateOpenIDConnectProvider". */
    readonly thumbprints?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Whether preview and up check the issuer, as the function `checkIssuer` does: address, certificates, discovery document and JWKS. The check runs once for each URL and deployment, for at most 15 seconds, and stores nothing in the state. Default: `off`, because Pulumi and AWS connect from different networks. If only one of the two can reach the instance, the result is wrong. If the URL is unknown during preview, the check does not run, and a message reports this once. Failures are reported under `url` (`issuer-check`). Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly issuerCheck?: pulumi.Input<IssuerCheckMode>;
    /** Tags of the identity provider: at most 50, with keys of 1 to 128 and values of up to 256 characters. A key must not begin with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** IDs of the warnings to suppress: `["redundant-thumbprints"]`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. The tag `gitlab-oidc:accept` of the identity provider lists them, for the policy pack and the audit. Default: none. */
    readonly accept?: readonly string[];
}

/** Outputs of `IdentityProvider`. */
export interface IdentityProviderOutputs {
    /** ARN of the identity provider: use it as `providerArn` of `PipelineRole`. */
    readonly arn: pulumi.Output<string>;
    /** Address of the GitLab instance with its scheme, as in the input. */
    readonly url: pulumi.Output<string>;
    /** The URL without its scheme, for example `gitlab.com`: the prefix of the condition keys. */
    readonly issuer: pulumi.Output<string>;
    /** Audiences that the identity provider lists. */
    readonly audiences: pulumi.Output<readonly string[]>;
}

/** Inputs of `PipelineRole`. */
export interface PipelineRoleArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. All checks use its partition. */
    readonly providerArn: pulumi.Input<string>;
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: the address in `providerArn`. Rejected: an address that differs from the one in `providerArn`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences that jobs request under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The generated CI configuration uses the first one. For a token whose `aud` is not listed, AWS returns `InvalidIdentityToken: Incorrect token audience`. Rejected: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the URL with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Which jobs may assume the role: 1 or more subjects. A job may assume the role if it matches any subject (OR). Within a subject, every property must match (AND). Exact values use `StringEquals`; values with wildcards use `StringLike`. Rejected: an empty list, and values that match more jobs than they appear to. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that apply to every subject (AND), written as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. Use them for global keys, and for keys that AWS adds in the future. Rejected: the issuer's `sub` and `aud` (use subjects and audiences), keys that this request never has, policy variables. Also rejected: `ForAllValues` and `IfExists` (they match when the key is missing), a wildcard under an operator that compares it literally, and values that the operator cannot compare or that no token has. An unknown key that begins with `aws:` or `sts:` produces the warning `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Principals of AWS that can assume the role too, without a GitLab job, for example a break-glass role: one statement with `sts:AssumeRole` for each, after those of the subjects. Each produces the warning `other-principal`. Rejected: `*` and other wildcards, anything that is not the ARN of an account, a user, a role or a session, duplicates, and an ARN of another account without `sts:ExternalId` in its `conditions`. IAM rejects a user or role that does not exist. Default: none, so only jobs can assume the role. Source: AWS, "AWS JSON policy elements: Principal". */
    readonly additionalPrincipals?: pulumi.Input<readonly pulumi.Input<AdditionalPrincipalArgs>[]>;
    /** IDs of the warnings to suppress for this role, for example `["group-wide", "any-branch"]`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. The components list the IDs in the tag `gitlab-oidc:accept` of the role, for the policy pack and the audit. Default: none. */
    readonly accept?: readonly string[];
    /** Name of the role in IAM: 1 to 64 characters of `[A-Za-z0-9_+=,.@-]`, unique in the account regardless of case. Default: the resource's name and a random suffix, so a replacement does not collide with the old role. Changing it replaces the role. Source: AWS, "IAM and AWS STS quotas". */
    readonly name?: pulumi.Input<string>;
    /** IAM path of the role. It begins and ends with `/` and has at most 512 characters. Default: `/`. Changing it replaces the role and changes its ARN. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: pulumi.Input<string>;
    /** Description of the role in IAM: at most 1000 Latin-1 characters. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly description?: pulumi.Input<string>;
    /** Managed policies to attach: a map of a key of your choice, matching `[A-Za-z0-9_-]+`, to the policy's ARN. If the ARN is a string, it names the attachment in Pulumi's state: you can rename keys and move ARNs between keys. If the ARN is an output, the key names the attachment. Renaming that key, or moving the output to another key, then detaches the policy, because Pulumi creates the new attachment before it deletes the old one. `formerPolicyKeys` keeps the attachment when you rename a key. More than 10 policies need a raised quota and produce a warning. Rejected: more than 25 policies, and one ARN under two keys. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly managedPolicies?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Former keys of entries of `managedPolicies`, so a renamed entry keeps its attachment: a map of the current key to its former keys, `{ "deploy": ["old"] }`. Needed only if the ARN is, or was, an output. Rejected: a key that `managedPolicies` does not have, and a former key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerPolicyKeys?: Readonly<Record<string, readonly string[]>>;
    /** Inline policies: a map of a key to the policy document, as JSON text or as an object. The key is the policy's name in IAM and matches `[A-Za-z0-9_+=,.@-]{1,128}`. A renamed key is a new policy, which is created before the old one is deleted. At most 10,240 characters in total, not counting white space. Rejected: text that is not JSON, and a document without a statement. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly inlinePolicies?: Readonly<Record<string, pulumi.Input<unknown>>>;
    /** ARNs of secrets in AWS Secrets Manager that the role can read. The component writes an inline policy named `secretArns`, which allows only `secretsmanager:GetSecretValue` on them. GitLab Runner needs no other action. The ARN of a secret ends with six random characters, `arn:aws:secretsmanager:eu-central-1:111122223333:secret:prod/db-AbCd3F`. `-??????` in their place also matches a secret that is created later with this name. Six lowercase letters in their place are probably part of the name, and produce the warning `secret-suffix`. An empty array means none. Rejected: an ARN without these characters, other wildcards, duplicates, and an ARN of another partition than the identity provider's. Also rejected: an inline policy of yours named `secretArns`, inline policies of more than 10,240 characters in total, and an output of an empty array. If the role has no other policies, a secret of a job with the form `secrets` that is not listed produces the warning `ci-secret`. Default: none. Source: AWS, "Permissions policy examples for AWS Secrets Manager". */
    readonly secretArns?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** ARNs of the customer managed KMS keys that encrypt the secrets in `secretArns`. The policy then also allows `kms:Decrypt` with these keys, only through Secrets Manager (`kms:ViaService`) and only for the secrets in the key's region (`kms:EncryptionContext:SecretARN`). The AWS managed key `aws/secretsmanager` needs no entry. Rejected: an alias, wildcards, duplicates, an ARN of another partition than the identity provider's, and a key in a region without one of the secrets. Default: none. Source: AWS, "Secret encryption and decryption in AWS Secrets Manager". */
    readonly secretKmsKeyArns?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** ARN of the managed policy that limits the role (its permissions boundary). Default: none. Rejected: anything that is not the ARN of a managed policy, and an ARN of another partition than the identity provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: pulumi.Input<string>;
    /** Longest session that a job may request, in seconds: 3600 to 43200. Default: 3600. STS denies a job that requests more; the component rejects values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role trusts, in the same order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`. Values must be unique. If you set this, every subject must specify every listed component. Default: `[project_path, ref_type, ref]`, which is GitLab's default. Rejected: a subject with other components, because AWS would deny every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Options of the CI configuration in `gitlabCiYml` and `gitlabCiFiles`. Default: a job. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Version of the self-managed GitLab instance at `url`, for example `19.1` or `18.2.2`. Before 18.2.2, a pipeline of a fork that ran in its parent project had the parent's `sub`. Before 19.1, a new project at the path of a deleted or renamed project had its `sub`. A role that trusts a path therefore produces the warning `self-managed-version` if the version is older or not set. Two or three numbers are accepted, with the suffixes of GitLab's releases (`19.1.0-ee`). Rejected: sub claim components that this version does not support yet, a value that is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: unknown. */
    readonly gitlabVersion?: pulumi.Input<string>;
    /** Tags of the role: at most 50, with keys of 1 to 128 and values of up to 256 characters. A key must not begin with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Outputs of `PipelineRole`. */
export interface PipelineRoleOutputs {
    /** ARN of the role. */
    readonly arn: pulumi.Output<string>;
    /** Name of the role in IAM, for attaching further policies. */
    readonly name: pulumi.Output<string>;
    /** The role's trust policy as compact JSON. */
    readonly trustPolicy: pulumi.Output<string>;
    /** The `.gitlab-ci.yml` that assumes the role and stops if AWS denies the request: a job, a template, or the `include` of the component, depending on `gitlabCi.form`. */
    readonly gitlabCiYml: pulumi.Output<string>;
    /** For the form `component`, the files of the project that contains the components, text by path: `templates/KEY.yml` for each role, and `README.md`. Empty for the other forms. */
    readonly gitlabCiFiles: pulumi.Output<Readonly<Record<string, string>>>;
}

/** Inputs of `IssuerMirror`. */
export interface IssuerMirrorArgs {
    /** Discovery document of the instance, as JSON text or as an object. The instance serves it at `/.well-known/openid-configuration`; `aws-gitlab-oidc mirror fetch` writes it to `openid-configuration.json`. The mirror publishes its own `issuer` and `jwks_uri`, and the members of the instance's document that AWS requires (`response_types_supported`, `subject_types_supported`, `id_token_signing_alg_values_supported`, `claims_supported`). It publishes no address of the instance. Rejected: a document without these lists or without RS256. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly discovery: pulumi.Input<unknown>;
    /** JWKS of the instance, as JSON text or as an object. The instance serves it at `/oauth/discovery/keys`; `aws-gitlab-oidc mirror fetch` writes it to `jwks.json`, together with retired keys that are still published. Of each key, the mirror publishes `kty`, `kid`, `use`, `alg`, the public key itself and `exp`. Rejected: private keys, symmetric keys, RSA keys of fewer than 2048 bits, keys without `kid`, two keys with the same `kid`, more than 100 keys, a JWKS without an RSA key. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly keys: pulumi.Input<unknown>;
    /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique worldwide. Without `cloudFront` it is part of the issuer's URL, so changing it changes that URL. You then need a new identity provider and another line in `gitlab.rb`. A name of the form `NAME-ACCOUNT-REGION-an` belongs to the account's own namespace: no other account can use it, even after the bucket is deleted. Rejected: dots (the certificate of S3 does not cover them), and names that S3 reserves. Source: AWS, "General purpose bucket naming rules". */
    readonly bucketName: pulumi.Input<string>;
    /** Puts CloudFront with origin access control in front of the bucket, which then blocks all public access. Use it in accounts that forbid public buckets, and for a custom domain. `{}` is enough. Rejected: partitions other than `aws`. Default: none, so the two objects are public in S3. */
    readonly cloudFront?: IssuerMirrorCloudFrontArgs;
    /** How long caches may keep the documents, in seconds from 0 to 86400 (`Cache-Control: max-age`). CloudFront uses it too. A new key can stay invisible for this long, so keep the value low. AWS does not document how long STS itself caches keys. Default: 300. Source: AWS, "Manage how long content stays in the cache (expiration)". */
    readonly cacheSeconds?: pulumi.Input<number>;
    /** Whether to delete the bucket even if it contains objects that this component did not create. Default: false, so `destroy` fails if there are any. */
    readonly forceDestroy?: pulumi.Input<boolean>;
    /** Tags of the bucket and of the distribution. The objects have no tags. At most 50, with keys of 1 to 128 and values of up to 256 characters. A key must not begin with `aws:`. Default: none. Source: AWS, "Using cost allocation S3 bucket tags". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Outputs of `IssuerMirror`. */
export interface IssuerMirrorOutputs {
    /** Address of the mirror. After you apply the line in `gitlabRb`, it is the `iss` of the instance's ID tokens. Use it as the `url` of `GitLabOidc`. Known at preview, except for CloudFront without `domainName`. Resources that use it wait until both documents can be read. */
    readonly issuerUrl: pulumi.Output<string>;
    /** Address of the published JWKS. */
    readonly jwksUri: pulumi.Output<string>;
    /** Name of the bucket. */
    readonly bucketName: pulumi.Output<string>;
    /** Line for `/etc/gitlab/gitlab.rb` that sets the mirror as the issuer of the instance's ID tokens. Apply it with `gitlab-ctl reconfigure`. */
    readonly gitlabRb: pulumi.Output<string>;
    /** Domain name that CloudFront assigned to the distribution; point the DNS record of `domainName` to it. Not set without `cloudFront`. */
    readonly distributionDomainName: pulumi.Output<string | undefined>;
    /** Hosted zone of that name, for an alias record in Route 53. Not set without `cloudFront`. */
    readonly distributionHostedZoneId: pulumi.Output<string | undefined>;
}

/** Inputs of `OrganizationGuardrail`. */
export interface OrganizationGuardrailArgs {
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Paths of the groups whose jobs may assume roles: top-level groups, for example `["mygroup"]`, or subgroups. Each covers every project below it (`project_path:mygroup/*`). AWS compares the case. If `projectIds` is not set, AWS denies every token whose `sub` leads with `project_id`. Default: none. gitlab.com requires `groups` or `projectIds`. Rejected: an empty list, wildcards, and paths that GitLab does not allow. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly groups?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Numeric IDs of projects whose `sub` leads with `project_id` (`project_id:4711:*`). If `groups` is not set, AWS denies every token with GitLab's default `sub`, and the component logs the warning `guardrail-project-ids`. Default: none. Rejected: an empty list, wildcards, and values that are not numeric. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly projectIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Audiences that a token of this GitLab instance may have: 1 to 100 values, compared exactly. Default: any audience, so the identity provider and the trust policy decide. Rejected: the same values as for `audiences` of `GitLabOidc`. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** URLs of the OIDC issuers whose tokens may assume roles, for example `["https://token.actions.githubusercontent.com"]`. Each is written exactly as in the `iss` claim, which ends with a slash for some issuers, such as Auth0. The `url` is always one of them, so `[]` allows only this GitLab instance. AWS then denies the tokens of every other issuer. Each EKS cluster has its own issuer: without it, its pods cannot assume roles, so a list without an EKS cluster logs the warning `guardrail-issuers`. Default: other issuers are not limited. Rejected: URLs that IAM does not accept for an identity provider, and issuers without a `sub` condition key. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly trustedIssuers?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** ARNs of roles that the guardrail does not apply to. `*` and `?` are wildcards: `arn:aws:iam::111122223333:role/legacy-*`. Any token that the trust policy allows can assume these roles. Default: none. Rejected: values that are not ARNs of roles, and patterns that match every role. Source: AWS, "RCP syntax". */
    readonly exceptRoles?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Roots, organizational units and accounts to attach the policy to: a map of a key of your choice, matching `[A-Za-z0-9_-]+`, to the ID: `{ sandbox: "ou-ab12-cd34ef56" }`. An ID of a root begins with `r-`, of an organizational unit with `ou-`, and an account ID has 12 digits. If the ID is a string, it names the attachment in Pulumi's state, so you can rename keys. If the ID is an output, the key names the attachment. A target can have 5 resource control policies, including `RCPFullAWSAccess`. Default: none, so the policy exists but applies to nothing. Rejected: values that are not such IDs, and one ID under two keys. Source: AWS, "AttachPolicy". */
    readonly targets?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Name of the policy: 1 to 128 characters. Default: the name of the component with a random suffix. Source: AWS, "CreatePolicy". */
    readonly name?: pulumi.Input<string>;
    /** Description of the policy: at most 512 characters. Default: none. Source: AWS, "CreatePolicy". */
    readonly description?: pulumi.Input<string>;
    /** Tags of the policy: at most 50, with keys of 1 to 128 and values of up to 256 characters. A key must not begin with `aws:`. Default: none. Source: AWS, "Tagging AWS Organizations resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** IDs of the warnings to suppress for this guardrail, for example `["guardrail-issuers"]`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. Default: none. */
    readonly accept?: readonly string[];
}

/** Outputs of `OrganizationGuardrail`. */
export interface OrganizationGuardrailOutputs {
    /** ID of the policy, for example `p-examplepolicyid`. */
    readonly policyId: pulumi.Output<string>;
    /** ARN of the policy. */
    readonly policyArn: pulumi.Output<string>;
    /** The resource control policy as compact JSON. */
    readonly policy: pulumi.Output<string>;
}

/** Arguments of `getTrustPolicy`. */
export interface GetTrustPolicyOutputArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. All checks use its partition. */
    readonly providerArn: pulumi.Input<string>;
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: the address in `providerArn`. Rejected: an address that differs from the one in `providerArn`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences that jobs request under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The generated CI configuration uses the first one. For a token whose `aud` is not listed, AWS returns `InvalidIdentityToken: Incorrect token audience`. Rejected: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the URL with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Which jobs may assume the role: 1 or more subjects. A job may assume the role if it matches any subject (OR). Within a subject, every property must match (AND). Exact values use `StringEquals`; values with wildcards use `StringLike`. Rejected: an empty list, and values that match more jobs than they appear to. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that apply to every subject (AND), written as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. Use them for global keys, and for keys that AWS adds in the future. Rejected: the issuer's `sub` and `aud` (use subjects and audiences), keys that this request never has, policy variables. Also rejected: `ForAllValues` and `IfExists` (they match when the key is missing), a wildcard under an operator that compares it literally, and values that the operator cannot compare or that no token has. An unknown key that begins with `aws:` or `sts:` produces the warning `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Principals of AWS that can assume the role too, without a GitLab job, for example a break-glass role: one statement with `sts:AssumeRole` for each, after those of the subjects. Each produces the warning `other-principal`. Rejected: `*` and other wildcards, anything that is not the ARN of an account, a user, a role or a session, duplicates, and an ARN of another account without `sts:ExternalId` in its `conditions`. IAM rejects a user or role that does not exist. Default: none, so only jobs can assume the role. Source: AWS, "AWS JSON policy elements: Principal". */
    readonly additionalPrincipals?: pulumi.Input<readonly pulumi.Input<AdditionalPrincipalArgs>[]>;
    /** IDs of the warnings to suppress for this role, for example `["group-wide", "any-branch"]`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. The components list the IDs in the tag `gitlab-oidc:accept` of the role, for the policy pack and the audit. Default: none. */
    readonly accept?: readonly string[];
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role trusts, in the same order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`. Values must be unique. If you set this, every subject must specify every listed component. Default: `[project_path, ref_type, ref]`, which is GitLab's default. Rejected: a subject with other components, because AWS would deny every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Version of the self-managed GitLab instance at `url`, for example `19.1` or `18.2.2`. Before 18.2.2, a pipeline of a fork that ran in its parent project had the parent's `sub`. Before 19.1, a new project at the path of a deleted or renamed project had its `sub`. A role that trusts a path therefore produces the warning `self-managed-version` if the version is older or not set. Two or three numbers are accepted, with the suffixes of GitLab's releases (`19.1.0-ee`). Rejected: sub claim components that this version does not support yet, a value that is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: unknown. */
    readonly gitlabVersion?: pulumi.Input<string>;
}

/** Arguments of `getGitlabCi`. */
export interface GetGitlabCiOutputArgs {
    /** ARNs of the roles: a map of a key that names the job and matches `[A-Za-z0-9_-]+` to the ARN, for example the output `roleArns` of `GitLabOidc`. Rejected: an empty map, and a value that is not the ARN of one role. Source: AWS, "IAM identifiers". */
    readonly roleArns: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Audience that the job requests: one of the identity provider's audiences. Default: the `url`. */
    readonly audience?: pulumi.Input<string>;
    /** Options of the CI configuration. Default: a job for each role. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Details of the roles, in addition to their ARNs, by the keys of `roleArns`. Rejected: a key that `roleArns` does not have. Default: none. */
    readonly roles?: pulumi.Input<Readonly<Record<string, pulumi.Input<GitLabCiRoleArgs>>>>;
}

/** Arguments of `explainTrust`. */
export interface ExplainTrustOutputArgs {
    /** The trust policy, as JSON text or as an object, of up to 131,072 characters and 64 levels, which is more than AWS stores. Set either this or `role`. Rejected: policies that IAM would not store. */
    readonly trustPolicy?: pulumi.Input<unknown>;
    /** Which jobs may assume the role, instead of `trustPolicy`. */
    readonly role?: pulumi.Input<RoleTrustArgs>;
    /** Claims of the job's ID token, including `iss`, `sub` and `aud`, each of up to 20,000 characters, the limit for a token. Set either this or `token`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly claims?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>>>;
    /** The job's ID token, instead of `claims`. Its times are checked, but not its signature. The result does not contain the token. */
    readonly token?: pulumi.Input<string>;
    /** Values of further condition keys of the request, for example `aws:SourceIp`, each of up to 20,000 characters. Default: none, so conditions on them are not met. */
    readonly context?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Resource control policies that apply to the account of the role, as JSON text or as objects, for example the output `policy` of `OrganizationGuardrail`. AWS denies the request if a statement of one of them denies it. A condition on a key that is neither in the token nor in `context` is reported as a possible denial. Default: none. Rejected: documents that are not resource control policies. Source: AWS, "RCP syntax". */
    readonly guardrails?: pulumi.Input<readonly pulumi.Input<unknown>[]>;
    /** ARN of the role, for guardrails that apply to some roles only. Default: unknown, so such a statement is reported as a possible denial. Source: AWS, "IAM identifiers". */
    readonly roleArn?: pulumi.Input<string>;
}

/** Arguments of `lintTrustPolicy`. */
export interface LintTrustPolicyOutputArgs {
    /** The trust policy, as JSON text or as an object, of up to 131,072 characters and 64 levels, which is more than AWS stores. */
    readonly trustPolicy: pulumi.Input<unknown>;
    /** Address of the GitLab instance that the role is for. It is an error if the policy trusts another identity provider instead. Default: the identity provider that the policy trusts. */
    readonly url?: pulumi.Input<string>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects. Default: inferred from each value of the policy. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** IDs of the warnings to suppress. Default: none. */
    readonly accept?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Arguments of `describeTrustPolicy`. */
export interface DescribeTrustPolicyOutputArgs {
    /** The trust policy, as a JSON string or as an object: up to 131,072 characters and 64 levels, which is more than AWS stores. Also accepts the output of `aws iam get-role`. Rejected: anything that IAM would not store as a trust policy. */
    readonly trustPolicy: pulumi.Input<unknown>;
    /** URL of the GitLab instance to describe, if the policy trusts several, for example `https://gitlab.example.com`. Statements for other instances are listed in `unexplained`. Rejected: a URL that IAM does not accept for an identity provider, with the error `issuer-url`. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: the first instance in the policy that may be GitLab. */
    readonly url?: pulumi.Input<string>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects. Subjects of another shape are listed in `unexplained`. Rejected: a list that GitLab does not accept, with the error `sub-components`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: derived from the subjects of the policy. */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
}

/** Arguments of `checkIssuer`. */
export interface CheckIssuerOutputArgs {
    /** Address of the issuer, exactly as it appears in the `iss` claim of its ID tokens: `https://gitlab.example.com`. The `url` check reports anything that IAM would reject. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly url: pulumi.Input<string>;
    /** Additional CA certificates to trust (PEM), for an instance whose certificate is from a private CA. The check `thumbprint` then reports the thumbprint that the identity provider needs. Source: AWS, "Obtain the thumbprint for an OpenID Connect identity provider". Default: none. */
    readonly certificateAuthorities?: pulumi.Input<string>;
    /** `HOST:PORT` to connect to instead of the addresses in DNS, for split-horizon DNS. Server names, SNI and issuer do not change. Addresses are then not looked up and not checked. Write an IPv6 address in brackets. Default: the addresses in DNS. */
    readonly connectTo?: pulumi.Input<string>;
    /** Whether to continue if an address is private, loopback, link-local or otherwise unreachable for AWS. Addresses are then not checked. Default: false, so such an address fails and nothing is sent to it. */
    readonly allowPrivate?: pulumi.Input<boolean>;
    /** Audience that the token must have: one that the identity provider lists. Requires `token`. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". Default: not checked. */
    readonly audience?: pulumi.Input<string>;
    /** An ID token of a job, which is a secret. Its issuer, audience, times and signature are checked against the issuer's JWKS. No message contains it. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: none. */
    readonly token?: pulumi.Input<string>;
    /** Time limit for the whole run in seconds: more than 0 and at most 600. Default: 30. */
    readonly timeout?: pulumi.Input<number>;
    /** Time limit for one request in seconds: more than 0 and at most 60. AWS waits 5 seconds; the default is a little longer and shows how long a slow request really needs. Source: AWS, "How do I resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken?". Default: 6. */
    readonly requestTimeout?: pulumi.Input<number>;
    /** Size limit for each document in bytes: 1 to 10000000. Default: 262144. */
    readonly maxBytes?: pulumi.Input<number>;
    /** Number of redirects to follow for each document: 0 to 20. Default: 3. */
    readonly maxRedirects?: pulumi.Input<number>;
    /** Number of times that each document is fetched to measure its response time: 1 to 20; the slowest counts. Default: 3. */
    readonly attempts?: pulumi.Input<number>;
}

/** Arguments of `getOrganizationGuardrail`. */
export interface GetOrganizationGuardrailOutputArgs {
    /** Address of the GitLab instance exactly as it appears in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later, use the setting `ci_id_tokens_issuer_url` if the instance has it. The scheme is https, and the length at most 255 characters. A path is part of the address. Rejected: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host. IAM rejects these, or the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Paths of the groups whose jobs may assume roles: top-level groups, for example `["mygroup"]`, or subgroups. Each covers every project below it (`project_path:mygroup/*`). AWS compares the case. If `projectIds` is not set, AWS denies every token whose `sub` leads with `project_id`. Default: none. gitlab.com requires `groups` or `projectIds`. Rejected: an empty list, wildcards, and paths that GitLab does not allow. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly groups?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Numeric IDs of projects whose `sub` leads with `project_id` (`project_id:4711:*`). If `groups` is not set, AWS denies every token with GitLab's default `sub`, and the component logs the warning `guardrail-project-ids`. Default: none. Rejected: an empty list, wildcards, and values that are not numeric. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly projectIds?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Audiences that a token of this GitLab instance may have: 1 to 100 values, compared exactly. Default: any audience, so the identity provider and the trust policy decide. Rejected: the same values as for `audiences` of `GitLabOidc`. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** URLs of the OIDC issuers whose tokens may assume roles, for example `["https://token.actions.githubusercontent.com"]`. Each is written exactly as in the `iss` claim, which ends with a slash for some issuers, such as Auth0. The `url` is always one of them, so `[]` allows only this GitLab instance. AWS then denies the tokens of every other issuer. Each EKS cluster has its own issuer: without it, its pods cannot assume roles, so a list without an EKS cluster logs the warning `guardrail-issuers`. Default: other issuers are not limited. Rejected: URLs that IAM does not accept for an identity provider, and issuers without a `sub` condition key. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly trustedIssuers?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** ARNs of roles that the guardrail does not apply to. `*` and `?` are wildcards: `arn:aws:iam::111122223333:role/legacy-*`. Any token that the trust policy allows can assume these roles. Default: none. Rejected: values that are not ARNs of roles, and patterns that match every role. Source: AWS, "RCP syntax". */
    readonly exceptRoles?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** IDs of the warnings to suppress for this guardrail, for example `["guardrail-issuers"]`. An ID that suppresses nothing produces the warning `unused-accept`. Errors cannot be accepted. Default: none. */
    readonly accept?: readonly string[];
}

/** Arguments of `checkProject`. */
export interface CheckProjectOutputArgs {
    /** Address of the GitLab instance: `https://gitlab.example.com`, or `https://example.com/gitlab` for an instance below a path. A port is allowed. Rejected: an address without https, with credentials, a query or a fragment. Source: GitLab, "REST API". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Path of the project to check, `mygroup/myproject`. Rejected: wildcards, a URL, a group, and `group` in addition. Source: GitLab, "Projects API". Default: with `group`, each project below it; else the projects and groups that the subjects name. */
    readonly project?: pulumi.Input<string>;
    /** Path of a group: each project below it is checked, at any depth, without archived projects. Source: GitLab, "Groups API". Default: none. */
    readonly group?: pulumi.Input<string>;
    /** The `subjects` of the role. Rejected: subjects that `PipelineRole` rejects. Source: GitLab, "Connect to cloud services". Default: the subjects of `trustPolicy`. Without either, the project is only described. */
    readonly subjects?: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** The `subClaimComponents` of the role. Rejected: components that GitLab does not support. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: GitLab's default, or those that the trust policy shows. */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** The `gitlabVersion` of the role. It is compared with the version of the instance. Rejected: a value that is not a version, and any version for gitlab.com. Source: GitLab, "Metadata API". Default: not compared. */
    readonly gitlabVersion?: pulumi.Input<string>;
    /** The trust policy of the role, as a JSON string or as an object, instead of `subjects`. Also accepts the output of `aws iam get-role`. Rejected: anything that IAM would not store as a trust policy. Default: none. */
    readonly trustPolicy?: pulumi.Input<unknown>;
    /** Access token for GitLab's REST API, which is a secret: a personal, project, group or OAuth token with the scope `read_api`. The role Maintainer in the project can read everything. It is sent to the host of `url` only, and no message or result contains it. A CI/CD job token is not supported. Rejected: a token with white space or characters outside ASCII. Source: GitLab, "REST API authentication". Default: the environment variable `GITLAB_TOKEN`, or none, which is enough for a public project. */
    readonly token?: pulumi.Input<string>;
    /** Additional CA certificates to trust (PEM), for an instance whose certificate is from a private CA. Source: GitLab, "Configure SSL for a Linux package installation". Default: none. */
    readonly certificateAuthorities?: pulumi.Input<string>;
    /** `HOST:PORT` to connect to instead of the address in DNS. TLS and HTTP still use the host of `url`. Write an IPv6 address in brackets. Default: the addresses in DNS. */
    readonly connectTo?: pulumi.Input<string>;
    /** Time limit for all requests together in seconds: more than 0 and at most 600. Default: 60. */
    readonly timeout?: pulumi.Input<number>;
    /** Time limit for one request in seconds: more than 0 and at most 60. Default: 10. */
    readonly requestTimeout?: pulumi.Input<number>;
}

/** Arguments of `lookupProject`. */
export interface LookupProjectOutputArgs {
    /** Address of the GitLab instance: `https://gitlab.example.com`, or `https://example.com/gitlab` for an instance below a path. A port is allowed. Rejected: an address without https, with credentials, a query or a fragment. Source: GitLab, "REST API". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Path of the project, `mygroup/myproject`. GitLab ignores its case and follows renames; the result has the exact path. Rejected: wildcards, a URL, a group. Source: GitLab, "Projects API". */
    readonly project: pulumi.Input<string>;
    /** Access token for GitLab's REST API, which is a secret: a personal, project, group or OAuth token with the scope `read_api`. The role Maintainer in the project can read everything. It is sent to the host of `url` only, and no message or result contains it. A CI/CD job token is not supported. Rejected: a token with white space or characters outside ASCII. Source: GitLab, "REST API authentication". Default: the environment variable `GITLAB_TOKEN`, or none, which is enough for a public project. */
    readonly token?: pulumi.Input<string>;
    /** Additional CA certificates to trust (PEM), for an instance whose certificate is from a private CA. Source: GitLab, "Configure SSL for a Linux package installation". Default: none. */
    readonly certificateAuthorities?: pulumi.Input<string>;
    /** `HOST:PORT` to connect to instead of the address in DNS. TLS and HTTP still use the host of `url`. Write an IPv6 address in brackets. Default: the addresses in DNS. */
    readonly connectTo?: pulumi.Input<string>;
    /** Time limit for all requests together in seconds: more than 0 and at most 600. Default: 60. */
    readonly timeout?: pulumi.Input<number>;
    /** Time limit for one request in seconds: more than 0 and at most 60. Default: 10. */
    readonly requestTimeout?: pulumi.Input<number>;
}
