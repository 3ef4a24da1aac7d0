import { credentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaRequest } from "@pulumi/pulumi/proto/provider_pb";
import { skip } from "../support/skip";
import { emptyAccount, engine } from "./engine";
import { plugin } from "./routes";

const root = join(__dirname, "../..");
const bin = join(root, "bin");

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
            expect(pids.filter((pid) => commandOf(pid).includes("index.js"))).to.have.length(1);
            cli.kill(signal);
            expect((await run).errors).to.include("update canceled");
            await until(() => !pids.some(isAlive));
        });
    }
});

describe("engine: the plugin started by a language host", () => {
    const children: ChildProcess[] = [];
    after(() => children.forEach((child) => child.kill()));

    async function schemaOf(command: string, args: readonly string[]): Promise<string> {
        const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], cwd: bin });
        children.push(child);
        const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string];
        const client = new ResourceProviderClient(`127.0.0.1:${line.trim()}`, credentials.createInsecure());
        try {
            return await new Promise<string>((resolve, reject) => {
                client.getSchema(new GetSchemaRequest(), (error, response) =>
                    error === null ? resolve(response.getSchema()) : reject(error),
                );
            });
        } finally {
            client.close();
        }
    }

    it("by PulumiPlugin.yaml and package.json serves the same schema as the executable", async () => {
        expect(readFileSync(join(bin, "PulumiPlugin.yaml"), "utf8")).to.equal("runtime: nodejs\n");
        const address = "127.0.0.1:1";
        const runPlugin = join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin");
        const byHost = await schemaOf(process.execPath, [runPlugin, bin, address]);
        const byExecutable = await schemaOf(join(bin, "pulumi-resource-aws-gitlab-oidc"), [address]);
        expect(byHost).to.equal(byExecutable);
        expect(JSON.parse(byHost)).to.have.property("name", "aws-gitlab-oidc");
    });
});
