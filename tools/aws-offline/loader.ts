import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire, wrap } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import type * as plugin from "./main";

// Runs the bundle beside it with V8's code cache, which halves the plugin's start-up. With `--write-cache` it writes
// that cache instead. V8 ignores a cache that another version of Node wrote.

const filename = join(__dirname, "provider.js");
const cache = join(__dirname, "provider.cache");
const writing = process.argv[2] === "--write-cache";

const script = new Script(wrap(readFileSync(filename, "utf8")), {
    filename,
    cachedData: !writing && existsSync(cache) ? readFileSync(cache) : undefined,
});
const loaded = { exports: {} as typeof plugin };
const run = script.runInThisContext() as (...scope: unknown[]) => void;
run(loaded.exports, createRequire(filename), loaded, filename, __dirname);

const done = writing
    ? loaded.exports.preload().then(() => writeFileSync(cache, script.createCachedData()))
    : loaded.exports.main();
done.catch((error: unknown) => {
    console.error(error);
    process.exit(1);
});
