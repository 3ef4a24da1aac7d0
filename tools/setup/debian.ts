import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, keyOf, logFile, messageOf, once, run, which } from "./cache";

interface Source {
    package: string;
    /** The command in the package, where it has another name. */
    command?: string;
    /** Arguments with which the tool ends at once and well. */
    check: readonly string[];
    /** Whether no test needs it. */
    isForBench?: true;
}

const sources = {
    rsync: { package: "rsync", check: ["--version"] },
    busybox: { package: "busybox-static", check: ["true"] },
    openssl: { package: "openssl", check: ["version"] },
    jq: { package: "jq", check: ["--version"], isForBench: true },
    dash: { package: "dash", check: ["-c", ":"] },
    // Version 2 from Debian 12 on. The name leaves `aws` to the CLI that most tests run with.
    awscli: { package: "awscli", command: "aws", check: ["--version"] },
} as const satisfies Record<string, Source>;

/** What only some tests need. */
export type DebianTool = keyof typeof sources;

export interface DebianTools {
    /** Folders to add to PATH for the tools that are not on it. */
    bin: string[];
    has(tool: DebianTool): boolean;
    /** Why it is missing, for the skipped tests; where it is from, if it is there. */
    reason(tool: DebianTool): string;
}

/**
 * Tools from PATH or else from Debian's packages, unpacked into the cache and not installed. Never fails: what cannot be had is
 * missing, with the reason.
 */
export async function debianTools(
    wanted: readonly DebianTool[] = (Object.keys(sources) as DebianTool[]).filter(
        (tool) => !("isForBench" in sources[tool]),
    ),
): Promise<DebianTools> {
    const found = new Map<DebianTool, { bin?: string; missing?: true; reason: string }>();
    // One after the other: apt-get works on the same lists.
    for (const tool of wanted) {
        const path = await which(tool);
        if (path !== undefined) {
            found.set(tool, { reason: `${path} is on PATH` });
            continue;
        }
        try {
            const bin = await unpacked(tool);
            found.set(tool, { bin, reason: `from Debian's package ${sources[tool].package}, in ${bin}` });
        } catch (error) {
            found.set(tool, { missing: true, reason: messageOf(error) });
        }
    }
    return {
        bin: [...found.values()].flatMap(({ bin }) => (bin === undefined ? [] : [bin])),
        has: (tool) => found.has(tool) && found.get(tool)?.missing === undefined,
        reason: (tool) => found.get(tool)?.reason ?? `${tool} was not asked for`,
    };
}

async function unpacked(tool: DebianTool): Promise<string> {
    const install = `${tool} is not on PATH; install it with the system's package manager`;
    const source: Source = sources[tool];
    const key = keyOf(`debian-${tool}`, source.package, await release());
    if (!existsSync(cached(key))) {
        if ((await which("apt-get")) === undefined || (await which("dpkg-deb")) === undefined) {
            throw new Error(`${install} (there is no apt-get here to fetch it with)`);
        }
        await failedLately(key);
    }
    const label = `fetching ${tool} from Debian's packages, which some tests need (some seconds)`;
    try {
        return join(await once(key, label, (dir) => fetchInto(dir, tool, source)), "bin");
    } catch (error) {
        const reason = `${install}. Fetching Debian's package ${source.package} failed: ${messageOf(error)}`;
        await writeFile(noteOf(key), reason).catch(() => undefined);
        throw new Error(reason, { cause: error });
    }
}

async function fetchInto(dir: string, tool: DebianTool, source: Source): Promise<void> {
    const log = logFile(`apt-${tool}`);
    const debs = join(dir, "debs");
    await mkdir(debs);
    const lists = await readdir("/var/lib/apt/lists").catch(() => []);
    const current = lists.some((name) => name.includes("_Packages"));
    // The system's package lists where there are any, else, or where they are outdated, our own: those need no root.
    try {
        await download(debs, source.package, current ? [] : await ownLists(dir, log), log);
    } catch (error) {
        if (!current) {
            throw error;
        }
        await download(debs, source.package, await ownLists(dir, log), log);
    }

    const root = join(dir, "root");
    const packages = await readdir(debs);
    for (const name of packages) {
        await run("dpkg-deb", ["-x", join(debs, name), root], { log });
    }
    await rm(debs, { recursive: true });
    const name = source.command ?? tool;
    const folder = ["usr/bin", "bin", "usr/sbin", "sbin"].find((at) => existsSync(join(root, at, name)));
    if (folder === undefined) {
        throw new Error(`the package has no ${name}`);
    }
    await mkdir(join(dir, "bin"));
    const command = join(dir, "bin", tool);
    if (packages.length === 1 && !existsSync(join(root, PYTHON_MODULES))) {
        await symlink(join("..", "root", folder, name), command);
    } else {
        await writeFile(command, wrapper(join(folder, name), await libraryFolders(root)));
        await chmod(command, 0o755);
    }
    await run(command, source.check, { log });
}

/** Fetches a package and those of its dependencies that the system does not have. */
async function download(debs: string, name: string, options: readonly string[], log: string): Promise<void> {
    await run("apt-get", [...options, "-s", "--no-install-recommends", "install", name], { log });
    const simulated = await readFile(log, "utf8");
    const missing = [...simulated.matchAll(/^Inst (\S+)/gm)].map(([, dependency = ""]) => dependency);
    await run("apt-get", [...options, "download", ...(missing.length === 0 ? [name] : missing)], {
        log,
        cwd: debs,
        fetching: `${name} from Debian's archive`,
    });
}

async function ownLists(dir: string, log: string): Promise<string[]> {
    const state = await mkdtemp(join(dir, "apt-"));
    await mkdir(join(state, "lists", "partial"), { recursive: true });
    const options = ["-o", `Dir::State::Lists=${join(state, "lists")}`, "-o", `Dir::Cache=${state}`];
    await run("apt-get", [...options, "update"], { log, fetching: "the package lists of Debian's archive" });
    return options;
}

const PYTHON_MODULES = "usr/lib/python3/dist-packages";

function wrapper(command: string, libraries: readonly string[]): string {
    return `#!/bin/sh
root=$(dirname "$0")/../root
LD_LIBRARY_PATH=${libraries.map((folder) => `$root/${folder}`).join(":")}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
PYTHONPATH=$root/${PYTHON_MODULES}
export LD_LIBRARY_PATH PYTHONPATH
exec "$root/${command}" "$@"
`;
}

async function libraryFolders(root: string): Promise<string[]> {
    const folders: string[] = [];
    for (const at of ["usr/lib", "lib"]) {
        const inside = await readdir(join(root, at), { withFileTypes: true }).catch(() => []);
        folders.push(at, ...inside.filter((entry) => entry.name.includes("-linux-")).map(({ name }) => join(at, name)));
    }
    return folders.filter((folder) => existsSync(join(root, folder)));
}

/** A failure is remembered for an hour: without a network every run would try again. */
async function failedLately(key: string): Promise<void> {
    const note = noteOf(key);
    const age = await stat(note).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => Infinity,
    );
    if (age < 3_600_000) {
        throw new Error(`${await readFile(note, "utf8")}\nTried again after an hour, or when ${note} is deleted.`);
    }
}

function noteOf(key: string): string {
    return `${cached(key)}.failed`;
}

async function release(): Promise<string> {
    return readFile("/etc/os-release", "utf8").catch(() => "");
}
