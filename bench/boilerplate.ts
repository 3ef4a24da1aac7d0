import { copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedPackages } from "../tools/setup/npm";

const peers = join(__dirname, "peers");

/** The plugin as Pulumi's TypeScript boilerplate makes it, ready to run. */
export interface Boilerplate {
    /** The plugin's folder, with an executable for the engine in it. */
    readonly folder: string;
    readonly nodeModules: string;
    /** What Pulumi's Node.js host starts. */
    readonly command: readonly string[];
}

/** Puts the boilerplate plugin together in a folder. */
export async function boilerplate(folder: string): Promise<Boilerplate> {
    const source = join(peers, "boilerplate");
    const packages = await cachedPackages(
        source,
        "boilerplate",
        "installing the boilerplate plugin's packages (a minute)",
    );
    const nodeModules = join(packages, "node_modules");
    await mkdir(folder);
    for (const name of await readdir(source)) {
        await copyFile(join(source, name), join(folder, name));
    }
    await copyFile(join(peers, "hand-written/gitlab-access.ts"), join(folder, "gitlab-access.ts"));
    await symlink(nodeModules, join(folder, "node_modules"));
    const command = [process.execPath, join(folder, "node_modules/@pulumi/pulumi/cmd/run-plugin/index.js"), folder];
    const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    await writeFile(
        join(folder, "pulumi-resource-bench"),
        `#!/bin/sh\ncd '${folder.replaceAll("'", "'\\''")}' && exec ${quoted} "$@"\n`,
        { mode: 0o755 },
    );
    return { folder, nodeModules, command };
}
