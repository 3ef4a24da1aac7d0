import * as pulumi from "@pulumi/pulumi";
import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitLabOidcArgs } from "../../provider/contract/args";
import { everythingInAws, nothing } from "./account";
import { emptyAccount, engine, type Program } from "./engine";
import { expectRefusal, LEFT_IN_STATE, problems } from "./refusal";
import { plugin, routes } from "./routes";

const READ = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const deploy = { subjects: [{ project: "mygroup/myproject", branch: "main" }] };

const BAD: GitLabOidcArgs = {
    url: "http://gitlab.example.com:8443/",
    maxSessionDuration: 60,
    roles: {
        deploy: {
            subjects: [{ project: "mygroup/myproject", branch: "main", tag: "v1" }],
            maxSessionDuration: 50000,
            name: "n".repeat(65),
        },
        none: { subjects: [] },
        all: { subjects: [{ project: "*", branch: "main" }] },
    },
};

/** What the same inputs are in a YAML program. */
const BAD_YAML = `resources:
  gitlab:
    type: aws-gitlab-oidc:GitLabOidc
    properties:
      url: http://gitlab.example.com:8443/
      maxSessionDuration: 60
      roles:
        deploy:
          subjects: [{ project: mygroup/myproject, branch: main, tag: v1 }]
          maxSessionDuration: 50000
          name: ${"n".repeat(65)}
        none: { subjects: [] }
        all: { subjects: [{ project: "*", branch: main }] }
`;

const BAD_SAYS = [
    "url: \"http://gitlab.example.com:8443/\" is not https: AWS fetches the instance's keys over TLS only; it has a port: IAM does not take one; it ends with a slash: GitLab's `iss` has none, so no token would match. " +
        'Write "https://gitlab.example.com", exactly as in the `iss` claim of the instance\'s ID tokens. [issuer-url]',
    "maxSessionDuration: 60 seconds is outside of what IAM takes, 3600 (1 hour) to 43200 (12 hours). Write 3600: a job can ask STS for less, from 900 seconds. [role-duration]",
    'roles["deploy"].subjects[0].tag: stands beside `branch`: no job runs on both, so it would never match. Write two subjects. [several-refs]',
    `roles["deploy"].name: "${"n".repeat(65)}" has 65 characters: IAM takes 1 to 64. Choose a shorter name, or leave it out. [role-name]`,
    'roles["deploy"].maxSessionDuration: 50000 seconds is outside of what IAM takes, 3600 (1 hour) to 43200 (12 hours). Write at most 43200: a job cannot keep one session longer. [role-duration]',
    'roles["none"].subjects: is empty: a role that nobody may assume. Name who may: [{ project: "mygroup/myproject", branch: "main" }]. [no-subject]',
    'roles["all"].subjects[0].project: "*" has a wildcard in its first segment: it would admit projects of every owner on the instance. Name the top-level group: "mygroup/myproject". [path-wildcard]',
];

const OUTPUT =
    "is an output of another resource, but decides which resources there are, so it has to be known beforehand. Give a plain value; the values inside may be outputs. [plain-required]";

