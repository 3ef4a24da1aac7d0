import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { roleInAws } from "./account";
import { emptyAccount, engine } from "./engine";
import { labelOf } from "./labels";
import { routes } from "./routes";

/** How the state marks an encrypted value. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Names of the properties that are encrypted in the state. */
function secretsOf(properties: Readonly<Record<string, unknown>> = {}): readonly string[] {
    const secret = Object.entries(properties).filter(([, value]) => JSON.stringify(value).includes(SECRET));
    return secret.map(([name]) => name).sort();
}

describe("engine: secrets", () => {
    emptyAccount();

    for (const { name, GitLabOidc } of routes) {
        it(`${name}: a secret project path makes the trust policy a secret, and nothing else`, async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const { roleArns, gitlabCiYml, trustPolicies } = GitLabOidc("gitlab", {
                    url: "https://gitlab.example.com",
                    roles: {
                        deploy: {
                            subjects: [{ project: pulumi.secret("mygroup/hidden"), branch: "main" }],
                            name: "deploy",
                            description: "Deploys.",
                            managedPolicies: { s3: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" },
                        },
                    },
                });
                return { roleArns, gitlabCiYml, trustPolicies };
            });
            const { text } = await stack.up();
            expect(text).not.to.contain("hidden");
            expect(JSON.stringify(stack.state())).not.to.contain("hidden");

            const secrets = stack
                .resources()
                .map(({ urn, inputs, outputs }) => [
                    labelOf(urn),
                    { inputs: secretsOf(inputs), outputs: secretsOf(outputs) },
                ]);
            expect(Object.fromEntries(secrets)).to.deep.equal({
                "GitLabOidc gitlab": { inputs: [], outputs: ["trustPolicies"] },
                "IdentityProvider gitlab": { inputs: [], outputs: [] },
                "OpenIdConnectProvider gitlab": { inputs: [], outputs: [] },
                "PipelineRole gitlab-deploy": { inputs: [], outputs: ["trustPolicy"] },
                "Role gitlab-deploy": { inputs: ["assumeRolePolicy"], outputs: ["assumeRolePolicy"] },
                "RolePolicyAttachment gitlab-deploy:aws:policy/AmazonS3ReadOnlyAccess": {
                    inputs: [],
                    outputs: [],
                },
            });
            expect(secretsOf(stack.outputs())).to.deep.equal(["trustPolicies"]);
            expect(JSON.stringify((await roleInAws("deploy")).trust)).to.contain(
                "project_path:mygroup/hidden:ref_type",
            );
            await stack.unchanged();
        });

        it(`${name}: a secret that is refused is not shown`, async () => {
            const stack = await (
                await engine()
            ).program(() => {
                GitLabOidc("gitlab", {
                    url: "https://gitlab.example.com",
                    roles: {
                        deploy: {
                            subjects: [{ project: pulumi.secret("https://hidden.example.com/p"), branch: "main" }],
                        },
                    },
                });
            });
            const { text } = await stack.refused();
            expect(text).to.contain('roles["deploy"].subjects[0].project').and.to.contain("[gitlab-path]");
            expect(text).not.to.contain("hidden");
        });
    }
});
