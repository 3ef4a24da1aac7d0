import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { trustPolicy } from "../support/policies";
import { roleInAws } from "./account";
import { emptyAccount, engine } from "./engine";
import { routes } from "./routes";

const subjects = [{ project: "mygroup/app", branch: "main" }];
const OWN =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::app/*"}]}';

describe("engine: application stacks", () => {
    emptyAccount();

    for (const { name, GitLabOidc, PipelineRole } of routes) {
        it(`${name}: add a policy to a role of the platform stack, and make a role on its provider`, async () => {
            const platform = await (
                await engine()
            ).program(() => {
                const { roleNames, providerArn } = GitLabOidc("gitlab", {
                    url: "https://gitlab.example.com",
                    roles: { app: { subjects, name: "app" } },
                });
                return { roleNames, providerArn };
            }, "platform");
            await platform.up();

            const app = await (
                await engine()
            ).program(() => {
                const reference = new pulumi.StackReference(`organization/platform/${platform.name}`);
                const names = reference.requireOutput("roleNames") as pulumi.Output<Record<string, string>>;
                new RolePolicy("own", { role: names.apply((n) => n["app"]!), name: "own", policy: OWN });
                const own = PipelineRole("app-plan", {
                    providerArn: reference.requireOutput("providerArn") as pulumi.Output<string>,
                    subjects: [{ ...subjects[0], branch: "plan" }],
                    name: "app-plan",
                });
                return { yaml: own.gitlabCiYml, trust: own.trustPolicy };
            }, "app");
            expect(Object.keys((await app.preview()).changes)).to.include("Role app-plan");
            await app.up();

            expect((await roleInAws("app")).inline).to.deep.equal({ own: JSON.parse(OWN) as object });
            expect((await roleInAws("app-plan")).trust).to.deep.equal(
                trustPolicy(
                    {
                        StringEquals: {
                            "gitlab.example.com:aud": "https://gitlab.example.com",
                            "gitlab.example.com:sub": "project_path:mygroup/app:ref_type:branch:ref:plan",
                        },
                    },
                    "gitlab.example.com",
                ),
            );
            const { yaml } = app.outputs() as { yaml: string };
            expect(yaml).to.contain("app-plan:").and.to.contain('"https://gitlab.example.com"');
            expect(yaml).to.contain("arn:aws:iam::111122223333:role/app-plan");
            await app.unchanged();
            await platform.unchanged();
            await app.destroy();
            expect((await roleInAws("app")).inline).to.deep.equal({});
        });
    }
});
