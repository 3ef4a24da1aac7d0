import type { EngineEvent } from "@pulumi/pulumi/automation";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeExecutable } from "../../tools/dist/executable";
import { ownTarget } from "../../tools/dist/targets";
import { projectRoot } from "../../tools/setup/cache";
import { labelOf } from "./labels";

/** The policy pack as a user has it. */
export interface InstalledPacks {
    /** The folder that npm installs. */
    readonly folder: string;
    /** The executable of a release. */
    readonly executable: string;
    /** What a folder needs on PATH if there is no language host for Node.js. */
    readonly path: string;
    /** Writes a configuration, and returns the flags that use it with one of the packs. */
    flags(pack: string, config?: object): readonly string[];
    remove(): void;
}

/** Installs the pack as a folder and as an executable. */
export async function installPacks(): Promise<InstalledPacks> {
    const root = mkdtempSync(join(tmpdir(), "policy-pack-"));
    const folder = join(root, "pulumi-aws-gitlab-oidc-policy");
    cpSync(join(projectRoot, "bin/policy-pack"), folder, { recursive: true });
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    const path = join(root, "path");
    mkdirSync(path);
    const shim = join(path, "pulumi-analyzer-policy-nodejs");
    writeFileSync(shim, '#!/bin/sh\nexec node node_modules/@pulumi/pulumi/cmd/run-policy-pack "$@"\n');
    chmodSync(shim, 0o755);
    const released = join(root, "released");
    mkdirSync(released);
    const executable = join(released, "pulumi-aws-gitlab-oidc-policy");
    await writeExecutable(ownTarget(), join(projectRoot, "bin/executable.js"), executable);
    let configs = 0;
    return {
        folder,
        executable,
        path,
        flags(pack, config = {}) {
            const file = join(root, `config-${String((configs += 1))}.json`);
            writeFileSync(file, JSON.stringify(config));
            return ["--policy-pack", pack, "--policy-pack-config", file];
        },
        remove: () => rmSync(root, { recursive: true }),
    };
}

/** What the pack reports. */
export interface Reported {
    readonly label: string;
    readonly policy: string;
    readonly level: string;
    readonly message: string;
}

/** The violations among the events of an operation. */
export function violationsIn(events: readonly EngineEvent[]): readonly Reported[] {
    return events.flatMap(({ policyEvent }) =>
        policyEvent === undefined
            ? []
            : [
                  {
                      label: labelOf(policyEvent.resourceUrn ?? ""),
                      policy: policyEvent.policyName,
                      level: policyEvent.enforcementLevel,
                      message: policyEvent.message.replace(/<\{%[^%]*%\}>/g, "").trim(),
                  },
              ],
    );
}

/** The violations that `pulumi policy analyze --json` prints, one event a line. */
export function violationsOfAnalysis(text: string): readonly Reported[] {
    const lines = text.split("\n").filter((line) => line.startsWith("{"));
    return violationsIn(lines.map((line) => JSON.parse(line) as EngineEvent));
}

/** `label policy`, in order. */
export function inBrief(reported: readonly Reported[]): readonly string[] {
    return reported.map(({ label, policy }) => `${label} ${policy}`).sort();
}
