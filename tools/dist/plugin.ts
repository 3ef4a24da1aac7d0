import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { inTemporaryFolder, logFile, projectRoot, run, SetupError } from "../setup/cache";
import { writeExecutable } from "./executable";
import { nodeBinary } from "./node-binary";
import { NOTICES } from "./notices";
import { ownTarget, type Target } from "./targets";

const NAME = "pulumi-resource-aws-gitlab-oidc";

/**
 * Writes the plugin as `pulumi plugin install` fetches it.
 *
 * @returns The name of the archive.
 */
export async function packPlugin(target: Target, out: string): Promise<string> {
    const archive = `${NAME}-v${packageJson().version}-${target.os}-${target.arch}.tar.gz`;
    await inTemporaryFolder("plugin", async (folder) => {
        const executable = target.os === "windows" ? `${NAME}.exe` : NAME;
        await writeExecutable(target, join(projectRoot, "bin/plugin.js"), join(folder, executable));
        await copyFile(join(projectRoot, "LICENSE"), join(folder, "LICENSE"));
        await writeFile(join(folder, NOTICES), await allNotices());
        await run("tar", ["-czf", join(out, archive), "-C", folder, executable, "LICENSE", NOTICES], {
            log: logFile("tar-plugin"),
        });
    });
    return archive;
}

/** What the bundle has, as the build wrote it, and Node.js. */
async function allNotices(): Promise<string> {
    const { license } = await nodeBinary(ownTarget());
    if (license === undefined) {
        throw new SetupError(`The npm package ${ownTarget().node.name} has no licence of Node.js: build on another system.`);
    }
    const bundled = await readFile(join(projectRoot, "bin", NOTICES), "utf8");
    return `${bundled}\n${"=".repeat(80)}\nNode.js\n\n${(await readFile(license, "utf8")).trim()}\n`;
}