for (const { name, GitLabOidc, IdentityProvider, PipelineRole } of routes) {
    describe(`engine: inputs that are refused, ${name}`, () => {
        emptyAccount();

        /** Each is a program, and all of what is wrong with it. */
        const table: Readonly<Record<string, { program: Program; says: readonly string[] }>> = {
            "everything at once": { program: () => void GitLabOidc("gitlab", BAD), says: BAD_SAYS },
            "no roles": {
                program: () => void GitLabOidc("gitlab", { roles: {} }),
                says: [
                    "roles: is empty: a provider that nobody uses. Add a role: { deploy: { subjects: [...] } }; for the provider alone use `IdentityProvider`. [required]",
                ],
            },
            "wrong types": {
                program: () =>
                    void GitLabOidc("gitlab", {
                        audiences: "sts.amazonaws.com",
                        adoptExisting: "yes",
                        roles: {
                            deploy: { subjects: [{ project: 1, branche: "main" }], maxSessionDuration: "long" },
                            list: [],
                        },
                    } as never),
                says: [
                    'audiences: is the text "sts.amazonaws.com". Give a list. [wrong-type]',
                    'adoptExisting: is the text "yes". Give true or false. [wrong-type]',
                    'roles["deploy"].subjects[0].project: is 1. Give text: "1". [wrong-type]',
                    'roles["deploy"].subjects[0].branche: is not known here. Properties are project, group, projectId, branch, tag, refProtected, environmentProtected, deploymentTier, claims, sub. [unknown-property]',
                    'roles["deploy"].maxSessionDuration: is the text "long". Give a whole number. [wrong-type]',
                    'roles["list"]: is a list. Give an object. [wrong-type]',
                    'roles["deploy"].subjects[0]: names neither branch nor tag. Add branch: "main" or tag: "v*"; branch: "*" admits every branch. [no-ref]',
                ],
            },
            IdentityProvider: {
                program: () => void IdentityProvider("gitlab", { url: "https://gitlab.com/", audiences: [] }),
                says: [
                    'url: "https://gitlab.com/" ends with a slash: GitLab\'s `iss` has none, so no token would match. Write "https://gitlab.com", exactly as in the `iss` claim of the instance\'s ID tokens. [issuer-url]',
                    "audiences: is empty: every token would be refused as `Incorrect token audience`. Leave it out for the url of the instance, or name what the jobs ask for. [audience]",
                ],
            },
            PipelineRole: {
                program: () => void PipelineRole("gitlab", { providerArn: "x", subjects: [] }),
                says: [
                    'providerArn: "x" is not the ARN of an IAM OIDC identity provider. It looks like "arn:aws:iam::111122223333:oidc-provider/gitlab.com". [provider-arn]',
                    'subjects: is empty: a role that nobody may assume. Name who may: [{ project: "mygroup/myproject", branch: "main" }]. [no-subject]',
                ],
            },
        };

        for (const [title, { program, says }] of Object.entries(table)) {
            it(`${title}: one error with all problems, and nothing is made`, async () => {
                const stack = await (await engine()).program(program);
                const ran = await stack.refused();
                expect(problems(ran)).to.have.members(says);
                expectRefusal(ran);
                expect(stack.resources()).to.deep.equal([]);
                expect(await everythingInAws()).to.deep.equal(nothing);
            });
        }

        it("an output where the graph of resources depends on it", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const shared = new Policy("shared", { policy: READ });
                const late = (value: unknown): never => shared.arn.apply(() => value) as never;
                GitLabOidc("gitlab", {
                    roles: {
                        a: late(deploy),
                        b: {
                            ...deploy,
                            managedPolicies: late({}),
                            inlinePolicies: late({}),
                            accept: late([]),
                            formerKeys: late([]),
                        },
                    },
                });
                return undefined;
            });
            for (const operation of ["preview", "up"] as const) {
                const ran = await stack.refused(operation);
                expect(problems(ran)).to.have.members([
                    `roles["a"]: ${OUTPUT}`,
                    `roles["b"].managedPolicies: ${OUTPUT}`,
                    `roles["b"].inlinePolicies: ${OUTPUT}`,
                    `roles["b"].accept: ${OUTPUT}`,
                    `roles["b"].formerKeys: ${OUTPUT}`,
                ]);
                expectRefusal(ran);
            }
            stack.edit(() => {
                const shared = new Policy("shared", { policy: READ });
                GitLabOidc("gitlab", { roles: shared.arn.apply(() => ({ deploy })) as never });
                return undefined;
            });
            expect(problems(await stack.refused())).to.deep.equal([`roles: ${OUTPUT}`]);
            expect(await everythingInAws()).to.deep.include({ providers: [], roles: [] });
        });

        it("a value that turns out bad only during up: one error, and nothing of the component is made", async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const shared = new Policy("shared", { name: "shared", policy: READ });
                GitLabOidc("gitlab", {
                    url: "https://gitlab.example.com",
                    roles: {
                        bad: {
                            subjects: [{ project: shared.arn, branch: "main" }],
                            managedPolicies: { own: pulumi.interpolate`x${shared.arn}` },
                        },
                        good: deploy,
                    },
                });
                return undefined;
            });
            await stack.preview();
            const ran = await stack.refused();
            expect(problems(ran)).to.deep.equal([
                `roles["bad"].subjects[0].project: "arn:aws:iam::111122223333:policy/shared" has the segment "arn:aws:iam::111122223333:policy", which GitLab does not allow in a path. ` +
                    'Write the path as it stands in GitLab\'s address bar: "mygroup/myproject". [gitlab-path]',
                'roles["bad"].managedPolicies["own"]: "xarn:aws:iam::111122223333:policy/shared" is not the ARN of a managed policy. It looks like "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess". [policy-arn]',
            ]);
            // The plugin is asked when the values are known, and registers nothing.
            expectRefusal(ran, name === "plugin" ? "Nothing of it was made." : LEFT_IN_STATE);
            expect(await everythingInAws()).to.deep.equal({ ...nothing, policies: ["shared"] });
            const made = stack.resources().filter(({ type }) => type.startsWith("aws:"));
            expect(made.map(({ type }) => type)).to.deep.equal(["aws:iam/policy:Policy"]);
        });
    });
}

