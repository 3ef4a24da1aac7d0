import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { goTool } from "../setup/go";
import { sdkgen } from "../setup/sdkgen";
import { writeJavaSdk } from "./java";
import { sdkReadme } from "./sdk-readme";

/** Writes the SDK of each language into a folder of its name below `out`. */
export async function writeSdks(out: string): Promise<void> {
    const { description } = JSON.parse(await readFile(join(projectRoot, "schema.json"), "utf8")) as {
        readonly description: string;
    };
    await mkdir(out, { recursive: true });
    await run(await sdkgen(), [join(projectRoot, "schema.json"), packageJson().version, out], {
        log: logFile("sdkgen"),
    });
    // pyproject.toml looks for it beside itself.
    await rm(join(out, "python/pulumi_aws_gitlab_oidc/README.md"));
    await writeJavaSdk(out);
    for (const language of ["nodejs", "python", "go", "java"] as const) {
        await writeFile(join(out, language, "README.md"), await sdkReadme(language, description));
    }
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
