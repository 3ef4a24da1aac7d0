import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commandsPage } from "../../provider/cmd/reference/markdown";
import { referencePages } from "./reference";
import { writeSdks } from "./sdk";
import { generateTypeScript, readSchema } from "./typescript";

const root = join(__dirname, "../..");

/** Writes every file that is generated from schema.json, and the reference of the commands. */
async function main(): Promise<void> {
    const schema = readSchema();
    for (const [path, text] of Object.entries(await generateTypeScript(schema))) {
        writeFileSync(join(root, path), text);
    }
    for (const [path, text] of Object.entries(await referencePages(schema))) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
    }
    writeFileSync(join(root, "docs/reference/commands.md"), commandsPage());
    await writeSdks(join(root, "sdk"));
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
