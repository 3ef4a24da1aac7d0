import { build, type BuildOptions, type Metafile, transformSync } from "esbuild";
import { execFileSync } from "node:child_process";
import {
    chmodSync,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import type { Schema } from "../provider/contract/schema";
import { AUDIT_PAGE } from "../provider/cmd/audit-page";
import { bundledPackages, IAM_DATA, NOTICES, noticesOf } from "./dist/notices";
import { type Entries, removeUnreached } from "./dist/reached";
import { type AuditPage, auditPage } from "./page";

const root = join(__dirname, "..");
const plugin = "pulumi-resource-aws-gitlab-oidc";
const POLICY_PACK = "pulumi-aws-gitlab-oidc-policy";

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
        const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Entries;
        await bundleSchema(join(made, "dist"));
        const page = await auditPage(root);
        writeFileSync(join(made, "dist/cmd", AUDIT_PAGE), page.html);
        await bundleCommand(join(made, "dist"), page);
        await removeUnreached(made, manifest);
        withoutComments(join(made, "dist"));
        copyData(made, manifest);
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
 * What the executables of a release run: one file is the plugin, the command or the policy pack, by its name. Node.js is nearly all of
 * it, so different files would take a multiple of the time to make.
 */
const ALL = `
const name = require("node:path").basename(process.execPath);
if (name.startsWith("pulumi-resource-")) {
    require("./provider/cmd/${plugin}");
} else if (name.startsWith("${POLICY_PACK}")) {
    require("./policy-pack/index");
} else {
    require("./provider/cmd/aws-gitlab-oidc");
}
`;

/**
 * Removes the comments of the modules; the declaration files keep theirs, for editors. The code stays as it is, because Node.js
 * looks for the names that ES modules can import in the text of a module.
 */
function withoutComments(dist: string): void {
    for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith(".js"),
    )) {
        const path = join(dist, file);
        const { code } = transformSync(readFileSync(path, "utf8"), {
            platform: "node",
            target: "node22",
            legalComments: "none",
        });
        writeFileSync(path, code);
    }
}

/** The data files that the package exports, without white space. */
function copyData(made: string, { exports }: Entries): void {
    for (const target of Object.values(exports)) {
        if (typeof target === "string" && target.startsWith("./dist/")) {
            const source = readFileSync(join(root, target.replace("dist", "provider")), "utf8");
            writeFileSync(join(made, target), JSON.stringify(JSON.parse(source)));
        }
    }
}

/** Puts schema.json into the one module that reads it. Only the plugin serves its descriptions, and it has the whole file. */
async function bundleSchema(dist: string): Promise<void> {
    const { types, resources, functions } = JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as Schema;
    const contents = JSON.stringify({ types, resources, functions }, (key, value: unknown) =>
        key === "description" && typeof value === "string" ? undefined : value,
    );
    await bundleModule(dist, "contract/schema", {
        external: ["*/package.json"],
        plugins: [
            {
                name: "schema",
                setup(b) {
                    b.onLoad({ filter: /[/\\]schema\.json$/ }, () => ({ contents, loader: "json" }));
                },
            },
        ],
    });
}

/** Makes the command one module, with the package `diff`, because the npm package has no dependencies. It loads all others as they are. */
async function bundleCommand(dist: string, page: AuditPage): Promise<void> {
    const [provider, own] = [join(root, "provider/"), join(root, "provider/cmd/")];
    const metafile = await bundleModule(dist, "cmd/aws-gitlab-oidc", {
        plugins: [
            {
                name: "other-modules",
                setup(b) {
                    b.onResolve({ filter: /^\./ }, ({ resolveDir, path }) => {
                        const module = join(resolveDir, path).replace(/\.js$/, "");
                        return module.startsWith(provider) && !module.startsWith(own)
                            ? { path: `${relative(own, module)}.js`, external: true }
                            : undefined;
                    });
                },
            },
        ],
    });
    // The table of access levels is in dist/ too, and contains data of a package.
    writeFileSync(join(dist, NOTICES), noticesOf([IAM_DATA, ...bundledPackages(metafile, page.metafile)], root));
}

async function bundleModule(dist: string, module: string, options: BuildOptions): Promise<Metafile> {
    const { metafile } = await build({
        ...common,
        ...options,
        entryPoints: [join(root, `provider/${module}.ts`)],
        outfile: join(dist, `${module}.js`),
        allowOverwrite: true,
        absWorkingDir: root,
        metafile: true,
    });
    return metafile;
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
        stdin: { contents: ALL, resolveDir: root },
        outfile: join(bin, "executable.js"),
        metafile: true,
    });
    writeFileSync(join(bin, NOTICES), noticesOf(bundledPackages(metafile, page.metafile), root));
    await makePolicyPack(join(bin, "policy-pack"));
    writeFileSync(join(bin, "index.js"), START);
    // Neither a PulumiPlugin.yaml nor a package.json: with them Pulumi runs `npm install` here, and a bundle needs no package.
    writeFileSync(join(bin, plugin), LAUNCHER, { mode: 0o755 });
}

/** The policy pack as a folder that Pulumi runs, which is also its npm package. */
async function makePolicyPack(folder: string): Promise<void> {
    const { metafile } = await build({
        ...withPlugin,
        entryPoints: [join(root, "policy-pack/index.ts")],
        outfile: join(folder, "index.js"),
        metafile: true,
    });
    writeFileSync(join(folder, NOTICES), noticesOf(bundledPackages(metafile), root));
    copyFileSync(join(root, "policy-pack/README.md"), join(folder, "README.md"));
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    const { version, license, homepage, repository, bugs, engines, peerDependencies } = manifest();
    const description = readFileSync(join(root, "policy-pack/PulumiPolicy.yaml"), "utf8");
    writeFileSync(join(folder, "PulumiPolicy.yaml"), `${description}version: ${version}\n`);
    // Pulumi's language host for Node.js runs a pack with a module of this package, from the pack's node_modules.
    const dependencies = { "@pulumi/pulumi": peerDependencies["@pulumi/pulumi"] };
    const published = { license, homepage, repository, bugs, engines, main: "index.js", dependencies };
    const own = {
        name: POLICY_PACK,
        version,
        description: "Pulumi policy pack for AWS roles that GitLab CI/CD jobs assume with OpenID Connect.",
    };
    writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...own, ...published }, null, 4)}\n`);
}

function manifest(): Readonly<Record<string, unknown>> & {
    readonly version: string;
    readonly peerDependencies: Readonly<Record<string, string>>;
} {
    return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as ReturnType<typeof manifest>;
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
