import { join } from "node:path";
import { inTemporaryFolder, projectRoot } from "../tools/setup/cache";
import { writeExecutable } from "../tools/dist/executable";
import { ownTarget } from "../tools/dist/targets";
import { startWorkspace } from "../tools/workspace";
import type { Boilerplate } from "./boilerplate";
import { ROLES, Stack } from "./engine";
import { rowOf, type Row } from "./row";
import { samplesOf } from "./samples";

/** Previews with the pack, and as many without it. */
const PREVIEWS = 5;

/** How much longer `pulumi preview` of many roles takes with the policy pack, as a release has it. */
export async function measurePolicyPack(programs: string, peer: Boilerplate): Promise<Row> {
    const workspace = await startWorkspace();
    try {
        return await inTemporaryFolder("policy-pack", async (folder) => {
            const pack = join(folder, "pulumi-aws-gitlab-oidc-policy");
            await writeExecutable(ownTarget(), join(projectRoot, "bin/executable.js"), pack);
            const stack = await Stack.init(workspace, programs, peer, "plugin");
            await stack.run("up", ROLES);
            const [without, withPack]: readonly [number[], number[]] = [[], []];
            for (let i = 0; i < PREVIEWS; i += 1) {
                without.push(await stack.run("preview", ROLES));
                withPack.push(await stack.run("preview", ROLES, undefined, ["--policy-pack", pack]));
            }
            return rowOf({
                id: "preview-policy-pack",
                what: "pulumi preview of 1,000 roles unchanged, plugin, with the policy pack",
                unit: "s",
                ours: samplesOf(withPack),
                peer: "without it",
                theirs: samplesOf(without),
                bar: 1.15,
            });
        });
    } finally {
        await workspace.stop();
    }
}
