import { Provider } from "@pulumi/aws/provider";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { everythingInAws, roleInAws } from "./account";
import { engine, type StateResource, type TestStack } from "./engine";
import { routes, type Route } from "./routes";

type Options = pulumi.ComponentResourceOptions;

const transform: pulumi.ResourceTransform = ({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, description: "by a transform" }, opts } : undefined;

for (const route of routes) {
    describe(`engine: options of a component, ${route.name}`, () => {
        let stack: TestStack;
        let regions: Record<string, string>;

        const make = (
            { GitLabOidc }: Route,
            name: string,
            opts: Options,
            tags?: Record<string, string>,
        ): pulumi.Resource =>
            GitLabOidc(
                name,
                {
                    url: `https://${name}.example.com`,
                    ...(tags && { tags }),
                    roles: {
                        deploy: {
                            subjects: [{ project: "mygroup/myproject", branch: "main" }],
                            name: `${name}-deploy`,
                            managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
                        },
                    },
                },
                opts,
            );

        /** What AWS has of an instance. */
        const childrenOf = (name: string): readonly StateResource[] => {
            const children = stack
                .resources()
                .filter(({ urn, type }) => type.startsWith("aws:") && urn.split("::").pop()!.startsWith(name));
            expect(children, name).to.have.length(3);
            return children;
        };

        before(async () => {
            const { workspace } = await engine();
            await workspace.emulator.reset();
            stack = await (
                await engine()
            ).program(() => {
                const frankfurt = new Provider("frankfurt", {
                    region: "eu-central-1",
                    defaultTags: { tags: { by: "provider" } },
                });
                make(route, "plain", {});
                make(route, "provider", { provider: frankfurt });
                make(route, "list", { providers: [frankfurt] });
                make(route, "map", { providers: { aws: frankfurt } });
                make(route, "protected", { protect: true });
                make(route, "retained", { retainOnDelete: true });
                make(route, "transformed", { transforms: [transform] });
                make(route, "old", {});
                const first = make(
                    route,
                    "ignoring",
                    { ignoreChanges: ["tags"], customTimeouts: { create: "5m" } },
                    { a: "1" },
                );
                make(route, "dependent", { dependsOn: [first] });
                return undefined;
            });
            await stack.up();
            regions = Object.fromEntries(
                stack
                    .state()
                    .filter(({ type }) => type === "pulumi:providers:aws")
                    .map(({ urn, id, inputs }) => [`${urn}::${id!}`, inputs?.["region"] as string]),
            );
        });

        for (const name of ["provider", "list", "map"]) {
            it(`${name}: every child is made by the given provider`, async () => {
                expect(childrenOf(name).map((child) => regions[child.provider!])).to.deep.equal(
                    Array<string>(3).fill("eu-central-1"),
                );
                expect((await roleInAws(`${name}-deploy`)).tags).to.deep.equal({ by: "provider" });
            });
        }

        it("without: by the default one", async () => {
            expect(childrenOf("plain").map((child) => regions[child.provider!])).not.to.include("eu-central-1");
            expect((await roleInAws("plain-deploy")).tags).to.deep.equal({});
        });

        for (const option of ["protect", "retainOnDelete"] as const) {
            it(`${option} reaches every child`, () => {
                const name = option === "protect" ? "protected" : "retained";
                expect(childrenOf(name).map((child) => child[option])).to.deep.equal([true, true, true]);
                expect(childrenOf("plain").map((child) => child[option] ?? false)).to.deep.equal([false, false, false]);
            });
        }

        it("transforms reach every child", async () => {
            expect((await roleInAws("transformed-deploy")).description).to.equal("by a transform");
            expect((await roleInAws("plain-deploy")).description).to.equal("");
        });

        it("dependsOn and customTimeouts do not cascade, as Pulumi treats components", () => {
            for (const { urn, dependencies = [] } of childrenOf("dependent")) {
                expect(dependencies.join(), urn).not.to.contain("ignoring");
            }
            for (const child of childrenOf("ignoring")) {
                expect(child).not.to.have.property("customTimeouts");
            }
        });

        it("aliases reach every child; ignoreChanges does not; what was retained stays in the account", async () => {
            stack.edit(() => {
                make(route, "protected", { protect: true });
                make(route, "ignoring", { ignoreChanges: ["tags"] }, { a: "2" });
                route.GitLabOidc(
                    "renamed",
                    {
                        url: "https://old.example.com",
                        roles: {
                            deploy: {
                                subjects: [{ project: "mygroup/myproject", branch: "main" }],
                                name: "old-deploy",
                                managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
                            },
                        },
                    },
                    { aliases: [{ name: "old" }] },
                );
                return undefined;
            });
            const { changes } = await stack.up();
            const kept = Object.entries(changes).filter(([, op]) => op !== "delete");
            expect(Object.fromEntries(kept)).to.deep.equal({
                "OpenIdConnectProvider ignoring": "update",
                "Role ignoring-deploy": "update",
            });
            expect(Object.keys(changes).filter((label) => / old/.test(label))).to.deep.equal([]);
            expect((await everythingInAws()).roles).to.deep.equal([
                "ignoring-deploy",
                "old-deploy",
                "protected-deploy",
                "retained-deploy",
            ]);
        });
    });
}
