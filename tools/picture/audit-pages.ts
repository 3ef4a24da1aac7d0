import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { auditTrust } from "../../dist/audit/audit";
import { auditPageOf } from "../../provider/cmd/audit-page";
import { EXAMPLE_DOCUMENTS } from "../../test/support/example-account";
import { builtAuditPage } from "../page";
import { launch } from "../browser/launch";
import { browser } from "../setup/browser";
import { inTemporaryFolder, projectRoot } from "../setup/cache";

/** A view of the audit's page in the documentation. */
export interface AuditPicture {
    readonly name: string;
    /** The part of the address after `#`. */
    readonly hash: string;
    /** Pixels: as on a desktop, a tablet and a phone. */
    readonly width: number;
    /** Pixels. */
    readonly height: number;
}

export const AUDIT_PICTURES: readonly AuditPicture[] = [
    { name: "audit-overview", hash: "", width: 1440, height: 900 },
    { name: "audit-role", hash: "role=arn:aws:iam::111122223333:role/platform-terraform", width: 820, height: 900 },
    { name: "audit-job", hash: "view=job&project_path=acme/shop/app&project_id=815&ref=main", width: 390, height: 844 },
];

export const pngFileOf = ({ name }: AuditPicture): string => join(projectRoot, "assets", `${name}.png`);
/** The text of the view that the picture shows: it is the same with every font. */
export const textFileOf = ({ name }: AuditPicture): string => join(projectRoot, "assets", `${name}.txt`);

/** Opens each view, and hands it on with its text. Throws if there is no browser. */
export async function withAuditViews(
    use: (picture: AuditPicture, page: Page, text: string) => Promise<unknown>,
): Promise<void> {
    const found = await browser();
    if ("missing" in found) {
        throw new Error(found.missing);
    }
    const documents = Object.entries(EXAMPLE_DOCUMENTS).map(([name, content]) => ({ name, content }));
    const started = await launch(found);
    try {
        await inTemporaryFolder("picture", async (folder) => {
            const file = join(folder, "audit.html");
            writeFileSync(file, auditPageOf(auditTrust({ documents }), builtAuditPage()));
            for (const picture of AUDIT_PICTURES) {
                const page = await started.newPage({ viewport: { width: picture.width, height: picture.height } });
                await page.goto(`file://${file}#${picture.hash}`);
                await page.locator("h1").waitFor();
                await use(picture, page, `${await page.locator("main").innerText()}\n`);
                await page.close();
            }
        });
    } finally {
        await started.close();
    }
}

/** Draws the views. */
export async function drawAuditViews(): Promise<void> {
    await withAuditViews(async (picture, page, text) => {
        await page.screenshot({ path: pngFileOf(picture) });
        writeFileSync(textFileOf(picture), text);
    });
}
