import type { EngineEvent } from "@pulumi/pulumi/automation";
import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { serveProgram, type InlineProgram } from "../../tools/inline-program";
import { startWorkspace, type Workspace } from "../../tools/workspace";
import { labelOf } from "./labels";

/** What a user writes in index.ts: resources are made in it, what it gives back are the stack's outputs. */
export type Program = () => Readonly<Record<string, unknown>> | undefined;

export type Operation = "up" | "preview" | "refresh" | "destroy";

/** A resource as the state has it. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly provider?: string;
    readonly parent?: string;
    readonly dependencies?: readonly string[];
}

/** What came of an operation. */
export interface Ran {
    readonly succeeded: boolean;
    /** All that the CLI printed. */
    readonly text: string;
    readonly events: readonly EngineEvent[];
    /** What happens to each resource to which something does: `Role gitlab-deploy` → `update`. */
    readonly changes: Readonly<Record<string, string>>;
    /** Every resource that the program has, in the order of their labels. */
    readonly shown: readonly string[];
    /** Warnings of resources, as `label: text`. */
    readonly warnings: readonly string[];
    /** Errors, as `label: text`, or only the text of those that are about no resource; each once. */
    readonly errors: readonly string[];
}

/**
 * The first makes the CLI know `--event-log`, the next two write the state once instead of after every step, and the last two
 * let Go collect no garbage in processes that end after a second, which is a seventh of their work.
 */
export const CLI_SETTINGS = {
    PULUMI_DEBUG_COMMANDS: "true",
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_SKIP_CHECKPOINTS: "true",
    GOGC: "off",
    GOMEMLIMIT: "1GiB",
};

interface Checkpoint {
    readonly checkpoint: { readonly latest?: { readonly resources?: StateResource[] } | null };
}

/** The files of a stack that has nothing yet. */
interface NewStack {
    readonly state: string;
    readonly settings: string;
}

/** A stack of a program that the tests write, on the real engine. */
export class TestStack {
    /** The operation that is running. */
    running: ChildProcess | undefined;

    /** Variables of the CLI and its plugins beside those of the workspace. */
    env: Readonly<Record<string, string>> = {};

    constructor(
        private readonly workspace: Workspace,
        readonly folder: string,
        readonly project: string,
        readonly name: string,
        private program?: Program,
    ) {}

    /** Uses another program from now on, as if the user had edited it. */
    edit(program: Program): this {
        this.program = program;
        return this;
    }

    /** The same stack, whose program is one in YAML from now on. */
    asYaml(text: string): TestStack {
        const folder = this.workspace.project(this.project, "yaml", text);
        const stack = new TestStack(this.workspace, folder, this.project, this.name);
        copyFileSync(this.settingsFile(), stack.settingsFile());
        return stack;
    }

    /** Runs the operation, whatever comes of it. */
    async run(operation: Operation, ...flags: string[]): Promise<Ran> {
        const log = join(this.folder, "events.json");
        rmSync(log, { force: true });
        const { flags: serving, stop } = await this.language(operation);
        const yes = operation === "preview" ? [] : ["--yes", "--skip-preview"];
        const common = ["--stack", this.name, "--non-interactive", "--color", "never", "--event-log", log];
        const { code, text } = await this.command([operation, ...common, ...yes, ...serving, ...flags]);
        stop();
        const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
        return ranOf(
            code === 0,
            text,
            lines.map((line) => JSON.parse(line) as EngineEvent),
        );
    }

    /** Runs the operation, which has to succeed. */
    private async succeed(operation: Operation, ...flags: string[]): Promise<Ran> {
        const ran = await this.run(operation, ...flags);
        if (!ran.succeeded) {
            throw new Error(`pulumi ${[operation, ...flags].join(" ")} failed:\n${ran.text}`);
        }
        return ran;
    }

    up(...flags: string[]): Promise<Ran> {
        return this.succeed("up", ...flags);
    }

    /** An `up` that must find everything as it is. */
    unchanged(): Promise<Ran> {
        return this.succeed("up", "--expect-no-changes");
    }

    preview(...flags: string[]): Promise<Ran> {
        return this.succeed("preview", ...flags);
    }

    refresh(...flags: string[]): Promise<Ran> {
        return this.succeed("refresh", ...flags);
    }

    destroy(...flags: string[]): Promise<Ran> {
        return this.succeed("destroy", ...flags);
    }

    /** An operation that has to be refused. */
    async refused(operation: Operation = "up", ...flags: string[]): Promise<Ran> {
        const ran = await this.run(operation, ...flags);
        if (ran.succeeded) {
            throw new Error(`pulumi ${operation} was not refused:\n${ran.text}`);
        }
        return ran;
    }

