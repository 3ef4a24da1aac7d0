import { expect } from "chai";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildGitLabOffline } from "../../tools/gitlab-offline/build";
import { GITLAB_VERSION } from "../../tools/gitlab-offline/stand-in";
import { cacheDir, logFile, projectRoot, run } from "../../tools/setup/cache";
import { pulumiForPython } from "../../tools/setup/python";
import { authority, issue } from "../support/certificates";
import { startGitLab, type GitLabServer } from "../support/gitlab-server";
import { everythingInAws, nothing } from "./account";
import { emptyAccountWithoutStacks, Example, madeBy, python, yaml } from "./examples";
import { engine } from "./engine";

const TOKEN = "glpat-variablesvariables1";

describe("engine: examples with the gitlab provider", () => {
    emptyAccountWithoutStacks();

    let server: GitLabServer;
    let more: { providers: string; env: Record<string, string> };
    before(async () => {
        const { root, intermediate } = await authority();
        const leaf = await issue({ subject: "localhost", by: intermediate, names: ["localhost"] });
        server = await startGitLab({
            projects: [],
            tokens: { [TOKEN]: { scopes: ["api"], roles: { "*": "maintainer" } } },
            behaviour: { chain: [leaf, intermediate] },
        });
        const { workspace } = await engine();
        const folder = mkdtempSync(join(workspace.folder, "gitlab-offline-"));
        await buildGitLabOffline(folder);
        writeFileSync(join(folder, "ca.pem"), root.pem);
        more = {
            providers: `    - { name: gitlab, path: ${JSON.stringify(folder)}, version: ${GITLAB_VERSION} }\n`,
            env: {
                GITLAB_BASE_URL: `https://localhost:${String(server.port)}/api/v4/`,
                GITLAB_TOKEN: TOKEN,
                NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
            },
        };
    });
    after(() => server.close());

    for (const language of [yaml, python]) {
        it(`${language.name}: role, project and variables in one stack`, async () => {
            const example = await Example.open(language, "gitlab-variables", { namespaceId: "42" }, more);
            await example.up();
            const { roles, outputs, gitlabCiYml } = await madeBy(example);
            const [{ id }] = server.projects as [(typeof server.projects)[0]];
            expect(server.projects).to.deep.equal([
                { id, path: "mygroup/myproject", components: ["project_id", "ref_type", "ref"] },
            ]);
            expect(Object.values(roles).map(({ trust }) => trust)).to.deep.equal([
                {
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: {
                                Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
                            },
                            Action: "sts:AssumeRoleWithWebIdentity",
                            Condition: {
                                StringEquals: {
                                    "gitlab.example.com:aud": "https://gitlab.example.com",
                                    "gitlab.example.com:sub": `project_id:${String(id)}:ref_type:branch:ref:main`,
                                },
                            },
                        },
                    ],
                },
            ]);
            const arn = (example.stack.outputs() as { roleArns: { deploy: string } }).roleArns.deploy;
            expect(Object.fromEntries(server.variables)).to.deep.equal({
                [`${String(id)} AWS_ROLE_ARN_DEPLOY`]: {
                    variable_type: "env_var",
                    environment_scope: "*",
                    key: "AWS_ROLE_ARN_DEPLOY",
                    value: arn,
                    protected: true,
                },
                [`${String(id)} AWS_REGION`]: {
                    variable_type: "env_var",
                    environment_scope: "*",
                    key: "AWS_REGION",
                    value: "eu-central-1",
                    protected: false,
                },
            });
            expect(outputs).to.include({ project: "mygroup/myproject" });
            expect(gitlabCiYml).to.contain("AWS_ROLE_ARN_DEPLOY").and.not.contain(arn);
            expect(JSON.stringify(example.stack.state())).not.to.contain(TOKEN);
            await example.unchanged();
            await example.destroy();
            expect([server.projects, [...server.variables]]).to.deep.equal([[], []]);
            expect(await everythingInAws()).to.deep.equal(nothing);
        });
    }

    it("python: type-checks strictly", async () => {
        const { python: command, sdk } = await pulumiForPython();
        const flags = ["--strict", "--follow-imports=silent", "--cache-dir", join(cacheDir(), "mypy")];
        await run(command, ["-m", "mypy", ...flags, "__main__.py"], {
            log: logFile("mypy"),
            cwd: join(projectRoot, "examples/python/gitlab-variables"),
            env: { ...process.env, MYPYPATH: sdk },
        });
    });
});
