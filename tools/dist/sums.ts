import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAME = "SHA256SUMS";

/** Writes the sums of the files of a folder, as `sha256sum --check` reads them. */
export async function writeSums(folder: string): Promise<string> {
    const names = (await readdir(folder)).filter((name) => name !== NAME).sort();
    const lines = await Promise.all(
        names.map(async (name) => {
            const content = await readFile(join(folder, name));
            return `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
        }),
    );
    await writeFile(join(folder, NAME), lines.join(""));
    return NAME;
}
