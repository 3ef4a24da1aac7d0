import { expect } from "chai";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageJson } from "../../provider/schema";
import { packPlugin } from "../../tools/dist/plugin";
import { ownTarget } from "../../tools/dist/targets";
import { awsVersion } from "../../tools/aws-offline/stand-in";
import { projectRoot } from "../../tools/setup/cache";
import type { Workspace } from "../../tools/workspace";
import { everythingInAws, nothing } from "./account";
import { emptyAccount, engine, TestStack } from "./engine";

const NAME = "pulumi-resource-aws-gitlab-oidc";
const PROGRAM = `
resources:
    gitlab:
        type: aws-gitlab-oidc:GitLabOidc
        properties:
            roles:
                deploy:
                    subjects: [{ project: mygroup/myproject, branch: main }]
                    name: gitlab-deploy
outputs:
    providerArn: \${gitlab.providerArn}
    roleArns: \${gitlab.roleArns}
`;

describe("engine: the released plugin", function () {
    // Node.js is fetched where it was never done, and making the executable takes 20 seconds.
    this.timeout(600_000);
    emptyAccount();

    const { version } = packageJson();
    const { os, arch } = ownTarget();
    let folder: string;
    let archive: string;
    let installed: string;
    let stack: TestStack;
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "dist-"));
        archive = await packPlugin(ownTarget(), folder);
        const home = join(folder, "home");
        mkdirSync(home);
        stack = stackWithoutNode((await engine()).workspace, folder, home);
        const install = ["plugin", "install", "resource", "aws-gitlab-oidc", `v${version}`];
        expect(await stack.command([...install, "--file", join(folder, archive)])).to.include({ code: 0 });
        installed = join(home, "plugins", `resource-aws-gitlab-oidc-v${version}`);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("is installed from its archive", async () => {
        expect(archive).to.equal(`${NAME}-v${version}-${os}-${arch}.tar.gz`);
        expect(readdirSync(installed).sort()).to.deep.equal(["LICENSE", "THIRD-PARTY-NOTICES.txt", NAME]);
        console.log(`      ${archive} answers after ${await millisecondsToStart(join(installed, NAME))} ms`);
    });

    it("tells of Node.js and of every package in it", () => {
        const notices = readFileSync(join(installed, "THIRD-PARTY-NOTICES.txt"), "utf8");
        expect(notices.match(/^={80}\n.*/gm)?.map((line) => line.slice(81))).to.include.members([
            "@grpc/grpc-js 1.14.7 (Apache-2.0)",
            "@pulumi/aws 7.48.0 (Apache-2.0)",
            "@pulumi/pulumi 3.270.0 (Apache-2.0)",
            "Node.js",
        ]);
        expect(notices).to.include("Copyright Node.js contributors. All rights reserved.");
    });

    it("runs a YAML program where there is no Node.js", async () => {
        expect(await stack.command(["stack", "init", stack.name])).to.include({ code: 0 });
        await stack.up();
        expect(stack.outputs()).to.deep.equal({
            providerArn: "arn:aws:iam::111122223333:oidc-provider/gitlab.com",
            roleArns: { deploy: "arn:aws:iam::111122223333:role/gitlab-deploy" },
        });
        await stack.unchanged();
        await stack.destroy();
        expect(await everythingInAws()).to.deep.equal(nothing);
    });

    it("serves the schema with the version of the package", async () => {
        const { text } = await stack.command(["package", "get-schema", "aws-gitlab-oidc"]);
        const schema = JSON.parse(text) as { readonly name: string; readonly version: string };
        expect([schema.name, schema.version]).to.deep.equal(["aws-gitlab-oidc", version]);
    });
});

/** A stack of the program in a folder of its own, where no command is on PATH and no file of the repository is used. */
function stackWithoutNode(workspace: Workspace, folder: string, home: string): TestStack {
    const project = mkdtempSync(join(folder, "project-"));
    const [path, aws] = [join(project, "path"), join(project, "aws")];
    mkdirSync(path);
    cpSync(join(projectRoot, "bin/aws-offline"), aws, { recursive: true });
    // The stand-in for the aws provider is a program for Node.js, which it cannot find here.
    const launcher = `#!/bin/sh\nexec '${process.execPath}' '${join(aws, "loader.cjs")}' "$@"\n`;
    writeFileSync(join(aws, "pulumi-resource-aws"), launcher, { mode: 0o755 });
    const plugins = {
        languages: [{ name: "yaml", path: workspace.tools.yamlHostDir }],
        providers: [{ name: "aws", path: aws, version: awsVersion() }],
    };
    writeFileSync(
        join(project, "Pulumi.yaml"),
        `name: released\nruntime: yaml\nplugins: ${JSON.stringify(plugins)}\n${PROGRAM}`,
    );
    const env = { ...workspace.env, PATH: path, PULUMI_HOME: home };
    return new TestStack({ ...workspace, env }, project, "released", "dev");
}

/** A plugin says its port when it is ready. */
async function millisecondsToStart(executable: string): Promise<number> {
    const began = performance.now();
    const plugin = spawn(executable, ["127.0.0.1:1"], { env: {}, stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => plugin.stdout.once("data", resolve));
    plugin.kill();
    return Math.round(performance.now() - began);
}
