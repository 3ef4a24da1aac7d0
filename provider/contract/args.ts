// Generated from schema.json by `make sdk`. Edit the schema, not this file.

import type * as pulumi from "@pulumi/pulumi";

import type { SubClaimComponent, GitLabCiForm, GitLabCiCredentials, IssuerCheckMode } from "./types";

/** A role that GitLab CI/CD jobs can assume: who may, and what it is allowed to do. */
export interface RoleArgs {
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Ids of warnings that are known and accepted for this role, so that they are not said again: for example `["group-wide", "any-branch"]`. An accepted id that does not occur is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
    /** Name of the role in IAM: 1 to 64 characters of `[A-Za-z0-9_+=,.@-]`, unique in the account without regard to case. Default: the resource's name and a random suffix, so that replacing works. Changing it replaces the role. Source: AWS, "IAM and AWS STS quotas". */
    readonly name?: pulumi.Input<string>;
    /** IAM path of the role, beginning and ending with `/`, at most 512 characters. Default: `/`. Changing it replaces the role, and its ARN changes. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: pulumi.Input<string>;
    /** Description of the role in IAM, at most 1000 characters of Latin-1. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly description?: pulumi.Input<string>;
    /** Managed policies to attach: a key of your choice, which matches `[A-Za-z0-9_-]+`, to the policy's ARN. In Pulumi's state, an attachment is named by the ARN where that is plain text: keys can be renamed, and ARNs can move between them. Where the ARN is an output, the key is the name: to rename that key, or to move the output to another one, detaches the policy, because Pulumi makes the new attachment and then deletes the old one; `formerPolicyKeys` keeps it when a key is renamed. More than 10 need a raised quota (warned about), more than 25 are refused. Refused: one ARN under two keys. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly managedPolicies?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Keys that an entry of `managedPolicies` had before, so that a renamed entry keeps its attachment: the present key to the former ones, `{ "deploy": ["old"] }`. Needed only where the ARN is, or was, an output. Refused: a key that `managedPolicies` does not have, and a former key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerPolicyKeys?: Readonly<Record<string, readonly string[]>>;
    /** Inline policies: a key, which is the policy's name in IAM and matches `[A-Za-z0-9_-]+`, to the document, as JSON text or as an object. A renamed key is a new policy, made before the old one is deleted. At most 10,240 characters in total without white space. Refused: text that is not JSON, a document without a statement. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly inlinePolicies?: Readonly<Record<string, pulumi.Input<unknown>>>;
    /** ARN of the managed policy that is the role's permissions boundary. Default: none. Refused: anything that is not the ARN of a managed policy, or one of another partition than the provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: pulumi.Input<string>;
    /** Longest session a job may ask for, in seconds: 3600 to 43200. Default: 3600. A job that asks for more is refused by STS; this package refuses values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Options for the job of this role in the generated CI configuration; they win over those of the package. Default: none. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Tags of the role. At most 50, keys of 1 to 128 and values of up to 256 characters, not beginning with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Keys that this entry of `roles` had before, so that a renamed entry keeps its role and ARN instead of being made anew. Refused: a key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerKeys?: readonly string[];
}

/** Jobs that may assume a role: exactly one scope (`project`, `group` or `projectId`; `project` may carry `projectId`) and exactly one of `branch` and `tag`, or the whole `sub` as text. There is no default: a subject says whom it admits. */
export interface SubjectArgs {
    /** Path of one project, `group/subgroup/project`, in the case GitLab shows (AWS compares case-sensitively). A whole segment after the first may be `*`, which is warned about as `group-wide`. Refused: `*` alone, a wildcard within a segment (`mygroup/app*` also matches `mygroup/app-evil`), one in the first segment, a url, a leading or trailing slash. Source: GitLab, "Connect to cloud services". */
    readonly project?: pulumi.Input<string>;
    /** Path of a group: every project below it at any depth, also those that are made later. Warned about as `group-wide`. Refused: wildcards, a url, a leading or trailing slash. Source: GitLab, "Connect to cloud services". */
    readonly group?: pulumi.Input<string>;
    /** Numeric id of the project. Beside `project` it protects against a path that is deleted and registered again by somebody else: on gitlab.com it becomes the condition key `gitlab.com:project_id`, elsewhere it needs `project_id` in `subClaimComponents`. Without `project` it needs sub claim components that lead with `project_id`. Beside `group` it is `"*"` where `project_id` is declared too. Refused: anything else but digits. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly projectId?: pulumi.Input<string>;
    /** Short name of the branch, `main`, or a pattern with `*` (any characters, also `/`) and `?` (one character): `release/*`. `*` alone admits every branch and with it merge requests from the same project, warned about as `any-branch`. Who may push a branch that matches another pattern decides who gets the role: protect such branches and say `refProtected: true`, else it is warned about as `unprotected-branch`. Refused: `refs/heads/…`, characters that Git does not allow in names, characters outside Latin-1 (IAM cannot store them). Source: GitLab, "Connect to cloud services". */
    readonly branch?: pulumi.Input<string>;
    /** Short name of the tag, `v1.0`, or a pattern as for `branch`: `v*`. Who may push such tags decides who gets the role: protect them and say `refProtected: true`, else it is warned about as `unprotected-tag`. Refused as for `branch`. Source: GitLab, "Connect to cloud services". */
    readonly tag?: pulumi.Input<string>;
    /** Whether the branch or tag has to be protected in GitLab: `true`, `false`, or `"*"` for either where `subClaimComponents` declares `ref_protected`. Without that it is checked by the condition key `gitlab.com:ref_protected`, which exists on gitlab.com only; on another issuer it is refused. Default: not looked at. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly refProtected?: pulumi.Input<boolean | string>;
    /** Whether the job's environment has to be protected: `true`, `false` or `"*"`. Needs `environment_protected` in `subClaimComponents`, and belongs together with `deploymentTier` where both are declared. Left out: the job has no environment. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly environmentProtected?: pulumi.Input<boolean | string>;
    /** Deployment tier of the job's environment: `production`, `staging`, `testing`, `development`, `other`, or `"*"` for any. Needs `deployment_tier` in `subClaimComponents`. Left out: the job has no environment. The name of the environment cannot be checked: it is in no claim that AWS looks at. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly deploymentTier?: pulumi.Input<string>;
    /** Further claims that the token has to carry, all of them (AND). They are condition keys on gitlab.com only; on another issuer they could never match and are refused. Default: none. Source: AWS, "IAM and AWS STS condition context keys". */
    readonly claims?: pulumi.Input<ClaimsArgs>;
    /** The whole `sub` claim as text, instead of `project`, `group`, `branch`, `tag` and the components of environments: for what the fields cannot say. `projectId`, `refProtected` and `claims` may stand beside it as condition keys of gitlab.com. `*` and `?` are wildcards. Checked like the fields: `project_path:mygroup/myproject:ref_type:branch:ref:main`. Refused: another shape than the declared sub claim components, a wildcard that crosses from one component into the next, `${`. Source: GitLab, "Connect to cloud services". */
    readonly sub?: pulumi.Input<string>;
}

/** Claims of the ID token, beside its subject, that AWS offers as condition keys for gitlab.com. Different claims are all required (AND); the values of one are alternatives (OR), compared exactly. */
export interface ClaimsArgs {
    /** Numeric ids of the group or user namespace that holds the project (`gitlab.com:namespace_id`); one of them has to match. Warned about as `namespace-only` where no `projectId` stands beside it. */
    readonly namespaceId?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Numeric ids of the users who may start the job (`gitlab.com:user_id`); one of them has to match. */
    readonly userId?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** User names of those who may start the job (`gitlab.com:user_login`); one of them has to match. Logins can be renamed and registered again: without `userId` it is warned about as `user-name-only`. */
    readonly userLogin?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** E-mail addresses of those who may start the job (`gitlab.com:user_email`); one of them has to match. Addresses change hands: without `userId` it is warned about as `user-name-only`. */
    readonly userEmail?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Roles in the project of those who may start the job (`gitlab.com:user_access_level`): `guest`, `planner`, `reporter`, `developer`, `maintainer`, `owner`; one of them has to match, a higher one does not match by itself. */
    readonly userAccessLevel?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** What may start the pipeline (`gitlab.com:pipeline_source`): `push`, `web`, `schedule`, `api`, `trigger`, `merge_request_event`, `parent_pipeline` and others of `CI_PIPELINE_SOURCE`; one of them has to match. */
    readonly pipelineSource?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Where the runner stands (`gitlab.com:runner_environment`): `gitlab-hosted` or `self-hosted`; one of them has to match. */
    readonly runnerEnvironment?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Who may assume a role, as `PipelineRole` takes it. */
export interface RoleTrustArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. Its partition is taken for all checks. */
    readonly providerArn: pulumi.Input<string>;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: taken from `providerArn`. Refused where the two do not agree. */
    readonly url?: pulumi.Input<string>;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
}

/** How the generated CI configuration is written. */
export interface GitLabCiOptionsArgs {
    /** What is generated: `job`, `template` or `component`. One for the whole file, so that it is refused on a role. Default: `job`. */
    readonly form?: pulumi.Input<GitLabCiForm>;
    /** How the credentials are handed over: `export`, `web-identity` or `profile`. Source: AWS, "Assume role credential provider". Default: `export`, because a refusal then ends the job at one known place, before any other command, and every tool sees the same credentials, whatever order its SDK looks for them in. */
    readonly credentials?: pulumi.Input<GitLabCiCredentials>;
    /** Name of the job, 1 to 255 characters; of the hidden job in a template, where it begins with `.`. Refused: a keyword of GitLab CI, two jobs of one name, a name that GitLab would read as something else. Default: `assume role KEY`, in a template `.aws-KEY`. Source: GitLab, "CI/CD YAML syntax reference: Job keywords". */
    readonly jobName?: pulumi.Input<string>;
    /** Stage of the job. Source: GitLab, "CI/CD YAML syntax reference: stage". Default: none, which GitLab takes as `test`; in a component the default of its input `stage`. */
    readonly stage?: pulumi.Input<string>;
    /** Container image of the job, for example `public.ecr.aws/aws-cli/aws-cli:2.31.0`. For `export` it has the AWS CLI and a shell. Default: none, which is the runner's. Source: GitLab, "CI/CD YAML syntax reference: image". */
    readonly image?: pulumi.Input<string>;
    /** Entrypoint of the image. Default: `[""]` for images that are known to start a command of their own instead of a shell (those of the AWS CLI, Terraform, OpenTofu, Pulumi, Packer and kaniko), else that of the image. Refused without `image`. Source: GitLab, "Override the entrypoint of an image". */
    readonly entrypoint?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Name of the environment that the job deploys to. A role whose subjects ask for a `deploymentTier` or a protected environment admits only jobs that have one. Where all subjects name one tier, the job states it. Default: none. Source: GitLab, "CI/CD YAML syntax reference: environment". */
    readonly environment?: pulumi.Input<string>;
    /** Name of the variable that has the ID token, under `id_tokens`. Letters, digits and `_`, not beginning with a digit. Refused: names that the shell, the runner or AWS give a meaning. Default: `GITLAB_OIDC_TOKEN`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly tokenVariable?: pulumi.Input<string>;
    /** Name of the CI/CD variable that has the role's ARN, where it is not to stand in the file. The variable is yours to set; a job that does not have it ends before it asks AWS. Refused for several roles at once. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". Default: none, the ARN stands in the file. */
    readonly roleArnVariable?: pulumi.Input<string>;
    /** AWS region of the job, for example `eu-central-1`: set as `AWS_REGION` and `AWS_DEFAULT_REGION`. Refused: a region of another partition than the role's. Source: AWS, "AWS Regions". Default: none; outside the partition `aws`, where STS is found by the region, one of the role's partition where the job has none. */
    readonly region?: pulumi.Input<string>;
    /** Length of the session in seconds, 900 to the role's `maxSessionDuration`; STS takes at most 43200. Refused with `web-identity` and `profile`, where the SDK asks for it and renews it. Default: 3600. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly duration?: pulumi.Input<number>;
    /** Name of the session, which CloudTrail and `aws sts get-caller-identity` show: 2 to 64 characters of `[A-Za-z0-9_+=,.@-]` and CI/CD variables, `deploy-$CI_COMMIT_REF_SLUG`. In the values of variables other characters become `-`, and what goes over 64 is cut. Default: `GitLabRunner-$CI_PROJECT_ID-$CI_PIPELINE_ID-$CI_JOB_ID`. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly sessionName?: pulumi.Input<string>;
    /** Whether the job gets `rules` that follow from the subjects, so that one that AWS could only refuse is not started: project, branch or tag, protection and pipeline source as far as GitLab knows them before a job runs; none where a subject is a secret. Pipelines of merge requests are left out, as GitLab does without `rules`. Source: GitLab, "CI/CD YAML syntax reference: rules". Default: true. */
    readonly rules?: pulumi.Input<boolean>;
    /** Commands that the job runs as the role, lines of `script`. Source: GitLab, "CI/CD YAML syntax reference: script". Default: `aws sts get-caller-identity`. */
    readonly script?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Path of the GitLab project that the component stands in, for the `include` that uses it: `mygroup/aws-roles`. Needed for the form `component`, refused for the others. Source: GitLab, "CI/CD components". Default: none. */
    readonly componentProject?: pulumi.Input<string>;
    /** Version of the component that the `include` names: a release, a tag, a commit or a branch. Refused for other forms than `component`. Default: `1.0.0`. Source: GitLab, "CI/CD components: Component versions". */
    readonly componentVersion?: pulumi.Input<string>;
}

/** What is known about a role beside its ARN, for the CI configuration. */
export interface GitLabCiRoleArgs {
    /** Subjects of the role, from which the `rules` of its job follow. Default: not known, and the job has no `rules`. */
    readonly subjects?: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Longest session of the role in seconds, which `duration` is held against. Default: not known. */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** Options for the job of this role; they win over those for all. Default: none. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
}

/** CloudFront in front of the bucket of an `IssuerMirror`, which nobody but the distribution can read then. */
export interface IssuerMirrorCloudFrontArgs {
    /** Own domain of the issuer, for example `oidc.example.com`, which becomes its url: a name in lower case without scheme, port or path. It needs `certificateArn`, and a DNS record of yours that leads to the outputs `distributionDomainName` and `distributionHostedZoneId`, before AWS can make the identity provider. Default: the name that CloudFront gives the distribution, which is first known during `up`. Source: AWS, "Use custom URLs by adding alternate domain names (CNAMEs)". */
    readonly domainName?: pulumi.Input<string>;
    /** ARN of the certificate for `domainName` in AWS Certificate Manager, publicly trusted and in us-east-1, where CloudFront looks for it. Refused without `domainName`, and in another region. Default: none. Source: AWS, "Requirements for using SSL/TLS certificates with CloudFront". */
    readonly certificateArn?: pulumi.Input<string>;
    /** Where CloudFront serves from: `PriceClass_100`, `PriceClass_200` or `PriceClass_All`. Default: `PriceClass_100`; only AWS fetches the two documents. Source: AWS, "CloudFront pricing". */
    readonly priceClass?: pulumi.Input<string>;
}

/** Inputs of `GitLabOidc`. */
export interface GitLabOidcArgs {
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** SHA-1 thumbprints (40 hexadecimal digits each, at most 5) of the last certificate in the chain that the host of the instance's `jwks_uri` presents. Needed only where that chain does not end in a publicly trusted authority: otherwise AWS ignores them and this package warns (`redundant-thumbprints`, on gitlab.com). Default: none. Source: AWS, "Obtain the thumbprint for an OpenID Connect identity provider". */
    readonly thumbprints?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Whether preview and up check the issuer as the function `checkIssuer` does: address, certificates, discovery document and keys, once for a url and run, for at most 15 seconds. Nothing of the result is kept in the state. Default: `off`, because it is asked from where Pulumi runs, and AWS asks from elsewhere: an instance that only one of the two reaches would be judged wrongly. A url that is not known in a preview is not checked there, which is said once. Failures are reported under `url` (`issuer-check`). Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly issuerCheck?: pulumi.Input<IssuerCheckMode>;
    /** ARN of an identity provider that exists already, made by another stack or by hand: none is made and nothing is looked up; the ARN has to be that of `url`. AWS allows one provider per url and account. Its audiences have to include `audiences`; that is not looked up. Refused together with `adoptExisting`, `thumbprints`. Default: none. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly existingProviderArn?: pulumi.Input<string>;
    /** Whether to use the identity provider that the account already has for `url`, looked up at preview and at up. Refused when there is none or when its audiences lack one of `audiences`: jobs would be answered with `Incorrect token audience`. Refused together with `existingProviderArn`, `thumbprints`. Default: false. */
    readonly adoptExisting?: boolean;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects of this instance that the roles admit, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". A role's own win. */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Version of a self-managed GitLab instance, for example `19.1` or `18.2.2`: that of `url`. Before 18.2.2 a pipeline of a fork that ran in its parent project had the parent's `sub`, before 19.1 whoever took over the path of a deleted or renamed project had its `sub`: a role that trusts a path is warned about while the version is older or not said (`self-managed-version`). Sub claim components that the version does not offer yet are refused. Taken are two or three numbers, with the suffixes of GitLab's releases (`19.1.0-ee`). Refused: what is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: not known. */
    readonly gitlabVersion?: pulumi.Input<string>;
    /** The roles to make: a key of your choice, matching `[A-Za-z0-9_-]+`, to the role. The key names the role in Pulumi's state (`NAME-KEY`), in the outputs and in the generated CI file. Refused: an empty map, as a provider that nobody uses is what `IdentityProvider` is for. */
    readonly roles: Readonly<Record<string, RoleArgs>>;
    /** Default for every role. IAM path of the role, beginning and ending with `/`, at most 512 characters. Default: `/`. Changing it replaces the role, and its ARN changes. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: pulumi.Input<string>;
    /** Default for every role. ARN of the managed policy that is the role's permissions boundary. Default: none. Refused: anything that is not the ARN of a managed policy, or one of another partition than the provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: pulumi.Input<string>;
    /** Default for every role. Longest session a job may ask for, in seconds: 3600 to 43200. Default: 3600. A job that asks for more is refused by STS; this package refuses values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** How the CI configuration in `gitlabCiYml` and `gitlabCiFiles` is written. A role's own `gitlabCi` wins, option by option. Default: a job for each role. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Tags of the identity provider and of every role. At most 50, keys of 1 to 128 and values of up to 256 characters, not beginning with `aws:`. A role's own win over them. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Ids of warnings that are known and accepted, about the identity provider and about every role, so that they are not said again: for example `["redundant-thumbprints"]`. What only one role accepts stands in its own `accept`. An accepted id that occurs nowhere is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
}

/** Outputs of `GitLabOidc`. */
export interface GitLabOidcOutputs {
    /** ARN of the identity provider. */
    readonly providerArn: pulumi.Output<string>;
    /** The url without its scheme, for example `gitlab.com`: the prefix of the condition keys. */
    readonly issuer: pulumi.Output<string>;
    /** Audiences that the trust policies admit; the first one stands in the generated CI file. */
    readonly audiences: pulumi.Output<readonly string[]>;
    /** ARN of each role, by its key in `roles`. */
    readonly roleArns: pulumi.Output<Readonly<Record<string, string>>>;
    /** Name of each role in IAM, by its key in `roles`: what an application stack attaches its own policies to. */
    readonly roleNames: pulumi.Output<Readonly<Record<string, string>>>;
    /** Trust policy of each role as compact JSON, by its key in `roles`. */
    readonly trustPolicies: pulumi.Output<Readonly<Record<string, string>>>;
    /** The `.gitlab-ci.yml` that assumes the roles and stops if AWS refuses: jobs, templates, or the `include` of the components, as `gitlabCi.form` says. */
    readonly gitlabCiYml: pulumi.Output<string>;
    /** For the form `component`, the files of the project that the components stand in, text by path: `templates/KEY.yml` for each role, and `README.md`. Empty for the other forms. */
    readonly gitlabCiFiles: pulumi.Output<Readonly<Record<string, string>>>;
}

/** Inputs of `IdentityProvider`. */
export interface IdentityProviderArgs {
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** SHA-1 thumbprints (40 hexadecimal digits each, at most 5) of the last certificate in the chain that the host of the instance's `jwks_uri` presents. Needed only where that chain does not end in a publicly trusted authority: otherwise AWS ignores them and this package warns (`redundant-thumbprints`, on gitlab.com). Default: none. Source: AWS, "Obtain the thumbprint for an OpenID Connect identity provider". */
    readonly thumbprints?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Whether preview and up check the issuer as the function `checkIssuer` does: address, certificates, discovery document and keys, once for a url and run, for at most 15 seconds. Nothing of the result is kept in the state. Default: `off`, because it is asked from where Pulumi runs, and AWS asks from elsewhere: an instance that only one of the two reaches would be judged wrongly. A url that is not known in a preview is not checked there, which is said once. Failures are reported under `url` (`issuer-check`). Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly issuerCheck?: pulumi.Input<IssuerCheckMode>;
    /** Tags of the identity provider. At most 50, keys of 1 to 128 and values of up to 256 characters, not beginning with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Ids of warnings that are known and accepted, so that they are not said again: `["redundant-thumbprints"]`. An accepted id that does not occur is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
}

/** Outputs of `IdentityProvider`. */
export interface IdentityProviderOutputs {
    /** ARN of the identity provider: `providerArn` of `PipelineRole`. */
    readonly arn: pulumi.Output<string>;
    /** Address of the GitLab instance with scheme, as given. */
    readonly url: pulumi.Output<string>;
    /** The url without its scheme, for example `gitlab.com`: the prefix of the condition keys. */
    readonly issuer: pulumi.Output<string>;
    /** Audiences that the provider lists. */
    readonly audiences: pulumi.Output<readonly string[]>;
}

/** Inputs of `PipelineRole`. */
export interface PipelineRoleArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. Its partition is taken for all checks. */
    readonly providerArn: pulumi.Input<string>;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: taken from `providerArn`. Refused where the two do not agree. */
    readonly url?: pulumi.Input<string>;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Ids of warnings that are known and accepted for this role, so that they are not said again: for example `["group-wide", "any-branch"]`. An accepted id that does not occur is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
    /** Name of the role in IAM: 1 to 64 characters of `[A-Za-z0-9_+=,.@-]`, unique in the account without regard to case. Default: the resource's name and a random suffix, so that replacing works. Changing it replaces the role. Source: AWS, "IAM and AWS STS quotas". */
    readonly name?: pulumi.Input<string>;
    /** IAM path of the role, beginning and ending with `/`, at most 512 characters. Default: `/`. Changing it replaces the role, and its ARN changes. Source: AWS, "IAM and AWS STS quotas". */
    readonly path?: pulumi.Input<string>;
    /** Description of the role in IAM, at most 1000 characters of Latin-1. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly description?: pulumi.Input<string>;
    /** Managed policies to attach: a key of your choice, which matches `[A-Za-z0-9_-]+`, to the policy's ARN. In Pulumi's state, an attachment is named by the ARN where that is plain text: keys can be renamed, and ARNs can move between them. Where the ARN is an output, the key is the name: to rename that key, or to move the output to another one, detaches the policy, because Pulumi makes the new attachment and then deletes the old one; `formerPolicyKeys` keeps it when a key is renamed. More than 10 need a raised quota (warned about), more than 25 are refused. Refused: one ARN under two keys. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly managedPolicies?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Keys that an entry of `managedPolicies` had before, so that a renamed entry keeps its attachment: the present key to the former ones, `{ "deploy": ["old"] }`. Needed only where the ARN is, or was, an output. Refused: a key that `managedPolicies` does not have, and a former key that another entry has or claims. Default: none. Source: Pulumi, "Resource option: aliases". */
    readonly formerPolicyKeys?: Readonly<Record<string, readonly string[]>>;
    /** Inline policies: a key, which is the policy's name in IAM and matches `[A-Za-z0-9_-]+`, to the document, as JSON text or as an object. A renamed key is a new policy, made before the old one is deleted. At most 10,240 characters in total without white space. Refused: text that is not JSON, a document without a statement. Default: none. Source: AWS, "IAM and AWS STS quotas". */
    readonly inlinePolicies?: Readonly<Record<string, pulumi.Input<unknown>>>;
    /** ARN of the managed policy that is the role's permissions boundary. Default: none. Refused: anything that is not the ARN of a managed policy, or one of another partition than the provider's. Source: AWS, "Permissions boundaries for IAM entities". */
    readonly permissionsBoundary?: pulumi.Input<string>;
    /** Longest session a job may ask for, in seconds: 3600 to 43200. Default: 3600. A job that asks for more is refused by STS; this package refuses values outside the range. Source: AWS, "Update a role's maximum session duration". */
    readonly maxSessionDuration?: pulumi.Input<number>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** How the CI configuration in `gitlabCiYml` and `gitlabCiFiles` is written. Default: a job. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** Version of a self-managed GitLab instance, for example `19.1` or `18.2.2`: that of `url`. Before 18.2.2 a pipeline of a fork that ran in its parent project had the parent's `sub`, before 19.1 whoever took over the path of a deleted or renamed project had its `sub`: a role that trusts a path is warned about while the version is older or not said (`self-managed-version`). Sub claim components that the version does not offer yet are refused. Taken are two or three numbers, with the suffixes of GitLab's releases (`19.1.0-ee`). Refused: what is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: not known. */
    readonly gitlabVersion?: pulumi.Input<string>;
    /** Tags of the role. At most 50, keys of 1 to 128 and values of up to 256 characters, not beginning with `aws:`. Default: none. Source: AWS, "Tags for AWS Identity and Access Management resources". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Outputs of `PipelineRole`. */
export interface PipelineRoleOutputs {
    /** ARN of the role. */
    readonly arn: pulumi.Output<string>;
    /** Name of the role in IAM: what further policies are attached to. */
    readonly name: pulumi.Output<string>;
    /** The role's trust policy as compact JSON. */
    readonly trustPolicy: pulumi.Output<string>;
    /** The `.gitlab-ci.yml` that assumes the role and stops if AWS refuses: a job, a template, or the `include` of the component, as `gitlabCi.form` says. */
    readonly gitlabCiYml: pulumi.Output<string>;
    /** For the form `component`, the files of the project that the components stand in, text by path: `templates/KEY.yml` for each role, and `README.md`. Empty for the other forms. */
    readonly gitlabCiFiles: pulumi.Output<Readonly<Record<string, string>>>;
}

/** Inputs of `IssuerMirror`. */
export interface IssuerMirrorArgs {
    /** Discovery document of the instance, as JSON text or as an object: what it serves at `/.well-known/openid-configuration`, and what `aws-gitlab-oidc mirror fetch` writes to `openid-configuration.json`. Published are `issuer` and `jwks_uri` of the mirror, and of the instance's own members those that AWS asks for (`response_types_supported`, `subject_types_supported`, `id_token_signing_alg_values_supported`, `claims_supported`); no address of the instance. Refused: a document without these lists or without RS256. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly discovery: pulumi.Input<unknown>;
    /** Key set of the instance, as JSON text or as an object: what it serves at `/oauth/discovery/keys`, and what `aws-gitlab-oidc mirror fetch` writes to `jwks.json`, with the keys of an overlap. Published are of each key `kty`, `kid`, `use`, `alg`, the public key itself and `exp`. Refused: private keys, symmetric keys, RSA keys of less than 2048 bits, keys without `kid`, two of one `kid`, more than 100, no RSA key at all. Source: AWS, "AssumeRoleWithWebIdentity". */
    readonly keys: pulumi.Input<unknown>;
    /** Name of the bucket, 3 to 63 lower-case letters, digits and hyphens, that nobody else in the world has. Without `cloudFront` it is part of the issuer's url, and changing it changes that url: a new identity provider, and another line in `gitlab.rb`. A name of the form `NAME-ACCOUNT-REGION-an` is made in the account's own namespace, where nobody else can ever take it, not after the bucket is deleted either. Refused: dots (the certificate of S3 does not cover them), what S3 reserves. Source: AWS, "General purpose bucket naming rules". */
    readonly bucketName: pulumi.Input<string>;
    /** Puts CloudFront with origin access control in front of the bucket, which then blocks all public access: for accounts that forbid public buckets, and for an own domain. `{}` is enough. Refused in partitions other than `aws`. Default: none, the two objects are public in S3. */
    readonly cloudFront?: IssuerMirrorCloudFrontArgs;
    /** How long the documents may be kept by whoever fetched them, in seconds from 0 to 86400 (`Cache-Control: max-age`); CloudFront obeys it. It is also how long a new key may take to be seen, which is why it is short; how long STS itself keeps keys is not documented. Default: 300. Source: AWS, "Manage how long content stays in the cache (expiration)". */
    readonly cacheSeconds?: pulumi.Input<number>;
    /** Whether the bucket is deleted with objects in it that this component did not put there. Default: false, and `destroy` fails where there are any. */
    readonly forceDestroy?: pulumi.Input<boolean>;
    /** Tags of the bucket and of the distribution; the objects get none. At most 50, keys of 1 to 128 and values of up to 256 characters, not beginning with `aws:`. Default: none. Source: AWS, "Using cost allocation S3 bucket tags". */
    readonly tags?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Outputs of `IssuerMirror`. */
export interface IssuerMirrorOutputs {
    /** Address of the mirror: the `iss` of the instance's ID tokens once the line `gitlabRb` is in force, and the `url` of `GitLabOidc`. Known at preview, except for CloudFront without `domainName`. What uses it waits until both documents can be read. */
    readonly issuerUrl: pulumi.Output<string>;
    /** Address of the published key set. */
    readonly jwksUri: pulumi.Output<string>;
    /** Name of the bucket. */
    readonly bucketName: pulumi.Output<string>;
    /** Line for `/etc/gitlab/gitlab.rb` that makes the instance sign in the name of the mirror; `gitlab-ctl reconfigure` puts it in force. */
    readonly gitlabRb: pulumi.Output<string>;
    /** Domain name that CloudFront gave the distribution, which a DNS record for `domainName` leads to. Left out without `cloudFront`. */
    readonly distributionDomainName: pulumi.Output<string | undefined>;
    /** Hosted zone of that name, for an alias record in Route 53. Left out without `cloudFront`. */
    readonly distributionHostedZoneId: pulumi.Output<string | undefined>;
}

/** Arguments of `getTrustPolicy`. */
export interface GetTrustPolicyOutputArgs {
    /** ARN of the IAM OIDC identity provider, for example the output `providerArn` of a platform stack's `GitLabOidc`: `arn:aws:iam::111122223333:oidc-provider/gitlab.com`. Its partition is taken for all checks. */
    readonly providerArn: pulumi.Input<string>;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: taken from `providerArn`. Refused where the two do not agree. */
    readonly url?: pulumi.Input<string>;
    /** Audiences: what a job asks for under `id_tokens: NAME: aud:`. 1 to 100 values of 1 to 255 printable characters, compared exactly. Default: the `url`, as GitLab's page on AWS documents. The first one stands in the generated CI file. A token whose `aud` is not listed is answered with `InvalidIdentityToken: Incorrect token audience`. Refused: an empty list, duplicates, wildcards, white space, `$` (GitLab would expand it), and the url with a trailing slash. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". */
    readonly audiences?: pulumi.Input<readonly pulumi.Input<string>[]>;
    /** Who may assume the role: 1 or more subjects, alternatives to each other (OR); what stands in one subject belongs together (AND). The operator follows from the value: exact values are compared by `StringEquals`, patterns by `StringLike`. Refused: an empty list, and everything that would admit more than it says. Source: GitLab, "Connect to cloud services". */
    readonly subjects: pulumi.Input<readonly pulumi.Input<SubjectArgs>[]>;
    /** Further conditions that every subject has to meet (AND), as in a policy: operator to condition key to values, `{ "StringEquals": { "aws:RequestedRegion": ["eu-central-1"] } }`. For global keys and for keys that AWS adds later. Refused: the `sub` and `aud` of the issuer (they are the subjects and audiences), keys that this call never has, `ForAllValues` and `IfExists` (they pass if the key is missing), a wildcard under an operator that takes it literally, a value that the operator cannot compare or no token has, a policy variable. A key of `aws:` or `sts:` that is not known is warned about as `unknown-key`. Default: none. Source: AWS, "IAM JSON policy elements: Condition operators". */
    readonly conditions?: pulumi.Input<
        Readonly<Record<string, pulumi.Input<Readonly<Record<string, pulumi.Input<readonly pulumi.Input<string>[]>>>>>>
    >;
    /** Ids of warnings that are known and accepted for this role, so that they are not said again: for example `["group-wide", "any-branch"]`. An accepted id that does not occur is itself warned about (`unused-accept`). Default: none. */
    readonly accept?: readonly string[];
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects that this role admits, in its order: the parts that GitLab puts into the `sub` claim. The first is `project_path` or `project_id`; none stands twice. With it every declared component is stated by every subject. Default: `[project_path, ref_type, ref]`, as GitLab's. A subject of another shape is refused, because AWS would refuse every job. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Version of a self-managed GitLab instance, for example `19.1` or `18.2.2`: that of `url`. Before 18.2.2 a pipeline of a fork that ran in its parent project had the parent's `sub`, before 19.1 whoever took over the path of a deleted or renamed project had its `sub`: a role that trusts a path is warned about while the version is older or not said (`self-managed-version`). Sub claim components that the version does not offer yet are refused. Taken are two or three numbers, with the suffixes of GitLab's releases (`19.1.0-ee`). Refused: what is not a version, and any version for gitlab.com, which is always current. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: not known. */
    readonly gitlabVersion?: pulumi.Input<string>;
}

/** Arguments of `getGitlabCi`. */
export interface GetGitlabCiOutputArgs {
    /** ARNs of the roles by a key that names the job and matches `[A-Za-z0-9_-]+`, for example the output `roleArns` of `GitLabOidc`. Refused: an empty map, and what is not the ARN of one role. Source: AWS, "IAM identifiers". */
    readonly roleArns: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
    /** Address of the GitLab instance exactly as it stands in the `iss` claim of its ID tokens, for example `https://gitlab.example.com`. On self-managed GitLab 18.1 and later that is the setting `ci_id_tokens_issuer_url` where it is set. Scheme https, at most 255 characters, a path counts. Refused: another scheme, a port, a query, a fragment, credentials, a trailing slash, capital letters in the host, because IAM refuses them or because the token could never match. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". Default: `https://gitlab.com`. */
    readonly url?: pulumi.Input<string>;
    /** Audience that the job asks for: one of the provider's. Default: the `url`. */
    readonly audience?: pulumi.Input<string>;
    /** How it is written. Default: a job for each role. */
    readonly gitlabCi?: pulumi.Input<GitLabCiOptionsArgs>;
    /** What is known about the roles beside their ARNs, by the keys of `roleArns`. Refused: a key that `roleArns` does not have. Default: nothing. */
    readonly roles?: pulumi.Input<Readonly<Record<string, pulumi.Input<GitLabCiRoleArgs>>>>;
}

/** Arguments of `explainTrust`. */
export interface ExplainTrustOutputArgs {
    /** The trust policy, as JSON text or as an object, of up to 131,072 characters and 64 levels, which is more than AWS stores. One of this and `role`. Refused: what IAM would not store. */
    readonly trustPolicy?: pulumi.Input<unknown>;
    /** Who may assume the role, instead of `trustPolicy`. */
    readonly role?: pulumi.Input<RoleTrustArgs>;
    /** Claims of the job's ID token, `iss`, `sub` and `aud` among them, each of up to 20,000 characters, as many as a token has. One of this and `token`. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly claims?: pulumi.Input<Readonly<Record<string, pulumi.Input<unknown>>>>;
    /** The job's ID token, instead of `claims`. Its times are looked at, its signature is not, and it is not repeated in the result. */
    readonly token?: pulumi.Input<string>;
    /** Values of further condition keys of the call, for example `aws:SourceIp`, each of up to 20,000 characters. Default: none, so that conditions on them are not met. */
    readonly context?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/** Arguments of `lintTrustPolicy`. */
export interface LintTrustPolicyOutputArgs {
    /** The trust policy, as JSON text or as an object, of up to 131,072 characters and 64 levels, which is more than AWS stores. */
    readonly trustPolicy: pulumi.Input<unknown>;
    /** Address of the GitLab instance that the role is for; an error if the policy trusts another provider instead. Default: whichever the policy trusts. */
    readonly url?: pulumi.Input<string>;
    /** The project setting `ci_id_token_sub_claim_components` of the GitLab projects. Default: as each value of the policy reads. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
    readonly subClaimComponents?: pulumi.Input<readonly pulumi.Input<SubClaimComponent>[]>;
    /** Ids of warnings that are known and accepted. Default: none. */
    readonly accept?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Arguments of `checkIssuer`. */
export interface CheckIssuerOutputArgs {
    /** Address of the issuer, exactly as it stands in the `iss` claim of its ID tokens: `https://gitlab.example.com`. What IAM would not take of it is told by the check `url`. Source: AWS, "Create an OpenID Connect (OIDC) identity provider in IAM". */
    readonly url: pulumi.Input<string>;
    /** Certificates (PEM) of authorities that are believed beside the publicly trusted ones: for an instance whose certificate is of an authority of its own. The check `thumbprint` then says which thumbprint the identity provider needs. Source: AWS, "Obtain the thumbprint for an OpenID Connect identity provider". Default: none. */
    readonly certificateAuthorities?: pulumi.Input<string>;
    /** `HOST:PORT` that every connection goes to, whatever the names say, as curl's `--connect-to`: names, SNI and issuer stay. For split horizons. The addresses of names are not looked up and not judged then. An IPv6 address stands in brackets. Default: where the names lead. */
    readonly connectTo?: pulumi.Input<string>;
    /** Whether to go on where an address is private, loopback, link-local or another one that AWS cannot reach; they are not judged then. Default: false, so that such an address fails, and nothing is sent to it. */
    readonly allowPrivate?: pulumi.Input<boolean>;
    /** Audience that the token has to be for: one that the identity provider lists. Only with `token`. Source: GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials". Default: not checked. */
    readonly audience?: pulumi.Input<string>;
    /** An ID token of a job, a secret: its issuer, audience, times and signature are checked against the issuer's keys. It is repeated in no message. Source: GitLab, "OpenID Connect (OIDC) Authentication Using ID Tokens". Default: none. */
    readonly token?: pulumi.Input<string>;
    /** Seconds that the whole run may take, more than 0 and at most 600. Default: 30. */
    readonly timeout?: pulumi.Input<number>;
    /** Seconds after which one request is cut, more than 0 and at most 60. AWS waits 5 seconds; a little more shows how long it really takes. Source: AWS, "How do I resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken?". Default: 6. */
    readonly requestTimeout?: pulumi.Input<number>;
    /** Bytes that each document may have, 1 to 10000000. Default: 262144. */
    readonly maxBytes?: pulumi.Input<number>;
    /** Redirects that are followed for each document, 0 to 20. Default: 3. */
    readonly maxRedirects?: pulumi.Input<number>;
    /** How often each document is fetched to measure its time, 1 to 20; the slowest counts. Default: 3. */
    readonly attempts?: pulumi.Input<number>;
}
