import { expect } from "chai";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { projectRoot } from "../../tools/setup/cache";
import { skip } from "../support/skip";
import { emptyAccount, engine } from "./engine";
import { plugin } from "./routes";

/** Ids of the processes below the given one. */
function descendants(ancestor: number): readonly number[] {
    const parents = readdirSync("/proc")
        .filter((entry) => /^\d+$/.test(entry))
        .map((pid) => {
            try {
                const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
                return { pid: Number(pid), parent: Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]) };
            } catch {
                return { pid: Number(pid), parent: 0 };
            }
        });
    const below = (pid: number): number[] =>
        parents.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...below(child.pid)]);
    return below(ancestor);
}

function isAlive(pid: number): boolean {
    try {
        return readlinkSync(`/proc/${String(pid)}/exe`) !== "";
    } catch {
        return false;
    }
}

function commandOf(pid: number): string {
    try {
        return readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
        return "";
    }
}

async function until(holds: () => boolean): Promise<void> {
    while (!holds()) {
        await sleep(50);
    }
}

const OWN_PLUGIN = join(projectRoot, "bin/index.js");

describe("engine: processes", () => {
    emptyAccount();

    before(function () {
        if (process.platform !== "linux") {
            skip(this, "it looks into /proc, which only Linux has");
        }
    });

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`an up that is ended by ${signal} leaves no plugin behind`, async () => {
            const stack = await (
                await engine()
            ).program(() => {
                const { arn } = plugin.IdentityProvider("gitlab", { url: "https://gitlab.example.com" });
                return { never: arn.apply(() => new Promise(() => undefined)) };
            });
            const run = stack.run("up");
            await until(() => stack.running !== undefined);
            const cli = stack.running!;
            await until(() => {
                const log = join(stack.folder, "events.json");
                return existsSync(log) && readFileSync(log, "utf8").includes('"resOutputsEvent"');
            });
            const pids = descendants(cli.pid!);
            // The aws provider of the tests may be among them, or begin a moment later.
            const own = pids.filter((pid) => commandOf(pid).includes(OWN_PLUGIN));
            cli.kill(signal);
            expect((await run).errors).to.include("update canceled");
            await until(() => !pids.some(isAlive));
            expect(own).to.have.length(1);
        });
    }
});
