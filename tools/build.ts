import { build, type BuildOptions, transformSync } from "esbuild";
import { execFileSync } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { AUDIT_PAGE } from "../provider/cmd/audit-page";
import { bundledPackages, IAM_DATA, NOTICES, noticesOf } from "./dist/notices";
import { type AuditPage, auditPage } from "./page";

const root = join(__dirname, "..");
const plugin = "pulumi-resource-aws-gitlab-oidc";

/**
 * What Pulumi's SDK can do but a plugin never does, serialising closures and installing packages, stays out of the bundle. So
 * does what maps stacks to sources: the bundle has no source map, and looking for one at every promise took a fifth of the time.
 */
const NEVER_USED: Readonly<Record<string, string>> = {
    typescript: "{}",
    "ts-node": "{}",
    "@npmcli/arborist": "{}",
    "normalize-package-data": "{}",
    "source-map-support": "{ install() {} }",
};

/**
 * Makes dist/, the npm package's modules, and bin/, the plugin and the command as files that need node and nothing
 * else. Each is put in place when it is complete.
 */
async function main(): Promise<void> {
    removeLeftovers();
    const made = mkdtempSync(join(root, `.build-${String(process.pid)}-`));
    try {
        const tsc = join(root, "node_modules/typescript/bin/tsc");
        execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", join(made, "dist")], {
            cwd: root,
            stdio: "inherit",
        });
        withoutComments(join(made, "dist"));
        const page = await auditPage(root);
        writeFileSync(join(made, "dist/cmd", AUDIT_PAGE), page.html);
        await bundleDiff(join(made, "dist"), page);
        await makeBin(join(made, "bin"), page);
        for (const folder of ["dist", "bin"]) {
            if (existsSync(join(root, folder))) {
                renameSync(join(root, folder), join(made, `old-${folder}`));
            }
            renameSync(join(made, folder), join(root, folder));
        }
    } finally {
        rmSync(made, { recursive: true, force: true });
    }
}

/** What builds that were killed have left. */
function removeLeftovers(): void {
    for (const folder of readdirSync(root)) {
        const pid = /^\.build-(\d+)-/.exec(folder)?.[1];
        if (pid !== undefined && !isRunning(Number(pid))) {
            rmSync(join(root, folder), { recursive: true, force: true });
        }
    }
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

const common: BuildOptions = {
    bundle: true,
    platform: "node",
    target: "node22",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    logLevel: "warning",
};

const withPlugin: BuildOptions = {
    ...common,
    absWorkingDir: root,
    plugins: [
        {
            name: "never-used",
            setup(b) {
                const filter = new RegExp(`^(?:${Object.keys(NEVER_USED).join("|")})$`);
                b.onResolve({ filter }, ({ path }) => ({ path, namespace: "never-used" }));
                b.onLoad({ filter: /./, namespace: "never-used" }, ({ path }) => ({
                    contents: `module.exports = ${NEVER_USED[path]!};`,
                }));
            },
        },
    ],
};

/**
 * What the executables of a release run: one file is the plugin or the command, by its name. Node.js is nearly all of it, so two
 * different files would take twice the time to make.
 */
const BOTH = `
if (require("node:path").basename(process.execPath).startsWith("pulumi-resource-")) {
    require("./${plugin}");
} else {
    require("./aws-gitlab-oidc");
}
`;

/** Removes comments and white space from the modules, a ninth of the npm package. The declaration files keep theirs for editors. */
function withoutComments(dist: string): void {
    for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".js"),
    )) {
        const path = join(dist, file);
        const { code } = transformSync(readFileSync(path, "utf8"), {
            platform: "node",
            target: "node22",
            minifyWhitespace: true,
            legalComments: "none",
        });
        writeFileSync(path, code);
    }
}

/** Puts the package `diff` into the one module that uses it, because the npm package has no dependencies. */
async function bundleDiff(dist: string, page: AuditPage): Promise<void> {
    const { metafile } = await build({
        ...common,
        entryPoints: [join(root, "provider/cmd/unified-diff.ts")],
        outfile: join(dist, "cmd/unified-diff.js"),
        allowOverwrite: true,
        absWorkingDir: root,
        metafile: true,
    });
    // The table of access levels is in dist/ too, and contains data of a package.
    writeFileSync(join(dist, NOTICES), noticesOf([IAM_DATA, ...bundledPackages(metafile, page.metafile)], root));
}

async function makeBin(bin: string, page: AuditPage): Promise<void> {
    mkdirSync(bin);
    writeFileSync(join(bin, AUDIT_PAGE), page.html);
    await build({
        ...common,
        entryPoints: [join(root, "provider/cmd/aws-gitlab-oidc.ts")],
        outfile: join(bin, "aws-gitlab-oidc"),
    });
    chmodSync(join(bin, "aws-gitlab-oidc"), 0o755);
    await build({
        ...withPlugin,
        entryPoints: [join(root, `provider/cmd/${plugin}.ts`)],
        outfile: join(bin, "plugin.js"),
    });
    const { metafile } = await build({
        ...withPlugin,
        stdin: { contents: BOTH, resolveDir: join(root, "provider/cmd") },
        outfile: join(bin, "executable.js"),
        metafile: true,
    });
    writeFileSync(join(bin, NOTICES), noticesOf(bundledPackages(metafile, page.metafile), root));
    writeFileSync(join(bin, "index.js"), START);
    // Neither a PulumiPlugin.yaml nor a package.json: with them Pulumi runs `npm install` here, and a bundle needs no package.
    writeFileSync(join(bin, plugin), LAUNCHER, { mode: 0o755 });
}

/**
 * Starts the plugin with Node's compile cache, which Node.js has from 22.10 on. The cache is beside the program, where only those
 * can write who could change the program itself; Node's own choice is a folder that all users share. It is written at once,
 * because the engine ends its plugins without warning. Where it cannot be written, every start compiles.
 */
const START = `"use strict";
const { enableCompileCache, flushCompileCache } = require("node:module");
const { join } = require("node:path");
enableCompileCache?.(join(__dirname, ".compile-cache"));
require("./plugin.js");
flushCompileCache?.();
`;

const LAUNCHER = `#!/bin/sh
if ! command -v node >/dev/null 2>&1; then
    echo "${plugin} needs Node.js 22 or newer on PATH." >&2
    exit 1
fi
self=$(readlink -f "$0" 2>/dev/null || printf %s "$0")
exec node "$(dirname "$self")/index.js" "$@"
`;

main().catch((error: unknown) => {
    // The compiler has told what is wrong.
    if (!(error instanceof Error && "status" in error)) {
        console.error(error);
    }
    process.exitCode = 1;
});
