import { expect } from "chai";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { buildGitLabCi, type GetGitlabCiArgs } from "../../../provider/operations/gitlab-ci";

const DEPLOY = "arn:aws:iam::111122223333:role/deploy";
const COMPONENT = { form: "component", componentProject: "mygroup/aws-roles" } as const;
const SELF = "https://gitlab.example.com";
const AT = 'roles["deploy"].subjects';

function briefOf(subjects: readonly unknown[], others: object = {}): readonly string[] {
    const args = { roleArns: { deploy: DEPLOY }, roles: { deploy: { subjects } }, ...others };
    try {
        buildGitLabCi(args as unknown as GetGitlabCiArgs);
        return [];
    } catch (error) {
        expect(error).to.be.instanceOf(InvalidInputsError);
        return (error as InvalidInputsError).findings.map(({ path, id }) => `${path} ${id}`);
    }
}

const MAIN = { project: "mygroup/myproject", branch: "main" };
const INPUT = "$[[ inputs.job ]]";

describe("subjects of the roles of a CI configuration", () => {
    for (const [title, subject, problems] of [
        ["an input as branch", { ...MAIN, branch: INPUT }, [`${AT}[0].branch ref-name`]],
        ["an input as tag", { project: "mygroup/myproject", tag: INPUT }, [`${AT}[0].tag ref-name`]],
        ["an input as project", { ...MAIN, project: INPUT }, [`${AT}[0].project gitlab-path`]],
        ["an input as group", { group: INPUT, branch: "main" }, [`${AT}[0].group gitlab-path`]],
        ["an input as project id", { ...MAIN, projectId: INPUT }, [`${AT}[0].projectId project-id`]],
        ["an input as tier", { ...MAIN, deploymentTier: INPUT }, [`${AT}[0].deploymentTier claim-value`]],
        ["an input as flag", { ...MAIN, refProtected: INPUT }, [`${AT}[0].refProtected claim-value`]],
        [
            "an input as protection of the environment",
            { ...MAIN, environmentProtected: INPUT },
            [`${AT}[0].environmentProtected claim-value`],
        ],
        [
            "an input as claim",
            { ...MAIN, claims: { pipelineSource: [INPUT] } },
            [`${AT}[0].claims.pipelineSource[0] claim-value`],
        ],
        ["an input in a raw sub", { sub: `project_path:a/b:ref_type:branch:ref:${INPUT}` }, [`${AT}[0].sub ref-name`]],
        ["a raw sub that is an input", { sub: INPUT }, [`${AT}[0].sub sub-shape`]],
        ["a raw sub of another issuer", { sub: "repo:a/b:ref:refs/heads/main" }, [`${AT}[0].sub sub-shape`]],
        ["a raw sub that ends anywhere", { sub: "project_path:a/b:*" }, [`${AT}[0].sub sub-shape`]],
        [
            "a raw sub beside a branch",
            { sub: "project_path:a/b:ref_type:branch:ref:main", branch: "main" },
            [`${AT}[0].sub several-scopes`],
        ],
        ["no project", { branch: "main" }, [`${AT}[0] no-scope`]],
        ["a project and a group", { ...MAIN, group: "mygroup" }, [`${AT}[0].group several-scopes`]],
        ["a branch and a tag", { ...MAIN, tag: "v1" }, [`${AT}[0].tag several-refs`]],
        ["the long name of a branch", { ...MAIN, branch: "refs/heads/main" }, [`${AT}[0].branch ref-name`]],
        ["no value of a claim", { ...MAIN, claims: { userId: [] } }, [`${AT}[0].claims.userId claim-value`]],
    ] as const) {
        it(`refuses ${title}`, () => {
            expect(briefOf([subject])).to.deep.equal(problems);
            expect(briefOf([subject], { gitlabCi: COMPONENT })).to.deep.equal(problems);
            expect(briefOf([MAIN, subject])).to.deep.equal(problems.map((p) => p.replace("[0]", "[1]")));
        });
    }

    it("refuses none", () => {
        expect(briefOf([])).to.deep.equal([`${AT} no-subject`]);
    });

    it("holds them against the url", () => {
        expect(briefOf([{ ...MAIN, claims: { userId: ["1"] } }], { url: SELF })).to.deep.equal([
            `${AT}[0].claims claim-issuer`,
        ]);
        expect(briefOf([{ ...MAIN, claims: { userId: ["1"] } }])).to.deep.equal([]);
        expect(briefOf([{ ...MAIN, claims: { userId: ["1"] } }], { url: "gitlab" })).to.deep.equal(["url issuer-url"]);
    });

    for (const [title, subject] of [
        ["a project without a ref, which declared components may not have", { project: "mygroup/myproject" }],
        ["a project by its id alone", { projectId: "4711", branch: "main" }],
        ["a group and any id", { group: "mygroup", projectId: "*", branch: "main" }],
        ["whether the ref is protected", { ...MAIN, refProtected: true }],
        ["a tier", { ...MAIN, deploymentTier: "production" }],
        ["a raw sub of declared components", { sub: "project_id:4711:ref_protected:true:deployment_tier:production" }],
    ] as const) {
        it(`takes ${title}`, () => {
            expect(briefOf([subject])).to.deep.equal([]);
            expect(briefOf([subject], { url: SELF })).to.deep.equal([]);
        });
    }

    it("reports them with all other problems", () => {
        expect(
            briefOf([{ ...MAIN, branch: "a b" }], {
                roleArns: { deploy: "deploy", plan: 5 },
                url: "gitlab.com",
                audience: "a b",
                gitlabCi: { form: "jobs", stagee: "x" },
            }),
        ).to.deep.equal([
            'roleArns["plan"] wrong-type',
            "gitlabCi.stagee unknown-property",
            "url issuer-url",
            "audience audience",
            'roleArns["deploy"] role-arn',
            `${AT}[0].branch ref-name`,
            "gitlabCi.form ci-option",
        ]);
    });
});