    /** The CLI, in the folder of the project. */
    command(args: readonly string[]): Promise<{ code: number | null; text: string }> {
        return new Promise((resolve, reject) => {
            const { tools } = this.workspace;
            const env = { ...this.workspace.env, ...CLI_SETTINGS, ...this.env };
            const child = spawn(tools.pulumi.path, args, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
            this.running = child;
            let text = "";
            child.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
            child.stderr.setEncoding("utf8").on("data", (more: string) => (text += more));
            child.on("error", reject).on("close", (code) => {
                this.running = undefined;
                resolve({ code, text });
            });
        });
    }

    /** Runs the program in this process. */
    private language(operation: Operation): Promise<InlineProgram> {
        const { program } = this;
        if (program === undefined || operation === "refresh" || operation === "destroy") {
            return Promise.resolve({ flags: [], stop: () => undefined });
        }
        // An async function: what a program throws is what it rejects with.
        // eslint-disable-next-line @typescript-eslint/require-await
        return serveProgram(async () => program());
    }

    /** The resources of the state, without the stack itself and providers. */
    resources(): readonly StateResource[] {
        return this.state().filter((r) => r.type !== "pulumi:pulumi:Stack" && !r.type.startsWith("pulumi:providers:"));
    }

    /** Everything that the state has. */
    state(): readonly StateResource[] {
        const { checkpoint } = JSON.parse(readFileSync(this.stateFile(), "utf8")) as Checkpoint;
        return checkpoint.latest?.resources ?? [];
    }

    private stateFile(): string {
        const backend = fileURLToPath(this.workspace.env["PULUMI_BACKEND_URL"]!);
        return join(backend, ".pulumi/stacks", this.project, `${this.name}.json`);
    }

    /** Removes the stack, whatever it has. */
    forget(): void {
        rmSync(this.stateFile(), { force: true });
    }

    private settingsFile(): string {
        return join(this.folder, `Pulumi.${this.name}.yaml`);
    }

    /** Makes the stack. */
    async init(): Promise<NewStack> {
        const { code, text } = await this.command(["stack", "init", this.name, "--non-interactive"]);
        if (code !== 0) {
            throw new Error(`pulumi stack init failed:\n${text}`);
        }
        return { state: readFileSync(this.stateFile(), "utf8"), settings: readFileSync(this.settingsFile(), "utf8") };
    }

    /** Makes the stack as another one was made, by its files: the CLI takes half a second for it. */
    initLike({ state, settings }: NewStack): void {
        const { checkpoint, ...rest } = JSON.parse(state) as Checkpoint;
        const stack = `organization/${this.project}/${this.name}`;
        mkdirSync(dirname(this.stateFile()), { recursive: true });
        writeFileSync(this.stateFile(), JSON.stringify({ ...rest, checkpoint: { ...checkpoint, stack } }));
        writeFileSync(this.settingsFile(), settings);
    }

    /** The resource of the label, `Role gitlab-deploy`. */
    resource(label: string): StateResource {
        const found = this.state().filter(({ urn }) => labelOf(urn) === label);
        if (found.length !== 1) {
            throw new Error(`the state has ${String(found.length)} of ${label}: ${this.labels().join(", ")}`);
        }
        return found[0]!;
    }

    labels(): readonly string[] {
        return this.resources()
            .map(({ urn }) => labelOf(urn))
            .sort();
    }

    outputs(): Readonly<Record<string, unknown>> {
        return this.state().find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
    }
}

function ranOf(succeeded: boolean, text: string, events: readonly EngineEvent[]): Ran {
    const changes: Record<string, string> = {};
    const shown = new Set<string>();
    for (const { resourcePreEvent, resOutputsEvent } of events) {
        // What a refresh finds is known after it.
        const before = resourcePreEvent?.metadata.op === "refresh" ? undefined : resourcePreEvent;
        const { op, urn } = (before ?? resOutputsEvent)?.metadata ?? { op: "same", urn: "" };
        if (urn === "" || /::pulumi:(?:pulumi:Stack|providers:\w+(?:-\w+)*)::/.test(urn)) {
            continue;
        }
        const label = labelOf(urn);
        if (op !== "delete" && op !== "delete-replaced") {
            shown.add(label);
        }
        if (op !== "same") {
            changes[label] = /replace/.test(op) ? "replace" : op;
        }
    }
    const said = (severity: string): readonly string[] =>
        events
            .map(({ diagnosticEvent }) => diagnosticEvent)
            .filter((d) => d?.severity === severity && !d.message.startsWith("using pulumi-language-yaml from $PATH"))
            .map((d) => `${d?.urn ? `${labelOf(d.urn)}: ` : ""}${d?.message.trimEnd() ?? ""}`)
            // The Automation API's language server says an error of the program again, behind these words.
            .map((message) => message.replace(/^One or more errors occurred: /, ""));
    return {
        succeeded,
        text,
        events,
        changes,
        shown: [...shown].sort(),
        warnings: said("warning"),
        errors: [...new Set([...said("error"), ...said("info#err")])],
    };
}

/** The engine, with an AWS account of its own. */
export class Engine {
    private stacks = 0;
    private first: Promise<NewStack> | undefined;
    private constructor(readonly workspace: Workspace) {}

    static async start(): Promise<Engine> {
        return new Engine(await startWorkspace());
    }

    /** A stack of a program that runs in this process. */
    program(program: Program, project = "test"): Promise<TestStack> {
        return this.init(project, this.workspace.project(project, "nodejs"), program);
    }

    /** A stack of a YAML program, run by the YAML language host. */
    yaml(text: string, project = "test"): Promise<TestStack> {
        return this.init(project, this.workspace.project(project, "yaml", text));
    }

    private async init(project: string, folder: string, program?: Program): Promise<TestStack> {
        const stack = new TestStack(this.workspace, folder, project, `s${String((this.stacks += 1))}`, program);
        await this.make(stack);
        return stack;
    }

    /** Makes the stack: the first one by `pulumi stack init`, the others like it. */
    async make(stack: TestStack): Promise<void> {
        if (this.first === undefined) {
            await (this.first = stack.init());
        } else {
            stack.initLike(await this.first);
        }
    }

    stop(): Promise<void> {
        return this.workspace.stop();
    }
}

let started: Promise<Engine> | undefined;

/** The engine of all tests of a run, which ends with the run. */
export function engine(): Promise<Engine> {
    started ??= Engine.start();
    return started;
}

after(async () => {
    await (await started)?.stop();
});

/** Lets each test of the suite begin with an empty account. */
export function emptyAccount(): void {
    beforeEach(async () => {
        const { workspace } = await engine();
        await workspace.emulator.reset();
    });
}
