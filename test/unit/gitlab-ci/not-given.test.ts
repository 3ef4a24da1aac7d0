import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { GitLabOidc, PipelineRole, type GitLabCiOptions } from "../../../provider";
import { buildGitLabCi, type GetGitlabCiArgs } from "../../../provider/operations/gitlab-ci";

const ROLE_ARNS = { deploy: "arn:aws:iam::111122223333:role/deploy" };
const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
const SUBJECT = { project: "mygroup/myproject", projectId: "4711", branch: "main" };
const COMPONENT = { form: "component", componentProject: "mygroup/aws-roles" } as const;

/** Every option, not given. */
const NOTHING = Object.fromEntries(
    (
        "form credentials jobName stage image entrypoint environment tokenVariable roleArnVariable region duration " +
        "sessionName assumeRole secrets rules script componentProject componentVersion"
    )
        .split(" ")
        .map((name) => [name, null]),
) as GitLabCiOptions;

describe("null is an option of the CI configuration that is not given", () => {
    const plain = buildGitLabCi({ roleArns: ROLE_ARNS });
    const staged = buildGitLabCi({ roleArns: ROLE_ARNS, gitlabCi: { stage: "deploy", script: ["make"] } });
    const ruled = buildGitLabCi({ roleArns: ROLE_ARNS, roles: { deploy: { subjects: [SUBJECT] } } });
    const published = buildGitLabCi({ roleArns: ROLE_ARNS, gitlabCi: COMPONENT });
    for (const [title, args, expected] of [
        ["for all roles", { gitlabCi: NOTHING }, plain],
        ["for one role", { roles: { deploy: { gitlabCi: NOTHING } } }, plain],
        [
            "for one role, beside one for all",
            { gitlabCi: { stage: "deploy", script: ["make"] }, roles: { deploy: { gitlabCi: NOTHING } } },
            staged,
        ],
        [
            "options themselves",
            { gitlabCi: null, roles: { deploy: { gitlabCi: null, subjects: null, maxSessionDuration: null } } },
            plain,
        ],
        ["a role", { roles: { deploy: null } }, plain],
        ["roles, url and audience", { roles: null, url: null, audience: null }, plain],
        ["a field of a subject", { roles: { deploy: { subjects: [{ ...SUBJECT, tag: null, claims: null }] } } }, ruled],
        ["of a component", { gitlabCi: { ...NOTHING, ...COMPONENT } }, published],
    ] as const) {
        it(title, () => {
            expect(buildGitLabCi({ roleArns: ROLE_ARNS, ...args } as unknown as GetGitlabCiArgs)).to.deep.equal(
                expected,
            );
        });
    }
});

describe("null is an option of a component that is not given", () => {
    before(() =>
        pulumi.runtime.setMocks({
            newResource: ({ name, inputs }) => ({
                id: name,
                state: { ...(inputs as object), arn: ROLE_ARNS.deploy, name: "deploy" },
            }),
            call: () => ({}),
        }),
    );

    function written({ gitlabCiYml, gitlabCiFiles }: GitLabOidc | PipelineRole): Promise<unknown> {
        const both = pulumi.all([gitlabCiYml, gitlabCiFiles]) as unknown as { promise(): Promise<unknown> };
        return both.promise();
    }

    const platform = (gitlabCi?: unknown, own?: unknown): Promise<unknown> =>
        written(
            new GitLabOidc("gitlab", {
                existingProviderArn: PROVIDER,
                gitlabCi,
                roles: { deploy: { subjects: [SUBJECT], gitlabCi: own } },
            } as never),
        );
    const alone = (gitlabCi?: unknown): Promise<unknown> =>
        written(new PipelineRole("deploy", { providerArn: PROVIDER, subjects: [SUBJECT], gitlabCi } as never));

    it("GitLabOidc", async () => {
        const plain = await platform();
        expect(await platform(NOTHING)).to.deep.equal(plain);
        expect(await platform(null, NOTHING)).to.deep.equal(plain);
        expect(await platform(NOTHING, NOTHING)).to.deep.equal(plain);
        expect(await platform(pulumi.output(NOTHING))).to.deep.equal(plain);
        expect(await platform({ ...NOTHING, ...COMPONENT }, NOTHING)).to.deep.equal(await platform(COMPONENT));
        const staged = await platform({ stage: "deploy" });
        expect(await platform({ ...NOTHING, stage: "deploy" }, NOTHING)).to.deep.equal(staged);
        expect(await platform(NOTHING, { ...NOTHING, stage: "deploy" })).to.deep.equal(staged);
    });

    it("PipelineRole", async () => {
        const plain = await alone();
        expect(await alone(NOTHING)).to.deep.equal(plain);
        expect(await alone(null)).to.deep.equal(plain);
        expect(await alone(pulumi.output(NOTHING))).to.deep.equal(plain);
        expect(await alone({ ...NOTHING, ...COMPONENT })).to.deep.equal(await alone(COMPONENT));
    });
});
