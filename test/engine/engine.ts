import * as automation from "@pulumi/pulumi/automation";
import * as pulumi from "@pulumi/pulumi";
import { delimiter, dirname } from "node:path";
import { startWorkspace, type Workspace } from "../../tools/workspace";
import { token } from "../../provider/schema";

/** A child as the state has it. */
export interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: Record<string, unknown>;
    readonly protect?: boolean;
    readonly retainOnDelete?: boolean;
    readonly provider?: string;
    readonly parent?: string;
}

/** A stack of a program that the tests write, on the real engine. */
export class TestStack {
    constructor(
        private readonly stack: automation.Stack,
        readonly folder: string,
    ) {}

    /** Uses another program from now on, as if the user had edited it. */
    edit(program: automation.PulumiFn): this {
        this.stack.workspace.program = program;
        return this;
    }

    async up(options: automation.UpOptions = {}): Promise<automation.UpResult> {
        return this.stack.up({ color: "never", ...options });
    }

    async preview(options: automation.PreviewOptions = {}): Promise<automation.PreviewResult> {
        return this.stack.preview({ color: "never", ...options });
    }

    async refresh(): Promise<automation.RefreshResult> {
        return this.stack.refresh({ color: "never" });
    }

    async destroy(): Promise<automation.DestroyResult> {
        return this.stack.destroy({ color: "never" });
    }

    async outputs(): Promise<Record<string, unknown>> {
        const outputs = await this.stack.outputs();
        return Object.fromEntries(Object.entries(outputs).map(([k, v]) => [k, v.value as unknown]));
    }

    async resources(): Promise<StateResource[]> {
        const { deployment } = await this.stack.exportStack();
        return (deployment as { resources?: StateResource[] }).resources ?? [];
    }

    /** The resources of AWS in the state: name → inputs. */
    async children(): Promise<Record<string, StateResource>> {
        const all = (await this.resources()).filter((r) => r.type.startsWith("aws:"));
        return Object.fromEntries(all.map((r) => [`${r.type.split(":").pop()!} ${nameOf(r.urn)}`, r]));
    }

    /** What a user sees when an operation is refused: all that the CLI printed. */
    async refusal(operation: "up" | "preview" = "up"): Promise<string> {
        try {
            await this[operation]();
        } catch (error) {
            return (error as Error).message;
        }
        throw new Error(`${operation} was not refused`);
    }
}

export function nameOf(urn: string): string {
    return urn.split("::").pop()!;
}

/** The engine, with an emulator of its own. */
export class Engine {
    private stacks = 0;
    private constructor(readonly workspace: Workspace) {}

    static async start(): Promise<Engine> {
        const workspace = await startWorkspace();
        process.env["PATH"] = [dirname(workspace.tools.pulumi.path), process.env["PATH"]].join(delimiter);
        return new Engine(workspace);
    }

    /** A stack whose program runs in this process, as the Automation API does it where no language host is there. */
    async program(program: automation.PulumiFn, projectName = "test"): Promise<TestStack> {
        const folder = this.workspace.project(projectName, "nodejs");
        const stack = await automation.LocalWorkspace.createStack(
            { stackName: `s${String((this.stacks += 1))}`, projectName, program },
            { workDir: folder, envVars: this.workspace.env },
        );
        return new TestStack(stack, folder);
    }

    /** A stack of a YAML program, run by the YAML language host. */
    async yaml(text: string, projectName = "test"): Promise<TestStack> {
        const folder = this.workspace.project(projectName, "yaml", text);
        const stack = await automation.LocalWorkspace.createStack(
            { stackName: `s${String((this.stacks += 1))}`, workDir: folder },
            { envVars: this.workspace.env },
        );
        return new TestStack(stack, folder);
    }

    async stop(): Promise<void> {
        await this.workspace.stop();
    }
}

/** A component made by the plugin, as generated SDKs make it. */
export class Remote extends pulumi.ComponentResource {
    constructor(component: string, name: string, args: pulumi.Inputs, outputs: string[], opts?: pulumi.ComponentResourceOptions) {
        super(token(component), name, { ...Object.fromEntries(outputs.map((o) => [o, undefined])), ...args }, opts, true);
    }

    output<T>(name: string): pulumi.Output<T> {
        return (this as unknown as Record<string, pulumi.Output<T>>)[name]!;
    }
}
