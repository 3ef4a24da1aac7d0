import { expect } from "chai";
import { join } from "node:path";
import { authority, HOST } from "../support/certificates";
import { STOPPED_CLOCK } from "../support/clock";
import { expectFindings, type Printed } from "../support/findings";
import { DISCOVERY, DISCOVERY_DOCUMENT, ISSUER, KEYS, startIssuer, type Behaviour } from "../support/issuer-server";
import { everythingInAws, nothing } from "./account";
import { emptyAccount, engine, type Program, type Ran, type TestStack } from "./engine";
import { expectRefusal, problems } from "./refusal";
import { plugin, routes } from "./routes";

/** A name that is nobody's, now and later (RFC 6761). */
const NOBODY = "https://gitlab.invalid";
const NOT_FOUND: Printed = ["url", "issuer-check", `"${NOBODY}"`, "`dns`"];

const roles = { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } };
const common = { gitlabVersion: "19.1", roles };

const stackOf = async (program: Program): Promise<TestStack> => (await engine()).program(program);

for (const { name, GitLabOidc, IdentityProvider } of routes) {
    describe(`engine: issuerCheck, ${name}`, () => {
        emptyAccount();

        it("error: an issuer that is not there is refused by preview and up, and nothing is made", async () => {
            const stack = await stackOf(
                () => void GitLabOidc("gitlab", { url: NOBODY, issuerCheck: "error", ...common }),
            );
            for (const operation of ["preview", "up"] as const) {
                const ran = await stack.refused(operation);
                expectRefusal(ran);
                expectFindings(problems(ran), [NOT_FOUND]);
            }
            expect(await everythingInAws()).to.deep.equal(nothing);
        });

        it("error: by IdentityProvider too", async () => {
            const stack = await stackOf(() => void IdentityProvider("gitlab", { url: NOBODY, issuerCheck: "error" }));
            const ran = await stack.refused("up");
            expectFindings(problems(ran), [NOT_FOUND]);
            expect(await everythingInAws()).to.deep.equal(nothing);
        });

        it("warn: it is a warning, said once for two components, and all is made", async () => {
            const stack = await stackOf(() => {
                GitLabOidc("gitlab", { url: NOBODY, issuerCheck: "warn", ...common });
                GitLabOidc("second", {
                    url: NOBODY,
                    existingProviderArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.invalid",
                    issuerCheck: "warn",
                    ...common,
                });
            });
            const { warnings } = await stack.up();
            expectFindings(
                warnings.map((warning) => warning.replace(/^GitLabOidc \w+: /, "")),
                [NOT_FOUND],
            );
            expect(stack.labels()).to.include.members(["Role gitlab-deploy", "Role second-deploy"]);
            const again = await stack.unchanged();
            expect(again.warnings).to.have.length(1);
        });

        it("off: nobody is asked", async () => {
            const stack = await stackOf(
                () => void GitLabOidc("gitlab", { url: NOBODY, issuerCheck: "off", ...common }),
            );
            expect((await stack.up()).warnings).to.deep.equal([]);
            await stack.edit(() => void GitLabOidc("gitlab", { url: NOBODY, ...common })).unchanged();
        });

        it("a mode that is none is refused", async () => {
            const stack = await stackOf(
                () => void GitLabOidc("gitlab", { url: NOBODY, issuerCheck: "strict" as "error", ...common }),
            );
            expectFindings(problems(await stack.refused("preview")), [
                ["issuerCheck", "issuer-check", '"strict"', '"off"', '"warn"', '"error"'],
            ]);
        });
    });
}

describe("engine: issuerCheck of an instance on this machine, plugin", () => {
    emptyAccount();

    /** Runs a program whose plugin finds the instance in its network. */
    async function onNetwork(
        behaviour: Behaviour,
        run: (stack: TestStack, requests: readonly string[]) => Promise<void>,
        program: Program,
    ): Promise<void> {
        const server = await startIssuer(behaviour);
        try {
            const stack = await stackOf(program);
            const { root } = await authority();
            stack.env = {
                NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "../support/network.cjs"))} ${STOPPED_CLOCK}`,
                TEST_NETWORK: JSON.stringify({ [HOST]: server.port }),
                TEST_AUTHORITY: root.pem,
            };
            await run(stack, server.requests);
        } finally {
            await server.close();
        }
    }

    const two = (): undefined => {
        plugin.GitLabOidc("gitlab", { url: ISSUER, issuerCheck: "error", ...common });
        plugin.GitLabOidc("second", {
            url: ISSUER,
            existingProviderArn: `arn:aws:iam::111122223333:oidc-provider/${HOST}`,
            issuerCheck: "error",
            ...common,
        });
        return undefined;
    };

    it("one that is sound is asked once a run, says nothing, and leaves nothing in the state", () =>
        onNetwork(
            {},
            async (stack, requests) => {
                const once = [...Array<string>(3).fill(DISCOVERY), ...Array<string>(3).fill(KEYS)];
                expect((await stack.up()).warnings).to.deep.equal([]);
                expect([...requests].sort()).to.deep.equal(once);
                expect((await stack.preview()).changes).to.deep.equal({});
                expect([...requests].sort()).to.deep.equal([...once, ...once].sort());
                expect(JSON.stringify(stack.state())).not.to.match(/issuerCheck|discovery/);
            },
            two,
        ));

    it("one that says another issuer is refused before anything is made", () =>
        onNetwork(
            { replies: { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, issuer: "https://gitlab.example.org" } } },
            async (stack) => {
                const ran: Ran = await stack.refused("up");
                expect(ran.errors.join("\n")).to.contain("fails the check `discovery-issuer`");
                expect(await everythingInAws()).to.deep.equal(nothing);
            },
            two,
        ));

    it("a url that the preview cannot know is checked by up, which is said once", () =>
        onNetwork(
            {},
            async (stack, requests) => {
                const preview = await stack.preview();
                const said = preview.events.flatMap(({ diagnosticEvent }) => diagnosticEvent?.message.trimEnd() ?? []);
                expect(said.filter((text) => text.startsWith("issuerCheck:"))).to.deep.equal([
                    "issuerCheck: the URL is unknown during this preview. `pulumi up` checks the issuer.",
                ]);
                expect(requests).to.deep.equal([]);
                await stack.up();
                expect(requests).to.have.length(6);
            },
            () => {
                const first = plugin.IdentityProvider("first", { url: "https://other.example.com" });
                // The url of a resource that is not there yet.
                const url = first.arn.apply(() => ISSUER);
                plugin.IdentityProvider("second", { url, issuerCheck: "error" });
                plugin.GitLabOidc("gitlab", {
                    url,
                    existingProviderArn: first.arn.apply(() => `arn:aws:iam::111122223333:oidc-provider/${HOST}`),
                    issuerCheck: "error",
                    ...common,
                });
                return undefined;
            },
        ));
});
