import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { readdir, realpath, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { SetupError, cached, isExecutable, keyOf, logFile, messageOf, once, outputOf, run, which } from "./cache";
import { goBuild, goBuildKey, type GoProgram } from "./go";
import { compareVersions, minimumPulumi, pulumiVersion } from "./versions";

export interface PulumiCli {
    path: string;
    /** Without a leading `v`. */
    version: string;
    /** `PULUMI`: named by that environment variable. */
    origin: "PULUMI" | "PATH" | "release" | "built";
    /** Language hosts beside it or on PATH: `nodejs`, `yaml`, … */
    hosts: string[];
}

const program: GoProgram = {
    name: "pulumi",
    version: pulumiVersion,
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
    label: `building the Pulumi CLI ${pulumiVersion} with Go (3 to 5 minutes, as there is no release to fetch)`,
};

/** The Pulumi CLI: what `PULUMI` names, else the one on PATH, else the official release, else built with Go. */
export async function pulumiCli(): Promise<PulumiCli> {
    const named = process.env.PULUMI;
    if (named !== undefined && named !== "") {
        return await fromVariable(named);
    }
    const found = await which("pulumi");
    const problems: string[] = [];
    if (found === undefined) {
        problems.push("it is not on PATH");
    } else {
        try {
            return await describe(found, "PATH");
        } catch (error) {
            problems.push(messageOf(error));
        }
    }

    for (const [origin, key] of [
        ["release", releaseKey()],
        ["built", await goBuildKey(program)],
    ] as const) {
        if (existsSync(cached(key))) {
            return await describe(join(cached(key), "pulumi"), origin);
        }
    }
    try {
        return await describe(join(await release(), "pulumi"), "release");
    } catch (error) {
        if (!(error instanceof Unavailable)) {
            throw error;
        }
        problems.push(error.message);
    }
    try {
        return await describe(join(await goBuild(program), "pulumi"), "built");
    } catch (error) {
        problems.push(`building it with Go failed:\n${messageOf(error)}`);
    }
    throw new SetupError(
        [
            "No Pulumi CLI. One of three ways is needed:",
            `- install Pulumi ${minimumPulumi} or later (pulumi.com/docs/install) so that it is on PATH, or name its file in PULUMI`,
            `- let ${releaseBase()} be reached, for the official release`,
            "- let the Go module proxy be reached, to build it",
            "What was tried:",
            ...problems.map((problem) => `- ${problem}`),
        ].join("\n"),
    );
}

async function fromVariable(named: string): Promise<PulumiCli> {
    const path = named.includes("/") ? named : await which(named);
    if (path === undefined || !(await isExecutable(path))) {
        throw new SetupError(`PULUMI is ${named}, which is no executable file. Set it to the Pulumi CLI, or unset it.`);
    }
    try {
        return await describe(path, "PULUMI");
    } catch (error) {
        throw new SetupError(
            `PULUMI: ${messageOf(error)}\nSet it to a Pulumi CLI of version ${minimumPulumi} or later, or unset it.`,
        );
    }
}

async function describe(path: string, origin: PulumiCli["origin"]): Promise<PulumiCli> {
    let output: string;
    try {
        output = await outputOf(path, ["version"]);
    } catch (error) {
        throw new SetupError(`${path} does not run: ${messageOf(error)}`);
    }
    const version = /^v?(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
    if (version === undefined) {
        throw new SetupError(`${path} does not say its version: ${output}`);
    }
    if (compareVersions(version, minimumPulumi) < 0) {
        throw new SetupError(`${path} is ${version}, which is too old: ${minimumPulumi} is needed`);
    }
    return { path, version, origin, hosts: Object.keys(await languageHosts(path)).sort() };
}

/** Language host executables by language: those beside the CLI, then those on PATH. */
export async function languageHosts(cli: string): Promise<Record<string, string>> {
    const hosts: Record<string, string> = {};
    const folders = [dirname(cli), dirname(await realpath(cli)), ...(process.env.PATH ?? "").split(delimiter)];
    for (const folder of new Set(folders)) {
        for (const name of await readdir(folder === "" ? "." : folder).catch(() => [])) {
            const language = /^pulumi-language-([a-z]+)$/.exec(name)?.[1];
            if (language !== undefined && (await isExecutable(join(folder, name)))) {
                hosts[language] ??= join(folder, name);
            }
        }
    }
    return hosts;
}

/** The release cannot be had; the next way is tried. */
class Unavailable extends Error {}

function releaseBase(): string {
    return process.env.AWS_GITLAB_OIDC_PULUMI_RELEASES ?? "https://get.pulumi.com/releases/sdk";
}

function releaseKey(): string {
    return keyOf(`pulumi-${pulumiVersion}-release`, releaseBase());
}

/** The official release with its language hosts, checked against the published SHA-256. */
async function release(): Promise<string> {
    const archive = `pulumi-v${pulumiVersion}-${process.platform}-${process.arch}.tar.gz`;
    const sums = await get(`${releaseBase()}/pulumi-${pulumiVersion}-checksums.txt`, { seconds: 5 }).then(
        (response) => response.text(),
        (error: unknown) => {
            throw new Unavailable(messageOf(error));
        },
    );
    const expected = sums
        .split("\n")
        .map((line) => line.trim().split(/\s+\*?/))
        .find(([sum, name]) => name === archive && /^[0-9a-f]{64}$/.test(sum ?? ""))?.[0];
    if (expected === undefined) {
        throw new Unavailable(`${releaseBase()} publishes no checksum of ${archive}`);
    }
    const label = `fetching the Pulumi CLI ${pulumiVersion} and its language hosts (about 150 MB)`;
    return once(releaseKey(), label, async (dir) => {
        const file = join(dir, archive);
        try {
            const { body } = await get(`${releaseBase()}/${archive}`, { seconds: 600 });
            await pipeline(Readable.fromWeb(body as ReadableStream), createWriteStream(file));
        } catch (error) {
            throw new Unavailable(messageOf(error));
        }
        const sum = createHash("sha256");
        await pipeline(createReadStream(file), sum);
        const actual = sum.digest("hex");
        if (actual !== expected) {
            throw new SetupError(
                `${releaseBase()}/${archive} is not what was published: its SHA-256 is ${actual}, it should be ${expected}.\n` +
                    "It was not used. Try again, or install the Pulumi CLI yourself.",
            );
        }
        await run("tar", ["-xzf", file, "-C", dir, "--strip-components=1"], { log: logFile("tar-pulumi") });
        await rm(file);
        try {
            await run(join(dir, "pulumi"), ["version"], {
                log: logFile("pulumi-release"),
                env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
            });
        } catch (error) {
            throw new Unavailable(`the release does not run on this machine: ${messageOf(error)}`);
        }
    });
}

async function get(url: string, { seconds }: { seconds: number }): Promise<Response> {
    let response: Response;
    try {
        response = await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
    } catch (error) {
        const reason = error instanceof Error ? (error.cause ?? error) : error;
        throw new Error(`${url} could not be reached within ${seconds} s: ${messageOf(reason)}`, { cause: error });
    }
    if (!response.ok) {
        throw new Error(`${url} answered ${response.status}`);
    }
    return response;
}
