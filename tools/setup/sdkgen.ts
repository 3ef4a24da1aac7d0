import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { keyOf, logFile, once, projectRoot, run } from "./cache";
import { goTool } from "./go";

/**
 * The program of `tools/go/sdkgen`, which generates the SDKs from schema.json.
 *
 * @returns The executable: `sdkgen SCHEMA VERSION OUT [LANGUAGE...]`.
 */
export async function sdkgen(): Promise<string> {
    const folder = join(projectRoot, "tools", "go", "sdkgen");
    const sources = await Promise.all(["go.mod", "go.sum", "main.go"].map((name) => readFile(join(folder, name))));
    const dir = await once(
        keyOf("sdkgen", ...sources),
        "building the generator of the SDKs with Go (under a minute)",
        async (dir) => {
            const flags = ["-mod=readonly", "-trimpath", "-ldflags", "-s -w"];
            await run(await goTool(), ["build", ...flags, "-o", join(dir, "sdkgen"), "."], {
                log: logFile("go-build-sdkgen"),
                cwd: folder,
                env: { HOME: homedir(), ...process.env },
                fetching: "Pulumi's generators from the Go module proxy",
            });
        },
    );
    return join(dir, "sdkgen");
}
