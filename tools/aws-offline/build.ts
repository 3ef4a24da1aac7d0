import { build, BuildOptions } from "esbuild";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { awsVersion } from "./stand-in";

/** Bundles the plugin into one folder that can be named in Pulumi.yaml. */
export async function buildPlugin(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    // V8 knows a cache's source by its length alone, so an old cache must never meet a new bundle.
    rmSync(join(folder, "provider.cache"), { force: true });
    const common: BuildOptions = { platform: "node", target: "node22", format: "cjs", logLevel: "warning" };
    await build({
        ...common,
        entryPoints: [join(__dirname, "main.ts")],
        outfile: join(folder, "provider.js"),
        bundle: true,
        minifySyntax: true,
        minifyWhitespace: true,
        // The operations in error messages come from the names of the SDK's classes.
        keepNames: true,
        define: { "process.env.AWS_OFFLINE_VERSION": JSON.stringify(awsVersion()) },
    });
    await build({ ...common, entryPoints: [join(__dirname, "loader.ts")], outfile: join(folder, "loader.cjs") });
    execFileSync(process.execPath, [join(folder, "loader.cjs"), "--write-cache"]);
    const launcher = join(folder, "pulumi-resource-aws");
    copyFileSync(join(__dirname, "pulumi-resource-aws"), launcher);
    chmodSync(launcher, 0o755);
}

if (require.main === module) {
    buildPlugin(resolve(process.argv[2] ?? join(__dirname, "../../bin/aws-offline"))).catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
    });
}
