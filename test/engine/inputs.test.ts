import * as pulumi from "@pulumi/pulumi";
import { Policy } from "@pulumi/aws/iam/policy";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitLabOidcArgs } from "../../provider/contract/args";
import { expectFindings, type Printed } from "../support/findings";
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

const BAD_SAYS: readonly Printed[] = [
    ["url", "issuer-url", '"http://gitlab.example.com:8443/"', '"https://gitlab.example.com"'],
    ["maxSessionDuration", "role-duration", "60 ", "3600"],
    ['roles["deploy"].subjects[0].tag', "several-refs"],
    ['roles["deploy"].name', "role-name", `"${"n".repeat(65)}"`, "65 ", "64"],
    ['roles["deploy"].maxSessionDuration', "role-duration", "50000 ", "43200"],
    ['roles["none"].subjects', "no-subject"],
    ['roles["all"].subjects[0].project', "path-wildcard", '"*"'],
];

const PLAIN_REQUIRED = "plain-required";

for (const { name, GitLabOidc, IdentityProvider, PipelineRole } of routes) {
    describe(`engine: inputs that are refused, ${name}`, () => {
        emptyAccount();

        /** Each is a program, and all of what is wrong with it. */
        const table: Readonly<Record<string, { program: Program; says: readonly Printed[] }>> = {
            "everything at once": { program: () => void GitLabOidc("gitlab", BAD), says: BAD_SAYS },
            "no roles": {
                program: () => void GitLabOidc("gitlab", { roles: {} }),
                says: [["roles", "required"]],
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
                    ["audiences", "wrong-type", '"sts.amazonaws.com"'],
                    ["adoptExisting", "wrong-type", '"yes"'],
                    ['roles["deploy"].subjects[0].project', "wrong-type", "1"],
                    ['roles["deploy"].subjects[0].branche', "unknown-property", "branch"],
                    ['roles["deploy"].maxSessionDuration', "wrong-type", '"long"'],
                    ['roles["list"]', "wrong-type"],
                ],
            },
            IdentityProvider: {
                program: () => void IdentityProvider("gitlab", { url: "https://gitlab.com/", audiences: [] }),
                says: [
                    ["url", "issuer-url", '"https://gitlab.com/"', '"https://gitlab.com"'],
                    ["audiences", "audience"],
                ],
            },
            PipelineRole: {
                program: () => void PipelineRole("gitlab", { providerArn: "x", subjects: [] }),
                says: [
                    ["providerArn", "provider-arn", '"x"'],
                    ["subjects", "no-subject"],
                ],
            },
        };

        for (const [title, { program, says }] of Object.entries(table)) {
            it(`${title}: one error with all problems, and nothing is made`, async () => {
                const stack = await (await engine()).program(program);
                const ran = await stack.refused();
                expectFindings(problems(ran), says);
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
                expectFindings(problems(ran), [
                    ['roles["a"]', PLAIN_REQUIRED],
                    ['roles["b"].managedPolicies', PLAIN_REQUIRED],
                    ['roles["b"].inlinePolicies', PLAIN_REQUIRED],
                    ['roles["b"].accept', PLAIN_REQUIRED],
                    ['roles["b"].formerKeys', PLAIN_REQUIRED],
                ]);
                expectRefusal(ran);
            }
            stack.edit(() => {
                const shared = new Policy("shared", { policy: READ });
                GitLabOidc("gitlab", { roles: shared.arn.apply(() => ({ deploy })) as never });
                return undefined;
            });
            expectFindings(problems(await stack.refused()), [["roles", PLAIN_REQUIRED]]);
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
            expectFindings(problems(ran), [
                ['roles["bad"].subjects[0].project', "gitlab-path", '"arn:aws:iam::111122223333:policy/shared"'],
                ['roles["bad"].managedPolicies["own"]', "policy-arn", '"xarn:aws:iam::111122223333:policy/shared"'],
            ]);
            // The plugin is asked when the values are known, and registers nothing.
            expectRefusal(ran, name === "plugin" ? "None of its resources were created." : LEFT_IN_STATE);
            expect(await everythingInAws()).to.deep.equal({ ...nothing, policies: ["shared"] });
            const made = stack.resources().filter(({ type }) => type.startsWith("aws:"));
            expect(made.map(({ type }) => type)).to.deep.equal(["aws:iam/policy:Policy"]);
        });
    });
}

describe("engine: inputs that are refused, in docs/getting-started/python.md", () => {
    it("the page shows the lines that matter as they are printed", async () => {
        const page = readFileSync(join(__dirname, "../../docs/getting-started/python.md"), "utf8");
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
        expectFindings(problems(ran), BAD_SAYS);
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
        expectFindings(problems(await stack.refused()), [
            ['roles["deploy"].subjects[0].branch', "wrong-type", '"2024"'],
            ['roles["deploy"].subjects[0].projectId', "wrong-type", '"4711"'],
        ]);
    });
});
