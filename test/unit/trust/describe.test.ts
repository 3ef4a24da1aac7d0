import { expect } from "chai";
import {
    buildTrustPolicy,
    describeTrustPolicy,
    InvalidInputsError,
    type DescribeTrustPolicyResult,
    type GetTrustPolicyArgs,
    type SubClaimComponent,
    type Subject,
} from "../../../provider/operations/trust";
import { policy, statement } from "../../support/policies";
import { SAYS } from "../../support/wording";

const GITLAB_COM = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SELF_MANAGED = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const AUD = { "gitlab.com:aud": "https://gitlab.com" };
const MAIN = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const JOBS_OF_MAIN = "Jobs of the project mygroup/myproject on the branch main";
const SUB_LIKE = 'Statement[0].Condition["StringLike"]["gitlab.com:sub"]';
const SUB_EQUALS = 'Statement[0].Condition["StringEquals"]["gitlab.com:sub"]';
const EVERY_JOB = "Jobs of every project of the instance on any branch or tag";

/** The condition of a statement with one list of subs. */
const like = (sub: string | readonly string[], more: object = {}): object => ({
    StringEquals: AUD,
    StringLike: { "gitlab.com:sub": sub },
    ...more,
});
const equals = (sub: string | readonly string[], more: object = {}): object => ({
    StringEquals: { ...AUD, "gitlab.com:sub": sub, ...more },
});

/* Policies of this package. The description leads back to the same policy. */

interface Own {
    readonly title: string;
    readonly inputs: Omit<GetTrustPolicyArgs, "providerArn">;
    readonly providerArn?: string;
    readonly jobs: readonly string[];
    /** Left out if the subjects are described as they are given. */
    readonly subjects?: readonly Subject[];
    readonly conditions?: DescribeTrustPolicyResult["conditions"];
    readonly notes?: readonly string[];
}

const ENVIRONMENTS: readonly SubClaimComponent[] = [
    "project_path",
    "ref_type",
    "ref",
    "environment_protected",
    "deployment_tier",
];

