import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { logFile, projectRoot, run, say } from "../../tools/setup/cache";
import { goTool } from "../../tools/setup/go";
import { javaTools, writeMavenWrapper, writeRepositoryWithSdk } from "../../tools/setup/java";
import { javaHost } from "../../tools/setup/java-host";
import { pulumiForPython } from "../../tools/setup/python";
import type { Workspace } from "../../tools/workspace";
import { roleInAws, type RoleInAws } from "./account";
import { CLI_SETTINGS, emptyAccount, engine, TestStack, type Program } from "./engine";

const load = createRequire(__filename);

/** The name of every example's stack, so that the same URNs are the same text. */
const STACK = "dev";

/** What an example needs besides its files and the CLI. */
interface Ready {
    readonly env?: Readonly<Record<string, string>>;
    /** Runs the program in this process. */
    readonly program?: Program;
    /** The command that runs `up` of the program, before `FOLDER PROJECT STACK [--expect-no-changes]`. */
    readonly up?: readonly [string, ...string[]];
    /** The folder of the language's host, where Pulumi would not find it. */
    readonly host?: string;
}

/** A language that examples are written in. */
export interface Language {
    /** The folder below examples/. */
    readonly name: string;
    /** The language as Pulumi calls it. */
    readonly runtime: string;
    /** Why this machine cannot run it, if so. */
    readonly missing?: () => Promise<string | undefined>;
    /** Makes a copy of an example ready; without the language's host, so that the Automation API can run it. */
    readonly prepare: (folder: string, hasHost: boolean) => Promise<Ready>;
}

export const yaml: Language = { name: "yaml", runtime: "yaml", prepare: () => Promise.resolve({}) };

export const typescript: Language = {
    name: "typescript",
    runtime: "nodejs",
    prepare(folder, hasHost) {
        const modules = join(folder, "node_modules");
        const own = join(modules, "pulumi-aws-gitlab-oidc");
        mkdirSync(own, { recursive: true });
        cpSync(join(projectRoot, "package.json"), join(own, "package.json"));
        symlinkSync(join(projectRoot, "dist"), join(own, "dist"));
        symlinkSync(join(projectRoot, "node_modules", "@pulumi"), join(modules, "@pulumi"));
        return Promise.resolve(hasHost ? {} : { program: moduleOf(load.resolve(join(folder, "index.ts"))) });
    },
};

/** A program that is a module: it is run anew each time, what it exports are its outputs. */
function moduleOf(file: string): Program {
    return () => {
        // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
        delete load.cache[file];
        return load(file) as Record<string, unknown>;
    };
}

export const python: Language = {
    name: "python",
    runtime: "python",
    async prepare(folder, hasHost) {
        const { python, sdk } = await pulumiForPython();
        symlinkSync(join(python, "..", ".."), join(folder, "venv"));
        const env = { PYTHONPATH: sdk };
        return hasHost ? { env } : { env, up: [python, join(projectRoot, "tools/python/up_inline.py")] };
    },
};

export const go: Language = {
    name: "go",
    runtime: "go",
    async prepare(folder, hasHost) {
        writeGoModule(folder);
        return hasHost ? {} : { up: [await goProgram(folder)] };
    },
};

const goModule = join(projectRoot, "tools/go/examples");

/** Lets a program in Go use the SDK of this checkout. */
function writeGoModule(folder: string): void {
    const mod = readFileSync(join(goModule, "go.mod"), "utf8");
    writeFileSync(join(folder, "go.mod"), mod.replace("../../../sdk/go", JSON.stringify(join(projectRoot, "sdk/go"))));
    cpSync(join(goModule, "go.sum"), join(folder, "go.sum"));
}

/** Compiles the program in a folder, and returns the file that runs `up` of it by the Automation API. */
export async function goProgram(folder: string): Promise<string> {
    writeGoModule(folder);
    cpSync(join(goModule, "inline_test.go"), join(folder, "inline_test.go"));
    const program = join(folder, "program");
    say("compiling an example in Go (a minute the first time)");
    await run(await goTool(), ["test", "-c", "-trimpath", "-ldflags", "-s -w", "-o", program, "."], {
        log: logFile("go-example"),
        cwd: folder,
        env: { HOME: homedir(), ...process.env },
        fetching: "Pulumi's Automation API from the Go module proxy",
    });
    return program;
}

/** Maven for all examples in Java, with the SDK, and the folder of the language host. */
interface JavaParts {
    readonly maven: string;
    readonly host: string;
}

let preparedJava: Promise<JavaParts> | undefined;

export function javaParts(): Promise<JavaParts> {
    return (preparedJava ??= prepareJava());
}

async function prepareJava(): Promise<JavaParts> {
    const tools = await javaTools();
    if (tools.missing !== undefined) {
        throw new Error(tools.missing);
    }
    const { workspace } = await engine();
    const folder = mkdtempSync(join(workspace.folder, "java-"));
    const repository = join(folder, "repository");
    await writeRepositoryWithSdk(repository, tools);
    const maven = join(folder, "mvnw");
    await writeMavenWrapper(maven, tools, repository);
    return { maven, host: await javaHost(workspace.tools.pulumi) };
}