describe("engine: inputs that are refused, in docs/first-steps-python.md", () => {
    it("the page shows the lines that matter as they are printed", async () => {
        const page = readFileSync(join(__dirname, "../../docs/first-steps-python.md"), "utf8");
        const lines = /^```\n( +error: .*?)^```$/ms.exec(page)![1]!;
        const subjects = [{ project: "mygroup/myproject", projectId: "4711", branch: "refs/heads/main" }];
        const stack = await (
            await engine()
        ).program(() => void plugin.GitLabOidc("gitlab", { roles: { deploy: { subjects } } }), "platform");
        expect((await stack.refused()).text).to.contain(lines);
    });
});

describe("engine: inputs that are refused, YAML", () => {
    emptyAccount();

    it("everything at once: one error with all problems, and nothing is made", async () => {
        const stack = await (await engine()).yaml(BAD_YAML);
        const ran = await stack.refused();
        expect(problems(ran)).to.have.members(BAD_SAYS);
        expectRefusal(ran);
        expect(await everythingInAws()).to.deep.equal(nothing);
    });

    it("wrong types and names are found by the YAML host, out of the schema", async () => {
        const stack = await (
            await engine()
        ).yaml(`resources:
  gitlab:
    type: aws-gitlab-oidc:GitLabOidc
    properties:
      audiences: sts.amazonaws.com
      adoptExisting: "yes"
      tags: [a]
      roles:
        deploy:
          subjects: { project: mygroup/myproject, branch: main }
          maxSessionDuration: long
`);
        const ran = await stack.refused();
        expectRefusal(
            ran,
            "  adoptExisting: Cannot assign type 'string' to type 'boolean'",
            "  audiences: Cannot assign type 'string' to type 'List<string>'",
            "      maxSessionDuration: Cannot assign type 'string' to type 'integer'",
            "      subjects: Cannot assign '{project: string, branch: string}' to 'List<aws-gitlab-oidc:index:Subject>'",
            "  tags: Cannot assign 'List<string>' to 'Map<string>'",
        );
        expect(await everythingInAws()).to.deep.equal(nothing);
    });

    it("numbers without quotes, which the YAML host lets pass as text", async () => {
        const stack = await (
            await engine()
        ).yaml(`resources:
  gitlab:
    type: aws-gitlab-oidc:GitLabOidc
    properties:
      roles:
        deploy:
          subjects: [{ project: mygroup/myproject, projectId: 4711, branch: 2024 }]
`);
        expect(problems(await stack.refused())).to.have.members([
            'roles["deploy"].subjects[0].branch: is 2024. Give text: "2024". [wrong-type]',
            'roles["deploy"].subjects[0].projectId: is 4711. Give text: "4711". [wrong-type]',
        ]);
    });
});
