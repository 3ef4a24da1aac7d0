import { expect } from "chai";
import {
    buildTrustPolicy,
    type Subject,
    type SubClaimComponent,
    type GetTrustPolicyArgs,
} from "../../../provider/operations/trust";

const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SELF_MANAGED = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";

type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The frame that every trust policy has; what differs, the conditions, is written out in each row. */
function policy(providerArn: string, ...conditions: readonly Condition[]): object {
    return {
        Version: "2012-10-17",
        Statement: conditions.map((condition) => ({
            Effect: "Allow",
            Principal: { Federated: providerArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: condition,
        })),
    };
}

function onGitLabCom(...subjects: readonly Subject[]): GetTrustPolicyArgs {
    return { providerArn: GITLAB_COM, subjects };
}

function selfManaged(components: readonly SubClaimComponent[], ...subjects: readonly Subject[]): GetTrustPolicyArgs {
    return { providerArn: SELF_MANAGED, subClaimComponents: components, subjects };
}

interface Row {
    readonly title: string;
    readonly inputs: GetTrustPolicyArgs;
    readonly expected: object;
}

const SCOPES_AND_REFS: readonly Row[] = [
    {
        title: "project, branch, both exact: GitLab's documented policy",
        inputs: {
            providerArn: SELF_MANAGED,
            url: "https://gitlab.example.com",
            subjects: [{ project: "mygroup/myproject", branch: "main" }],
        },
        expected: {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com" },
                    Action: "sts:AssumeRoleWithWebIdentity",
                    Condition: {
                        StringEquals: {
                            "gitlab.example.com:aud": "https://gitlab.example.com",
                            "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                        },
                    },
                },
            ],
        },
    },
    {
        title: "project in subgroups, in GitLab's case",
        inputs: onGitLabCom({ project: "MyGroup/sub/My.Project-1", branch: "main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:MyGroup/sub/My.Project-1:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "project, every branch",
        inputs: onGitLabCom({ project: "mygroup/myproject", branch: "*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:*" },
        }),
    },
    {
        title: "project, a pattern of branches with a slash",
        inputs: onGitLabCom({ project: "mygroup/myproject", branch: "release/*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:release/*" },
        }),
    },
    {
        title: "project, a pattern of branches with a question mark",
        inputs: onGitLabCom({ project: "mygroup/myproject", branch: "v1.?" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:v1.?" },
        }),
    },
    {
        title: "project, one tag",
        inputs: onGitLabCom({ project: "mygroup/myproject", tag: "v1.0" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:v1.0",
            },
        }),
    },
    {
        title: "project, a pattern of tags",
        inputs: onGitLabCom({ project: "mygroup/myproject", tag: "v*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:v*" },
        }),
    },
    {
        title: "project, every tag",
        inputs: onGitLabCom({ project: "mygroup/myproject", tag: "*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:*" },
        }),
    },
    {
        title: "group, one branch of every project: a pattern though nothing in it was written as one",
        inputs: onGitLabCom({ group: "mygroup", branch: "main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/*:ref_type:branch:ref:main" },
        }),
    },
    {
        title: "subgroup, every branch",
        inputs: onGitLabCom({ group: "mygroup/sub", branch: "*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/sub/*:ref_type:branch:ref:*" },
        }),
    },
    {
        title: "group, one tag",
        inputs: onGitLabCom({ group: "mygroup", tag: "1.0" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/*:ref_type:tag:ref:1.0" },
        }),
    },
    {
        title: "group, a pattern of tags",
        inputs: onGitLabCom({ group: "mygroup", tag: "v*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/*:ref_type:tag:ref:v*" },
        }),
    },
    {
        title: "project whose path ends with a wildcard: the same as its group",
        inputs: onGitLabCom({ project: "mygroup/*", branch: "main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/*:ref_type:branch:ref:main" },
        }),
    },
    {
        title: "project with a whole segment as wildcard",
        inputs: onGitLabCom({ project: "mygroup/*/deploy", branch: "main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/*/deploy:ref_type:branch:ref:main" },
        }),
    },
    {
        title: "project with its id on gitlab.com: a condition key beside sub",
        inputs: onGitLabCom({ project: "mygroup/myproject", projectId: "4711", branch: "main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                "gitlab.com:project_id": "4711",
            },
        }),
    },
    {
        title: "project with its id and a pattern of branches",
        inputs: onGitLabCom({ project: "mygroup/myproject", projectId: "4711", branch: "release/*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "4711" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:release/*" },
        }),
    },
];

const SEVERAL_SUBJECTS: readonly Row[] = [
    {
        title: "exact ones: one StringEquals list, sorted",
        inputs: onGitLabCom(
            { project: "mygroup/web", branch: "main" },
            { project: "mygroup/api", tag: "v1" },
            { project: "mygroup/api", branch: "main" },
        ),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": [
                    "project_path:mygroup/api:ref_type:branch:ref:main",
                    "project_path:mygroup/api:ref_type:tag:ref:v1",
                    "project_path:mygroup/web:ref_type:branch:ref:main",
                ],
            },
        }),
    },
    {
        title: "exact and pattern: one StringLike list, because two operators would both have to match",
        inputs: onGitLabCom({ project: "mygroup/web", branch: "main" }, { project: "mygroup/web", tag: "v*" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: {
                "gitlab.com:sub": [
                    "project_path:mygroup/web:ref_type:branch:ref:main",
                    "project_path:mygroup/web:ref_type:tag:ref:v*",
                ],
            },
        }),
    },
    {
        title: "the same one twice stands once",
        inputs: onGitLabCom({ project: "mygroup/web", branch: "main" }, { project: "mygroup/web", branch: "main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:mygroup/web:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "two projects with ids: a statement each, never ids times paths",
        inputs: onGitLabCom(
            { project: "mygroup/web", projectId: "20", branch: "main" },
            { project: "mygroup/api", projectId: "10", branch: "main" },
        ),
        expected: policy(
            GITLAB_COM,
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:mygroup/api:ref_type:branch:ref:main",
                    "gitlab.com:project_id": "10",
                },
            },
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:mygroup/web:ref_type:branch:ref:main",
                    "gitlab.com:project_id": "20",
                },
            },
        ),
    },
    {
        title: "one with an id and one without: the id is asked of its own project only",
        inputs: onGitLabCom(
            { project: "mygroup/web", projectId: "20", branch: "main" },
            { project: "mygroup/api", branch: "main" },
        ),
        expected: policy(
            GITLAB_COM,
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:mygroup/web:ref_type:branch:ref:main",
                    "gitlab.com:project_id": "20",
                },
            },
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:mygroup/api:ref_type:branch:ref:main",
                },
            },
        ),
    },
    {
        title: "a branch as it is and tags that are protected",
        inputs: onGitLabCom(
            { project: "mygroup/web", projectId: "20", branch: "main" },
            { project: "mygroup/web", projectId: "20", tag: "v*", refProtected: true },
        ),
        expected: policy(
            GITLAB_COM,
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:project_id": "20",
                    "gitlab.com:ref_protected": "true",
                },
                StringLike: { "gitlab.com:sub": "project_path:mygroup/web:ref_type:tag:ref:v*" },
            },
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:mygroup/web:ref_type:branch:ref:main",
                    "gitlab.com:project_id": "20",
                },
            },
        ),
    },
    {
        title: "two branches of one project that ask for the same claims share a statement",
        inputs: onGitLabCom(
            { project: "mygroup/web", projectId: "20", branch: "main", claims: { pipelineSource: ["web", "push"] } },
            { project: "mygroup/web", projectId: "20", branch: "hotfix", claims: { pipelineSource: ["push", "web"] } },
        ),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": [
                    "project_path:mygroup/web:ref_type:branch:ref:hotfix",
                    "project_path:mygroup/web:ref_type:branch:ref:main",
                ],
                "gitlab.com:project_id": "20",
                "gitlab.com:pipeline_source": ["push", "web"],
            },
        }),
    },
];

const SUB_COMPONENTS: readonly Row[] = [
    {
        title: "project_id leads: the id alone",
        inputs: selfManaged(["project_id", "ref_type", "ref"], { projectId: "20", branch: "main" }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_id:20:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "project_id leads on gitlab.com: the id is in sub and in no other key",
        inputs: {
            providerArn: GITLAB_COM,
            subClaimComponents: ["project_id", "ref_type", "ref"],
            subjects: [{ projectId: "20", tag: "v*", refProtected: true }],
        },
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:ref_protected": "true" },
            StringLike: { "gitlab.com:sub": "project_id:20:ref_type:tag:ref:v*" },
        }),
    },
    {
        title: "path and id both declared",
        inputs: selfManaged(["project_path", "project_id", "ref_type", "ref"], {
            project: "mygroup/web",
            projectId: "20",
            branch: "main",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:mygroup/web:project_id:20:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "path and id both declared, a group: any id, said explicitly",
        inputs: selfManaged(["project_path", "project_id", "ref_type", "ref"], {
            group: "mygroup",
            projectId: "*",
            branch: "main",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: { "gitlab.example.com:sub": "project_path:mygroup/*:project_id:*:ref_type:branch:ref:main" },
        }),
    },
    {
        title: "path and id both declared, a project pattern: any id, as for a group",
        inputs: selfManaged(["project_path", "project_id", "ref_type", "ref"], {
            project: "mygroup/*/deploy",
            projectId: "*",
            branch: "main",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: {
                "gitlab.example.com:sub": "project_path:mygroup/*/deploy:project_id:*:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "GitLab's example with all components of the environment, in the declared order",
        inputs: selfManaged(
            ["project_path", "ref_type", "ref", "ref_protected", "deployment_tier", "environment_protected"],
            {
                project: "g/p",
                branch: "main",
                refProtected: true,
                deploymentTier: "production",
                environmentProtected: true,
            },
        ),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub":
                    "project_path:g/p:ref_type:branch:ref:main:ref_protected:true:deployment_tier:production:environment_protected:true",
            },
        }),
    },
    {
        title: "the same components in another order",
        inputs: selfManaged(["project_path", "environment_protected", "deployment_tier", "ref", "ref_type"], {
            project: "g/p",
            branch: "main",
            deploymentTier: "staging",
            environmentProtected: "false",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub":
                    "project_path:g/p:environment_protected:false:deployment_tier:staging:ref:main:ref_type:branch",
            },
        }),
    },
    {
        title: "components stated as any",
        inputs: selfManaged(["project_path", "ref_type", "ref", "ref_protected", "deployment_tier"], {
            project: "g/p",
            branch: "main",
            refProtected: "*",
            deploymentTier: "*",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: {
                "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:main:ref_protected:*:deployment_tier:*",
            },
        }),
    },
    {
        title: "no environment, everything exact: the sub without it, as GitLab drops what is nil",
        inputs: selfManaged(["project_path", "ref_type", "ref", "deployment_tier"], {
            project: "g/p",
            branch: "main",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "no environment, any branch: the wildcard does not swallow an environment",
        inputs: selfManaged(["project_path", "ref_type", "ref", "environment_protected", "deployment_tier"], {
            project: "g/p",
            branch: "*",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: { "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:*" },
            StringNotLike: {
                "gitlab.example.com:sub": ["*:deployment_tier:*", "*:environment_protected:*"],
            },
        }),
    },
    {
        title: "no environment, a ref pattern that is closed by a later component needs no exception",
        inputs: selfManaged(["project_path", "ref_type", "ref", "ref_protected", "deployment_tier"], {
            project: "g/p",
            branch: "release/*",
            refProtected: true,
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: {
                "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:release/*:ref_protected:true",
            },
        }),
    },
    {
        title: "no environment between a ref pattern and what closes it: not swallowed either",
        inputs: selfManaged(["project_path", "ref_type", "ref", "deployment_tier", "ref_protected"], {
            project: "g/p",
            branch: "release/*",
            refProtected: true,
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: {
                "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:release/*:ref_protected:true",
            },
            StringNotLike: { "gitlab.example.com:sub": "*:deployment_tier:*" },
        }),
    },
    {
        title: "no environment behind a group's wildcard",
        inputs: selfManaged(["project_path", "deployment_tier", "ref_type", "ref"], { group: "g", branch: "main" }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: { "gitlab.example.com:sub": "project_path:g/*:ref_type:branch:ref:main" },
            StringNotLike: { "gitlab.example.com:sub": "*:deployment_tier:*" },
        }),
    },
    {
        title: "with an environment and without are separate statements: the exception holds for one only",
        inputs: selfManaged(
            ["project_path", "ref_type", "ref", "deployment_tier"],
            { project: "g/p", branch: "*" },
            { project: "g/p", branch: "main", deploymentTier: "production" },
        ),
        expected: policy(
            SELF_MANAGED,
            {
                StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
                StringLike: { "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:*" },
                StringNotLike: { "gitlab.example.com:sub": "*:deployment_tier:*" },
            },
            {
                StringEquals: {
                    "gitlab.example.com:aud": "https://gitlab.example.com",
                    "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:main:deployment_tier:production",
                },
            },
        ),
    },
    {
        title: "no ref declared: any ref of the project",
        inputs: selfManaged(["project_path"], { project: "g/p" }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:g/p",
            },
        }),
    },
    {
        title: "ref_type without ref: any branch, exactly",
        inputs: selfManaged(["project_path", "ref_type"], { project: "g/p", branch: "*" }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:g/p:ref_type:branch",
            },
        }),
    },
    {
        title: "ref without ref_type",
        inputs: selfManaged(["project_path", "ref"], { project: "g/p", tag: "v1" }),
        expected: policy(SELF_MANAGED, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:g/p:ref:v1",
            },
        }),
    },
];

