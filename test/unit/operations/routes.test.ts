import type { InvokeResult } from "@pulumi/pulumi/provider";
import { expect } from "chai";
import * as npm from "../../../provider";
import { InvalidInputsError } from "../../../provider/contract/findings";
import { token } from "../../../provider/contract/schema";
import { buildGitLabCi } from "../../../provider/operations/gitlab-ci";
import { checkIssuer, checkProject, lookupProject } from "../../../provider/operations/issuer";
import {
    buildOrganizationGuardrail,
    buildTrustPolicy,
    describeTrustPolicy,
    explainTrust,
    lintTrustPolicy,
} from "../../../provider/operations/trust";
import { provider } from "../../../provider/provider";
import { trustPolicy } from "../../support/policies";

type Name =
    | "getTrustPolicy"
    | "getGitlabCi"
    | "getOrganizationGuardrail"
    | "explainTrust"
    | "lintTrustPolicy"
    | "describeTrustPolicy"
    | "checkIssuer"
    | "checkProject"
    | "lookupProject";

/** The functions as the modules without Pulumi export them. */
const MODULES: Readonly<Record<Name, (args: never) => unknown>> = {
    getTrustPolicy: buildTrustPolicy,
    getGitlabCi: buildGitLabCi,
    getOrganizationGuardrail: buildOrganizationGuardrail,
    explainTrust,
    lintTrustPolicy,
    describeTrustPolicy,
    checkIssuer,
    checkProject,
    lookupProject,
};

/** What a route answers: the result, or each problem as its path and its text. */
type Answer = { readonly result: unknown } | { readonly problems: readonly string[] };

const ROUTES: Readonly<Record<string, (name: Name, args: unknown) => Promise<Answer>>> = {
    async module(name, args) {
        try {
            return { result: await MODULES[name](args as never) };
        } catch (error) {
            expect(error).to.be.instanceOf(InvalidInputsError);
            return { problems: linesOf((error as Error).message) };
        }
    },
    async npm(name, args) {
        try {
            return { result: await npm[name](args as never) };
        } catch (error) {
            expect((error as Error).message).to.match(new RegExp(`^${name}: \\d+ problems? with the inputs:`));
            return { problems: linesOf((error as Error).message) };
        }
    },
    async invoke(name, args) {
        const answer: InvokeResult = await provider.invoke!(token(name), args);
        return answer.failures === undefined
            ? { result: answer.outputs as unknown }
            : {
                  problems: answer.failures.map(({ property, reason }) =>
                      property === "" ? reason : `${property}: ${reason}`,
                  ),
              };
    },
};

function linesOf(message: string): readonly string[] {
    return message
        .split("\n")
        .slice(1)
        .join("\n")
        .split(/^ {2}- /m)
        .slice(1)
        .map((text) => text.trimEnd().replace("\n      ", "\n    "));
}

async function answers(name: Name, args: unknown): Promise<Answer> {
    const [first, ...others] = await Promise.all(Object.values(ROUTES).map((route) => route(name, args)));
    for (const other of others) {
        expect(other).to.deep.equal(first);
    }
    return first!;
}

async function problemsOf(name: Name, args: unknown): Promise<readonly string[]> {
    const answer = await answers(name, args);
    return "problems" in answer ? answer.problems : [];
}

