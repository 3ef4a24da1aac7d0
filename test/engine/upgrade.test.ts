import { expect } from "chai";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { emptyAccount, engine, type Program } from "./engine";
import { routes, type Route } from "./routes";

const FIXTURES = join(__dirname, "../fixtures/states");
const PROJECT = "upgrade";

/** What the recorded stacks were made of; `RECORD_STATE=1 npx mocha test/engine/upgrade.test.ts` records one of this version. */
const programOf =
    ({ GitLabOidc, PipelineRole }: Route): Program =>
    () => {
        const gitlab = GitLabOidc("gitlab", {
            url: "https://gitlab.example.com",
            gitlabVersion: "19.1",
            thumbprints: ["a031c46782e6e6c662c2c87c76da9aa62ccabd8e"],
            roles: {
                deploy: {
                    subjects: [
                        { project: "mygroup/myproject", branch: "main" },
                        { project: "mygroup/myproject", tag: "v*" },
                    ],
                    accept: ["unprotected-tag"],
                    inlinePolicies: {
                        releases: {
                            Version: "2012-10-17",
                            Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::x/*" }],
                        },
                    },
                },
                plan: {
                    subjects: [{ group: "mygroup", branch: "*" }],
                    accept: ["group-wide", "any-branch"],
                    name: "plan",
                    path: "/ci/",
                    maxSessionDuration: 7200,
                    managedPolicies: { readOnly: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
                },
            },
            tags: { team: "platform" },
        });
        const own = PipelineRole("release", {
            providerArn: gitlab.providerArn,
            gitlabVersion: "19.1",
            subjects: [{ project: "mygroup/release", branch: "main" }],
        });
        return { roleArns: gitlab.roleArns, arn: own.arn };
    };

describe("engine: a stack that an earlier version made", () => {
    emptyAccount();

    if (process.env["RECORD_STATE"] !== undefined) {
        it("is recorded", async () => {
            const stack = await (await engine()).program(programOf(routes[0]!), PROJECT);
            await stack.up();
            const { text } = await stack.command(["stack", "export", "--stack", stack.name]);
            const state = JSON.parse(text.replaceAll(`urn:pulumi:${stack.name}::`, "urn:pulumi:STACK::")) as unknown;
            // Without the places in the program, which are paths of the machine.
            const isPlace = (name: string): boolean => name === "sourcePosition" || name === "stackTrace";
            const recorded = JSON.stringify(state, (name, value: unknown) => (isPlace(name) ? undefined : value), 1);
            writeFileSync(join(FIXTURES, `state-${packageJson().version}.json`), `${recorded}\n`);
            await stack.destroy();
        });
    }

    it("is there for this version", () => {
        expect(readdirSync(FIXTURES)).to.include(`state-${packageJson().version}.json`);
    });

    for (const fixture of readdirSync(FIXTURES)) {
        for (const route of routes) {
            it(`${fixture}: has nothing to replace, to delete or to make, ${route.name}`, async () => {
                const stack = await (await engine()).program(programOf(route), PROJECT);
                const state = readFileSync(join(FIXTURES, fixture), "utf8");
                const file = join(stack.folder, "state.json");
                writeFileSync(file, state.replaceAll("urn:pulumi:STACK::", `urn:pulumi:${stack.name}::`));
                const { code, text } = await stack.command(["stack", "import", "--stack", stack.name, "--file", file]);
                expect(code, text).to.equal(0);
                const { changes, shown } = await stack.preview();
                expect(shown).to.have.lengthOf(11);
                expect(Object.values(changes).filter((op) => op !== "update")).to.deep.equal([]);
            });
        }
    }
});
