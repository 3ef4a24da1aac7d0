import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, constants, existsSync, mkdirSync, openSync } from "node:fs";
import { access, mkdtemp, readFile, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { lock } from "proper-lockfile";

/** What a developer has to know or do; shown without a stack. */
export class SetupError extends Error {}

/** The folder above `tools/`. */
export const projectRoot = resolve(__dirname, "..", "..");

/** Where everything is kept that was fetched or built. `bootstrap.cjs` uses the same folder. */
export function cacheDir(): string {
    const { AWS_GITLAB_OIDC_CACHE, XDG_CACHE_HOME } = process.env;
    // `||`, as empty is unset.
    return resolve(AWS_GITLAB_OIDC_CACHE || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "aws-gitlab-oidc"));
}

export function say(line: string): void {
    process.stderr.write(`[set-up] ${line}\n`);
}

/** Uses a new folder of that name outside of the tree, which is gone afterwards. */
export async function inTemporaryFolder<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), `aws-gitlab-oidc-${name}-`));
    try {
        return await use(folder);
    } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** A cache key: readable name, platform, hash of everything that determines the content. */
export function keyOf(name: string, ...parts: readonly (string | Buffer)[]): string {
    return `${name}-${process.platform}-${process.arch}-${hashOf(...parts)}`;
}

/** Names and contents of the files of a folder, for {@link keyOf}. */
export async function contents(folder: string): Promise<(string | Buffer)[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const each = files.sort().map(async (file) => [file.slice(folder.length), await readFile(file)]);
    return (await Promise.all(each)).flat();
}

/** The final path of a cached folder, whether or not it is there. */
export function cached(key: string): string {
    return join(cacheDir(), key);
}

/**
 * Makes a cached folder unless it is there: in a temporary folder beside it, moved into place as the last step, by one process at
 * a time.
 *
 * @param label What is done and how long it takes, said when it starts.
 * @param make Fills the folder it is given. What it writes may not name that folder, as it is moved.
 * @param ready Whether a folder in place is still good; one that is not is made anew.
 * @returns The final path.
 */
export async function once(
    key: string,
    label: string,
    make: (dir: string) => Promise<void>,
    ready: (dir: string) => boolean = existsSync,
): Promise<string> {
    const final = cached(key);
    const isThere = () => existsSync(final) && ready(final);
    if (isThere()) {
        return final;
    }
    await exclusively(final, label, async () => {
        if (isThere()) {
            return;
        }
        // Nobody else works on this key now: these are what killed set-ups left.
        for (const name of await readdir(dirname(final))) {
            if (name.startsWith(`${basename(final)}.tmp-`)) {
                await remove(join(dirname(final), name));
            }
        }
        say(`${label}; kept in ${cacheDir()}`);
        const temporary = await mkdtemp(`${final}.tmp-`);
        try {
            await make(temporary);
            if (existsSync(final)) {
                const damaged = await mkdtemp(`${final}.tmp-`);
                await rename(final, join(damaged, "was"));
                await remove(damaged);
            }
            await rename(temporary, final);
        } finally {
            await remove(temporary);
        }
    });
    return final;
}

/** Output of a quick command such as `pulumi version`, remembered until the file changes. */
export async function outputOf(file: string, args: readonly string[]): Promise<string> {
    const real = await realpath(file);
    const { mtimeMs, size } = await stat(real);
    const note = join(cacheDir(), "remembered", hashOf(real, String(mtimeMs), String(size), ...args));
    try {
        return await readFile(note, "utf8");
    } catch {
        // Not asked before.
    }
    const log = logFile(basename(file));
    await run(file, args, { log, env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
    const output = (await readFile(log, "utf8")).trim();
    mkdirSync(dirname(note), { recursive: true });
    await writeFile(`${note}.${process.pid}`, output);
    await rename(`${note}.${process.pid}`, note);
    return output;
}

export interface RunOptions {
    /** Gets standard output and standard error. */
    log: string;
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** What is fetched from where, for the error message: `the packages of requirements.txt from the Python package index`. */
    fetching?: string;
}

/** Runs a command; on failure the error has its last lines and the place of the whole output. */
export async function run(
    command: string,
    args: readonly string[],
    { log, cwd, env, fetching }: RunOptions,
): Promise<void> {
    mkdirSync(dirname(log), { recursive: true });
    const output = openSync(log, "w");
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", output, output] });
    closeSync(output);
    const stop = () => child.kill();
    process.once("exit", stop);
    const failure = await new Promise<string | undefined>((settle) => {
        child.on("error", (error: NodeJS.ErrnoException) =>
            settle(error.code === "ENOENT" ? "there is no such command" : error.message),
        );
        child.on("close", (code, signal) =>
            settle(code === 0 ? undefined : code === null ? `stopped by ${String(signal)}` : `exit status ${code}`),
        );
    });
    process.off("exit", stop);
    if (failure === undefined) {
        return;
    }
    const text = (await readFile(log, "utf8")).trim();
    throw new SetupError(
        [
            `${[command, ...args].join(" ")}: ${failure}${fetching === undefined ? "" : `, while fetching ${fetching}`}`,
            ...(offline.test(text) ? ["It could not be reached: check the network and the proxy settings."] : []),
            ...(text === ""
                ? []
                : text
                      .split("\n")
                      .slice(-12)
                      .map((line) => `    ${line}`)),
            `Whole output: ${log}`,
        ].join("\n"),
    );
}

/** Where a noisy step writes; not in the folder that it makes, as that goes when it fails. */
export function logFile(name: string): string {
    return join(cacheDir(), "logs", `${name}-${process.pid}.log`);
}

/** The executable of that name on PATH. */
export async function which(name: string, path = process.env.PATH ?? ""): Promise<string | undefined> {
    for (const folder of path.split(delimiter)) {
        const file = join(folder, name);
        if (folder !== "" && (await isExecutable(file))) {
            return file;
        }
    }
    return undefined;
}

export async function isExecutable(file: string): Promise<boolean> {
    try {
        await access(file, constants.X_OK);
        return (await stat(file)).isFile();
    } catch {
        return false;
    }
}

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}

const offline =
    /no such host|could not resolve|name or service not known|temporary failure in name resolution|name resolution|connection refused|network is unreachable|timed out|i\/o timeout|max retries exceeded/i;

// The lock is touched every second; one that was not for four seconds belonged to a killed process.
const stale = 4000;

async function exclusively(name: string, label: string, work: () => Promise<void>): Promise<void> {
    mkdirSync(dirname(name), { recursive: true });
    const acquire = (retries: { forever: boolean; minTimeout: number; maxTimeout: number } | 0) =>
        lock(name, {
            realpath: false,
            stale,
            update: 1000,
            retries,
            // Another process took the lock, as this one was asleep: then the same work is done twice, which harms nothing.
            onCompromised: () => undefined,
        });
    const release = await acquire(0).catch(async (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
            throw error;
        }
        const waiting = setTimeout(() => say(`waiting for another set-up: ${label}`), 2000);
        try {
            return await acquire({ forever: true, minTimeout: 100, maxTimeout: 500 });
        } finally {
            clearTimeout(waiting);
        }
    });
    try {
        await work();
    } finally {
        await release().catch(() => undefined);
    }
}

async function remove(folder: string): Promise<void> {
    // What cannot be removed only takes space; the next set-up tries again.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

function hashOf(...parts: readonly (string | Buffer)[]): string {
    const sum = createHash("sha256");
    for (const part of parts) {
        sum.update(part).update("\0");
    }
    return sum.digest("hex").slice(0, 16);
}
