import { build } from "esbuild";
import { chmodSync, copyFileSync } from "node:fs";
import { join } from "node:path";

/** Bundles the plugin into a folder that can be named in Pulumi.yaml. */
export async function buildGitLabOffline(bin: string): Promise<void> {
    await build({
        entryPoints: [join(__dirname, "main.ts")],
        outfile: join(bin, "index.js"),
        bundle: true,
        platform: "node",
        target: "node22",
        format: "cjs",
        logLevel: "warning",
        minifySyntax: true,
        minifyWhitespace: true,
    });
    const launcher = join(bin, "pulumi-resource-gitlab");
    copyFileSync(join(__dirname, "pulumi-resource-gitlab"), launcher);
    chmodSync(launcher, 0o755);
}
