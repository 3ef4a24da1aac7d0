import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { cachedPackages } from "../setup/npm";

/** Draws a diagram as SVG, as a page that shows it would. What Mermaid cannot read is thrown in its own words. */
export async function drawMermaid(diagram: string): Promise<string> {
    const packages = await cachedPackages(__dirname, "mermaid", "installing Mermaid (180 MB, under a minute)");
    const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--import", "tsx", join(__dirname, "draw.ts"), packages],
        { input: diagram, encoding: "utf8" },
    );
    if (status !== 0) {
        throw new Error(stderr.trim());
    }
    return stdout;
}