const CLAIMS_AND_CONDITIONS: readonly Row[] = [
    {
        title: "refProtected by gitlab.com's condition key",
        inputs: onGitLabCom({ project: "g/p", branch: "main", refProtected: true }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
                "gitlab.com:ref_protected": "true",
            },
        }),
    },
    {
        title: "refProtected as text, and not protected",
        inputs: onGitLabCom({ project: "g/p", branch: "main", refProtected: "false" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
                "gitlab.com:ref_protected": "false",
            },
        }),
    },
    {
        title: "refProtected by the declared component, also on gitlab.com, where no key is added",
        inputs: {
            providerArn: GITLAB_COM,
            subClaimComponents: ["project_path", "ref_type", "ref", "ref_protected"],
            subjects: [{ project: "g/p", branch: "main", refProtected: true }],
        },
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main:ref_protected:true",
            },
        }),
    },
    {
        title: "every typed claim: keys ANDed, values of one sorted alternatives",
        inputs: onGitLabCom({
            project: "g/p",
            projectId: "20",
            branch: "main",
            refProtected: true,
            claims: {
                namespaceId: ["72"],
                userId: ["9", "10"],
                userLogin: ["alice"],
                userEmail: ["alice@example.com"],
                userAccessLevel: ["owner", "maintainer"],
                pipelineSource: ["push"],
                runnerEnvironment: ["gitlab-hosted"],
            },
        }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
                "gitlab.com:project_id": "20",
                "gitlab.com:ref_protected": "true",
                "gitlab.com:namespace_id": "72",
                "gitlab.com:user_id": ["10", "9"],
                "gitlab.com:user_login": "alice",
                "gitlab.com:user_email": "alice@example.com",
                "gitlab.com:user_access_level": ["maintainer", "owner"],
                "gitlab.com:pipeline_source": "push",
                "gitlab.com:runner_environment": "gitlab-hosted",
            },
        }),
    },
    {
        title: "`${` in a claim is text, not a policy variable",
        inputs: onGitLabCom({
            project: "g/p",
            projectId: "20",
            branch: "main",
            claims: { userId: ["9"], userEmail: ["${gitlab.com:user_email,'a@b'}"] },
        }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
                "gitlab.com:project_id": "20",
                "gitlab.com:user_id": "9",
                "gitlab.com:user_email": "${$}{gitlab.com:user_email,'a@b'}",
            },
        }),
    },
    {
        title: "further conditions are met by every subject, merged into its operators",
        inputs: {
            ...onGitLabCom({ project: "g/a", branch: "main" }, { project: "g/b", branch: "main", refProtected: true }),
            conditions: {
                StringEquals: { "aws:RequestedRegion": ["eu-west-1", "eu-central-1"] },
                NumericLessThanEquals: { "sts:DurationSeconds": ["3600"] },
            },
        },
        expected: policy(
            GITLAB_COM,
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:g/b:ref_type:branch:ref:main",
                    "gitlab.com:ref_protected": "true",
                    "aws:RequestedRegion": ["eu-central-1", "eu-west-1"],
                },
                NumericLessThanEquals: { "sts:DurationSeconds": "3600" },
            },
            {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:sub": "project_path:g/a:ref_type:branch:ref:main",
                    "aws:RequestedRegion": ["eu-central-1", "eu-west-1"],
                },
                NumericLessThanEquals: { "sts:DurationSeconds": "3600" },
            },
        ),
    },
    {
        title: "a StringLike condition stands beside the subjects' pattern",
        inputs: {
            ...onGitLabCom({ project: "g/a", branch: "*" }),
            conditions: { StringLike: { "sts:RoleSessionName": ["GitLabRunner-*"] } },
        },
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: {
                "gitlab.com:sub": "project_path:g/a:ref_type:branch:ref:*",
                "sts:RoleSessionName": "GitLabRunner-*",
            },
        }),
    },
    {
        title: "a claim as a condition for all subjects",
        inputs: {
            ...onGitLabCom({ project: "g/a", branch: "main" }),
            conditions: { StringEquals: { "gitlab.com:user_access_level": ["owner"] } },
        },
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/a:ref_type:branch:ref:main",
                "gitlab.com:user_access_level": "owner",
            },
        }),
    },
    {
        title: "an operator without keys leaves no empty block",
        inputs: { ...onGitLabCom({ project: "g/a", branch: "main" }), conditions: { Bool: {} } },
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/a:ref_type:branch:ref:main",
            },
        }),
    },
];

