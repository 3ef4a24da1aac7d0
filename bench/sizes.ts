import { readdir, lstat, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { packExecutables } from "../tools/dist/executables";
import { packClasses } from "../tools/dist/npm";
import { ownTarget } from "../tools/dist/targets";
import type { Boilerplate } from "./boilerplate";
import { rowOf, type Row } from "./row";
import { samplesOf } from "./samples";

/** The archives that are released, for this system. */
export interface Packages {
    readonly plugin: string;
    readonly classes: string;
}

export async function pack(out: string): Promise<Packages> {
    await mkdir(out);
    const [plugin] = await packExecutables(ownTarget(), out);
    return { plugin: join(out, plugin), classes: join(out, await packClasses(out)) };
}

/** What a user has to fetch, in kilobytes. */
export async function measureSizes(packages: Packages, peer: Boilerplate): Promise<readonly Row[]> {
    const folder = (await bytesIn(peer.nodeModules)) + (await bytesIn(peer.folder));
    const size = async (id: string, what: string, file: string, against: string, bytes: number, bar: number) =>
        rowOf({
            id,
            what,
            peer: against,
            unit: "kB",
            ours: samplesOf([(await lstat(file)).size / 1000]),
            theirs: samplesOf([bytes / 1000]),
            bar,
        });
    return [
        await size("size-plugin", "plugin tarball", packages.plugin, "(b), its folder with node_modules", folder, 0.25),
        await size("size-npm", "npm tarball, without @pulumi/*", packages.classes, "450 kB", 450_000, 1),
    ];
}

async function bytesIn(folder: string): Promise<number> {
    let sum = 0;
    for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        // A link into the cache is counted where it leads.
        sum += entry.isDirectory() ? await bytesIn(path) : (await lstat(path)).size;
    }
    return sum;
}
