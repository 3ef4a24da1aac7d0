import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { say } from "../tools/setup/cache";
import { startWorkspace, type Workspace } from "../tools/workspace";
import type { Boilerplate } from "./boilerplate";
import { interruptible } from "./interrupt";
import { peakMegabytes } from "./memory";
import { rowOf, type Row } from "./row";
import { samplesOf, timed, type Samples } from "./samples";

export const ROLES = 1000;

type ProgramName = "classes" | "handWritten" | "flat" | "plugin" | "boilerplate" | "accounts";

/** The file backend writes the whole state after every step unless it is told not to: both sides are measured without. */
const SETTINGS = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** Their bar is closest to what they take, so they are measured in every turn. */
const CLOSEST = ["handWritten", "classes"] as const;

/** Turns of a round. All programs are measured in the first. */
const TURNS = 3;

/** What `pulumi up` and `pulumi preview` of many roles take on the real engine, with an emulator of AWS. */
export async function measureEngine(programs: string, peer: Boilerplate, rounds: number): Promise<readonly Row[]> {
    const workspace = await startWorkspace();
    try {
        const ups: Record<string, number[]> = {};
        const previews: Record<string, number[]> = {};
        for (let turn = 0; turn < rounds * TURNS; turn += 1) {
            const isWhole = turn % TURNS === 0;
            for (const name of isWhole ? ([...CLOSEST, "boilerplate", "plugin", "flat"] as const) : CLOSEST) {
                const stack = await Stack.init(workspace, programs, peer, name);
                (ups[name] ??= []).push(await stack.run("up", ROLES));
                if (isWhole && name !== "flat" && name !== "classes") {
                    (previews[name] ??= []).push(await stack.run("preview", ROLES));
                }
                await workspace.emulator.reset();
            }
        }
        const up = (name: ProgramName): Samples => samplesOf(ups[name]!);
        const preview = (name: ProgramName): Samples => samplesOf(previews[name]!);
        const row = (id: string, what: string, ours: Samples, peer: string, theirs: Samples, bar?: number): Row =>
            rowOf({ id, what, peer, unit: "s", ours, theirs, ...(bar !== undefined && { bar }) });
        const [direct, flat, byPlugin] = [up("classes"), up("flat"), up("plugin")];
        return [
            row("up-classes", "pulumi up, 1,000 roles, npm classes", direct, "(a)", up("handWritten"), 1.05),
            row("up-flat", "pulumi up, 1,000 roles, npm classes", direct, "(a′)", flat),
            row("up-plugin-a", "pulumi up, 1,000 roles, plugin", byPlugin, "(a)", up("handWritten"), 1.25),
            row("up-plugin-b", "pulumi up, 1,000 roles, plugin", byPlugin, "(b)", up("boilerplate"), 0.9),
            row(
                "preview-plugin-a",
                "pulumi preview of it unchanged, plugin",
                preview("plugin"),
                "(a)",
                preview("handWritten"),
                1.4,
            ),
            row(
                "preview-plugin-b",
                "pulumi preview of it unchanged, plugin",
                preview("plugin"),
                "(b)",
                preview("boilerplate"),
                0.9,
            ),
        ];
    } finally {
        await workspace.stop();
    }
}

/** 5,000 roles over 10 accounts in one `up`, with its progress for who waits. */
export async function measureAccounts(programs: string, peer: Boilerplate): Promise<readonly Row[]> {
    const workspace = await startWorkspace();
    try {
        const stack = await Stack.init(workspace, programs, peer, "accounts");
        let made = 0;
        const seconds = await stack.run("up", 5000, (line) => {
            if (/ created(?: \(|$)/.test(line) && (made += 1) % 2000 === 0) {
                say(`${String(made)} resources created`);
            }
        });
        const row = (id: string, measured: string, unit: string, value: number): Row => ({
            id: `accounts-${id}`,
            what: `pulumi up, 5,000 roles over 10 accounts, npm classes: ${measured}`,
            unit,
            ours: samplesOf([value]),
        });
        return [
            row("resources", "resources created", "", stack.created!),
            row("time", "time", "s", seconds),
            row("memory", "peak memory of the program", "MB", stack.programMegabytes!),
        ];
    } finally {
        await workspace.stop();
    }
}

/** A stack of one of the programs that are compared. */
export class Stack {
    private static count = 0;
    programMegabytes: number | undefined;
    created: number | undefined;

    private constructor(
        private readonly workspace: Workspace,
        private readonly programs: string,
        private readonly folder: string,
        private readonly program: ProgramName,
    ) {}

    static async init(workspace: Workspace, programs: string, peer: Boilerplate, program: ProgramName): Promise<Stack> {
        const bench = `    - { name: bench, path: ${JSON.stringify(peer.folder)} }\n`;
        // A program has a stack of its own in each turn.
        Stack.count += 1;
        const project = `bench-${program.toLowerCase()}-${String(Stack.count)}`;
        const stack = new Stack(workspace, programs, workspace.project(project, "nodejs", bench), program);
        await stack.pulumi(["stack", "init", "dev"]);
        return stack;
    }

    /** Seconds that the operation takes, the loading of the program among it. */
    async run(
        operation: "up" | "preview",
        roles: number,
        seen?: (line: string) => void,
        more: readonly string[] = [],
    ): Promise<number> {
        const child = spawn(process.execPath, [join(this.programs, "bench/programs.js"), this.program, String(roles)], {
            stdio: ["pipe", "pipe", "inherit"],
            env: this.workspace.env,
        });
        try {
            const [line] = (await once(createInterface(child.stdout), "line")) as [string];
            const flags = JSON.parse(line) as string[];
            const yes = operation === "up" ? ["--yes", "--skip-preview"] : ["--expect-no-changes"];
            const milliseconds = await timed(async () => {
                const text = await this.pulumi([operation, "--stack", "dev", ...yes, ...more, ...flags], seen);
                this.created = Number(/^ *\+ (\d+) created$/m.exec(text)?.[1]);
            });
            this.programMegabytes = peakMegabytes(child.pid!);
            return milliseconds / 1000;
        } finally {
            child.kill("SIGKILL");
        }
    }

    private async pulumi(args: readonly string[], seen?: (line: string) => void): Promise<string> {
        const { tools, env } = this.workspace;
        const child = interruptible(
            spawn(tools.pulumi.path, [...args, "--non-interactive", "--color", "never"], {
                cwd: this.folder,
                env: { ...env, ...SETTINGS },
                stdio: ["ignore", "pipe", "pipe"],
            }),
            "SIGINT",
        );
        let text = "";
        child.stderr.setEncoding("utf8").on("data", (more: string) => (text += more));
        createInterface(child.stdout).on("line", (line) => {
            text += `${line}\n`;
            seen?.(line);
        });
        const [code] = (await once(child, "close")) as [number | null];
        if (code !== 0) {
            throw new Error(`pulumi ${args.join(" ")} failed:\n${text.slice(-4000)}`);
        }
        return text;
    }
}
