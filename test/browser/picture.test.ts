import { expect } from "chai";
import { readFileSync } from "node:fs";
import { AUDIT_PICTURES, pngFileOf, textFileOf, withAuditViews } from "../../tools/picture/audit-pages";
import { browser } from "../../tools/setup/browser";
import { pageText } from "../support/pages";
import { skip } from "../support/skip";

const GUIDE = pageText("docs/guides/audit-an-account.md");

describe("browser: the pictures of the page in the guide", () => {
    for (const picture of AUDIT_PICTURES) {
        it(`${picture.name} is there, with a text for those who cannot see it`, () => {
            const png = readFileSync(pngFileOf(picture));
            expect(png.toString("latin1", 1, 4)).to.equal("PNG");
            expect([png.readUInt32BE(16), png.readUInt32BE(20)]).to.deep.equal([picture.width, picture.height]);
            expect(png.length, "bytes").to.be.lessThan(150_000);
            expect(GUIDE).to.match(new RegExp(`!\\[[^\\]]{40,}\\]\\(\\.\\./\\.\\./assets/${picture.name}\\.png\\)`));
        });
    }

    it("show what the page shows now; if not: make picture", async function () {
        const found = await browser();
        if ("missing" in found) {
            skip(this, found.missing);
        }
        const drawn: string[] = [];
        await withAuditViews((picture, _, text) => {
            drawn.push(picture.name);
            expect(text).to.equal(readFileSync(textFileOf(picture), "utf8"));
            return Promise.resolve();
        });
        expect(AUDIT_PICTURES.map(({ width }) => width)).to.deep.equal([1440, 820, 390]);
        expect(drawn).to.deep.equal(["audit-overview", "audit-role", "audit-job"]);
    });
});
