import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { serveProgram } from "../inline-program";
import { projectRoot } from "../setup/cache";
import type { Workspace } from "../workspace";
import { quickStart } from "./program";
import { screenOf, textOf } from "./screen";

/** The claims of a job on a tag, which the role of the quick start does not trust. */
const CLAIMS = {
    iss: "https://gitlab.com",
    aud: "https://gitlab.com",
    sub: "project_path:mygroup/myproject:ref_type:tag:ref:v1.0",
    project_id: "4711",
};

/** The exit status of `explain` for a job that AWS denies. */
const DENIED = 1;

/** A terminal that runs one command. `pulumi` and `explain` use colours only in a terminal. */
const TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

/** A type of terminal that is not asked for its colours: no answer would come, and Pulumi would wait for one. */
const TYPE = "screen-256color";

/** Runs the session of the README's picture on the emulator of AWS, and returns what a terminal shows. */
export async function recordSession(workspace: Workspace, columns: number): Promise<string> {
    const { tools, env } = workspace;
    const folder = workspace.project("platform", "nodejs");
    const shown: string[] = [];
    const run = (command: readonly string[], status = 0): Promise<string> =>
        runInTerminal(command, { columns, folder, env, status });
    /** Runs `command`, which the picture shows as `as`. */
    const show = async (as: string, command: readonly string[], status = 0): Promise<string> => {
        const output = await run(command, status);
        shown.push(`\u001b[1m$ ${as}\u001b[0m\n${output}`);
        return output;
    };
    const pulumi = tools.pulumi.path;
    const [init, remove] = [
        ["stack", "init", "dev"],
        ["stack", "rm", "dev", "--yes", "--force"],
    ];
    await run([pulumi, ...init]);

    const { flags, stop } = await serveProgram(quickStart);
    const up = ["up", "--yes", "--skip-preview", "--suppress-outputs"];
    try {
        await show(`pulumi ${up.join(" ")}`, [pulumi, ...up, ...flags]);
    } finally {
        stop();
    }
    const arns = await show("pulumi stack output roleArns", [pulumi, "stack", "output", "roleArns"]);

    const role = /gitlab-deploy-[0-9a-f]+/.exec(arns.replaceAll("\n", ""))![0];
    const getRole = `aws iam get-role --role-name ${role} > policy.json`;
    await show(getRole, ["sh", "-c", `PATH=${tools.python.bin}:$PATH; ${getRole}`]);
    writeFileSync(join(folder, "claims.json"), JSON.stringify(CLAIMS));
    const explain = ["explain", "--trust-policy", "policy.json", "--claims", "claims.json"];
    const bin = join(projectRoot, "bin/aws-gitlab-oidc");
    await show(`npx aws-gitlab-oidc ${explain.join(" ")}`, [process.execPath, bin, ...explain], DENIED);
    await run([pulumi, ...remove]);
    return textOf(screenOf(shown.join("\n"), columns));
}

interface Options {
    readonly columns: number;
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
    /** The expected exit status. */
    readonly status: number;
}

async function runInTerminal(command: readonly string[], { columns, folder, env, status }: Options): Promise<string> {
    const sized = ["sh", "-c", `stty cols ${columns} rows 60; exec "$@"`, "sh", ...command];
    const printed = await new Promise<string>((resolve, reject) => {
        const child = spawn("python3", ["-I", "-c", TERMINAL, ...sized], {
            cwd: folder,
            env: { ...env, PULUMI_DEBUG_COMMANDS: "true", TERM: TYPE },
            stdio: ["ignore", "pipe", "inherit"],
        });
        let output = "";
        child.stdout.setEncoding("utf8").on("data", (more: string) => (output += more));
        child.on("error", reject).on("close", (code) => {
            if (code === status) {
                resolve(output);
            } else {
                reject(new Error(`${command.join(" ")} ended with status ${String(code)}:\n${output}`));
            }
        });
    });
    return textOf(screenOf(printed, columns));
}

/** The session without what differs from run to run: random suffixes, durations and the order of siblings in Pulumi's tree. */
export function normalised(session: string): readonly string[] {
    const lines = stripVTControlCharacters(session)
        .replace(/gitlab-deploy-[0-9a-f]{7}/g, "gitlab-deploy-0123abc")
        .replace(/\d+s$/gm, "1s")
        .split("\n");
    const inTree = (line: string): boolean => line.startsWith(" + ");
    const tree = lines.filter(inTree).map((line) => line.replace(/[└─├│ ]+/g, " "));
    return [...lines.filter((line) => !inTree(line)), ...tree.sort()];
}
