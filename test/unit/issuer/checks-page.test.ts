import { expect } from "chai";
import { CHECK_IDS, PROJECT_CHECK_IDS } from "../../support/checks";
import { anchorsOf, pageText } from "../../support/pages";

const PAGE = "docs/reference/checks.md";
const ALL_IDS: readonly string[] = [...CHECK_IDS, ...PROJECT_CHECK_IDS];

describe(PAGE, () => {
    const [head, ...sections] = pageText(PAGE).split(/^## /m);

    it("has one heading for every check, in order, and no other", () => {
        expect(sections.map((section) => section.split("\n")[0])).to.deep.equal(ALL_IDS);
        expect(anchorsOf(pageText(PAGE)).slice(1)).to.deep.equal(ALL_IDS);
    });

    it("lists every check at its beginning, in order", () => {
        const links = head!.matchAll(/\[([\w-]+)\]\(#([\w-]+)\)/g);
        expect(Array.from(links, ([, text, anchor]) => [text, anchor])).to.deep.equal(ALL_IDS.map((id) => [id, id]));
    });

    it("has for each what it checks, when it fails or warns, and the fix", () => {
        for (const section of sections) {
            const [id, what, list] = section.trim().split("\n\n");
            expect(what, id).to.match(/^\S.*\.$/);
            expect(list, id).to.match(/^(?:- \*\*Fail:\*\* .+\.\n)?(?:- \*\*Warning:\*\* .+\.\n)?- \*\*Fix:\*\* .+\.$/);
        }
    });
});
