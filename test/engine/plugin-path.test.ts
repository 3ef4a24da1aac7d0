import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageJson } from "../../provider/contract/schema";
import { projectRoot } from "../../tools/setup/cache";
import { engine, TestStack } from "./engine";

const NAME = "pulumi-resource-aws-gitlab-oidc";
const PROGRAM = `
resources:
    gitlab:
        type: aws-gitlab-oidc:IdentityProvider
        properties: { url: "https://gitlab.example.com" }
`;

describe("engine: the plugin from the path of a checkout", () => {
    let checkout: string;
    let npmRan: string;
    let stack: TestStack;
    before(async () => {
        const { workspace } = await engine();
        checkout = join(workspace.folder, "checkout");
        mkdirSync(checkout);
        copyFileSync(join(projectRoot, ".gitignore"), join(checkout, ".gitignore"));
        git("init", "--quiet");
        git("add", ".gitignore");
        git("-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message=x");
        cpSync(join(projectRoot, "bin"), join(checkout, "bin"), {
            recursive: true,
            filter: (file) => !file.endsWith(".compile-cache"),
        });
        const path = join(checkout, "../path");
        npmRan = join(path, "ran");
        mkdirSync(path);
        writeFileSync(join(path, "npm"), `#!/bin/sh\ntouch '${npmRan}'\nexit 1\n`, { mode: 0o755 });
        const project = workspace.project("from-checkout", "yaml", PROGRAM);
        const settings = join(project, "Pulumi.yaml");
        const text = readFileSync(settings, "utf8");
        writeFileSync(settings, text.replace(join(projectRoot, "bin"), join(checkout, "bin")));
        const env = { ...workspace.env, PATH: `${path}:${workspace.env["PATH"]!}` };
        stack = new TestStack({ ...workspace, env }, project, "from-checkout", "dev");
    });

    function git(...args: readonly string[]): string {
        return execFileSync("git", args, { cwd: checkout, encoding: "utf8" });
    }

    it("is added to a project without npm, and nothing is installed beside it", async () => {
        const built = readdirSync(join(checkout, "bin"));
        expect(built).to.not.include("package.json").and.to.not.include("PulumiPlugin.yaml");
        expect(await stack.command(["package", "add", join(checkout, "bin", NAME)])).to.include({ code: 0 });
        const { packages } = parse(readFileSync(join(stack.folder, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
        expect(packages).to.deep.equal({ "aws-gitlab-oidc": `aws-gitlab-oidc@${packageJson().version}` });
        expect(existsSync(npmRan)).to.equal(false);
        expect(readdirSync(join(checkout, "bin")).sort()).to.deep.equal([".compile-cache", ...built].sort());
        expect(git("status", "--porcelain")).to.equal("");
    });

    it("leaves no file that Git sees after a program in YAML", async () => {
        expect(await stack.command(["stack", "init", "dev"])).to.include({ code: 0 });
        await stack.preview();
        // Older YAML hosts keep a copy of the schema there.
        expect(git("status", "--porcelain")).to.equal("");
    });
});
