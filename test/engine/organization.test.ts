import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { getOrganizationGuardrailOutput } from "pulumi-aws-gitlab-oidc";
import type { OrganizationGuardrailArgs } from "../../provider/contract/args";
import { denial } from "../support/policies";
import { emptyAccount, engine, type Program } from "./engine";
import { attachedTo, disableGuardrails, enableGuardrails, guardrailsInAws, newUnit, rootId } from "./organization";
import { expectRefusal, LEFT_IN_STATE } from "./refusal";
import { npm, plugin, routes, type Route } from "./routes";

const document = (...subs: readonly string[]): object => ({
    Version: "2012-10-17",
    Statement: [
        denial("GitLabSubjects", {
            Null: { "gitlab.com:sub": "false" },
            StringNotLike: { "gitlab.com:sub": subs.length === 1 ? subs[0] : subs },
        }),
    ],
});

const program =
    ({ OrganizationGuardrail }: Route, args: OrganizationGuardrailArgs): Program =>
    () => {
        const { policyId, policyArn, policy } = OrganizationGuardrail("guard", args);
        return { policyId, policyArn, policy };
    };

describe("engine: a guardrail of an organization", () => {
    emptyAccount();

    for (const route of routes) {
        it(`is created, attached, changed in place, attached elsewhere and destroyed, by ${route.name}`, async () => {
            await enableGuardrails();
            const [root, sandbox, prod] = [await rootId(), await newUnit("sandbox"), await newUnit("prod")];
            const common = { name: "gitlab", description: "Only our groups", tags: { team: "platform" } };
            const stack = await (
                await engine()
            ).program(program(route, { ...common, groups: ["mygroup"], targets: { sandbox } }));
            const { shown } = await stack.preview();
            expect(shown).to.deep.equal([
                "OrganizationGuardrail guard",
                "Policy guard",
                `PolicyAttachment guard:${sandbox}`,
            ]);
            await stack.up();
            const [created] = await guardrailsInAws();
            expect(created).to.deep.include({ ...common, content: document("project_path:mygroup/*") });
            expect(stack.outputs()).to.deep.equal({
                policyId: created!.id,
                policyArn: created!.arn,
                policy: JSON.stringify(created!.content),
            });
            expect(await attachedTo(created!.id)).to.deep.equal([sandbox]);
            await stack.unchanged();

            // Another document, in place.
            const more = { ...common, groups: ["mygroup", "other"] };
            const changed = await stack.edit(program(route, { ...more, targets: { sandbox } })).up();
            expect(changed.changes).to.deep.equal({ "Policy guard": "update" });
            const [after] = await guardrailsInAws();
            expect(after).to.deep.include({
                id: created!.id,
                content: document("project_path:mygroup/*", "project_path:other/*"),
            });

            // A target more, and the key of the first one renamed.
            const added = await stack.edit(program(route, { ...more, targets: { first: sandbox, prod, root } })).up();
            expect(added.changes).to.deep.equal({
                [`PolicyAttachment guard:${prod}`]: "create",
                [`PolicyAttachment guard:${root}`]: "create",
            });
            expect(await attachedTo(created!.id)).to.have.members([root, prod, sandbox]);

            // A target less.
            const removed = await stack.edit(program(route, { ...more, targets: { root } })).up();
            expect(removed.changes).to.deep.equal({
                [`PolicyAttachment guard:${prod}`]: "delete",
                [`PolicyAttachment guard:${sandbox}`]: "delete",
            });
            expect(await attachedTo(created!.id)).to.deep.equal([root]);
            await stack.refresh("--expect-no-changes");
            await stack.destroy();
            expect(await guardrailsInAws()).to.deep.equal([]);
        });
    }

    it("stays as it is when the npm class replaces the plugin, and the reverse", async () => {
        await enableGuardrails();
        const root = await rootId();
        const args = (): OrganizationGuardrailArgs => ({
            groups: ["mygroup"],
            targets: { root: pulumi.output(root), sandbox: "111122223333" },
        });
        const stack = await (await engine()).program(() => program(plugin, args())());
        await stack.up();
        await stack.edit(() => program(npm, args())()).unchanged();
        await stack.edit(() => program(plugin, args())()).unchanged();
        const [created] = await guardrailsInAws();
        expect(await attachedTo(created!.id)).to.have.members([root, "111122223333"]);
    });

    for (const route of routes) {
        it(`explains that the type of policy is not enabled, and continues when it is, by ${route.name}`, async () => {
            await enableGuardrails();
            const targets = { root: await rootId() };
            await disableGuardrails();
            const stack = await (await engine()).program(program(route, { groups: ["mygroup"], targets }));
            expectRefusal(
                await stack.refused("up"),
                "PolicyTypeNotEnabledException",
                "Resource control policies are not enabled in the organization.",
                "aws organizations enable-policy-type --root-id ROOT --policy-type RESOURCE_CONTROL_POLICY",
                LEFT_IN_STATE,
            );
            await enableGuardrails();
            await stack.up();
            const [created] = await guardrailsInAws();
            expect(await attachedTo(created!.id)).to.deep.equal([targets.root]);
        });

        it(`rejects wrong inputs before anything is created, and warns of risks once, by ${route.name}`, async () => {
            const wrong = await (
                await engine()
            ).program(program(route, { groups: ["my*"], targets: { a: "Sandbox" } }));
            expectRefusal(
                await wrong.refused("preview"),
                "groups[0]: ",
                "[path-wildcard]",
                'targets["a"]: ',
                "[guardrail-target]",
            );
            const risky = await (await engine()).program(program(route, { groups: ["mygroup"], trustedIssuers: [] }));
            const { warnings } = await risky.preview();
            expect(warnings).to.have.length(1);
            expect(warnings[0]).to.match(
                /^OrganizationGuardrail guard: trustedIssuers: has no issuer of an EKS cluster\. .* \[guardrail-issuers\]\n/,
            );
        });
    }

    it("explains how many policies a target can have", async () => {
        await enableGuardrails();
        const targets = { root: await rootId() };
        const many =
            (count: number): Program =>
            () => {
                for (let i = 0; i < count; i++) {
                    npm.OrganizationGuardrail(`guard-${String(i)}`, { groups: [`group-${String(i)}`], targets });
                }
                return undefined;
            };
        const stack = await (await engine()).program(many(4));
        await stack.up();
        expectRefusal(
            await stack.edit(many(5)).refused("up"),
            "ConstraintViolationException",
            "A root, an organizational unit or an account can have 5 resource control policies, including `RCPFullAWSAccess`.",
            LEFT_IN_STATE,
        );
    });

    it("checks a value that becomes known during the deployment before it creates the policy", async () => {
        for (const route of routes) {
            const late: Program = () => {
                const first = route.IdentityProvider("idp", { url: "https://gitlab.example.com" });
                return program(route, { url: first.url.apply((url) => `${url}/`), groups: ["mygroup"] })();
            };
            const stack = await (await engine()).program(late);
            expectRefusal(await stack.refused("up"), "url: ", "[issuer-url]");
            expect(await guardrailsInAws()).to.deep.equal([]);
            await stack.destroy();
        }
    });

    it("has the same document by the function in a YAML program, by the npm package and in AWS", async () => {
        const yaml = await (
            await engine()
        ).yaml(`variables:
  guardrail:
    fn::invoke:
      function: aws-gitlab-oidc:getOrganizationGuardrail
      arguments: { groups: [mygroup], projectIds: ["20"] }
resources:
  guard:
    type: aws-gitlab-oidc:OrganizationGuardrail
    properties: { groups: [mygroup], projectIds: ["20"] }
outputs:
  json: \${guardrail.json}
  policy: \${guard.policy}
`);
        await yaml.up();
        const called = await (
            await engine()
        ).program(() => ({ json: getOrganizationGuardrailOutput({ groups: ["mygroup"], projectIds: ["20"] }).json }));
        await called.up();
        const json = JSON.stringify(document("project_id:20:*", "project_path:mygroup/*"));
        expect(yaml.outputs()).to.deep.equal({ json, policy: json });
        expect(called.outputs()).to.deep.equal({ json });
        const [created] = await guardrailsInAws();
        expect(created!.name).to.match(/^guard-[0-9a-f]{7}$/);
        expect(JSON.stringify(created!.content)).to.equal(json);
    });
});
