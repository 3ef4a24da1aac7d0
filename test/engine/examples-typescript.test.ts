import { IAM } from "@aws-sdk/client-iam";
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { denial, trustPolicy } from "../support/policies";
import { everythingInAws, nothing, roleInAws } from "./account";
import { engine } from "./engine";
import { emptyAccountWithoutStacks, Example, madeBy, typescript } from "./examples";
import { attachedTo, enableGuardrails, guardrailsInAws, newUnit } from "./organization";
import { routes } from "./routes";

const trust = (issuer: string, condition: object): object => trustPolicy(condition, issuer);

describe("engine: further examples", () => {
    emptyAccountWithoutStacks();

    it("self-managed: up, no change, destroy", async () => {
        const example = await Example.open(typescript, "self-managed");
        await example.up();
        await example.unchanged();
        const { roles, outputs, gitlabCiYml } = await madeBy(example);
        expect(Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, role.trust]))).to.deep.equal({
            "gitlab-deploy-RANDOM": trust("oidc.example.com/gitlab", {
                StringEquals: {
                    "oidc.example.com/gitlab:aud": "https://oidc.example.com/gitlab",
                    "oidc.example.com/gitlab:sub": "project_id:4711:ref_type:branch:ref:main:ref_protected:true",
                },
            }),
            "gitlab-release-RANDOM": trust("oidc.example.com/gitlab", {
                StringEquals: { "oidc.example.com/gitlab:aud": "https://oidc.example.com/gitlab" },
                StringLike: {
                    "oidc.example.com/gitlab:sub": "project_id:4711:ref_type:tag:ref:v*:ref_protected:true",
                },
            }),
        });
        expect(outputs).to.deep.equal({
            providerArn: "arn:aws:iam::111122223333:oidc-provider/oidc.example.com/gitlab",
            issuer: "oidc.example.com/gitlab",
            roleArns: {
                deploy: "arn:aws:iam::111122223333:role/gitlab-deploy-RANDOM",
                release: "arn:aws:iam::111122223333:role/gitlab-release-RANDOM",
            },
        });
        expect(gitlabCiYml).to.contain('aud: "https://oidc.example.com/gitlab"');
        await example.destroy();
        expect(await everythingInAws()).to.deep.equal(nothing);
    });

    it("multi-account: each account gets its own, by a role that is assumed there", async () => {
        const accounts = { staging: await account("222233334444"), production: await account("333344445555") };
        const example = await Example.open(typescript, "multi-account");
        await example.up();
        await example.unchanged();

        const { roleArns, gitlabCiYml } = example.stack.outputs() as Record<string, Record<string, string>>;
        expect(roleArns!["staging"]).to.match(/^arn:aws:iam::222233334444:role\/gitlab-staging-deploy-[0-9a-f]{7}$/);
        expect(roleArns!["production"]).to.match(
            /^arn:aws:iam::333344445555:role\/gitlab-production-deploy-[0-9a-f]{7}$/,
        );
        for (const name of ["staging", "production"] as const) {
            expect(gitlabCiYml![name]).to.contain(`deploy to ${name}:`).and.to.contain(roleArns![name]);
            expect((await accounts[name].listRoles({})).Roles!.map((r) => r.Arn)).to.include(roleArns![name]);
        }
        expect(await providersOf(accounts.staging)).to.deep.equal([
            "arn:aws:iam::222233334444:oidc-provider/gitlab.com",
        ]);
        expect(await providersOf(accounts.production)).to.deep.equal([
            "arn:aws:iam::333344445555:oidc-provider/gitlab.com",
        ]);
        expect(await everythingInAws()).to.deep.equal(nothing);

        await example.destroy();
        for (const iam of Object.values(accounts)) {
            expect((await iam.listRoles({})).Roles).to.have.length(1);
            expect(await providersOf(iam)).to.deep.equal([]);
        }
    });

    it("organization: the policy without targets first, then on an organizational unit", async () => {
        await enableGuardrails();
        const example = await Example.open(typescript, "organization");
        await example.up();
        await example.unchanged();
        const [created] = await guardrailsInAws();
        const { id, name, content } = created!;
        expect(example.stack.outputs()).to.deep.equal({ policyId: id, policy: JSON.stringify(content) });
        expect(name).to.equal("gitlab-groups");
        expect(content).to.deep.equal({
            Version: "2012-10-17",
            Statement: [
                denial(
                    "GitLabSubjects",
                    {
                        Null: { "gitlab.com:sub": "false" },
                        StringNotLike: { "gitlab.com:sub": "project_path:mygroup/*" },
                    },
                    "arn:aws:iam::*:role/vendor/*",
                ),
                denial(
                    "GitLabAudiences",
                    {
                        Null: { "gitlab.com:aud": "false" },
                        StringNotEquals: { "gitlab.com:aud": "https://gitlab.com" },
                    },
                    "arn:aws:iam::*:role/vendor/*",
                ),
            ],
        });
        expect(await attachedTo(id)).to.deep.equal([]);

        const sandbox = await newUnit("sandbox");
        const set = await example.stack.command([
            "config",
            "set",
            "--path",
            "targets.sandbox",
            sandbox,
            "--stack",
            "dev",
        ]);
        expect(set.code, set.text).to.equal(0);
        await example.up();
        expect(await attachedTo(id)).to.deep.equal([sandbox]);
        await example.destroy();
        expect(await guardrailsInAws()).to.deep.equal([]);
    });

    it("from-hand-written: nothing is deleted or replaced, the role keeps its ARN", async () => {
        const example = await Example.open(typescript, "from-hand-written");
        const program = join(example.stack.folder, "index.ts");
        renameSync(program, `${program}.after`);
        copyFileSync(join(example.stack.folder, "hand-written.ts"), program);
        await example.up();
        const before = await everythingInAws();
        expect(example.stack.labels()).to.deep.equal([
            "OpenIdConnectProvider gitlab-com",
            "Role deployer",
            "RolePolicyAttachment deployer-s3",
        ]);

        renameSync(`${program}.after`, program);
        const changes = {
            "GitLabOidc gitlab": "create",
            "IdentityProvider gitlab": "create",
            "PipelineRole gitlab-deploy": "create",
            "Role gitlab-deploy": "update",
        };
        expect((await example.stack.preview()).changes).to.deep.equal(changes);
        expect((await example.stack.up()).changes).to.deep.equal(changes);
        await example.unchanged();
        expect(await everythingInAws()).to.deep.equal(before);
        expect(await roleInAws("gitlab-deployer")).to.deep.include({
            arn: "arn:aws:iam::111122223333:role/gitlab-deployer",
            managed: ["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
            trust: trust("gitlab.com", {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:project_id": "4711",
                    "gitlab.com:ref_protected": "true",
                    "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                },
            }),
        });
        expect(example.stack.labels()).to.deep.equal([
            "GitLabOidc gitlab",
            "IdentityProvider gitlab",
            "OpenIdConnectProvider gitlab",
            "PipelineRole gitlab-deploy",
            "Role gitlab-deploy",
            "RolePolicyAttachment gitlab-deploy:aws:policy/AmazonS3FullAccess",
        ]);
        await example.destroy();
        expect(await everythingInAws()).to.deep.equal(nothing);
    });

    for (const { name, GitLabOidc } of routes) {
        it(`hand-written resources without names of their own, by ${name}: only components are added`, async () => {
            const managed = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
            const stack = await (
                await engine()
            ).program(() => {
                new OpenIdConnectProvider("idp", {
                    url: "https://gitlab.example.com",
                    clientIdLists: ["https://gitlab.example.com"],
                });
                const assumeRolePolicy = JSON.stringify(
                    trust("gitlab.example.com", {
                        StringEquals: {
                            "gitlab.example.com:aud": "https://gitlab.example.com",
                            "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                        },
                    }),
                );
                const role = new Role("ci", { assumeRolePolicy });
                new RolePolicyAttachment("read", { role: role.name, policyArn: managed }, { parent: role });
                return undefined;
            });
            await stack.up();

            const top = (former: string): pulumi.Alias => ({ name: former, parent: pulumi.rootStackResource });
            const aliases: Readonly<Record<string, pulumi.Alias | string>> = {
                gitlab: top("idp"),
                "gitlab-x": top("ci"),
                "gitlab-x:aws:policy/AmazonS3ReadOnlyAccess": stack.resource("RolePolicyAttachment read").urn,
            };
            const keep: pulumi.ResourceTransform = ({ type, name, props, opts }) =>
                type.startsWith("aws:iam/")
                    ? { props, opts: pulumi.mergeOptions(opts, { aliases: [aliases[name]!] }) }
                    : undefined;
            const component = (opts: pulumi.ComponentResourceOptions): undefined => {
                const subjects = [{ project: "mygroup/myproject", branch: "main" }];
                const roles = { x: { subjects, managedPolicies: { s3: managed } } };
                GitLabOidc("gitlab", { url: "https://gitlab.example.com", roles }, opts);
            };
            stack.edit(() => component({ transforms: [keep] }));
            expect((await stack.up()).changes).to.deep.equal({
                "GitLabOidc gitlab": "create",
                "IdentityProvider gitlab": "create",
                "PipelineRole gitlab-x": "create",
            });
            await stack.unchanged();
            stack.edit(() => component({}));
            await stack.unchanged();
        });
    }
});

/** IAM of another account, with a role there that the account of the tests may assume. */
async function account(id: string): Promise<IAM> {
    const { endpoint } = (await engine()).workspace.emulator;
    const iam = new IAM({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: id, secretAccessKey: "testing" },
    });
    const RoleName = "OrganizationAccountAccessRole";
    await iam.createRole({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
                { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole" },
            ],
        }),
    });
    await iam.putRolePolicy({
        RoleName,
        PolicyName: "all",
        PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    });
    return iam;
}

async function providersOf(iam: IAM): Promise<string[]> {
    const { OpenIDConnectProviderList: list = [] } = await iam.listOpenIDConnectProviders({});
    return list.map(({ Arn }) => Arn!);
}