const OWN: readonly Own[] = [
    {
        title: "project, ID, branch, protected",
        inputs: { subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main", refProtected: true }] },
        jobs: ["Jobs of the project mygroup/myproject (ID 4711) on the branch main, protected refs only"],
    },
    {
        title: "group, and every branch",
        inputs: { subjects: [{ group: "mygroup/sub", branch: "*", refProtected: false }] },
        jobs: ["Jobs of every project in the group mygroup/sub and its subgroups on any branch, unprotected refs only"],
    },
    {
        title: "patterns of projects and tags",
        inputs: { subjects: [{ project: "mygroup/*/app", tag: "v*" }] },
        jobs: ["Jobs of every project whose path matches mygroup/*/app on tags that match v*"],
    },
    {
        title: "a pattern as the last segment is a group, but with an ID it is the path of one project",
        inputs: {
            subjects: [
                { project: "mygroup/*", branch: "main" },
                { project: "mygroup/*", projectId: "20", branch: "main" },
            ],
        },
        jobs: [
            "Jobs of the project with the ID 20, if its path matches mygroup/*, on the branch main",
            "Jobs of every project in the group mygroup and its subgroups on the branch main",
        ],
        subjects: [
            { project: "mygroup/*", projectId: "20", branch: "main" },
            { group: "mygroup", branch: "main" },
        ],
    },
    {
        title: "claims",
        inputs: {
            subjects: [
                {
                    project: "mygroup/myproject",
                    tag: "*",
                    claims: {
                        namespaceId: ["7"],
                        pipelineSource: ["push", "web"],
                        runnerEnvironment: ["self-hosted"],
                        userAccessLevel: ["owner"],
                        userEmail: ["a@example.com"],
                        userId: ["1", "11", "2"],
                        userLogin: ["jdoe"],
                    },
                },
            ],
        },
        jobs: [
            "Jobs of the project mygroup/myproject on any tag, in the namespace with the ID 7, started by the user with the ID 1, 11 or 2, " +
                "started by the user jdoe, started by the user with the email address a@example.com, started by a user with the role owner, " +
                "in pipelines with the source push or web, on self-hosted runners",
        ],
    },
    {
        title: "names that look like policy variables",
        inputs: { subjects: [{ project: "mygroup/myproject", branch: "a${b}" }] },
        jobs: ['Jobs of the project mygroup/myproject on the branch "a${b}"'],
    },
    {
        title: "project ID alone",
        inputs: {
            subClaimComponents: ["project_id", "ref_type", "ref"],
            subjects: [{ projectId: "4711", branch: "main" }],
        },
        providerArn: SELF_MANAGED,
        jobs: ["Jobs of the project with the ID 4711 on the branch main"],
    },
    {
        title: "a group with one project ID, in the sub claim",
        inputs: {
            subClaimComponents: ["project_path", "project_id", "ref_type", "ref"],
            subjects: [{ group: "mygroup", projectId: "4711", branch: "main" }],
        },
        providerArn: SELF_MANAGED,
        jobs: ["Jobs of the project with the ID 4711 in the group mygroup or its subgroups on the branch main"],
    },
    {
        title: "no ref, and protected refs in the sub claim",
        inputs: {
            subClaimComponents: ["project_path", "ref_protected"],
            subjects: [
                { project: "mygroup/a", refProtected: true },
                { project: "mygroup/b", refProtected: "*" },
            ],
        },
        providerArn: SELF_MANAGED,
        jobs: [
            "Jobs of the project mygroup/a on any branch or tag, protected refs only",
            "Jobs of the project mygroup/b on any branch or tag",
        ],
    },
    {
        title: "no ref type",
        inputs: {
            subClaimComponents: ["project_path", "ref"],
            subjects: [
                { project: "mygroup/a", branch: "main" },
                { project: "mygroup/a", branch: "v*" },
            ],
        },
        providerArn: SELF_MANAGED,
        jobs: [
            "Jobs of the project mygroup/a on the branch or tag main",
            "Jobs of the project mygroup/a on branches and tags that match v*",
        ],
    },
    {
        title: "only the ref type",
        inputs: {
            subClaimComponents: ["project_path", "ref_type"],
            subjects: [{ project: "mygroup/a", tag: "*" }],
        },
        providerArn: SELF_MANAGED,
        jobs: ["Jobs of the project mygroup/a on any tag"],
    },
    {
        title: "environments",
        inputs: {
            subClaimComponents: ENVIRONMENTS,
            subjects: [
                { project: "g/a", branch: "main", environmentProtected: true, deploymentTier: "production" },
                { project: "g/b", branch: "main", environmentProtected: false, deploymentTier: "*" },
                { project: "g/c", branch: "main", environmentProtected: "*", deploymentTier: "staging" },
                { project: "g/d", branch: "main" },
            ],
        },
        providerArn: SELF_MANAGED,
        jobs: [
            "Jobs of the project g/a on the branch main, with a protected environment of the deployment tier production",
            "Jobs of the project g/b on the branch main, with an unprotected environment",
            "Jobs of the project g/c on the branch main, with an environment of the deployment tier staging",
            "Jobs of the project g/d on the branch main, without an environment",
        ],
    },
    {
        title: "components that the policy shows only by excluding them",
        inputs: { subClaimComponents: ENVIRONMENTS, subjects: [{ project: "g/a", branch: "*" }] },
        providerArn: SELF_MANAGED,
        jobs: ["Jobs of the project g/a on any branch, without an environment"],
        notes: [
            "The sub claim components may also be [project_path, ref_type, ref, deployment_tier, environment_protected]: the policy is the same. Compare with the setting ci_id_token_sub_claim_components of the projects.",
        ],
    },
    {
        title: "a list of components that ends before the ref",
        inputs: { subClaimComponents: ["project_path"], subjects: [{ group: "mygroup" }] },
        providerArn: SELF_MANAGED,
        jobs: ["Jobs of every project in the group mygroup and its subgroups on any branch or tag"],
        notes: [
            '"project_path:mygroup/*" ends with a wildcard, so the sub claim may have more components than project_path. Compare with the setting ci_id_token_sub_claim_components of the projects.',
        ],
    },
    {
        title: "conditions",
        inputs: {
            audiences: ["https://gitlab.com", "aws"],
            subjects: [
                { project: "mygroup/a", branch: "main", claims: { userLogin: ["jdoe"] } },
                { project: "mygroup/b", branch: "main" },
            ],
            conditions: {
                IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] },
                StringEquals: { "gitlab.com:user_id": ["1"] },
            },
        },
        jobs: [
            "Jobs of the project mygroup/a on the branch main, started by the user jdoe",
            "Jobs of the project mygroup/b on the branch main",
        ],
    },
    {
        title: "a condition on a claim that all subjects have alike is a claim of each",
        inputs: {
            subjects: [{ project: "mygroup/a", branch: "main" }],
            conditions: { StringEquals: { "gitlab.com:user_id": ["1"] } },
        },
        jobs: ["Jobs of the project mygroup/a on the branch main, started by the user with the ID 1"],
        subjects: [{ project: "mygroup/a", branch: "main", claims: { userId: ["1"] } }],
        conditions: undefined,
    },
];