const PROVIDERS: readonly Row[] = [
    {
        title: "several audiences are alternatives, sorted",
        inputs: {
            ...onGitLabCom({ project: "g/p", branch: "main" }),
            audiences: ["sts.amazonaws.com", "https://gitlab.com"],
        },
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": ["https://gitlab.com", "sts.amazonaws.com"],
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "one other audience",
        inputs: { ...onGitLabCom({ project: "g/p", branch: "main" }), audiences: ["sts.amazonaws.com"] },
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "sts.amazonaws.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "a url with a path, in its case: it is part of the condition keys",
        inputs: {
            providerArn: "arn:aws:iam::111122223333:oidc-provider/www.example.com/GitLab",
            url: "https://www.example.com/GitLab",
            subjects: [{ project: "g/p", branch: "main" }],
        },
        expected: policy("arn:aws:iam::111122223333:oidc-provider/www.example.com/GitLab", {
            StringEquals: {
                "www.example.com/GitLab:aud": "https://www.example.com/GitLab",
                "www.example.com/GitLab:sub": "project_path:g/p:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "the ARN alone: url, audience and keys follow from it",
        inputs: {
            providerArn: "arn:aws:iam::111122223333:oidc-provider/www.example.com/gitlab",
            subjects: [{ project: "g/p", branch: "main" }],
        },
        expected: policy("arn:aws:iam::111122223333:oidc-provider/www.example.com/gitlab", {
            StringEquals: {
                "www.example.com/gitlab:aud": "https://www.example.com/gitlab",
                "www.example.com/gitlab:sub": "project_path:g/p:ref_type:branch:ref:main",
            },
        }),
    },
    ...["aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b"].map((partition) => ({
        title: `partition ${partition}`,
        inputs: {
            providerArn: `arn:${partition}:iam::111122223333:oidc-provider/gitlab.example.com`,
            subjects: [{ project: "g/p", branch: "main" }],
        },
        expected: policy(`arn:${partition}:iam::111122223333:oidc-provider/gitlab.example.com`, {
            StringEquals: {
                "gitlab.example.com:aud": "https://gitlab.example.com",
                "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:main",
            },
        }),
    })),
];

const TEXT: readonly Row[] = [
    {
        title: "raw sub",
        inputs: onGitLabCom({ sub: "project_path:mygroup/myproject:ref_type:branch:ref:main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
            },
        }),
    },
    {
        title: "raw sub that is a pattern, with id, protection and claims as keys beside it",
        inputs: onGitLabCom({
            sub: "project_path:mygroup/myproject:ref_type:tag:ref:v*",
            projectId: "4711",
            refProtected: true,
            claims: { pipelineSource: ["push"] },
        }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:project_id": "4711",
                "gitlab.com:ref_protected": "true",
                "gitlab.com:pipeline_source": "push",
            },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:v*" },
        }),
    },
    {
        title: "raw sub of a group, as GitLab documents it",
        inputs: onGitLabCom({ sub: "project_path:mygroup/*:ref_type:branch:ref:main" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:mygroup/*:ref_type:branch:ref:main" },
        }),
    },
    {
        title: "raw sub under declared components, without environment: the same exception as the fields",
        inputs: selfManaged(["project_id", "ref_type", "ref", "deployment_tier"], {
            sub: "project_id:20:ref_type:branch:ref:*",
        }),
        expected: policy(SELF_MANAGED, {
            StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
            StringLike: { "gitlab.example.com:sub": "project_id:20:ref_type:branch:ref:*" },
            StringNotLike: { "gitlab.example.com:sub": "*:deployment_tier:*" },
        }),
    },
    {
        title: "a dollar sign in a branch is itself",
        inputs: onGitLabCom({ project: "g/p", branch: "cash$" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:cash$",
            },
        }),
    },
    {
        title: "`${x}` in a branch is escaped as IAM needs it",
        inputs: onGitLabCom({ project: "g/p", branch: "fix-${aws}" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:fix-${$}{aws}",
            },
        }),
    },
    {
        title: "`${*}` in a pattern is a dollar sign, a brace and a wildcard: a ref cannot have a literal one",
        inputs: onGitLabCom({ project: "g/p", branch: "$${*}" }),
        expected: policy(GITLAB_COM, {
            StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
            StringLike: { "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:$${$}{*}" },
        }),
    },
    {
        title: "quotes, braces, backticks and Latin-1 letters in a branch",
        inputs: onGitLabCom({ project: "g/p", branch: "a\"b'c`d;e|f&{g}é" }),
        expected: policy(GITLAB_COM, {
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:a\"b'c`d;e|f&{g}é",
            },
        }),
    },
];

const TABLES: Readonly<Record<string, readonly Row[]>> = {
    "scopes and refs": SCOPES_AND_REFS,
    "several subjects": SEVERAL_SUBJECTS,
    "sub claim components": SUB_COMPONENTS,
    "claims and conditions": CLAIMS_AND_CONDITIONS,
    "providers and audiences": PROVIDERS,
    "raw sub and special characters": TEXT,
};

describe("buildTrustPolicy", () => {
    for (const [name, rows] of Object.entries(TABLES)) {
        describe(name, () => {
            for (const { title, inputs, expected } of rows) {
                it(title, () => {
                    const { json } = buildTrustPolicy(inputs);
                    expect(JSON.parse(json)).to.deep.equal(expected);
                    expect(json, "is compact").to.equal(JSON.stringify(JSON.parse(json)));
                    const reordered = { ...inputs, subjects: [...inputs.subjects].reverse() };
                    expect(buildTrustPolicy(reordered).json, "with the subjects reordered").to.equal(json);
                });
            }
        });
    }

    it("gives the same bytes however subjects, values and keys are ordered", () => {
        const { json } = buildTrustPolicy({
            providerArn: GITLAB_COM,
            audiences: ["https://gitlab.com", "sts.amazonaws.com"],
            subjects: [
                { project: "g/a", branch: "main", claims: { userId: ["1", "2"], pipelineSource: ["push"] } },
                { project: "g/b", branch: "main", refProtected: true },
            ],
            conditions: {
                Bool: { "aws:SecureTransport": ["true"] },
                StringEquals: { "aws:RequestedRegion": ["a", "b"], "sts:RoleSessionName": ["x"] },
            },
        });
        const other = buildTrustPolicy({
            conditions: {
                StringEquals: { "sts:RoleSessionName": ["x"], "aws:RequestedRegion": ["b", "a"] },
                Bool: { "aws:SecureTransport": ["true"] },
            },
            subjects: [
                { refProtected: true, branch: "main", project: "g/b" },
                { claims: { pipelineSource: ["push"], userId: ["2", "1"] }, branch: "main", project: "g/a" },
            ],
            audiences: ["sts.amazonaws.com", "https://gitlab.com"],
            providerArn: GITLAB_COM,
        });
        expect(other.json).to.equal(json);
    });

    it("leaves its inputs as they are", () => {
        const inputs = {
            providerArn: GITLAB_COM,
            audiences: ["sts.amazonaws.com", "https://gitlab.com"],
            subjects: [{ sub: "project_path:g/b:ref_type:tag:ref:v*", claims: { userId: ["2", "1"] } }],
            conditions: { StringEquals: { "aws:RequestedRegion": ["b", "a"] } },
        };
        const before = structuredClone(inputs);
        buildTrustPolicy(inputs);
        expect(inputs).to.deep.equal(before);
    });
});
