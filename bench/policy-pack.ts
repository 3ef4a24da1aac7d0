import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTemporaryFolder, projectRoot } from "../tools/setup/cache";
import { writeExecutable } from "../tools/dist/executable";
import { ownTarget } from "../tools/dist/targets";
import { startWorkspace } from "../tools/workspace";
import type { Boilerplate } from "./boilerplate";
import { ROLES, Stack } from "./engine";
import { rowOf, type Row } from "./row";
import { inTurns } from "./samples";

/** Previews with the pack, with an empty pack, and with none. */
const PREVIEWS = 5;

/**
 * How much longer `pulumi preview` of many roles takes with the policy pack, as a release has it. A pack of Pulumi's SDK without a policy
 * shows how much of that the engine takes for its calls, whatever a pack does.
 */
export async function measurePolicyPack(programs: string, peer: Boilerplate): Promise<readonly Row[]> {
    const workspace = await startWorkspace();
    try {
        return await inTemporaryFolder("policy-pack", async (folder) => {
            const pack = join(folder, "pulumi-aws-gitlab-oidc-policy");
            await writeExecutable(ownTarget(), join(projectRoot, "bin/executable.js"), pack);
            const stack = await Stack.init(workspace, programs, peer, "plugin");
            await stack.run("up", ROLES);
            const preview = (more: readonly string[]) => () => stack.run("preview", ROLES, undefined, more);
            const { ours, empty, none } = await inTurns(
                PREVIEWS,
                {
                    none: preview([]),
                    ours: preview(["--policy-pack", pack]),
                    empty: preview(["--policy-pack", emptyPack(folder)]),
                },
                0,
            );
            const what = "pulumi preview of 1,000 roles unchanged, plugin, with the policy pack";
            return [
                rowOf({
                    id: "preview-policy-pack",
                    what,
                    unit: "s",
                    ours,
                    peer: "without it",
                    theirs: none,
                    bar: 1.15,
                }),
                rowOf({
                    id: "preview-empty-pack",
                    what,
                    unit: "s",
                    ours,
                    peer: "with a pack of @pulumi/policy that has no policy",
                    theirs: empty,
                    bar: 1.1,
                }),
            ];
        });
    } finally {
        await workspace.stop();
    }
}

/** The executable of a pack that only answers. */
function emptyPack(parent: string): string {
    const folder = join(parent, "empty");
    mkdirSync(folder);
    const sdk = JSON.stringify(require.resolve("@pulumi/policy"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", version: "1.0.0" }));
    writeFileSync(join(folder, "index.js"), `new (require(${sdk}).PolicyPack)("empty", { policies: [] });\n`);
    const pack = join(folder, "pulumi-empty-policy");
    writeFileSync(pack, `#!/bin/sh\ncd "${folder}" && exec "${process.execPath}" index.js "$@"\n`);
    chmodSync(pack, 0o755);
    return pack;
}