export const java: Language = {
    name: "java",
    runtime: "java",
    missing: async () => (await javaTools()).missing,
    async prepare(folder) {
        const { maven, host } = await javaParts();
        // Under this name the language host looks for Maven in the project first.
        cpSync(maven, join(folder, "mvnw"));
        return { host };
    },
};

/** What an example needs besides this package and AWS. */
interface More {
    /** Further plugins, as lines of `providers` in a Pulumi.yaml. */
    readonly providers?: string;
    readonly env?: Readonly<Record<string, string>>;
    /** Changes the copy before it is compiled. */
    readonly edit?: (folder: string) => void;
}

const opened: Example[] = [];

/** A copy of an example, with a stack. */
export class Example {
    private constructor(
        private readonly workspace: Workspace,
        readonly stack: TestStack,
        private readonly ready: Ready,
    ) {}

    /**
     * @param path Below examples/.
     * @param config Values of the stack by key, as after `pulumi config set`.
     */
    static async open(
        { name, runtime, prepare }: Language,
        path: string,
        config: Record<string, string> = {},
        { providers = "", env = {}, edit }: More = {},
    ): Promise<Example> {
        const ownEngine = await engine();
        const { workspace } = ownEngine;
        const folder = mkdtempSync(join(workspace.folder, "example-"));
        cpSync(join(projectRoot, "examples", name, path), folder, {
            recursive: true,
            // What whoever tried the example left there.
            filter: (file) => !/[/\\](?:node_modules|venv|Pulumi\.[^/\\]+\.yaml)$/.test(file),
        });
        edit?.(folder);
        const ready = await prepare(folder, workspace.tools.pulumi.hosts.includes(runtime));
        const settings = readFileSync(join(folder, "Pulumi.yaml"), "utf8");
        const plugins = ready.host === undefined ? workspace.plugins : withHost(workspace.plugins, runtime, ready.host);
        writeFileSync(join(folder, "Pulumi.yaml"), `${settings}\n${plugins}${providers}`);

        const project = /^name: (\S+)$/m.exec(settings)![1]!;
        const own = { ...workspace, env: { ...workspace.env, ...ready.env, ...env } };
        const example = new Example(own, new TestStack(own, folder, project, STACK, ready.program), ready);
        opened.push(example);
        await ownEngine.make(example.stack);
        for (const [key, value] of Object.entries(config)) {
            await example.pulumi("config", "set", key, value, "--stack", STACK);
        }
        return example;
    }

    /** What another stack refers to this one by. */
    get fullName(): string {
        return `organization/${this.stack.project}/${STACK}`;
    }

    async up(...flags: "--expect-no-changes"[]): Promise<void> {
        if (this.ready.up === undefined) {
            await this.stack.up(...flags);
        } else {
            const [command, ...args] = this.ready.up;
            await run(command, [...args, this.stack.folder, this.stack.project, STACK, ...flags], {
                log: logFile("example"),
                env: { ...this.workspace.env, ...CLI_SETTINGS },
            });
        }
    }

    unchanged(): Promise<void> {
        return this.up("--expect-no-changes");
    }

    async destroy(): Promise<void> {
        await this.stack.destroy();
    }

    private async pulumi(...args: string[]): Promise<void> {
        const { code, text } = await this.stack.command([...args, "--non-interactive"]);
        if (code !== 0) {
            throw new Error(`pulumi ${args.join(" ")} failed:\n${text}`);
        }
    }
}

/** The part of a Pulumi.yaml that names plugins, with another language host. */
export function withHost(plugins: string, runtime: string, folder: string): string {
    return plugins.replace("languages:", `languages:\n    - { name: ${runtime}, path: ${JSON.stringify(folder)} }`);
}

/** Lets each test of the suite begin with an empty account and without stacks. */
export function emptyAccountWithoutStacks(): void {
    emptyAccount();
    afterEach(() => opened.splice(0).forEach(({ stack }) => stack.forget()));
}

/** What a stack made, without the random ends of the roles' names. */
export interface Made {
    readonly urns: readonly string[];
    /** By the role's name. */
    readonly roles: Readonly<Record<string, Pick<RoleInAws, "trust" | "inline" | "managed" | "tags">>>;
    /** All but the next. */
    readonly outputs: Readonly<Record<string, unknown>>;
    readonly gitlabCiYml: unknown;
}

export async function madeBy({ stack }: Example): Promise<Made> {
    const resources = stack.resources();
    const names = resources.filter((r) => r.type === "aws:iam/role:Role").map((r) => String(r.outputs!["name"]));
    const roles = names.sort().map(async (name) => {
        const { trust, inline, managed, tags } = await roleInAws(name);
        return [name, { trust, inline, managed, tags }] as const;
    });
    const { gitlabCiYml, ...outputs } = stack.outputs();
    const made: Made = {
        urns: resources.map(({ urn }) => urn).sort(),
        roles: Object.fromEntries(await Promise.all(roles)),
        outputs,
        gitlabCiYml,
    };
    const text = names.reduce(
        (json, name) => json.replaceAll(name, name.replace(/-[0-9a-f]{7}$/, "-RANDOM")),
        JSON.stringify(made),
    );
    return JSON.parse(text) as Made;
}
