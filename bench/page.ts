import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditPageOf } from "../provider/cmd/audit-page";
import { auditTrust } from "../dist/audit/audit";
import { largeAccount } from "../test/support/example-account";
import { launch } from "../tools/browser/launch";
import { browser } from "../tools/setup/browser";
import { builtAuditPage } from "../tools/page";
import { say } from "../tools/setup/cache";
import { rowOf, type Row } from "./row";
import { samplesOf, timed } from "./samples";

const ROLES = 10_000;

/** How long the page of a large audit takes until its list is there and a filter has its result; nothing without a browser. */
export async function measurePage(folder: string): Promise<readonly Row[]> {
    const found = await browser();
    if ("missing" in found) {
        say(`no row for the page of the audit: ${found.missing}`);
        return [];
    }
    const file = join(folder, "audit.html");
    writeFileSync(
        file,
        auditPageOf(
            auditTrust({ documents: [{ name: "large.json", content: largeAccount(ROLES) }] }),
            builtAuditPage(),
        ),
    );
    const started = await launch(found);
    try {
        const values: number[] = [];
        for (let round = 0; round < 7; round += 1) {
            const page = await started.newPage();
            values.push(
                await timed(async () => {
                    await page.goto(`file://${file}#view=roles`);
                    await page.getByLabel("Role name or ARN").fill("role-07123");
                    await page.getByText("1 of 10,000 roles", { exact: true }).waitFor();
                }),
            );
            await page.close();
        }
        return [
            rowOf({
                id: "page",
                what: "page of an audit with 10,000 roles, opened and filtered",
                peer: "2 s",
                unit: "ms",
                ours: samplesOf(values),
                theirs: samplesOf([2000]),
                bar: 1,
            }),
        ];
    } finally {
        await started.close();
    }
}
