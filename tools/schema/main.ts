import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { policyPackPage } from "../../policy-pack/reference";
import { commandsPage } from "../../provider/cmd/reference/markdown";
import { formatted, referencePages } from "./reference";
import { writeSdks } from "./sdk";
import { generateTypeScript, readSchema } from "./typescript";

const root = join(__dirname, "../..");
const POLICY_PACK = "docs/reference/policy-pack.md";

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
    writeFileSync(join(root, POLICY_PACK), await formatted(POLICY_PACK, policyPackPage()));
    await writeSdks(join(root, "sdk"));
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
