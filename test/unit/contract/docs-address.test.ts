import { expect } from "chai";
import { docsAddress } from "../../../provider/contract/docs-address";
import packageJson from "../../../package.json";

describe("docsAddress", () => {
    it("is a heading of a page in the repository that package.json names", () => {
        expect(docsAddress("reference/checks", "dns")).to.equal(
            `${packageJson.homepage}/blob/main/docs/reference/checks.md#dns`,
        );
    });
});
