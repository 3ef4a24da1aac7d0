import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { keyOf, logFile, once, run } from "./cache";

/**
 * Packages with a lock of their own, which are too large for the project's.
 *
 * @param source The folder of their package.json and package-lock.json.
 * @returns The folder of their node_modules, in the cache.
 */
export async function cachedPackages(source: string, name: string, label: string): Promise<string> {
    const files = ["package.json", "package-lock.json"];
    const contents = await Promise.all(files.map((file) => readFile(join(source, file))));
    return once(keyOf(name, ...contents), label, async (folder) => {
        await Promise.all(files.map((file) => copyFile(join(source, file), join(folder, file))));
        await run("npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"], {
            log: logFile(`npm-ci-${name}`),
            cwd: folder,
            fetching: `the packages of ${name} from the npm registry`,
        });
    });
}
