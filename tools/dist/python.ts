import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { pulumiForPython } from "../setup/python";

/** The calls of `python -m build`, one process each. */
const STEPS = ["build_sdist", "build_wheel"];

/** Writes the wheel and the sdist of the Python SDK. It gives back their names. */
export async function packPython(out: string): Promise<readonly string[]> {
    const { python } = await pulumiForPython();
    return inTemporaryFolder("python", async (stage) => {
        const [source, built] = [join(stage, "source"), join(stage, "built")];
        await cp(join(projectRoot, "sdk/python"), source, { recursive: true });
        await cp(join(projectRoot, "LICENSE"), join(source, "LICENSE"));
        for (const step of STEPS) {
            const code = `import sys; from setuptools.build_meta import ${step}; ${step}(sys.argv[1])`;
            await run(python, ["-I", "-c", code, built], { log: logFile("python-build"), cwd: source });
        }
        const names = (await readdir(built)).sort();
        for (const name of names) {
            await cp(join(built, name), join(out, name));
        }
        return names;
    });
}
