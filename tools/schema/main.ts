import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withTables } from "./readme";
import { writeSdks } from "./sdk";
import { generateTypeScript, readSchema } from "./typescript";

const root = join(__dirname, "../..");

/** Writes everything in this repository that says what schema.json says. */
async function main(): Promise<void> {
    const schema = readSchema();
    for (const [path, text] of Object.entries(await generateTypeScript(schema))) {
        writeFileSync(join(root, path), text);
    }
    const readme = join(root, "README.md");
    writeFileSync(readme, withTables(readFileSync(readme, "utf8"), schema));
    await writeSdks(join(root, "sdk"));
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
