import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { inTemporaryFolder, logFile, projectRoot, run, SetupError } from "../setup/cache";
import { writeExecutable } from "./executable";
import { nodeBinary } from "./node-binary";
import { NOTICES } from "./notices";
import { ownTarget, type Target } from "./targets";

const PLUGIN = "pulumi-resource-aws-gitlab-oidc";
const COMMAND = "aws-gitlab-oidc";
const POLICY_PACK = "pulumi-aws-gitlab-oidc-policy";

/**
 * Writes the plugin, as `pulumi plugin install` fetches it, the command and the policy pack. All are the same executable, which goes by
 * its name.
 *
 * @returns The names of the archives.
 */
export async function packExecutables(
    target: Target,
    out: string,
): Promise<readonly [plugin: string, command: string, policyPack: string]> {
    return inTemporaryFolder("executables", async (folder) => {
        const suffix = target.os === "windows" ? ".exe" : "";
        await writeExecutable(target, join(projectRoot, "bin/executable.js"), join(folder, PLUGIN + suffix));
        await copyFile(join(projectRoot, "LICENSE"), join(folder, "LICENSE"));
        await writeFile(join(folder, NOTICES), await allNotices());
        const pack = async (name: string): Promise<string> => {
            const archive = `${name}-v${packageJson().version}-${target.os}-${target.arch}.tar.gz`;
            await run("tar", ["-czf", join(out, archive), "-C", folder, name + suffix, "LICENSE", NOTICES], {
                log: logFile("tar-executable"),
            });
            return archive;
        };
        const packNext = async (from: string, name: string): Promise<string> => {
            await rename(join(folder, from + suffix), join(folder, name + suffix));
            return pack(name);
        };
        return [await pack(PLUGIN), await packNext(PLUGIN, COMMAND), await packNext(COMMAND, POLICY_PACK)];
    });
}

/** The licences of the bundled packages, as the build wrote them, and of Node.js. */
async function allNotices(): Promise<string> {
    const { license } = await nodeBinary(ownTarget());
    if (license === undefined) {
        throw new SetupError(`The npm package ${ownTarget().node.name} has no licence of Node.js: build on another system.`);
    }
    const bundled = await readFile(join(projectRoot, "bin", NOTICES), "utf8");
    return `${bundled}\n${"=".repeat(80)}\nNode.js\n\n${(await readFile(license, "utf8")).trim()}\n`;
}