/** The path and the id of each. */
async function briefOf(name: Name, args: unknown): Promise<readonly string[]> {
    return (await problemsOf(name, args)).map((line) =>
        line.replace(/^(?:([^ ]+): )?.* \[([\w-]+)\]\n {4}https:.*#\2$/, "$1 $2").trim(),
    );
}

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const ARN = "arn:aws:iam::111122223333:role/deploy";
const SUBJECT = { project: "mygroup/myproject", projectId: "4711", branch: "main" };
const TRUST = { providerArn: PROVIDER, subjects: [SUBJECT] };
const CI = { roleArns: { deploy: ARN } };
const POLICY = trustPolicy({
    StringEquals: {
        "gitlab.com:aud": "https://gitlab.com",
        "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
        "gitlab.com:project_id": "4711",
    },
});
const CLAIMS = {
    iss: "https://gitlab.com",
    aud: "https://gitlab.com",
    sub: "project_path:mygroup/myproject:ref_type:branch:ref:main",
    project_id: "4711",
};

/** Good arguments of each function. */
const GOOD: Readonly<Record<Name, Readonly<Record<string, unknown>>>> = {
    getTrustPolicy: TRUST,
    getGitlabCi: CI,
    getOrganizationGuardrail: { groups: ["mygroup"] },
    explainTrust: { trustPolicy: POLICY, claims: CLAIMS },
    lintTrustPolicy: { trustPolicy: POLICY },
    describeTrustPolicy: { trustPolicy: POLICY },
    checkIssuer: { url: "https://gitlab.example.com" },
    checkProject: { project: "mygroup/myproject" },
    lookupProject: { project: "mygroup/myproject" },
};

const REQUIRED: Readonly<Record<Name, readonly string[]>> = {
    getTrustPolicy: ["providerArn required", "subjects required"],
    getGitlabCi: ["roleArns required"],
    getOrganizationGuardrail: ["groups guardrail-scope"],
    explainTrust: ["trustPolicy required", "claims required"],
    lintTrustPolicy: ["trustPolicy required"],
    describeTrustPolicy: ["trustPolicy required"],
    checkIssuer: ["url required"],
    checkProject: ["project required"],
    lookupProject: ["project required"],
};

describe("the module, the npm package and the plugin answer the same", () => {
    for (const name of Object.keys(GOOD) as Name[]) {
        describe(name, () => {
            it("refuses no arguments, with everything that is missing", async () => {
                expect(await briefOf(name, {})).to.deep.equal(REQUIRED[name]);
            });

            it("takes null for not given", async () => {
                const nothing = new Map(REQUIRED[name].map((line) => [line.split(" ")[0]!, null]));
                expect(await briefOf(name, Object.fromEntries(nothing))).to.deep.equal(REQUIRED[name]);
            });

            it("refuses an argument that it does not have", async () => {
                expect(await briefOf(name, { ...GOOD[name], subejcts: [] })).to.deep.equal([
                    "subejcts unknown-property",
                ]);
                expect(await briefOf(name, { ...GOOD[name], now: 1 })).to.deep.equal(["now unknown-property"]);
            });
        });
    }

    it("an answer", async () => {
        expect(await answers("getTrustPolicy", TRUST)).to.deep.equal({
            result: { json: JSON.stringify(POLICY), warnings: [] },
        });
        expect(await answers("lintTrustPolicy", { trustPolicy: POLICY })).to.deep.equal({
            result: { findings: [], unchecked: [] },
        });
        expect(await answers("describeTrustPolicy", { trustPolicy: POLICY })).to.deep.equal({
            result: {
                description:
                    "The role trusts jobs of https://gitlab.com. The audience of the ID token must be https://gitlab.com.",
                providerArn: PROVIDER,
                url: "https://gitlab.com",
                audiences: ["https://gitlab.com"],
                subjects: [
                    {
                        description: "Jobs of the project mygroup/myproject (ID 4711) on the branch main",
                        ...SUBJECT,
                    },
                ],
                notes: [],
                unexplained: [],
            },
        });
        expect(await answers("explainTrust", { trustPolicy: POLICY, claims: CLAIMS }))
            .to.have.property("result")
            .that.includes({ allowed: true });
        expect(await answers("getOrganizationGuardrail", { groups: ["mygroup"] })).to.deep.equal({
            result: {
                json: '{"Version":"2012-10-17","Statement":[{"Sid":"GitLabSubjects","Effect":"Deny","Principal":"*","Action":"sts:AssumeRoleWithWebIdentity","Resource":"*","Condition":{"Null":{"gitlab.com:sub":"false"},"StringNotLike":{"gitlab.com:sub":"project_path:mygroup/*"}}}]}',
                warnings: [],
            },
        });
        expect(await answers("getGitlabCi", CI))
            .to.have.nested.property("result.yaml")
            .that.contains("assume role deploy:");
    });

    const wide = { providerArn: PROVIDER, subjects: [{ group: "mygroup", branch: "main" }] };
    for (const [title, name, args, result] of [
        ["what is accepted is no warning", "getTrustPolicy", { ...wide, accept: ["group-wide"] }, []],
        [
            "what is accepted and does not occur is one",
            "getTrustPolicy",
            { ...TRUST, accept: ["any-branch"] },
            ["accept unused-accept"],
        ],
        ["what is not accepted is one", "getTrustPolicy", wide, ["subjects[0].group group-wide"]],
        [
            "what a guardrail warns about",
            "getOrganizationGuardrail",
            { projectIds: ["20"] },
            ["projectIds guardrail-project-ids"],
        ],
        ["null accepts nothing", "getTrustPolicy", { ...wide, accept: null }, ["subjects[0].group group-wide"]],
    ] as const) {
        it(title, async () => {
            const answer = (await answers(name, args)) as { result: { warnings: readonly npm.Finding[] } };
            expect(answer.result.warnings.map(({ path, id }) => `${path} ${id}`)).to.deep.equal(result);
        });
    }

    const role = { providerArn: PROVIDER, subjects: [SUBJECT] };
    const ci = (gitlabCi: object): object => ({ ...CI, gitlabCi });
    for (const [name, args, problems] of [
        ["getTrustPolicy", { ...TRUST, accept: ["no-subject"] }, ["accept[0] accept"]],
        ["getTrustPolicy", { ...TRUST, accept: "group-wide" }, ["accept wrong-type"]],
        ["getTrustPolicy", { ...TRUST, accept: [null] }, ["accept[0] wrong-type"]],
        ["getTrustPolicy", { ...TRUST, subjects: [SUBJECT, null] }, ["subjects[1] wrong-type"]],
        [
            "getTrustPolicy",
            { ...TRUST, subjects: [{ ...SUBJECT, brnch: "x" }] },
            ["subjects[0].brnch unknown-property"],
        ],
        ["lintTrustPolicy", { trustPolicy: POLICY, accept: ["no-audience"] }, ["accept[0] accept"]],
        ["lintTrustPolicy", { trustPolicy: POLICY, accept: [null] }, ["accept[0] wrong-type"]],
        ["describeTrustPolicy", { trustPolicy: "x" }, ["policy-document"]],
        ["describeTrustPolicy", { trustPolicy: POLICY, url: "gitlab.com" }, ["url issuer-url"]],
        [
            "describeTrustPolicy",
            { trustPolicy: POLICY, subClaimComponents: ["ref"] },
            ["subClaimComponents sub-components"],
        ],
        [
            "getOrganizationGuardrail",
            { groups: ["*"], audiences: [null], exceptRoles: "x" },
            ["audiences[0] wrong-type", "exceptRoles wrong-type", "groups[0] path-wildcard"],
        ],
        [
            "explainTrust",
            { trustPolicy: POLICY, claims: CLAIMS, guardrails: [5], roleArn: "x" },
            ["guardrails[0] guardrail", "roleArn role-arn"],
        ],
        ["explainTrust", { role: { ...role, accept: [] }, claims: CLAIMS }, ["role.accept unknown-property"]],
        ["explainTrust", { role: { ...role, subjects: [] }, claims: CLAIMS }, ["role.subjects no-subject"]],
        ["explainTrust", { role: { ...role, subjects: [null] }, claims: CLAIMS }, ["role.subjects[0] wrong-type"]],
        ["checkIssuer", { url: 5, timeout: 0 }, ["url wrong-type", "timeout issuer-option"]],
        [
            "checkProject",
            { project: 5, token: [], timeout: "1" },
            ["project wrong-type", "token wrong-type", "timeout wrong-type"],
        ],
        [
            "checkProject",
            { subjects: [{ project: "mygroup" }] },
            ["subjects[0].project gitlab-path", "subjects[0] no-ref"],
        ],
        [
            "lookupProject",
            { project: "mygroup/*", connectTo: "x" },
            ["connectTo issuer-option", "project path-wildcard"],
        ],
        ["getGitlabCi", ci({ jobname: "x" }), ["gitlabCi.jobname unknown-property"]],
        ["getGitlabCi", ci({ duration: "3600" }), ["gitlabCi.duration wrong-type"]],
        ["getGitlabCi", ci({ script: "aws s3 ls" }), ["gitlabCi.script wrong-type"]],
        ["getGitlabCi", ci({ script: ["aws s3 ls", null] }), ["gitlabCi.script[1] wrong-type"]],
        ["getGitlabCi", ci({ entrypoint: [null], image: "x" }), ["gitlabCi.entrypoint[0] wrong-type"]],
        ["getGitlabCi", { ...CI, gitlabCi: [] }, ["gitlabCi wrong-type"]],
        [
            "getGitlabCi",
            { ...CI, roles: { deploy: { gitlabCi: { jobname: "x" } } } },
            ['roles["deploy"].gitlabCi.jobname unknown-property'],
        ],
        ["getGitlabCi", { ...CI, roles: { deploy: { subjects: [null] } } }, ['roles["deploy"].subjects[0] wrong-type']],
        ["getGitlabCi", { ...CI, roles: { deploy: 5 } }, ['roles["deploy"] wrong-type']],
        ["getGitlabCi", { ...CI, roles: [] }, ["roles wrong-type"]],
        ["getGitlabCi", { roleArns: ARN }, ["roleArns wrong-type"]],
        [
            "getGitlabCi",
            { roleArns: { deploy: 5, plan: "x" } },
            ['roleArns["deploy"] wrong-type', 'roleArns["plan"] role-arn'],
        ],
        ["getGitlabCi", { roleArns: {} }, ["roleArns required"]],
        ["getGitlabCi", { roleArns: { deploy: null } }, ["roleArns required"]],
    ] as const) {
        it(`${name} refuses ${JSON.stringify(args).slice(0, 120)}`, async () => {
            expect(await briefOf(name, args)).to.deep.equal(problems);
        });
    }

    for (const args of [undefined, 5, "text", [TRUST]]) {
        it(`arguments that are no object: ${typeof args}`, () => {
            for (const call of [
                buildTrustPolicy,
                buildOrganizationGuardrail,
                buildGitLabCi,
                lintTrustPolicy,
                describeTrustPolicy,
                explainTrust,
            ]) {
                expect(() => call(args as never)).to.throw(InvalidInputsError);
            }
        });
    }
});
