import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, projectRoot } from "./setup/cache";
import { lineOf, sumOf, type Totals } from "./test-totals";

/** Two runs of Mocha that take about as long: tests mostly wait for one other process, so that one run uses one processor. */
const PARTS: readonly (readonly string[])[] = [
    ["test/engine/**/*.test.ts"],
    ["test/**/*.test.ts", "--ignore", "test/engine/**"],
];

/** On these the runs of Mocha end, and with them what they started. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs all tests. What the first part prints is shown as it comes, that of the others after it; the last line counts all. */
async function main(): Promise<void> {
    await inTemporaryFolder("test", async (folder) => {
        const parts = PARTS.map(async (files, i) => {
            const totals = join(folder, `totals-${String(i)}`);
            const output = join(folder, `output-${String(i)}`);
            const log = i === 0 ? undefined : openSync(output, "w");
            const status = await mocha([...files, "--reporter-option", `totals=${totals}`], log ?? "inherit");
            if (log !== undefined) {
                closeSync(log);
            }
            return { status, totals, output: log === undefined ? undefined : output };
        });
        const all: Totals[] = [];
        for (const part of parts) {
            const { status, totals, output } = await part;
            if (output !== undefined) {
                process.stdout.write(await readFile(output));
            }
            if (status !== 0) {
                process.exitCode = 1;
            }
            all.push(JSON.parse(await resultOf(totals, status)) as Totals);
        }
        console.log(lineOf(sumOf(all)));
    });
}

function mocha(args: readonly string[], output: "inherit" | number): Promise<number | null> {
    return new Promise((resolve, reject) => {
        const command = join(projectRoot, "node_modules/mocha/bin/mocha.js");
        const child = spawn(process.execPath, [command, ...args], {
            cwd: projectRoot,
            stdio: ["ignore", output, output],
        });
        // Mocha hands on this signal only to the process that runs the tests.
        const stop = (): boolean => child.kill("SIGINT");
        for (const signal of SIGNALS) {
            process.on(signal, stop);
        }
        child.on("error", reject).on("close", resolve);
    });
}

async function resultOf(file: string, status: number | null): Promise<string> {
    try {
        return await readFile(file, "utf8");
    } catch {
        throw new Error(`Mocha ended with status ${String(status)} before it counted its results.`);
    }
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
});
