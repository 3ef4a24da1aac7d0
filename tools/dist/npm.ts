import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";

type Manifest = Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string };

/** What only those need who work on the package. */
const OURS_ALONE = new Set(["devDependencies", "scripts"]);

/** Writes the npm package of the components' classes, from dist/. It gives back the name of the archive. */
export function packClasses(out: string): Promise<string> {
    return pack(projectRoot, out, async (stage) => {
        for (const path of ["dist", "schema.json", "CHANGELOG.md", "README.md"]) {
            await cp(join(projectRoot, path), join(stage, path), { recursive: true });
        }
    });
}

/** Writes the npm package of the SDK, compiled. It gives back the name of the archive. */
export function packSdk(out: string): Promise<string> {
    const sdk = join(projectRoot, "sdk/nodejs");
    return pack(sdk, out, async (stage) => {
        const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
        // A package has no sources, which maps would lead to.
        const flags = ["--outDir", stage, "--declarationMap", "false", "--sourceMap", "false"];
        await run(process.execPath, [tsc, "-p", sdk, ...flags], { log: logFile("tsc-sdk") });
        await cp(join(sdk, "README.md"), join(stage, "README.md"));
    });
}

async function pack(source: string, out: string, fill: (stage: string) => Promise<void>): Promise<string> {
    return inTemporaryFolder("npm", async (stage) => {
        await mkdir(out, { recursive: true });
        await fill(stage);
        await cp(join(projectRoot, "LICENSE"), join(stage, "LICENSE"));
        const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as Manifest;
        const published = Object.entries(manifest).filter(([key]) => !OURS_ALONE.has(key));
        await writeFile(join(stage, "package.json"), `${JSON.stringify(Object.fromEntries(published), null, 4)}\n`);
        await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", out], {
            log: logFile("npm-pack"),
            cwd: stage,
        });
        return `${manifest.name}-${manifest.version}.tgz`;
    });
}
