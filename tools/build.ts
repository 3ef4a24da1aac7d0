import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPlugin } from "./aws-offline/build";

const root = join(__dirname, "..");
const bin = join(root, "bin");
const plugin = "pulumi-resource-aws-gitlab-oidc";

/** What Pulumi's SDK can do but a plugin never does, serialising closures and installing packages, stays out of the bundle. */
const NEVER_USED = ["typescript", "ts-node", "@npmcli/arborist"];

/** Makes dist/, the npm package's modules, and bin/, the plugin as one file that needs node and nothing else; below it the offline aws provider for tests and demo. */
async function main(): Promise<void> {
    for (const folder of ["dist", "bin"]) {
        rmSync(join(root, folder), { recursive: true, force: true });
    }
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
        cwd: root,
        stdio: "inherit",
    });
    mkdirSync(bin);
    await build({
        entryPoints: [join(root, `provider/cmd/${plugin}.ts`)],
        outfile: join(bin, "index.js"),
        bundle: true,
        platform: "node",
        target: "node22",
        minifySyntax: true,
        minifyWhitespace: true,
        legalComments: "none",
        logLevel: "warning",
        plugins: [
            {
                name: "never-used",
                setup(b) {
                    const filter = new RegExp(`^(?:${NEVER_USED.join("|")})$`);
                    b.onResolve({ filter }, ({ path }) => ({ path, namespace: "never-used" }));
                    b.onLoad({ filter: /./, namespace: "never-used" }, () => ({ contents: "module.exports = {};" }));
                },
            },
        ],
    });
    await buildPlugin(join(bin, "aws-offline"));
    writeFileSync(join(bin, plugin), LAUNCHER, { mode: 0o755 });
    writeFileSync(join(bin, "PulumiPlugin.yaml"), "runtime: nodejs\n");
    writeFileSync(
        join(bin, "package.json"),
        `${JSON.stringify({ name: "aws-gitlab-oidc", main: "index.js" }, null, 4)}\n`,
    );
}

const LAUNCHER = `#!/bin/sh
if ! command -v node >/dev/null 2>&1; then
    echo "${plugin} needs Node.js 22 or newer on PATH." >&2
    exit 1
fi
exec node "$(dirname "$0")/index.js" "$@"
`;

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
