import { build } from "esbuild";
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsVersion } from "./stand-in";

/** Bundles the plugin into bin/, a folder that can be named in Pulumi.yaml. */
async function main(): Promise<void> {
    const bin = join(__dirname, "bin");
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin);
    await build({
        entryPoints: [join(__dirname, "main.ts")],
        outfile: join(bin, "provider.js"),
        bundle: true,
        platform: "node",
        target: "node22",
        format: "cjs",
        logLevel: "warning",
        minifySyntax: true,
        minifyWhitespace: true,
        // The operations in error messages come from the names of the SDK's classes.
        keepNames: true,
        define: { "process.env.AWS_OFFLINE_VERSION": JSON.stringify(awsVersion()) },
    });
    writeFileSync(join(bin, "index.js"), START);
    const launcher = join(bin, "pulumi-resource-aws");
    copyFileSync(join(__dirname, "pulumi-resource-aws"), launcher);
    chmodSync(launcher, 0o755);
}

/** With Node's compile cache a start takes half the time. It is written at once, as the engine ends its plugins without warning. */
const START = `"use strict";
const { enableCompileCache, flushCompileCache } = require("node:module");
enableCompileCache?.(require("node:path").join(__dirname, ".compile-cache"));
require("./provider.js");
flushCompileCache?.();
`;

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
