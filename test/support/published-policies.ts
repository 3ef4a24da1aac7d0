import { MAIN, merge, SELF_MANAGED, sub } from "./linted-policies";
import { policy, statement } from "./policies";

/* Policies in public: only what they say, with other names. */

export interface Published {
    /** Repository and file, or page. */
    readonly source: string;
    readonly what: string;
    readonly policy: object;
    /** IDs of the linter's errors. */
    readonly errors: readonly string[];
    /** Part of the reason why `adopt` leaves the role as it is; left out if the program has the role. */
    readonly left?: string;
}

/** Two projects of a group, by path. */
const PROJECTS = ["mygroup/myproject", "mygroup/other"] as const;

export const WRONG_IN_PUBLIC: readonly Published[] = [
    {
        source: 'GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials", Configure a role and trust',
        what: "the policy of GitLab's own page: no audience",
        policy: policy(
            statement({ StringEquals: { "gitlab.example.com:sub": MAIN } }, { Principal: { Federated: SELF_MANAGED } }),
        ),
        errors: ["no-audience"],
    },
    {
        source: 'GitLab, "Configure OpenID Connect in AWS to retrieve temporary credentials", Troubleshooting',
        what: "StringEquals instead of StringLike with a wildcard",
        policy: policy(statement(sub("StringEquals", "project_path:mygroup/*:ref_type:branch:ref:main"))),
        errors: ["literal-wildcard"],
        left: "as a character, so no job matches.",
    },
    {
        source: "github.com/xgourmandin/gcp-gitlab-auth, AWS/iam.tf",
        what: "the audience alone",
        policy: policy(statement({ StringEquals: { "gitlab.com:aud": ["https://gitlab.com"] } })),
        errors: ["no-subject"],
        left: 'It does not list values of "gitlab.com:sub".',
    },
    {
        source: "github.com/opszero/terraform-aws-oidc-gitlab, data.tf with examples/complete/variables.tf",
        what: "one key of the caller's choice: sub without aud",
        policy: policy(statement({ StringEquals: { "gitlab.com:sub": [MAIN, MAIN.replace("myproject", "other")] } })),
        errors: ["no-audience"],
    },
    {
        source: "github.com/saidsef/terraform-aws-gitlab-oidc, current.tf with exmaples/complete/main.tf",
        what: "branches by pattern down to *, no audience",
        policy: policy(
            statement({
                "ForAnyValue:StringLike": {
                    "gitlab.com:sub": ["main", "pr-*", "*pull*", "*"].map((branch) => MAIN.replace("main", branch)),
                },
            }),
        ),
        errors: ["no-audience"],
    },
    {
        source: "github.com/Checkmarx/kics, issue 6702, first example",
        what: "every project",
        policy: policy(
            statement(
                { StringLike: { "gitlab.example.com:sub": "project_path:*:ref_type:branch:ref:*" } },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: ["no-audience", "path-wildcard"],
        left: "it would match projects of every owner on the instance.",
    },
    {
        source: "github.com/Checkmarx/kics, issue 6702, second example",
        what: "no condition",
        policy: policy({
            Effect: "Allow",
            Principal: { Federated: SELF_MANAGED },
            Action: "sts:AssumeRoleWithWebIdentity",
        }),
        errors: ["no-audience", "no-subject"],
        left: 'It does not list values of "gitlab.example.com:sub".',
    },
    {
        source: 'Datadog, default rule "IAM roles should not allow untrusted GitLab runners to assume them"',
        what: "the provider of gitlab.com and the key of another instance",
        policy: policy(statement({ StringEquals: { "gitlab.example.com:sub": MAIN } })),
        errors: ["condition-key", "no-audience"],
        left: '"gitlab.example.com:sub" is not a key of the issuer "gitlab.com".',
    },
    {
        source: 'phpboyscout.uk, 2026-05-14, "A 403 you can\'t fix in IAM"',
        what: "ref_type:mr",
        policy: policy(statement(sub("StringLike", MAIN.replace("branch:ref:main", "mr:ref:*")))),
        errors: ["ref-type"],
        left: 'GitLab writes only "branch" or "tag"',
    },
    {
        source: "github.com/terraform-aws-modules/terraform-aws-iam, issue 633, as it comes out for GitLab",
        what: "exact and wildcard subjects ANDed",
        policy: policy(
            statement(
                merge(sub("StringEquals", MAIN), {
                    StringLike: { "gitlab.com:sub": MAIN.replace("main", "release/*") },
                }),
            ),
        ),
        errors: ["anded-subjects"],
        left: 'It has 2 conditions on "gitlab.com:sub", and a job must meet all of them.',
    },
    {
        source: "github.com/aws-actions/configure-aws-credentials, issue 690, as it comes out for GitLab",
        what: "ForAllValues on the audience, and iss as a key",
        policy: policy(
            statement({
                StringLike: { "gitlab.com:sub": "project_path:mygroup/myproject:*" },
                "ForAllValues:StringEquals": {
                    "gitlab.com:aud": "sts.amazonaws.com",
                    "gitlab.com:iss": "https://gitlab.com",
                },
            }),
        ),
        errors: ["condition-key", "for-all-values", "no-audience", "sub-shape"],
        left: "A request without the key meets `ForAllValues`.",
    },
    {
        source: "github.com/aws-actions/configure-aws-credentials, issue 318, as it comes out for GitLab",
        what: "ForAllValues on the subject",
        policy: policy(statement({ "ForAllValues:StringLike": { "gitlab.com:sub": "project_path:mygroup/*" } })),
        errors: ["for-all-values", "no-audience", "sub-shape"],
        left: 'It uses ForAllValues:StringLike on "gitlab.com:sub".',
    },
    {
        source: 'virallegend.co.uk, "Leveraging Custom Claims in AWS Trust Policies for GitLab CI/CD with AssumeRoleWithWebIdentity"',
        what: "the environment as a condition key",
        policy: policy(statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:environment": "production" } })),
        errors: ["condition-key", "no-audience"],
        left: '"gitlab.com:environment" is a claim that AWS does not evaluate.',
    },
    {
        source: "github.com/gitlabhq/gitlabhq, doc-locale/ko-kr/ci/cloud_services/aws/_index.md",
        what: "sub with the IDs of group and project, no audience",
        policy: policy(
            statement({
                StringEquals: {
                    "gitlab.com:sub": MAIN,
                    "gitlab.com:namespace_id": "72",
                    "gitlab.com:project_id": "20",
                },
            }),
        ),
        errors: ["no-audience"],
    },
    {
        source: "github.com/rishi-srinivasan/gitlab-oidc, lib/identitiy-provider-stack.ts with lib/gitlab-oidc-stack.ts",
        what: "two branches as the CDK writes them, no audience",
        policy: policy(
            statement(
                {
                    StringEquals: {
                        "gitlab.example.com:sub": ["development", "main"].map((b) => MAIN.replace("main", b)),
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: ["no-audience"],
    },
    {
        source: "github.com/pelotech/terraform-aws-oidc-gitlab, modules/aws-oidc-gitlab/main.tf",
        what: "a second statement for a role of people, no audience",
        policy: policy(statement({ StringLike: { "gitlab.com:sub": [MAIN, MAIN.replace("main", "release/*")] } }), {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/Debug" },
            Action: "sts:AssumeRole",
        }),
        errors: ["no-audience"],
    },
    {
        source: "github.com/truemark/terraform-aws-gitlab-oidc-provisioner, main.tf with README.md",
        what: "a role that may assume itself, with everybody as the principal",
        policy: policy(
            {
                Sid: "SelfAssumption",
                Effect: "Allow",
                Principal: { AWS: "*" },
                Action: "sts:AssumeRole",
                Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/role" } },
            },
            statement({ "ForAnyValue:StringLike": { "gitlab.com:sub": [MAIN, MAIN.replace("main", "develop")] } }),
        ),
        errors: ["no-audience", "principal"],
        left: "It trusts everybody",
    },
    {
        source: "github.com/Lucas-Hughes/terraform-aws-gitlab-oidc, main.tf with variables.tf",
        what: "session tags, and a whole project in addition to one of its branches",
        policy: policy(
            statement(
                { StringLike: { "gitlab.com:sub": [MAIN, "project_path:mygroup/myproject:*"] } },
                { Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"] },
            ),
        ),
        errors: ["no-audience", "sub-shape"],
        left: "It also allows other actions than sts:AssumeRoleWithWebIdentity.",
    },
    {
        source: "github.com/bryan-rhm/terraform-aws-gitlab-oidc, main.tf",
        what: "whole projects, no audience",
        policy: policy(
            statement({ StringLike: { "gitlab.com:sub": PROJECTS.map((path) => `project_path:${path}:*`) } }),
        ),
        errors: ["no-audience", "sub-shape"],
        left: "so it matches branches and tags alike.",
    },
    {
        source: "github.com/Pjv93/aws-oidc, gitlab/oidc-advanced-template.yaml",
        what: "paths without a ref: nothing can match the first one",
        policy: policy(statement(sub("StringLike", "project_path:mygroup/myproject", "project_path:other/*"))),
        errors: ["sub-shape"],
    },
    {
        source: "github.com/Dashtid/subvectors, vectors/gitlab-aws.json, gitlab-aws-immutable-projectid-sub-stringequals",
        what: "a sub claim that leads with the project ID",
        policy: policy(statement({ StringEquals: { "gitlab.com:sub": "project_id:20:ref_type:branch:ref:main" } })),
        errors: ["no-audience"],
    },
    {
        source: "github.com/Dashtid/subvectors, vectors/gitlab-aws.json, gitlab-aws-ref-type-confusion-wildcard",
        what: "a wildcard for the kind of ref",
        policy: policy(statement({ StringLike: { "gitlab.com:sub": MAIN.replace("ref_type:branch", "ref_type:*") } })),
        errors: ["no-audience", "ref-type"],
        left: "a tag named like the branch matches too.",
    },
    {
        source: "github.com/reifnir/iac-aws-automation-identity, terraform/role-readonly.tf with terraform/references.tf",
        what: "whole projects, with their IDs",
        policy: policy(
            statement(
                merge(sub("StringLike", ...PROJECTS.map((path) => `project_path:${path}:*`)), {
                    StringEquals: { "gitlab.com:project_id": ["20", "21"] },
                }),
            ),
        ),
        errors: ["sub-shape"],
        left: "so it matches branches and tags alike.",
    },
];

export const RIGHT_IN_PUBLIC: readonly Published[] = [
    {
        source: "github.com/spack/spack-infrastructure, terraform/modules/spack/gitlab_runner_iam.tf, protected_binary_mirror",
        what: "branches and tags of one project, an audience of its own",
        policy: policy(
            statement(
                {
                    StringEquals: { "gitlab.example.com:aud": "protected_binary_mirror" },
                    StringLike: {
                        "gitlab.example.com:sub": [
                            "branch:ref:develop",
                            "branch:ref:releases/v*",
                            "tag:ref:develop-*",
                            "tag:ref:v*",
                        ].map((rest) => `project_path:mygroup/myproject:ref_type:${rest}`),
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: [],
    },
    {
        source: "github.com/spack/spack-infrastructure, terraform/modules/spack/gitlab_runner_iam.tf, pr_binary_mirror",
        what: "a pattern of branches",
        policy: policy(
            statement(
                {
                    StringEquals: { "gitlab.example.com:aud": "pr_binary_mirror" },
                    StringLike: { "gitlab.example.com:sub": [MAIN.replace("main", "pr*")] },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: [],
    },
    {
        source: "github.com/AYAGALLAL/security-pipeline, terraform/oidc-iam-role.tf",
        what: "sub and aud, both exact",
        policy: policy(
            statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:aud": "https://sts.amazonaws.com" } }),
        ),
        errors: [],
    },
    {
        source: "github.com/aws-samples/amazon-connect-gitlab-cicd-terraform, gitlab-terraform-setup/devops_account/main.tf",
        what: "three branches under one operator, of which Terraform makes one list",
        policy: policy(
            statement(
                {
                    "ForAnyValue:StringLike": {
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:sub": ["develop", "main", "stage"].map((b) => MAIN.replace("main", b)),
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        errors: [],
    },
    {
        source: 'GitLab, "Connect to cloud services", filter to one branch in every project of a group',
        what: "a group",
        policy: policy(statement(sub("StringLike", "project_path:mygroup/*:ref_type:branch:ref:main"))),
        errors: [],
    },
    {
        source: "github.com/reifnir/iac-aws-automation-identity, terraform/role-deploy.tf with terraform/references.tf",
        what: "one branch of several projects, with the IDs of all",
        policy: policy(
            statement({
                StringEquals: {
                    "gitlab.com:aud": ["https://gitlab.com"],
                    "gitlab.com:project_id": ["20", "21"],
                    "gitlab.com:sub": PROJECTS.map((path) => `project_path:${path}:ref_type:branch:ref:main`),
                },
            }),
        ),
        errors: [],
    },
    {
        source: "github.com/Pjv93/aws-oidc, gitlab/oidc-gitlab-template.yaml",
        what: "CloudFormation: StringLike without a wildcard",
        policy: policy(
            statement({
                StringEquals: { "gitlab.com:aud": "sts.amazonaws.com" },
                StringLike: { "gitlab.com:sub": MAIN },
            }),
        ),
        errors: [],
    },
    {
        source: "github.com/appvia/terraform-aws-oidc, modules/role/main.tf",
        what: "a branch and tags, of which Terraform makes one list, and two audiences",
        policy: policy(
            statement({
                StringEquals: { "gitlab.com:aud": ["https://gitlab.com", "sts.amazonaws.com"] },
                StringLike: { "gitlab.com:sub": [MAIN, MAIN.replace("branch:ref:main", "tag:ref:*")] },
            }),
        ),
        errors: [],
    },
];
