import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SetupError, keyOf, logFile, once, run } from "../setup/cache";
import type { Target } from "./targets";

export interface NodeBinary {
    readonly executable: string;
    /** The licence of Node.js and of all that is built into it. Some packages of it have none. */
    readonly license: string | undefined;
}

/** Node.js for that target, from its npm package. */
export async function nodeBinary({ os, arch, node }: Target): Promise<NodeBinary> {
    const { name, version, integrity } = node;
    const dir = await once(
        keyOf(`node-binary-${os}-${arch}`, name, version, integrity),
        `fetching Node.js ${version} for ${os}-${arch} from npm (50 MB, some seconds)`,
        (dir) => fetchBinary(dir, `${name}@${version}`, integrity),
    );
    const license = join(dir, "LICENSE");
    return {
        executable: join(dir, os === "windows" ? "node.exe" : "node"),
        license: existsSync(license) ? license : undefined,
    };
}

async function fetchBinary(dir: string, spec: string, integrity: string): Promise<void> {
    const work = join(dir, "work");
    await mkdir(work);
    // Not installed: npm rejects a package for another platform.
    await run("npm", ["pack", spec, "--pack-destination", work, "--silent"], {
        log: logFile("npm-pack-node"),
        cwd: work,
        fetching: `${spec} from the npm registry`,
    });
    const archive = join(work, (await readdir(work))[0]!);
    const actual = `sha512-${createHash("sha512").update(await readFile(archive)).digest("base64")}`;
    if (actual !== integrity) {
        throw new SetupError(`${spec} is not what was published: its hash is ${actual}, it should be ${integrity}.`);
    }
    await run("tar", ["-xzf", archive, "-C", work], { log: logFile("tar-node") });
    for (const file of ["bin/node", "bin/node.exe", "LICENSE"]) {
        const unpacked = join(work, "package", file);
        if (existsSync(unpacked)) {
            await rename(unpacked, join(dir, file.replace("bin/", "")));
        }
    }
    await rm(work, { recursive: true });
}
