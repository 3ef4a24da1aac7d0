import { expect } from "chai";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheDir, logFile, projectRoot, run } from "../../tools/setup/cache";
import { goTool } from "../../tools/setup/go";
import { pulumiForPython } from "../../tools/setup/python";
import { authority } from "../support/certificates";
import { startGitLab, type GitLabServer } from "../support/gitlab-server";
import { trustPolicy } from "../support/policies";
import { skip } from "../support/skip";
import { everythingInAws, nothing } from "./account";
import { emptyAccountWithoutStacks, Example, go, java, madeBy, python, typescript, yaml, type Made } from "./examples";
import { addInputs, documentsIn, GUARDRAIL, withInputs } from "./language-inputs";
import { attachedTo, enableGuardrails, guardrailsInAws } from "./organization";

const TOKEN = "glpat-languageslanguages1";

const trust = (condition: object): object => trustPolicy(condition, "gitlab.example.com");

/** What `platform` is in every language. */
const PLATFORM: Omit<Made, "gitlabCiYml"> = {
    urns: [
        "GitLabOidc$aws-gitlab-oidc:index:IdentityProvider$aws:iam/openIdConnectProvider:OpenIdConnectProvider::gitlab",
        "GitLabOidc$aws-gitlab-oidc:index:IdentityProvider::gitlab",
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role$aws:iam/rolePolicyAttachment:RolePolicyAttachment::gitlab-plan:aws:policy/ReadOnlyAccess",
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::gitlab-deploy",
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::gitlab-plan",
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole::gitlab-deploy",
        "GitLabOidc$aws-gitlab-oidc:index:PipelineRole::gitlab-plan",
        "GitLabOidc::gitlab",
    ].map((end) => `urn:pulumi:dev::gitlab-oidc-platform::aws-gitlab-oidc:index:${end}`),
    roles: {
        "gitlab-deploy-RANDOM": {
            trust: trust({
                StringEquals: {
                    "gitlab.example.com:aud": "https://gitlab.example.com",
                    "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                },
            }),
            inline: {},
            managed: [],
            tags: { "managed-by": "platform" },
        },
        "gitlab-plan-RANDOM": {
            trust: trust({
                StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
                StringLike: { "gitlab.example.com:sub": "project_path:mygroup/*:ref_type:branch:ref:*" },
            }),
            inline: {},
            managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            tags: { "gitlab-oidc:accept": "any-branch group-wide", "managed-by": "platform" },
        },
    },
    outputs: {
        providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
        roleArns: {
            deploy: "arn:aws:iam::111122223333:role/gitlab-deploy-RANDOM",
            plan: "arn:aws:iam::111122223333:role/gitlab-plan-RANDOM",
        },
        roleNames: { deploy: "gitlab-deploy-RANDOM", plan: "gitlab-plan-RANDOM" },
    },
};

/** What `app-stack` is in every language. */
const APP_STACK: Omit<Made, "gitlabCiYml"> = {
    urns: [
        "aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role$aws:iam/rolePolicy:RolePolicy::myproject-release:releases",
        "aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::myproject-release",
        "aws-gitlab-oidc:index:PipelineRole::myproject-release",
        "pulumi:pulumi:StackReference::platform",
    ].map((end) => `urn:pulumi:dev::gitlab-oidc-app::${end}`),
    roles: {
        "myproject-release-RANDOM": {
            trust: trust({
                StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" },
                StringLike: { "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:v*" },
            }),
            inline: {
                releases: {
                    Version: "2012-10-17",
                    Statement: [
                        { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::myproject-releases/*" },
                    ],
                },
            },
            managed: [],
            tags: { "gitlab-oidc:accept": "unprotected-tag" },
        },
    },
    outputs: { roleArn: "arn:aws:iam::111122223333:role/myproject-release-RANDOM" },
};

describe("engine: examples in every language", function () {
    emptyAccountWithoutStacks();

    let server: GitLabServer;
    let env: Readonly<Record<string, string>>;
    before(async () => {
        const components = ["project_path", "project_id", "ref_type", "ref"];
        server = await startGitLab({
            tokens: { [TOKEN]: { scopes: ["read_api"], roles: { "mygroup/App": "maintainer" } } },
            projects: [
                { id: 4711, path: "mygroup/App", components, branches: ["main"] },
                { id: 4712, path: "mygroup/docs", visibility: "public" },
            ],
        });
        env = {
            GITLAB_CONNECT_TO: `127.0.0.1:${String(server.port)}`,
            GITLAB_CA: (await authority()).root.pem,
            GITLAB_TOKEN: TOKEN,
        };
    });
    after(() => server.close());

    const files: Record<string, unknown> = {};
    const times: string[] = [];
    after(() => console.log(`Platform and application stack, up to destroy: ${times.join("; ")}`));

    for (const language of [yaml, typescript, python, go, java]) {
        it(`${language.name}: platform and application stack`, async function () {
            const missing = await language.missing?.();
            if (missing !== undefined) {
                skip(this, missing);
            }
            const began = Date.now();
            const platform = await Example.open(language, "platform");
            const config = { platformStack: platform.fullName };
            const edit = addInputs[language.name];
            const more = edit === undefined ? {} : { env, edit };
            const app = await Example.open(language, "app-stack", config, more);
            await enableGuardrails();
            const ready = Date.now();

            await platform.up();
            await app.up();
            const { gitlabCiYml, ...platformMade } = await madeBy(platform);
            expect(platformMade).to.deep.equal(PLATFORM);
            const { gitlabCiYml: appCiYml, ...appMade } = await madeBy(app);
            if (edit === undefined) {
                expect(appMade).to.deep.equal(APP_STACK);
            } else {
                expect({ ...appMade, outputs: documentsIn(appMade.outputs) }).to.deep.equal(withInputs(APP_STACK));
                const [guardrail] = await guardrailsInAws();
                expect(guardrail).to.deep.include({ name: "gitlab", content: GUARDRAIL, tags: { team: "platform" } });
                expect(await attachedTo(guardrail!.id)).to.deep.equal(["111122223333"]);
                expect(JSON.stringify(app.stack.state())).not.to.contain(TOKEN);
            }
            files[language.name] = { gitlabCiYml, appCiYml };
            await platform.unchanged();
            await app.unchanged();
            await app.destroy();
            await platform.destroy();
            expect(await everythingInAws()).to.deep.equal(nothing);

            const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
            times.push(`${language.name} ${seconds(ready, Date.now())} s after ${seconds(began, ready)} s of set-up`);
        });
    }

    it("the CI files are the same, and assume the roles that were made", () => {
        const [first, ...others] = Object.values(files);
        expect(others).to.deep.equal(others.map(() => first));
        expect(first)
            .to.have.property("gitlabCiYml")
            .that.contains("--role-arn 'arn:aws:iam::111122223333:role/gitlab-deploy-RANDOM'")
            .and.contains("--role-arn 'arn:aws:iam::111122223333:role/gitlab-plan-RANDOM'");
        expect(first)
            .to.have.property("appCiYml")
            .that.contains("--role-arn 'arn:aws:iam::111122223333:role/myproject-release-RANDOM'");
    });

    for (const example of ["platform", "app-stack"]) {
        it(`python: ${example} type-checks strictly`, async () => {
            const { python, sdk } = await pulumiForPython();
            const flags = ["--strict", "--follow-imports=silent", "--cache-dir", join(cacheDir(), "mypy")];
            const inputs = example === "app-stack" ? [join(__dirname, "languages/inputs.py")] : [];
            await run(python, ["-m", "mypy", ...flags, "__main__.py", ...inputs], {
                log: logFile("mypy"),
                cwd: join(projectRoot, "examples/python", example),
                env: { ...process.env, MYPYPATH: sdk },
            });
        });

        it(`go: ${example} vets`, async () => {
            await run(await goTool(), ["vet", `-modfile=${join(projectRoot, "tools/go/examples/go.mod")}`, "."], {
                log: logFile("go-vet"),
                cwd: join(projectRoot, "examples/go", example),
                env: { HOME: homedir(), ...process.env },
            });
        });
    }
});
