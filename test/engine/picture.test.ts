import { expect } from "chai";
import { readFileSync } from "node:fs";
import { recordOf, WIDE } from "../../tools/picture/pictures";
import { normalised, recordSession } from "../../tools/picture/record";
import { emptyAccount, engine } from "./engine";

describe("engine: the picture in README.md", () => {
    emptyAccount();

    it("shows what the commands print; `make picture` draws it again", async () => {
        const { workspace } = await engine();
        const session = await recordSession(workspace, WIDE.columns);
        expect(normalised(session)).to.deep.equal(normalised(readFileSync(recordOf(WIDE), "utf8")));
    });
});
