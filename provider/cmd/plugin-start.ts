import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, wrap } from "node:module";
import { join } from "node:path";
import { constants, Script } from "node:vm";

/** Hash of plugin.js, which the build writes here: V8 would take the cache of another text of the same length. */
declare const PLUGIN_HASH: string;

const plugin = join(__dirname, "plugin.js");

/** Beside the program, where only those can write who could change the program itself. */
const folder = join(__dirname, ".code-cache");
const file = join(folder, `${process.version}-${process.arch}-${PLUGIN_HASH}`);

const HASH_BYTES = 32;
const hashOf = (code: Buffer): Buffer => createHash("sha256").update(code).digest();

/** The code as it was compiled before, behind its hash; undefined where there is none that is whole. */
function cachedCode(): Buffer | undefined {
    try {
        const content = readFileSync(file);
        const code = content.subarray(HASH_BYTES);
        return hashOf(code).equals(content.subarray(0, HASH_BYTES)) ? code : undefined;
    } catch {
        return undefined;
    }
}

function keep(code: Buffer): void {
    const own = `${file}.${String(process.pid)}`;
    try {
        if (!existsSync(folder)) {
            mkdirSync(folder);
        }
        writeFileSync(own, Buffer.concat([hashOf(code), code]), { mode: 0o600 });
        renameSync(own, file);
    } catch {
        // Where it cannot be written, every start compiles.
    }
}

type Wrapped = (exports: unknown, load: NodeJS.Require, module: unknown, filename: string, dirname: string) => void;

const cachedData = cachedCode();
// The bundle is ASCII, so that this is no other text, and V8 keeps it in one byte a character.
const script = new Script(wrap(readFileSync(plugin, "latin1")), {
    filename: plugin,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData !== undefined && { cachedData }),
});
if (script.cachedDataRejected !== false) {
    // With what the first calls have compiled, and soon, because the engine ends its plugins without warning.
    setTimeout(() => keep(script.createCachedData()), 1000).unref();
}
(script.runInThisContext() as Wrapped)(exports, createRequire(plugin), module, plugin, __dirname);
