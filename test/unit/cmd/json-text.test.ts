import { expect } from "chai";
import { jsonText, jsonTexts } from "../../../provider/cmd/json-text";

describe("JSON of a large result", () => {
    for (const result of [
        {},
        { a: undefined },
        { a: 1, b: "x\ny", c: null, d: undefined },
        { a: [], b: {}, c: [{}, [], [1, { d: ["x", { e: 2 }] }], null] },
        { a: [{ b: "1\n2", c: undefined }, "]"], d: { e: [{ f: [] }] } },
    ]) {
        it(JSON.stringify(result), () => {
            expect([...jsonTexts(result)].join("")).to.equal(jsonText(result));
        });
    }
});
