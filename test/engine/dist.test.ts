import { expect } from "chai";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
    copyFileSync,
    cpSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { packExecutables } from "../../tools/dist/executables";
import { packPython } from "../../tools/dist/python";
import { writeSums } from "../../tools/dist/sums";
import { ownTarget } from "../../tools/dist/targets";
import { awsVersion } from "../../tools/aws-offline/stand-in";
import { projectRoot } from "../../tools/setup/cache";
import { pulumiForPython } from "../../tools/setup/python";
import type { Workspace } from "../../tools/workspace";
import { trustPolicy } from "../support/policies";
import { everythingInAws, nothing } from "./account";
import { emptyAccount, engine, TestStack } from "./engine";
import { stepsOf, Walk } from "./walk";

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

describe("engine: the released plugin and command", function () {
    emptyAccount();

    const { version } = packageJson();
    const { os, arch } = ownTarget();
    let folder: string;
    let archive: string;
    let command: string;
    let policyPack: string;
    let installed: string;
    let stack: TestStack;
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "dist-"));
        [archive, command, policyPack] = await packExecutables(ownTarget(), folder);
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

    it("comes with the policy pack, whose archive has the same files", () => {
        expect(policyPack).to.equal(`pulumi-aws-gitlab-oidc-policy-v${version}-${os}-${arch}.tar.gz`);
        const files = execFileSync("tar", ["-tzf", join(folder, policyPack)], { encoding: "utf8" });
        expect(files.trim().split("\n").sort()).to.deep.equal([
            "LICENSE",
            "THIRD-PARTY-NOTICES.txt",
            "pulumi-aws-gitlab-oidc-policy",
        ]);
    });

    it("tells of Node.js and of every package in it", () => {
        const notices = readFileSync(join(installed, "THIRD-PARTY-NOTICES.txt"), "utf8");
        expect(notices.match(/^={80}\n.*/gm)?.map((line) => line.slice(81))).to.include.members([
            "@grpc/grpc-js 1.14.7 (Apache-2.0)",
            "@pulumi/aws 7.48.0 (Apache-2.0)",
            "@pulumi/pulumi 3.270.0 (Apache-2.0)",
            "preact 11.2.0 (MIT)",
            "diff 9.0.0 (BSD-3-Clause)",
            "Node.js",
        ]);
        expect(notices).to.include("Copyright Node.js contributors. All rights reserved.");
    });

    it("the command comes by the lines of docs/installation-configuration.md, and needs no Node.js", async () => {
        expect(command).to.equal(`aws-gitlab-oidc-v${version}-${os}-${arch}.tar.gz`);
        const page = readFileSync(join(projectRoot, "docs/installation-configuration.md"), "utf8");
        const lines = /```sh\n(curl .*?)```/s.exec(page)![1]!.replaceAll("linux-amd64", `${os}-${arch}`);
        const release = mkdtempSync(join(folder, "release-"));
        for (const name of [archive, command]) {
            copyFileSync(join(folder, name), join(release, name));
        }
        await writeSums(release);
        const [path, job] = [mkdtempSync(join(folder, "path-")), mkdtempSync(join(folder, "job-"))];
        const address = `https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/releases/download/v${version}`;
        const curl = [
            "#!/bin/sh",
            `test "\${2%/*}" = ${address} || exit 22`,
            'test "$1" = -fsSLO && exec > "${2##*/}"',
            `exec cat "${release}/\${2##*/}"`,
        ];
        writeFileSync(join(path, "curl"), `${curl.join("\n")}\n`, { mode: 0o755 });
        const download = () =>
            spawnSync("/bin/sh", ["-e", "-c", lines], {
                cwd: job,
                env: { PATH: `${path}:/usr/bin:/bin` },
                encoding: "utf8",
            });
        expect(download()).to.include({ stdout: `${command}: OK\n${version}\n`, stderr: "", status: 0 });

        const policy = JSON.stringify(trustPolicy({ StringEquals: { "gitlab.com:aud": "https://gitlab.com" } }));
        const lint = ["lint", "--trust-policy", "-", "--json"];
        const { stdout, stderr, status } = spawnSync(join(job, "aws-gitlab-oidc"), lint, {
            input: policy,
            env: {},
            encoding: "utf8",
        });
        const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string }[] };
        expect([findings.map(({ id }) => id), stderr, status]).to.deep.equal([["no-subject"], "", 1]);

        const details = {
            RoleDetailList: [
                {
                    RoleName: "deploy",
                    Arn: "arn:aws:iam::111122223333:role/deploy",
                    AssumeRolePolicyDocument: JSON.parse(policy) as object,
                },
            ],
        };
        const audit = spawnSync(join(job, "aws-gitlab-oidc"), ["audit", "-", "--html", "audit.html"], {
            cwd: job,
            input: JSON.stringify(details),
            env: {},
            encoding: "utf8",
        });
        expect(audit).to.include({ stderr: 'wrote "audit.html"\n', status: 1 });
        const written = readFileSync(join(job, "audit.html"), "utf8");
        expect(written)
            .to.match(/^<!doctype html>/)
            .and.contain('"arn":"arn:aws:iam::111122223333:role/deploy"');
        rmSync(join(job, "audit.html"));

        // Not what the sums say: nothing is unpacked.
        rmSync(join(job, "aws-gitlab-oidc"));
        writeFileSync(join(release, command), "another file");
        const refused = download();
        expect(refused.status).to.equal(1);
        expect(refused.stdout).to.equal(`${command}: FAILED\n`);
        expect(readdirSync(job)).to.deep.equal([command]);
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

    it("and the wheel lead from an empty folder to the CI file on main by docs/getting-started/python.md", async () => {
        const { python } = await pulumiForPython();
        const { workspace } = await engine();
        const start = mkdtempSync(join(folder, "getting-started-"));
        copyFileSync(join(folder, archive), join(start, archive));
        await packPython(start);
        const home = join(start, "home");
        mkdirSync(home);
        const walk = new Walk(start, workspace);
        commandsOfAPythonUser(walk, workspace, start);
        const env: Record<string, string> = {
            PULUMI_HOME: home,
            // What the package index has, and no more than that: the wheel here, and Pulumi with what it needs.
            PIP_NO_INDEX: "1",
            PIP_FIND_LINKS: start,
            PIP_NO_DEPS: "1",
            PYTHONPATH: pythonPathOf(python),
        };
        const steps = stepsOf("python.md").map((step) => ({
            ...step,
            text: step.text.replaceAll("linux-amd64", `${os}-${arch}`),
        }));
        expect(steps.map(({ language, file }) => file ?? language)).to.deep.equal([
            ...["sh", "sh", "Pulumi.yaml", "__main__.py", "sh", "sh"],
        ]);
        await walk.follow(steps, { env });
        const platform = walk.stack(env);
        expect(
            readdirSync(join(home, "plugins"))
                .filter((name) => !name.endsWith(".lock"))
                .sort(),
        ).to.deep.equal([`resource-aws-gitlab-oidc-v${version}`, `resource-aws-v${awsVersion()}`]);
        await platform.destroy();
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
    cpSync(join(projectRoot, "tools/aws-offline/bin"), aws, { recursive: true });
    // The stand-in for the aws provider is a program for Node.js, which it cannot find here.
    const launcher = `#!/bin/sh\nexec '${process.execPath}' '${join(aws, "index.js")}' "$@"\n`;
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

/**
 * The few commands that the page uses, and no Node.js. `pulumi up` without a Python language host, which is in no package
 * index, runs the program by the Automation API; the stand-in for the plugin `aws` is what the CLI would have downloaded.
 */
function commandsOfAPythonUser(walk: Walk, workspace: Workspace, folder: string): void {
    const aws = join(folder, "aws");
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    walk.command("python3", `exec '${python}' "$@"`);
    const inline = join(projectRoot, "tools/python/up_inline.py");
    walk.command(
        "pulumi",
        `if [ "$*" = up ]; then exec venv/bin/python '${inline}' . platform dev; fi`,
        `exec '${workspace.tools.pulumi.path}' "$@"`,
    );
    cpSync(join(projectRoot, "tools/aws-offline/bin"), aws, { recursive: true });
    const launcher = `#!/bin/sh\nexec '${process.execPath}' '${join(aws, "index.js")}' "$@"\n`;
    writeFileSync(join(aws, "pulumi-resource-aws"), launcher, { mode: 0o755 });
    const install = ["plugin", "install", "resource", "aws", `v${awsVersion()}`, "--file", aws];
    execFileSync(workspace.tools.pulumi.path, install, {
        env: { ...workspace.env, PULUMI_HOME: join(folder, "home") },
        stdio: "pipe",
    });
}

/** Where the packages of a venv are. */
function pythonPathOf(python: string): string {
    const code = "import sysconfig; print(sysconfig.get_path('purelib'))";
    return execFileSync(python, ["-I", "-c", code], { encoding: "utf8" }).trim();
}

/** A plugin says its port when it is ready. */
async function millisecondsToStart(executable: string): Promise<number> {
    const began = performance.now();
    const plugin = spawn(executable, ["127.0.0.1:1"], { env: {}, stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => plugin.stdout.once("data", resolve));
    plugin.kill();
    return Math.round(performance.now() - began);
}
