import { build } from "esbuild";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { preProcessFile } from "typescript";

/** The part of package.json that names the files which users load. */
export interface Entries {
    readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
    readonly bin: Readonly<Record<string, string>>;
}

/** Removes the modules and the declarations that neither an export nor a command of the package loads. */
export async function removeUnreached(root: string, { exports, bin }: Entries): Promise<void> {
    const modules = Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target]));
    const reached = new Set([
        ...(await modulesFrom(root, [...modules.map((module) => module.default), ...Object.values(bin)])),
        ...declarationsFrom(
            root,
            modules.map(({ types }) => types),
        ),
    ]);
    for (const file of readdirSync(join(root, "dist"), { recursive: true, encoding: "utf8" })) {
        if (/\.(?:js|d\.ts)$/.test(file) && !reached.has(join("dist", file))) {
            rmSync(join(root, "dist", file));
        }
    }
}

/** The modules that these load, at once or later. */
async function modulesFrom(root: string, entryPoints: readonly string[]): Promise<readonly string[]> {
    const { metafile } = await build({
        entryPoints: [...entryPoints],
        bundle: true,
        platform: "node",
        packages: "external",
        external: ["*.json"],
        absWorkingDir: root,
        outdir: root,
        write: false,
        metafile: true,
        logLevel: "warning",
    });
    return Object.keys(metafile.inputs);
}

/** The declarations that these import. */
function declarationsFrom(root: string, entryPoints: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (path: string): void => {
        const file = relative(root, path);
        if (!found.has(file)) {
            found.add(file);
            for (const { fileName } of preProcessFile(readFileSync(path, "utf8")).importedFiles) {
                if (fileName.startsWith(".")) {
                    visit(join(path, "..", `${fileName.replace(/\.js$/, "")}.d.ts`));
                }
            }
        }
    };
    entryPoints.forEach((entryPoint) => visit(join(root, entryPoint)));
    return found;
}
