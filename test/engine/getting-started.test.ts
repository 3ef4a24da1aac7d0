import { expect } from "chai";
import { cpSync, mkdtempSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { serveFolder } from "../../tools/compat/language-host";
import { projectRoot } from "../../tools/setup/cache";
import { goTool } from "../../tools/setup/go";
import { javaTools } from "../../tools/setup/java";
import { trustPolicy } from "../support/policies";
import { skip } from "../support/skip";
import { everythingInAws, nothing, roleInAws } from "./account";
import { emptyAccount, engine, TestStack } from "./engine";
import { goProgram, javaParts, withHost } from "./examples";
import { stepsOf, Walk, type Step } from "./walk";

/** `docs/getting-started/python.md` is walked with the released plugin and wheel, in dist.test.ts. */
describe("engine: the pages of docs/getting-started lead from an empty folder to the CI file on main", () => {
    emptyAccount();
    afterEach(async () => new TestStack((await engine()).workspace, "", "platform", "dev").forget());

    it("are these", () => {
        expect(readdirSync(join(projectRoot, "docs/getting-started")).sort()).to.deep.equal([
            ...["go.md", "java.md", "python.md", "typescript.md", "yaml.md"],
        ]);
    });

    it("typescript.md", async () => {
        const { walk, plugins } = await begin("typescript.md");
        // Links stand in for the registry. Both lines have to be those of the page.
        const installed = {
            "install pulumi-aws-gitlab-oidc @pulumi/pulumi @pulumi/aws": {
                "pulumi-aws-gitlab-oidc": projectRoot,
                "@pulumi": join(projectRoot, "node_modules/@pulumi"),
            },
            "install --save-dev typescript@6 @types/node@22": {
                typescript: join(projectRoot, "node_modules/typescript"),
                "@types/node": join(projectRoot, "node_modules/@types/node"),
            },
        };
        walk.command(
            "npm",
            "/bin/mkdir -p node_modules/@types",
            'case "$*" in',
            ...Object.entries(installed).map(([line, packages]) => {
                const links = Object.entries(packages).map(
                    ([name, path]) => `/bin/ln -s '${path}' node_modules/${name}`,
                );
                return `"${line}") ${links.join(" && ")} ;;`;
            }),
            "*) exit 1 ;;",
            "esac",
        );
        const { flags, stop } = await serveFolder(walk.folder, process.execPath, ".");
        try {
            await pulumiOf(walk, flags);
            await walk.follow(stepsOf("typescript.md"), { env: {}, write: withPlugins(plugins) });
        } finally {
            stop();
        }
        await expectRole(walk);
    });

    it("go.md", async () => {
        const { walk, plugins } = await begin("go.md");
        const go = await goTool();
        // The SDK of this checkout is in no module proxy: `go mod tidy` would not find it.
        walk.command(
            "go",
            'case "$*" in',
            `"mod init platform") HOME='${homedir()}' exec '${go}' "$@" ;;`,
            '"mod tidy") ;;',
            "*) exit 1 ;;",
            "esac",
        );
        const steps = stepsOf("go.md");
        const [upTo, from] = split(steps, /^pulumi stack init/m);
        await walk.follow(upTo, { env: {}, write: withPlugins(plugins) });
        const program = await goProgram(walk.folder);
        await pulumiOf(walk, [], `'${program}' . platform dev`);
        await walk.follow(from, { env: {} });
        await expectRole(walk);
    });

    it("java.md", async function () {
        const tools = await javaTools();
        if (tools.missing !== undefined) {
            skip(this, tools.missing);
        }
        const { walk, plugins } = await begin("java.md");
        const { maven, host } = await javaParts();
        await pulumiOf(walk);
        const steps = stepsOf("java.md");
        const [upTo, from] = split(steps, /^pulumi stack init/m);
        await walk.follow(upTo, { env: {}, write: withPlugins(withHost(plugins, "java", host)) });
        // Under this name the language host looks for Maven in the project first.
        cpSync(maven, join(walk.folder, "mvnw"));
        await walk.follow(from, { env: {} });
        await expectRole(walk);
    });

    it("yaml.md", async () => {
        const { walk, plugins } = await begin("yaml.md");
        await pulumiOf(walk);
        await walk.follow(stepsOf("yaml.md"), { env: {}, write: withPlugins(plugins) });
        await expectRole(walk);
    });
});

/** An empty folder for the page, and the lines of Pulumi.yaml that name the plugins of this checkout. */
async function begin(page: string): Promise<{ readonly walk: Walk; readonly plugins: string }> {
    const { workspace } = await engine();
    const start = mkdtempSync(join(workspace.folder, page));
    return { walk: new Walk(start, workspace), plugins: workspace.plugins };
}

/** The reader's `pulumi`: without a terminal, and with the plugin where Pulumi.yaml names it instead of GitHub. */
async function pulumiOf(walk: Walk, flags: readonly string[] = [], program?: string): Promise<void> {
    const { workspace } = await engine();
    const cli = workspace.tools.pulumi.path;
    const { version } = packageJson();
    walk.command(
        "pulumi",
        // The plugins of a checkout are programs for Node.js, those of a release are not.
        `export PATH='${workspace.env["PATH"]!}'`,
        'case "$*" in',
        `up) exec ${program ?? `'${cli}' ${["up", "--yes", "--skip-preview", "--non-interactive", ...flags].join(" ")}`} ;;`,
        `"plugin install resource aws-gitlab-oidc v${version} --server github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc") ;;`,
        `*) exec '${cli}' "$@" ;;`,
        "esac",
    );
}

/** Files as the page has them, but for the plugins in Pulumi.yaml. */
function withPlugins(plugins: string): (step: Step) => string {
    return ({ file, text }) => (file === "Pulumi.yaml" ? `${text}\n${plugins}` : text);
}

/** Splits the steps at the first that has the pattern. */
function split(steps: readonly Step[], pattern: RegExp): readonly [readonly Step[], readonly Step[]] {
    const at = steps.findIndex(({ text }) => pattern.test(text));
    expect(at).to.be.greaterThan(0);
    return [steps.slice(0, at), steps.slice(at)];
}

/** The account has the role that the page promises; `pulumi destroy` removes it. */
async function expectRole(walk: Walk): Promise<void> {
    const stack = walk.stack({});
    const { roleArns } = stack.outputs() as { readonly roleArns: { readonly deploy: string } };
    const { trust, managed } = await roleInAws(roleArns.deploy.split("/")[1]!);
    expect(managed).to.deep.equal(["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]);
    expect(trust).to.deep.equal(
        trustPolicy({
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:project_id": "4711",
                "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
            },
        }),
    );
    await stack.destroy();
    expect(await everythingInAws()).to.deep.equal(nothing);
}
