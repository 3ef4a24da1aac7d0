import { chmod, copyFile, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AUDIT_PAGE } from "../../provider/cmd/audit-page";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { withoutSymbols } from "./elf";
import { withAdHocSignature } from "./mach-o";
import { nodeBinary } from "./node-binary";
import { withoutSignature } from "./portable-executable";
import { ownTarget, type Target } from "./targets";

/** The mark in Node's binary that shows whether it contains a program. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Removes parts of Node's binary before the program is added. */
const PREPARE: Partial<Record<Target["os"], (image: Buffer) => Buffer>> = {
    linux: withoutSymbols,
    windows: withoutSignature,
};

/** Writes a bundle with Node.js as one executable that needs nothing else: a single executable application, in Node's words. */
export async function writeExecutable(target: Target, bundle: string, file: string): Promise<void> {
    await inTemporaryFolder("executable", async (work) => {
        const blob = join(work, "blob");
        await writeBlob(target, bundle, blob);
        await copyFile((await nodeBinary(target)).executable, file);
        const prepare = PREPARE[target.os];
        if (prepare !== undefined) {
            await writeFile(file, prepare(await readFile(file)));
        }
        const postject = join(projectRoot, "node_modules/postject/dist/cli.js");
        const segment = target.os === "darwin" ? ["--macho-segment-name", "NODE_SEA"] : [];
        await run(process.execPath, [postject, file, "NODE_SEA_BLOB", blob, "--sentinel-fuse", FUSE, ...segment], {
            log: logFile("postject"),
        });
        if (target.os === "darwin") {
            await writeFile(file, withAdHocSignature(await readFile(file), basename(file)));
        }
        await chmod(file, 0o755);
    });
}

/** The bundle as Node.js wants it in its binary. V8's code cache, for a quicker start, is of use on this platform alone. */
async function writeBlob(target: Target, bundle: string, output: string): Promise<void> {
    const config = `${output}.json`;
    await writeFile(
        config,
        JSON.stringify({
            main: bundle,
            output,
            disableExperimentalSEAWarning: true,
            useCodeCache: target === ownTarget(),
            // Read when it is asked for. In the bundle it would be loaded at every start.
            assets: { [AUDIT_PAGE]: join(dirname(bundle), AUDIT_PAGE) },
        }),
    );
    await run((await nodeBinary(ownTarget())).executable, ["--experimental-sea-config", config], {
        log: logFile("node-sea"),
    });
}
