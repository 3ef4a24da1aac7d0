import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { everythingInAws, nothing } from "./account";
import { emptyAccount, engine, type Program, type TestStack } from "./engine";
import { routes } from "./routes";

const subjects = [{ project: "mygroup/myproject", branch: "main" }];
const roles = { deploy: { subjects, managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" } } };
const ARN = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";

for (const { name, GitLabOidc, PipelineRole } of routes) {
    describe(`engine: instances beside each other, ${name}`, () => {
        emptyAccount();
        const stackOf = async (program: Program): Promise<TestStack> => (await engine()).program(program);

        it("two instances, and a third on the provider of the first, with the same role keys", async () => {
            const stack = await stackOf(() => {
                const first = GitLabOidc("first", { url: "https://gitlab.example.com", roles });
                GitLabOidc("second", { url: "https://other.example.com", roles });
                const { roleArns } = GitLabOidc("third", {
                    url: "https://gitlab.example.com",
                    existingProviderArn: first.providerArn,
                    roles,
                });
                return { keys: roleArns.apply((arns) => Object.keys(arns)) };
            });
            expect((await stack.preview()).changes).to.include({
                "RolePolicyAttachment third-deploy:aws:policy/AmazonS3ReadOnlyAccess": "create",
            });
            await stack.up();
            expect(await everythingInAws()).to.deep.equal({
                ...nothing,
                providers: [ARN, "arn:aws:iam::111122223333:oidc-provider/other.example.com"],
                roles: ["first-deploy", "second-deploy", "third-deploy"],
            });
            expect(stack.outputs()).to.deep.equal({ keys: ["deploy"] });
            await stack.unchanged();
            await stack.destroy();
            expect(await everythingInAws()).to.deep.equal(nothing);
        });

        it("a role's policies have names that no other role can have", async () => {
            const stack = await stackOf(() => {
                const s3 = pulumi.output("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess");
                const full = pulumi.output("arn:aws:iam::aws:policy/AmazonS3FullAccess");
                GitLabOidc("x", {
                    url: "https://gitlab.example.com",
                    roles: {
                        a: { subjects, managedPolicies: { "b-c": s3, b: full } },
                        "a-b": { subjects, managedPolicies: { c: s3 } },
                        A: { subjects },
                    },
                });
                return undefined;
            });
            await stack.up();
            expect(stack.labels().filter((l) => !l.startsWith("PipelineRole"))).to.deep.equal([
                "GitLabOidc x",
                "IdentityProvider x",
                "OpenIdConnectProvider x",
                "Role x-A",
                "Role x-a",
                "Role x-a-b",
                "RolePolicyAttachment x-a-b:c",
                "RolePolicyAttachment x-a:b",
                "RolePolicyAttachment x-a:b-c",
            ]);
        });

        it("two instances whose roles would have one name: the engine names it, and what to do", async () => {
            const stack = await stackOf(() => {
                GitLabOidc("a", { url: "https://gitlab.example.com", roles: { "b-c": { subjects } } });
                GitLabOidc("a-b", { url: "https://other.example.com", roles: { c: { subjects } } });
                return undefined;
            });
            const urn = `urn:pulumi:${stack.name}::test::aws-gitlab-oidc:index:GitLabOidc$aws-gitlab-oidc:index:PipelineRole::a-b-c`;
            expect((await stack.refused("preview")).errors).to.include(
                `PipelineRole a-b-c: Duplicate resource URN '${urn}'; try giving it a unique name`,
            );
            expect(await everythingInAws()).to.deep.equal(nothing);
        });

        it("a PipelineRole named like the role of an instance: both are made", async () => {
            const stack = await stackOf(() => {
                GitLabOidc("a", { url: "https://gitlab.example.com", roles: { b: { subjects } } });
                PipelineRole("a-b", { providerArn: ARN, subjects });
                return undefined;
            });
            await stack.up();
            expect(await everythingInAws()).to.deep.equal({ ...nothing, providers: [ARN], roles: ["a-b", "a-b"] });
        });
    });
}
