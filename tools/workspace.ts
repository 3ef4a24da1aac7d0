import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { awsVersion } from "./aws-offline/stand-in";
import { environmentWith, startEmulator, type Emulator } from "./emulator";
import { SetupError } from "./setup/cache";
import { toolchain, type Toolchain } from "./setup";

const root = join(__dirname, "..");

/** A place to run Pulumi in: tools, an AWS emulator, a home and a file backend of its own, all gone after `stop`. */
export interface Workspace {
    readonly tools: Toolchain;
    readonly emulator: Emulator;
    /** Environment of every command: PATH, PULUMI_*, AWS_*. */
    readonly env: Record<string, string>;
    readonly folder: string;
    /** The part of a Pulumi.yaml that names the plugins of this checkout. */
    readonly plugins: string;
    /** Writes a project of the given runtime that uses the plugin of bin/ and the aws provider, and gives back its folder. */
    project(name: string, runtime: string, rest?: string): string;
    stop(): Promise<void>;
}

/**
 * The aws provider that stacks run on: the offline one of this repository, or with PULUMI_AWS_PLUGIN=/folder the real
 * pulumi-resource-aws there, whose endpoints the environment points at the emulator too.
 */
function awsPlugin(): string {
    const real = process.env["PULUMI_AWS_PLUGIN"];
    const folder = real ?? join(__dirname, "aws-offline/bin");
    if (!existsSync(join(folder, "pulumi-resource-aws"))) {
        const fix = real === undefined ? "Run make setup" : "Set PULUMI_AWS_PLUGIN to the folder that has it";
        throw new SetupError(`${folder} has no pulumi-resource-aws. ${fix}.`);
    }
    return folder;
}

export async function startWorkspace(): Promise<Workspace> {
    const aws = awsPlugin();
    const tools = await toolchain();
    const folder = mkdtempSync(join(tmpdir(), "aws-gitlab-oidc-"));
    const emulator = await startEmulator({ bin: tools.python.bin });
    const home = join(folder, "home");
    const state = join(folder, "state");
    mkdirSync(home);
    mkdirSync(state);
    const plugins = pluginPaths(aws, tools.yamlHostDir);
    const env = {
        ...environmentWith(emulator.env, tools.env),
        PULUMI_HOME: home,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "offline",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
    return {
        tools,
        emulator,
        env,
        folder,
        plugins,
        project(name, runtime, rest = "") {
            const project = mkdtempSync(join(folder, `${name}-`));
            writeFileSync(join(project, "Pulumi.yaml"), `name: ${name}\nruntime: ${runtime}\n${plugins}${rest}`);
            return project;
        },
        async stop() {
            await emulator.stop();
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

/** The part of a Pulumi.yaml that names the plugins of this checkout, and the YAML host, where they are. */
function pluginPaths(aws: string, yamlHostDir: string): string {
    return `plugins:
  languages:
    - { name: yaml, path: ${JSON.stringify(yamlHostDir)} }
  providers:
    - { name: aws, path: ${JSON.stringify(aws)}, version: ${awsVersion()} }
    - { name: aws-gitlab-oidc, path: ${JSON.stringify(join(root, "bin"))} }
`;
}
