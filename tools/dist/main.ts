import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot, SetupError } from "../setup/cache";
import { packJava } from "./java";
import { packClasses, packPolicyPack } from "./npm";
import { packExecutables } from "./executables";
import { packPython } from "./python";
import { writeSums } from "./sums";
import { targets } from "./targets";

const out = join(projectRoot, "dist-packages");

/** Writes all files of a release into an empty folder. */
async function main(): Promise<void> {
    await rm(out, { recursive: true, force: true });
    await mkdir(out);
    await show(async () => [await packClasses(out), await packPolicyPack(out)]);
    await show(() => packPython(out));
    await show(async () => {
        const jars = await packJava(out);
        if (jars.missing !== undefined) {
            process.stdout.write(`no Java jars: ${jars.missing}\n`);
            return [];
        }
        return jars.names;
    });
    for (const target of targets) {
        await show(() => packExecutables(target, out));
    }
    await show(async () => [await writeSums(out)]);
}

/** Prints the name, the size and the build time of each file. */
async function show(write: () => Promise<readonly string[]>): Promise<void> {
    const start = performance.now();
    const names = await write();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    for (const name of names) {
        const kilobytes = Math.ceil((await stat(join(out, name))).size / 1000);
        process.stdout.write(`${name.padEnd(64)} ${String(kilobytes).padStart(6)} kB ${seconds.padStart(6)} s\n`);
    }
}

main().catch((error: unknown) => {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
});