describe("describeTrustPolicy, policies of this package", () => {
    for (const row of OWN) {
        it(row.title, () => {
            const { title, inputs, providerArn = GITLAB_COM, jobs, notes = [] } = row;
            const { json } = buildTrustPolicy({ providerArn, ...inputs });
            const { subjects, description, ...rest } = describeTrustPolicy({ trustPolicy: json });
            expect(
                subjects.map((s) => s.description),
                title,
            ).to.deep.equal(jobs);
            const url = `https://${providerArn.replace(/.*\//, "")}`;
            const conditions = "conditions" in row ? row.conditions : inputs.conditions;
            expect(rest).to.deep.equal({
                providerArn,
                url,
                audiences: inputs.audiences === undefined ? [url] : [...inputs.audiences].sort(),
                ...(conditions !== undefined && { conditions }),
                ...(inputs.subClaimComponents !== undefined && { subClaimComponents: inputs.subClaimComponents }),
                notes,
                unexplained: [],
            });
            const given = subjects.map(({ description: words, ...subject }) => (words === "" ? {} : subject));
            expect(given).to.deep.equal(row.subjects ?? inputs.subjects);
            const { notes: none, unexplained, ...frame } = rest;
            expect([none.length, unexplained.length]).to.deep.equal([notes.length, 0]);
            expect(buildTrustPolicy({ ...frame, providerArn, subjects: given }).json).to.equal(json);
            expect(description).to.match(/^The role trusts jobs of https:\/\//);
        });
    }

    it("describes what all subjects share", () => {
        const { json } = buildTrustPolicy({
            providerArn: SELF_MANAGED,
            audiences: ["https://gitlab.example.com", "aws"],
            subClaimComponents: ["project_id", "ref"],
            subjects: [{ projectId: "4711", branch: "main" }],
            conditions: {
                IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] },
                DateLessThan: { "aws:CurrentTime": ["2030-01-31T00:00:00Z"] },
            },
        });
        expect(describeTrustPolicy({ trustPolicy: json }).description).to.equal(
            "The role trusts jobs of https://gitlab.example.com. The audience of the ID token must be aws or https://gitlab.example.com. " +
                "Condition: aws:CurrentTime is before 2030-01-31T00:00:00Z. Condition: aws:SourceIp is in 198.51.100.0/24 or 203.0.113.0/24. " +
                "The sub claim has the components project_id, ref.",
        );
    });

    it("accepts the output of the AWS CLI", () => {
        const { json } = buildTrustPolicy({
            providerArn: GITLAB_COM,
            subjects: [{ project: "mygroup/myproject", branch: "main" }],
        });
        const role = { Role: { RoleName: "deploy", AssumeRolePolicyDocument: encodeURIComponent(json) } };
        expect(describeTrustPolicy({ trustPolicy: role })).to.deep.equal(describeTrustPolicy({ trustPolicy: json }));
    });
});

/* Policies from anywhere. */

interface Foreign {
    readonly title: string;
    readonly trustPolicy: unknown;
    readonly url?: string;
    readonly components?: readonly SubClaimComponent[];
    /** The jobs of the subjects. */
    readonly jobs?: readonly string[];
    readonly conditions?: object;
    readonly additionalPrincipals?: readonly object[];
    /** A reason that another file words ends with `…` behind its first words. */
    readonly unexplained?: readonly (readonly [path: string, reason: string, ...jobs: string[]])[];
}

