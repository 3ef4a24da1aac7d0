import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";

type Manifest = Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string };

/** Keys of package.json that only maintainers need. */
const OURS_ALONE = new Set(["devDependencies", "scripts"]);

/** Writes the npm package of the policy pack, from bin/policy-pack/, and returns the name of the archive. */
export async function packPolicyPack(out: string): Promise<string> {
    const folder = join(projectRoot, "bin/policy-pack");
    const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
    await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", out], {
        log: logFile("npm-pack-policy"),
        cwd: folder,
    });
    return `${name}-${version}.tgz`;
}

/** Writes the npm package of the components' classes, from dist/, and returns the name of the archive. */
export async function packClasses(out: string): Promise<string> {
    return inTemporaryFolder("npm", async (stage) => {
        await mkdir(out, { recursive: true });
        for (const path of ["dist", "README.md", "LICENSE"]) {
            await cp(join(projectRoot, path), join(stage, path), { recursive: true });
        }
        const manifest = JSON.parse(await readFile(join(projectRoot, "package.json"), "utf8")) as Manifest;
        const published = Object.entries(manifest).filter(([key]) => !OURS_ALONE.has(key));
        await writeFile(join(stage, "package.json"), `${JSON.stringify(Object.fromEntries(published), null, 4)}\n`);
        await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", out], {
            log: logFile("npm-pack"),
            cwd: stage,
        });
        return `${manifest.name}-${manifest.version}.tgz`;
    });
}
