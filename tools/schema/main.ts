import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateTypeScript, readSchema } from "./typescript";

async function main(): Promise<void> {
    for (const [path, text] of Object.entries(await generateTypeScript(readSchema()))) {
        writeFileSync(join(__dirname, "../..", path), text);
    }
}

void main();