const FOREIGN: readonly Foreign[] = [
    {
        title: "StringLike without a wildcard, ForAnyValue, an older version, one statement without a list",
        trustPolicy: {
            Statement: {
                ...statement({ "ForAnyValue:StringLike": { "gitlab.com:sub": MAIN }, StringEquals: AUD }),
                Sid: "x",
            },
        },
        jobs: [JOBS_OF_MAIN],
    },
    {
        title: "two statements of one provider",
        trustPolicy: policy(
            statement(equals(MAIN, { "gitlab.com:project_id": "4711" })),
            statement(like("project_path:g/*:ref_type:tag:ref:v*")),
        ),
        jobs: [
            "Jobs of the project mygroup/myproject (ID 4711) on the branch main",
            "Jobs of every project in the group g and its subgroups on tags that match v*",
        ],
    },
    {
        title: "several IDs, and a claim under another operator, are conditions",
        trustPolicy: policy(
            statement({
                StringEquals: { ...AUD, "gitlab.com:project_id": ["1", "2"] },
                StringLike: { "gitlab.com:sub": MAIN, "gitlab.com:user_login": "jdoe" },
            }),
        ),
        jobs: [JOBS_OF_MAIN],
        conditions: {
            StringEquals: { "gitlab.com:project_id": ["1", "2"] },
            StringLike: { "gitlab.com:user_login": ["jdoe"] },
        },
    },
    {
        title: "values with and without a wildcard under StringEquals",
        trustPolicy: policy(statement(equals([MAIN, "project_path:g/p:ref_type:branch:ref:*"]))),
        jobs: [JOBS_OF_MAIN],
        unexplained: [
            [
                `${SUB_EQUALS}[1]`,
                'StringEquals compares the wildcard in "project_path:g/p:ref_type:branch:ref:*" as a character, so no job matches.',
            ],
        ],
    },
    {
        title: "values that no list of components has",
        trustPolicy: policy(statement(like([MAIN, "project_path:g/p:*", "job:octo/x", "*"]))),
        jobs: [JOBS_OF_MAIN],
        unexplained: [
            [
                `${SUB_LIKE}[1]`,
                '"project_path:g/p:*" ends with a wildcard …',
                'Jobs whose sub claim matches "project_path:g/p:*", among them jobs of the project g/p on any branch and the project g/p on any tag',
            ],
            [
                `${SUB_LIKE}[2]`,
                '"job:octo/x" has "job" where "project_path" belongs.',
                'Jobs whose sub claim is "job:octo/x"',
            ],
            [`${SUB_LIKE}[3]`, '"*" ends with a wildcard …', EVERY_JOB],
        ],
    },
    {
        title: "paths and refs that inputs reject",
        trustPolicy: policy(
            statement(
                like([
                    "project_path:mygroup/app*:ref_type:branch:ref:main",
                    "project_path:g/p:ref_type:branch:ref:refs/heads/main",
                    "project_path:g/p:ref_type:*:ref:main",
                ]),
            ),
        ),
        unexplained: [
            [
                `${SUB_LIKE}[0]`,
                '"mygroup/app*" has a wildcard …',
                "Jobs of every project whose path matches mygroup/app* on the branch main",
            ],
            [
                `${SUB_LIKE}[1]`,
                '"refs/heads/main" is a full ref…',
                "Jobs of the project g/p on the branch refs/heads/main",
            ],
            [
                `${SUB_LIKE}[2]`,
                '"project_path:g/p:ref_type:*:ref:main" has ref_type "*"…',
                'Jobs whose sub claim matches "project_path:g/p:ref_type:*:ref:main", among them jobs of the project g/p on the branch main and the project g/p on the tag main',
            ],
        ],
    },
    {
        title: "policy variables, and wildcards as characters",
        trustPolicy: policy(
            statement(like(["project_path:g/p:ref_type:branch:ref:${aws:username}", `${MAIN}\${*}`, `${MAIN}-\${$}`])),
        ),
        jobs: ['Jobs of the project mygroup/myproject on the branch "main-$"'],
        unexplained: [
            [
                `${SUB_LIKE}[0]`,
                '"project_path:g/p:ref_type:branch:ref:${aws:username}" has a policy variable.',
                'Jobs whose sub claim is "project_path:g/p:ref_type:branch:ref:${aws:username}"',
            ],
            [`${SUB_LIKE}[1]`, `"${MAIN}\${*}" has a wildcard as a character, which no path, branch or tag contains.`],
        ],
    },
    {
        title: "an older version has no policy variables",
        trustPolicy: {
            Version: "2008-10-17",
            Statement: [statement(equals("project_path:g/p:ref_type:branch:ref:${a}"))],
        },
        jobs: ['Jobs of the project g/p on the branch "${a}"'],
    },
    {
        title: "two settings of the sub claim: the one of more values",
        trustPolicy: policy(
            statement(
                equals(["project_id:1:ref_type:branch:ref:main", MAIN, "project_path:g/p:ref_type:branch:ref:main"]),
            ),
        ),
        jobs: [JOBS_OF_MAIN, "Jobs of the project g/p on the branch main"],
        unexplained: [
            [
                `${SUB_EQUALS}[0]`,
                '"project_id:1:ref_type:branch:ref:main" has "project_id" where "project_path" belongs.',
                "Jobs of the project with the ID 1 on the branch main",
            ],
        ],
    },
    {
        title: "two settings of the sub claim: the given one",
        trustPolicy: policy(statement(equals(["project_id:1:ref_type:branch:ref:main", MAIN]))),
        components: ["project_id", "ref_type", "ref"],
        jobs: ["Jobs of the project with the ID 1 on the branch main"],
        unexplained: [[`${SUB_EQUALS}[1]`, `"${MAIN}" has "project_path" where "project_id" belongs.`, JOBS_OF_MAIN]],
    },
    {
        title: "a pattern that also matches jobs with an environment",
        trustPolicy: policy(
            statement(
                like([
                    "project_path:g/p:ref_type:branch:ref:*",
                    "project_path:g/p:ref_type:branch:ref:main:deployment_tier:production",
                    "project_path:g/q:ref_type:branch:ref:main",
                ]),
            ),
        ),
        components: ["project_path", "ref_type", "ref", "deployment_tier"],
        jobs: [
            "Jobs of the project g/p on the branch main, with an environment of the deployment tier production",
            "Jobs of the project g/q on the branch main, without an environment",
        ],
        unexplained: [
            [
                `${SUB_LIKE}[0]`,
                '"project_path:g/p:ref_type:branch:ref:*" also matches jobs with deployment_tier in their sub claim.',
                "Jobs of the project g/p on any branch",
            ],
        ],
    },
    {
        title: "a further condition on the sub claim",
        trustPolicy: policy(
            statement(
                like("project_path:g/p:ref_type:branch:ref:*", { StringNotLike: { "gitlab.com:sub": "*:ref:main" } }),
            ),
        ),
        unexplained: [
            [
                'Statement[0].Condition["StringNotLike"]["gitlab.com:sub"]',
                'It uses StringNotLike on "gitlab.com:sub". Inputs only list values and patterns.',
                "Jobs of the project g/p on any branch",
            ],
        ],
    },
    {
        title: "an excluded component that the value has",
        trustPolicy: policy(
            statement(
                like("project_path:g/p:ref_type:branch:ref:main:deployment_tier:other", {
                    StringNotLike: { "gitlab.com:sub": "*:deployment_tier:*" },
                }),
            ),
        ),
        unexplained: [
            [
                SUB_LIKE,
                'The statement excludes "project_path:g/p:ref_type:branch:ref:main:deployment_tier:other" by another condition.',
                "Jobs of the project g/p on the branch main, with an environment of the deployment tier other",
            ],
        ],
    },
    {
        title: "two conditions on the sub claim",
        trustPolicy: policy(
            statement({
                StringEquals: { ...AUD, "gitlab.com:sub": MAIN },
                StringLike: { "gitlab.com:sub": "project_path:g/*" },
            }),
        ),
        unexplained: [
            [
                "Statement[0].Condition",
                'It has 2 conditions on "gitlab.com:sub", and a job must meet all of them.',
                JOBS_OF_MAIN,
            ],
        ],
    },
    {
        title: "IfExists on the sub claim",
        trustPolicy: policy(statement({ StringEquals: AUD, StringEqualsIfExists: { "gitlab.com:sub": MAIN } })),
        unexplained: [
            [
                'Statement[0].Condition["StringEqualsIfExists"]["gitlab.com:sub"]',
                'It uses StringEqualsIfExists on "gitlab.com:sub". Inputs only list values and patterns.',
                JOBS_OF_MAIN,
            ],
        ],
    },
    {
        title: "no condition on the sub claim, or none with values",
        trustPolicy: policy(
            statement({ StringEquals: { ...AUD, "gitlab.com:user_id": "1" } }),
            statement({ StringEquals: { ...AUD, "gitlab.com:sub": [] } }),
        ),
        unexplained: [
            [
                "Statement[0].Condition",
                'It does not list values of "gitlab.com:sub". Inputs always do.',
                `${EVERY_JOB}, started by the user with the ID 1`,
            ],
            ["Statement[1].Condition", '"gitlab.com:sub" has no values, so no job matches.'],
        ],
    },
    {
        title: "conditions that inputs reject",
        trustPolicy: policy(
            statement(equals(MAIN, { "aws:PrincipalTag/team": "x" })),
            statement({ ...equals(MAIN), IpAddressIfExists: { "aws:SourceIp": "203.0.113.0/24" } }),
            statement({ ...equals(MAIN), "ForAllValues:StringLike": { "gitlab.com:user_login": "j*" } }),
        ),
        unexplained: [
            [
                'Statement[0].Condition["StringEquals"]["aws:PrincipalTag/team"]',
                '"aws:PrincipalTag/team" is not in the request…',
                JOBS_OF_MAIN,
            ],
            ['Statement[1].Condition["IpAddressIfExists"]["aws:SourceIp"]', '…"IpAddressIfExists"…', JOBS_OF_MAIN],
            ['Statement[2].Condition["ForAllValues:StringLike"]', "…`ForAllValues`…", JOBS_OF_MAIN],
        ],
    },
    {
        title: "conditions that exclude each other",
        trustPolicy: policy(
            statement({
                ...equals(MAIN, { "gitlab.com:ref_protected": "true" }),
                StringNotEquals: { "gitlab.com:ref_protected": "true" },
            }),
        ),
        unexplained: [
            ["Statement[0].Condition", "The statement leaves no value …", `${JOBS_OF_MAIN}, protected refs only`],
        ],
    },
    {
        title: "statements with other conditions or audiences than the first",
        trustPolicy: policy(
            statement(equals(MAIN)),
            statement({
                ...equals("project_path:g/p:ref_type:branch:ref:main"),
                IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
            }),
            statement({
                StringEquals: { "gitlab.com:aud": ["aws", "sts.amazonaws.com"], "gitlab.com:sub": MAIN },
            }),
            statement(equals("project_path:g/q:ref_type:branch:ref:main")),
        ),
        jobs: [JOBS_OF_MAIN, "Jobs of the project g/q on the branch main"],
        unexplained: [
            [
                "Statement[1].Condition",
                "It has the condition that aws:SourceIp is in 10.0.0.0/8, the subjects before have no further condition. All subjects of a role have the same conditions.",
                "Jobs of the project g/p on the branch main",
            ],
            [
                "Statement[2].Condition",
                "Its audience is aws or sts.amazonaws.com, that of the subjects before is https://gitlab.com. All subjects of a role have the same audiences.",
                JOBS_OF_MAIN,
            ],
        ],
    },
    {
        title: "audiences: none, one that inputs reject, another kind of condition, only such that inputs reject",
        trustPolicy: policy(
            statement({ StringEquals: { "gitlab.com:sub": MAIN } }),
            statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:aud": ["https://gitlab.com", "a*"] } }),
            statement({ StringEquals: { "gitlab.com:sub": MAIN }, StringNotEquals: { "gitlab.com:aud": "x" } }),
            statement({ StringEquals: { "gitlab.com:sub": MAIN }, StringLike: { "gitlab.com:aud": "*" } }),
        ),
        jobs: [JOBS_OF_MAIN, JOBS_OF_MAIN],
        unexplained: [
            ["Statement[0].Condition", 'It does not list values of "gitlab.com:aud". Inputs always do.'],
            ['Statement[1].Condition["StringEquals"]["gitlab.com:aud"][1]', '"a*" has a wildcard…'],
            [
                'Statement[2].Condition["StringNotEquals"]["gitlab.com:aud"]',
                'It uses StringNotEquals on "gitlab.com:aud". Inputs only list values and patterns.',
                JOBS_OF_MAIN,
            ],
            ['Statement[3].Condition["StringLike"]["gitlab.com:aud"]', '"*" has a wildcard…', JOBS_OF_MAIN],
        ],
    },
    {
        title: "an audience without values, and a claim that is no field of a subject",
        trustPolicy: policy(
            statement({ StringEquals: { "gitlab.com:sub": MAIN, "gitlab.com:aud": [] } }),
            statement(equals(MAIN, { "gitlab.com:amr": "x" })),
        ),
        jobs: [JOBS_OF_MAIN],
        conditions: { StringEquals: { "gitlab.com:amr": ["x"] } },
        unexplained: [
            [
                'Statement[0].Condition["StringEquals"]["gitlab.com:aud"]',
                '"gitlab.com:aud" has no values.',
                JOBS_OF_MAIN,
            ],
        ],
    },
    {
        title: "other actions, other principals",
        trustPolicy: policy(
            statement(equals(MAIN), { Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"] }),
            statement(equals(MAIN), { Action: undefined, NotAction: "iam:*" }),
            statement(equals(MAIN), { Action: undefined, NotAction: "sts:*" }),
            statement(equals(MAIN), { Action: "sts:TagSession" }),
            statement(equals(MAIN), { Principal: { Federated: [GITLAB_COM, GITHUB], AWS: "111122223333" } }),
        ),
        jobs: [JOBS_OF_MAIN, JOBS_OF_MAIN, JOBS_OF_MAIN],
        unexplained: [
            ["Statement[0].Action", "It also allows other actions than sts:AssumeRoleWithWebIdentity."],
            ["Statement[1].NotAction", "It also allows other actions than sts:AssumeRoleWithWebIdentity."],
            ["Statement[2].NotAction", "It does not allow sts:AssumeRoleWithWebIdentity, which a job calls."],
            ["Statement[3].Action", "It does not allow sts:AssumeRoleWithWebIdentity, which a job calls."],
            ["Statement[4].Principal", `It also trusts ${GITHUB} or 111122223333.`],
        ],
    },
    {
        title: "a Deny for the jobs",
        trustPolicy: policy(
            statement(equals(MAIN)),
            statement({ StringNotEquals: { "gitlab.com:ref_protected": "true" } }, { Effect: "Deny" }),
        ),
        unexplained: [
            ["Statement[0]", "Statement[1] may deny its jobs. Inputs cannot deny jobs.", JOBS_OF_MAIN],
            ["Statement[1]", "It denies jobs that other statements may allow."],
        ],
    },
    {
        title: "a Deny for others",
        trustPolicy: policy(
            statement(equals(MAIN)),
            statement({}, { Effect: "Deny", Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" }),
        ),
        jobs: [JOBS_OF_MAIN],
        unexplained: [["Statement[1]", "It denies calls of others than GitLab jobs."]],
    },
    {
        title: "statements that are not for jobs",
        trustPolicy: policy(
            statement(equals(MAIN)),
            statement({}, { Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole" }),
            statement({}, { Principal: "*" }),
            statement({}, { Principal: { Federated: GITHUB } }),
            statement({}, { Principal: { Service: "ec2.amazonaws.com" } }),
            statement({}, { Principal: { Federated: SELF_MANAGED } }),
        ),
        jobs: [JOBS_OF_MAIN],
        additionalPrincipals: [{ arn: "arn:aws:iam::111122223333:root" }],
        unexplained: [
            ["Statement[2].Principal", "It trusts everybody, with or without an ID token."],
            ["Statement[3]", SAYS.notGitLab("token.actions.githubusercontent.com (GitHub Actions)")],
            ["Statement[4].Principal", "It names no identity provider."],
            ["Statement[5].Principal", `It trusts ${SELF_MANAGED}. The result is about ${GITLAB_COM}.`],
        ],
    },
    {
        title: "several instances: the wanted one",
        trustPolicy: policy(
            statement(equals(MAIN)),
            statement(
                {
                    StringEquals: {
                        "gitlab.example.com:sub": "project_path:g/p:ref_type:branch:ref:main",
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        url: "https://gitlab.example.com",
        jobs: ["Jobs of the project g/p on the branch main"],
        unexplained: [["Statement[0].Principal", `It trusts ${GITLAB_COM}. The result is about ${SELF_MANAGED}.`]],
    },
    {
        title: "claims of gitlab.com on another instance",
        trustPolicy: policy(
            statement(
                {
                    StringEquals: {
                        "gitlab.example.com:sub": MAIN,
                        "gitlab.example.com:aud": "https://gitlab.example.com",
                        "gitlab.example.com:project_id": "4711",
                    },
                },
                { Principal: { Federated: SELF_MANAGED } },
            ),
        ),
        unexplained: [
            [
                'Statement[0].Condition["StringEquals"]["gitlab.example.com:project_id"]',
                '"gitlab.example.com:project_id" is a condition key …',
                JOBS_OF_MAIN,
            ],
        ],
    },
];

describe("describeTrustPolicy, policies from anywhere", () => {
    for (const { title, trustPolicy, url, components, jobs = [], unexplained = [], ...more } of FOREIGN) {
        it(title, () => {
            const result = describeTrustPolicy({
                trustPolicy,
                ...(url !== undefined && { url }),
                ...(components !== undefined && { subClaimComponents: components }),
            });
            expect(result.subjects.map((s) => s.description)).to.deep.equal(jobs);
            expect(result.conditions).to.deep.equal(more.conditions);
            expect(result.additionalPrincipals).to.deep.equal(more.additionalPrincipals);
            expect(result.unexplained.map(({ path, jobs: missing }) => [path, ...missing])).to.deep.equal(
                unexplained.map(([path, , ...missing]) => [path, ...missing]),
            );
            unexplained.forEach(([, expected], i) => {
                expectWords(result.unexplained[i]!.reason, expected);
            });
        });
    }

    it("has no provider if no statement is for a GitLab instance", () => {
        const trustPolicy = policy(
            statement({}, { Principal: { Federated: GITHUB } }),
            statement(
                {},
                { Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com:8443" } },
            ),
            statement({}, { Principal: { Federated: GITHUB }, Effect: "Deny" }),
        );
        expect(describeTrustPolicy({ trustPolicy })).to.deep.equal({
            description: "No statement is about jobs of a GitLab instance.",
            subjects: [],
            notes: [],
            unexplained: [
                {
                    path: "Statement[0]",
                    reason: SAYS.notGitLab("token.actions.githubusercontent.com (GitHub Actions)"),
                    jobs: [],
                },
                {
                    path: "Statement[1].Principal",
                    reason: "It trusts arn:aws:iam::111122223333:oidc-provider/gitlab.example.com:8443. That is not the identity provider of a GitLab instance.",
                    jobs: [],
                },
                { path: "Statement[2]", reason: "It denies calls of others than GitLab jobs.", jobs: [] },
            ],
        });
    });

    it("returns the audiences that all statements share, also without a subject", () => {
        const unclear = like("*");
        expect(
            describeTrustPolicy({ trustPolicy: policy(statement(unclear), statement(unclear)) }).audiences,
        ).to.deep.equal(["https://gitlab.com"]);
        const other = { StringEquals: { "gitlab.com:aud": "aws" }, StringLike: { "gitlab.com:sub": "*" } };
        expect(describeTrustPolicy({ trustPolicy: policy(statement(unclear), statement(other)) })).not.to.have.property(
            "audiences",
        );
    });

    it("lists a component where the policy shows it, although several places are possible", () => {
        const { subClaimComponents, notes } = describeTrustPolicy({
            trustPolicy: policy(
                statement(
                    like("project_path:g/*:ref_type:branch:ref:v*", {
                        StringNotLike: { "gitlab.com:sub": "*:deployment_tier:*" },
                    }),
                ),
            ),
        });
        expect(subClaimComponents).to.deep.equal(["project_path", "ref_type", "ref", "deployment_tier"]);
        expect(notes).to.deep.equal([
            "The sub claim components may also be [project_path, deployment_tier, ref_type, ref]: the policy is the same. Compare with the setting ci_id_token_sub_claim_components of the projects.",
        ]);
    });

    for (const [title, args, ...ids] of [
        ["text that is not JSON", { trustPolicy: "x" }, "policy-document"],
        [
            "what IAM would not store",
            { trustPolicy: policy({ Effect: "allow" }) },
            "policy-document",
            "policy-document",
            "policy-document",
        ],
        ["a url that is none", { trustPolicy: policy(statement({})), url: "gitlab" }, "issuer-url"],
        [
            "components that GitLab does not have",
            { trustPolicy: policy(statement({})), subClaimComponents: ["ref"] },
            "sub-components",
        ],
    ] as const) {
        it(`rejects ${title}`, () => {
            expect(() => describeTrustPolicy(args))
                .to.throw(InvalidInputsError)
                .with.property("findings")
                .that.satisfies(
                    (findings: readonly { readonly id: string }[]) => findings.map((f) => f.id).join() === ids.join(),
                );
        });
    }
});

/** The text contains the words before and after each `…`. */
function expectWords(text: string, expected: string): void {
    if (!expected.includes("…")) {
        expect(text).to.equal(expected);
    }
    for (const words of expected.split("…")) {
        expect(text).to.contain(words.trim());
    }
    expect(text).to.match(/^[A-Z"`].*\.$/s);
}

describe("describeTrustPolicy, hostile policies", function () {
    this.timeout(60_000);

    const names = (count: number, of: (i: number) => string): readonly string[] =>
        Array.from({ length: count }, (_, i) => of(i));
    const keys = (count: number): object =>
        Object.fromEntries(names(count, (i) => `aws:x${String(i)}`).map((name) => [name, "1"]));
    const project = (i: number): string => `project_path:g/p${String(i)}:ref_type:branch:ref:main`;
    const HOSTILE: Readonly<Record<string, object>> = {
        "many subs": statement(equals(names(2600, project))),
        "many short subs": statement(like(names(15_000, String))),
        "one sub of colons": statement(like(":".repeat(120_000))),
        "one sub of wildcards": statement(like(`project_path:g/${"*".repeat(120_000)}`)),
        "many segments": statement(like(`project_path:${"a/".repeat(60_000)}p:ref_type:branch:ref:main`)),
        "many claims for many subs": statement(
            equals(names(400, project), { "gitlab.com:user_id": names(15_000, (i) => String(i + 1)) }),
        ),
        "many conditions for many subs": statement({
            ...equals(names(1000, project)),
            StringEqualsIfExists: keys(4000),
        }),
    };
    for (const [title, one] of Object.entries(HOSTILE)) {
        it(`${title}: in time, and an answer that is not much longer`, () => {
            const trustPolicy = JSON.stringify(policy(one));
            const before = performance.now();
            const result = JSON.stringify(describeTrustPolicy({ trustPolicy }));
            expect(performance.now() - before).to.be.lessThan(10_000);
            expect(result.length).to.be.lessThan(40 * trustPolicy.length);
        });
    }

    it("names that terminals or pages would act on are in quotes and escaped", () => {
        const trustPolicy = policy(statement(equals("project_path:g/p:ref_type:branch:ref:\u001b[31m<b>\u202e")));
        const [part] = describeTrustPolicy({ trustPolicy }).unexplained;
        expect(part!.jobs).to.deep.equal(['Jobs of the project g/p on the branch "\\u001b[31m<b>\\u202e"']);
    });
});

describe("describeTrustPolicy, many possible lists of components", () => {
    it("names three of them", () => {
        const excluded = ["*:deployment_tier:*", "*:environment_protected:*"];
        const trustPolicy = policy(
            statement(
                like("project_path:g/*:ref_type:branch:ref:v*", { StringNotLike: { "gitlab.com:sub": excluded } }),
            ),
        );
        const { subClaimComponents, notes } = describeTrustPolicy({ trustPolicy });
        expect(subClaimComponents).to.deep.equal(ENVIRONMENTS);
        expect(notes).to.deep.equal([
            "The sub claim components may also be [project_path, ref_type, ref, deployment_tier, environment_protected] or " +
                "[project_path, deployment_tier, ref_type, ref, environment_protected] or " +
                "[project_path, environment_protected, ref_type, ref, deployment_tier] or 2 others: the policy is the same. " +
                "Compare with the setting ci_id_token_sub_claim_components of the projects.",
        ]);
    });
});
