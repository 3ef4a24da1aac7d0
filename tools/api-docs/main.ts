import { join, relative } from "node:path";
import { projectRoot } from "../setup/cache";
import { writeApiDocs } from "./api-docs";

const out = join(projectRoot, "api-docs");

/** Writes the API documentation into a folder, or says why not. */
async function main(): Promise<void> {
    const found = await writeApiDocs(out);
    if (found.length === 0) {
        console.log(`${relative(projectRoot, out)}/index.html`);
        return;
    }
    found.forEach((problem) => console.error(problem));
    process.exitCode = 1;
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
