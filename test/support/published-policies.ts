import { MAIN, merge, SELF_MANAGED, sub } from "./linted-policies";
import { policy, statement } from "./policies";

/* Policies in public: only what they say, with other names. */

export interface Published {
    /** Repository and file, or page. */
    readonly source: string;
    readonly what: string;
    readonly policy: object;
    readonly errors: readonly string[];
}

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
    },
    {
        source: "github.com/xgourmandin/gcp-gitlab-auth, AWS/iam.tf",
        what: "the audience alone",
        policy: policy(statement({ StringEquals: { "gitlab.com:aud": ["https://gitlab.com"] } })),
        errors: ["no-subject"],
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
    },
    {
        source: 'Datadog, default rule "IAM roles should not allow untrusted GitLab runners to assume them"',
        what: "the provider of gitlab.com and the key of another instance",
        policy: policy(statement({ StringEquals: { "gitlab.example.com:sub": MAIN } })),
        errors: ["condition-key", "no-audience"],
    },
    {
        source: 'phpboyscout.uk, 2026-05-14, "A 403 you can\'t fix in IAM"',
        what: "ref_type:mr",
        policy: policy(statement(sub("StringLike", MAIN.replace("branch:ref:main", "mr:ref:*")))),
        errors: ["ref-type"],
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
    },
    {
        source: "github.com/aws-actions/configure-aws-credentials, issue 318, as it comes out for GitLab",
        what: "ForAllValues on the subject",
        policy: policy(statement({ "ForAllValues:StringLike": { "gitlab.com:sub": "project_path:mygroup/*" } })),
        errors: ["for-all-values", "no-audience", "sub-shape"],
    },
    {
        source: 'virallegend.co.uk, "Leveraging Custom Claims in AWS Trust Policies for GitLab CI/CD with AssumeRoleWithWebIdentity"',
        what: "the environment as a condition key",
        policy: policy(statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:environment": "production" } })),
        errors: ["condition-key", "no-audience"],
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
];
