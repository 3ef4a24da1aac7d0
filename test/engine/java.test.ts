import { expect } from "chai";
import { execFile } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../../tools/setup/cache";
import { javaTools, writeMavenWrapper, writeOwnRepository } from "../../tools/setup/java";
import { javaHost } from "../../tools/setup/java-host";
import { skip } from "../support/skip";
import { everythingInAws, nothing, roleInAws } from "./account";
import { emptyAccount, engine, TestStack } from "./engine";

type Language = "java" | "yaml";
type Outputs = Readonly<Record<string, unknown>>;

/** What comes of the two examples of a language. */
interface Result {
    readonly platform: Outputs;
    readonly app: Outputs;
    /** Project, type and name of every resource: URNs without the stack. */
    readonly resources: readonly string[];
    /** The conditions of the trust policies, by role. */
    readonly conditions: Readonly<Record<string, unknown>>;
}

const ROLE = "arn:aws:iam::111122223333:role";
const PARENT = "gitlab-oidc-platform::aws-gitlab-oidc:index:GitLabOidc";
const audience = { "gitlab.example.com:aud": "https://gitlab.example.com" };

/** But for the CI configurations. AWS is given names that end in seven random digits, zeros here. */
const EXPECTED: Result = {
    platform: {
        providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com",
        roleArns: { deploy: `${ROLE}/gitlab-deploy-0000000`, plan: `${ROLE}/gitlab-plan-0000000` },
        roleNames: { deploy: "gitlab-deploy-0000000", plan: "gitlab-plan-0000000" },
    },
    app: { roleArn: `${ROLE}/myproject-release-0000000` },
    resources: [
        "gitlab-oidc-app::aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role$aws:iam/rolePolicy:RolePolicy::myproject-release:releases",
        "gitlab-oidc-app::aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::myproject-release",
        "gitlab-oidc-app::aws-gitlab-oidc:index:PipelineRole::myproject-release",
        "gitlab-oidc-app::pulumi:pulumi:StackReference::platform",
        `${PARENT}$aws-gitlab-oidc:index:IdentityProvider$aws:iam/openIdConnectProvider:OpenIdConnectProvider::gitlab`,
        `${PARENT}$aws-gitlab-oidc:index:IdentityProvider::gitlab`,
        `${PARENT}$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role$aws:iam/rolePolicyAttachment:RolePolicyAttachment::gitlab-plan:readOnly`,
        `${PARENT}$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::gitlab-deploy`,
        `${PARENT}$aws-gitlab-oidc:index:PipelineRole$aws:iam/role:Role::gitlab-plan`,
        `${PARENT}$aws-gitlab-oidc:index:PipelineRole::gitlab-deploy`,
        `${PARENT}$aws-gitlab-oidc:index:PipelineRole::gitlab-plan`,
        `${PARENT}::gitlab`,
    ],
    conditions: {
        "gitlab-deploy-0000000": {
            StringEquals: {
                ...audience,
                "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
            },
        },
        "gitlab-plan-0000000": {
            StringEquals: audience,
            StringLike: { "gitlab.example.com:sub": "project_path:mygroup/*:ref_type:branch:ref:*" },
        },
        "myproject-release-0000000": {
            StringEquals: audience,
            StringLike: { "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:tag:ref:v*" },
        },
    },
};

describe("engine: examples in Java", function () {
    // Building the language host and fetching the packages takes minutes where it was never done.
    this.timeout(600_000);
    emptyAccount();

    let host: string;
    let folder: string;
    before(async function () {
        const java = await javaTools();
        if (java.missing !== undefined) {
            skip(this, java.missing);
        }
        const { workspace } = await engine();
        host = await javaHost(workspace.tools.pulumi);
        folder = mkdtempSync(join(workspace.folder, "java-"));
        const repository = join(folder, "repository");
        await writeOwnRepository(repository, java);
        // Under this name the language host looks for Maven in the project first.
        await writeMavenWrapper(join(folder, "mvnw"), java, repository);
        const sdk = join(folder, "sdk");
        cpSync(join(projectRoot, "sdk/java"), sdk, { recursive: true });
        await promisify(execFile)(join(folder, "mvnw"), ["--quiet", "install"], { cwd: sdk });
    });

    /** A stack of a copy of the example. */
    async function example(language: Language, name: string): Promise<TestStack> {
        const { workspace } = await engine();
        const copy = mkdtempSync(join(workspace.folder, `${language}-${name}-`));
        cpSync(join(projectRoot, "examples", language, name), copy, { recursive: true });
        if (language === "java") {
            cpSync(join(folder, "mvnw"), join(copy, "mvnw"));
        }
        const file = join(copy, "Pulumi.yaml");
        const project = /^name: (\S+)/.exec(readFileSync(file, "utf8"))![1]!;
        const hosts = `languages:\n    - { name: java, path: ${JSON.stringify(host)} }`;
        appendFileSync(file, workspace.plugins.replace("languages:", hosts));
        const stack = new TestStack(workspace, copy, project, language);
        const { code, text } = await stack.command(["stack", "init", language]);
        expect(code, text).to.equal(0);
        return stack;
    }

    /** Makes both stacks, finds them unchanged and destroys them. */
    async function run(language: Language): Promise<Result> {
        const platform = await example(language, "platform");
        await platform.up();
        const app = await example(language, "app-stack");
        const reference = `organization/${platform.project}/${platform.name}`;
        writeFileSync(
            join(app.folder, `Pulumi.${app.name}.yaml`),
            `config: { "${app.project}:platformStack": "${reference}" }\n`,
        );
        await app.up();
        await platform.unchanged();
        await app.unchanged();

        const resources = [...platform.resources(), ...app.resources()];
        const conditions: Record<string, unknown> = {};
        for (const { id } of resources.filter(({ type }) => type === "aws:iam/role:Role")) {
            const { trust } = await roleInAws(id!);
            conditions[id!] = (trust as { Statement: [{ Condition: unknown }] }).Statement[0].Condition;
        }
        const result: Result = {
            platform: platform.outputs(),
            app: app.outputs(),
            resources: resources.map(({ urn }) => urn.split("::").slice(1).join("::")).sort(),
            conditions,
        };
        await app.destroy();
        await platform.destroy();
        expect(await everythingInAws()).to.deep.equal(nothing);
        return JSON.parse(JSON.stringify(result).replace(/-[0-9a-f]{7}\b/g, "-0000000")) as Result;
    }

    const files = new Map<Language, readonly unknown[]>();
    for (const language of ["java", "yaml"] as const) {
        it(`${language}: the platform's stack and the application's, from up to destroy`, async () => {
            const began = Date.now();
            const { platform, app, ...rest } = await run(language);
            const { gitlabCiYml: ofPlatform, ...platformOutputs } = platform;
            const { gitlabCiYml: ofApp, ...appOutputs } = app;
            expect({ platform: platformOutputs, app: appOutputs, ...rest }).to.deep.equal(EXPECTED);
            expect(ofPlatform).to.contain(`--role-arn '${ROLE}/gitlab-deploy-0000000'`);
            expect(ofPlatform).to.contain(`--role-arn '${ROLE}/gitlab-plan-0000000'`);
            expect(ofApp).to.contain(`--role-arn '${ROLE}/myproject-release-0000000'`);
            files.set(language, [ofPlatform, ofApp]);
            console.log(`      ${language}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
        });
    }

    it("give the same .gitlab-ci.yml as those in YAML", () => {
        expect(files.get("java")).to.deep.equal(files.get("yaml"));
    });
});
