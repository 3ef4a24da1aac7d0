import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { inTemporaryFolder, projectRoot, say, SetupError } from "../tools/setup/cache";
import { measureAudit } from "./audit";
import { boilerplate, type Boilerplate } from "./boilerplate";
import { measureDoctor } from "./doctor";
import { measureAccounts, measureEngine } from "./engine";
import { measureFunctions } from "./functions";
import { endChildrenOnInterrupt, isInterrupted } from "./interrupt";
import { measurePage } from "./page";
import type { Candidate } from "./plugin";
import { measurePolicies, subjectsThatFit } from "./policies";
import { measurePolicyPack } from "./policy-pack";
import { compare, keep, show } from "./report";
import { ourInputs, peerInputs } from "./roles";
import type { Row } from "./row";
import { measureSizes, pack, type Packages } from "./sizes";
import { measurePlugins } from "./starts";

async function main(): Promise<void> {
    const only = (process.env["ONLY"] ?? "").split(/[\s,]+/).filter((part) => part !== "");
    const rounds = Number(process.env["ROUNDS"] ?? "1");
    const wants = (part: string): boolean => only.length === 0 || only.includes(part);
    const report = await inTemporaryFolder("bench", async (folder) => {
        const peer = ["sizes", "plugins", "engine", "accounts", "policy-pack"].some(wants)
            ? await boilerplate(join(folder, "boilerplate"))
            : undefined;
        const rows: Row[] = [];
        const notes: string[] = [];
        if (wants("functions")) {
            rows.push(...measureFunctions());
        }
        if (wants("policies")) {
            rows.push(...measurePolicies());
            notes.push(`${String(subjectsThatFit())} such subjects fit 2,048 characters.`);
        }
        if (wants("doctor")) {
            rows.push(await measureDoctor());
        }
        if (wants("audit")) {
            say("auditing large files (minutes)");
            rows.push(...(await measureAudit(folder)));
        }
        if (wants("page")) {
            rows.push(...(await measurePage(folder)));
        }
        const packages = wants("sizes") || wants("plugins") ? await packed(folder) : undefined;
        if (wants("sizes")) {
            rows.push(...(await measureSizes(packages!, peer!)));
        }
        if (wants("plugins")) {
            say("starting plugins (some minutes)");
            rows.push(...(await measurePlugins(await candidates(packages!, folder, peer!))));
        }
        if (wants("engine") || wants("accounts") || wants("policy-pack")) {
            await withPrograms(async (programs) => {
                if (wants("engine")) {
                    say("pulumi up and preview of 1,000 roles (minutes a round)");
                    rows.push(...(await measureEngine(programs, peer!, rounds)));
                }
                if (wants("policy-pack")) {
                    say("pulumi preview of 1,000 roles with the policy pack (two minutes)");
                    rows.push(...(await measurePolicyPack(programs, peer!)));
                }
                if (wants("accounts")) {
                    say("pulumi up of 5,000 roles over 10 accounts (minutes)");
                    rows.push(...(await measureAccounts(programs, peer!)));
                }
            });
        }
        return { machine: machine(), notes, rows };
    });
    show(report);
    if (process.env["CHECK"] === "1") {
        compare(report);
    } else if (only.length === 0) {
        await keep(report);
    }
}

async function packed(folder: string): Promise<Packages> {
    say("packing the plugin (half a minute)");
    return pack(join(folder, "packages"));
}

async function candidates(
    packages: Packages,
    folder: string,
    peer: Boilerplate,
): Promise<{ readonly [K in "bundle" | "executable" | "boilerplate"]: Candidate }> {
    const installed = join(folder, "installed");
    await mkdir(installed);
    execFileSync("tar", ["-xzf", packages.plugin, "-C", installed]);
    const ours = { type: "aws-gitlab-oidc:index:GitLabOidc", inputsFor: ourInputs };
    return {
        bundle: { ...ours, command: [process.execPath, join(projectRoot, "bin/index.js")] },
        executable: { ...ours, command: [join(installed, "pulumi-resource-aws-gitlab-oidc")] },
        boilerplate: {
            type: "bench:index:GitLabAccess",
            inputsFor: peerInputs,
            command: peer.command,
            cwd: peer.folder,
        },
    };
}

/** The programs as JavaScript, where they find node_modules: users' programs are compiled before they are measured, on both sides. */
async function withPrograms(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = mkdtempSync(join(projectRoot, `.build-${String(process.pid)}-`));
    try {
        await build({
            absWorkingDir: projectRoot,
            entryPoints: [
                "bench/programs.ts",
                "bench/roles.ts",
                "bench/peers/hand-written/gitlab-access.ts",
                "bench/peers/hand-written/flat.ts",
                "tools/inline-program.ts",
            ],
            outdir: folder,
            outbase: projectRoot,
            platform: "node",
            format: "cjs",
            target: "node22",
            logLevel: "warning",
        });
        await use(folder);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

function machine(): string {
    const [cpu] = cpus();
    return `${String(cpus().length)} × ${cpu!.model.trim()}, ${String(Math.round(totalmem() / 2 ** 30))} GiB, ${process.platform}-${process.arch}, Node.js ${process.version}`;
}

endChildrenOnInterrupt();
main().catch((error: unknown) => {
    if (isInterrupted()) {
        say("interrupted");
        process.exitCode = 130;
        return;
    }
    const text = error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error);
    (text ?? "").split("\n").forEach(say);
    process.exitCode = 1;
});
