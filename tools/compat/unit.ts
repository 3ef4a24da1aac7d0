import { cp, mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { inTemporaryFolder, logFile, projectRoot, run } from "../setup/cache";
import { linkPackages, pulumiPackages } from "./packages";
import type { Installed } from "./versions";

/** What the tests of the components need of this repository. */
const NEEDED = ["dist", "provider", "test", "tools", "package.json", "schema.json", "tsconfig.json", ".mocharc.json"];

/** The tests of the components with the built package beside other versions of Pulumi's packages; throws where one fails. */
export async function runUnitTests(versions: Installed, node: string): Promise<void> {
    const pulumi = await pulumiPackages(versions);
    await inTemporaryFolder("compat", async (folder) => {
        // Copies: Node.js looks for packages from where a file really is.
        for (const path of NEEDED) {
            await cp(join(projectRoot, path), join(folder, path), { recursive: true });
        }
        const modules = join(folder, "node_modules");
        await mkdir(modules);
        const own = await realpath(join(projectRoot, "node_modules"));
        await linkPackages(
            modules,
            own,
            (await readdir(own)).filter((name) => name !== "@pulumi"),
        );
        await linkPackages(modules, pulumi, ["@pulumi/pulumi", "@pulumi/aws"]);
        await run(node, [join(modules, "mocha/bin/mocha.js"), "test/unit/components/*.test.ts"], {
            log: logFile(`compat-unit-${versions.name}`),
            cwd: folder,
        });
    });
}
