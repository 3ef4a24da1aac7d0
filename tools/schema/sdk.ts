import { cp, mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { packageJson } from "../../provider/schema";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { goTool } from "../setup/go";
import { sdkgen } from "../setup/sdkgen";
import { writeJavaSdk } from "./java";

/** Writes the SDK of each language into a folder of its name below `out`. */
export async function writeSdks(out: string): Promise<void> {
    await mkdir(out, { recursive: true });
    await run(await sdkgen(), [join(projectRoot, "schema.json"), packageJson().version, out], {
        log: logFile("sdkgen"),
    });
    // Where pyproject.toml looks for it.
    await rename(join(out, "python/pulumi_aws_gitlab_oidc/README.md"), join(out, "python/README.md"));
    await writeJavaSdk(out);
    // Outside of the tree, where no other go.mod takes part.
    await inTemporaryFolder("sdk", async (module) => {
        await cp(join(out, "go"), module, { recursive: true });
        await run(await goTool(), ["mod", "tidy"], {
            log: logFile("go-mod-tidy"),
            cwd: module,
            fetching: "the modules that the Go SDK is made on, from the Go module proxy",
        });
        for (const file of ["go.mod", "go.sum"]) {
            await cp(join(module, file), join(out, "go", file));
        }
    });
}
