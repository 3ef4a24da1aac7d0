/** `make lint`: everything that users and maintainers read is plain English, by the words of `words.ts`. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { proseProblems } from "./check";

/** Files that people read. */
const READ = ["*.md", "schema.json", "provider/*.ts", "provider/*.tsx", "policy-pack/*.ts"];
/** Files that are generated from them, and the patterns themselves. */
const NOT_OURS = /^sdk\/|^tools\/prose\/|^provider\/(contract\/(args|types)|audit\/access-levels-table)\.ts$/;

const asked = process.argv.slice(2);
const files = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ...(asked.length > 0 ? asked : READ)],
    { encoding: "utf8" },
)
    .split("\0")
    .filter((path) => /\.(md|json|tsx?)$/.test(path) && !NOT_OURS.test(path));

let count = 0;
for (const path of files) {
    for (const { line, found, write } of proseProblems(path, readFileSync(path, "utf8"))) {
        count += 1;
        console.error(`${path}:${line}: "${found}". Write: ${write}`);
    }
}
if (count > 0) {
    console.error(`${count} passages in ${files.length} files are not plain English (tools/prose/words.ts).`);
    process.exitCode = 1;
}
