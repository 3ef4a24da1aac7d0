import { expect } from "chai";
import { duplicateKeys } from "../../../provider/contract/duplicate-keys";
import { readJsonObject, takeJsonObject } from "../../../provider/contract/json-document";
import { SAYS } from "../../support/wording";

/** An object in objects, `levels` of them. */
function nested(levels: number): Readonly<Record<string, unknown>> {
    let value = {};
    for (let level = 1; level < levels; level++) {
        value = { a: value };
    }
    return value;
}

describe("readJsonObject", () => {
    for (const [title, text, largest, fault] of [
        ["as many characters as it may have", '{"a":1}', 7, undefined],
        ["one more", '{"a":1}', 6, "has more than 6 characters"],
        ["64 levels", JSON.stringify(nested(64)), Infinity, undefined],
        ["65 levels", JSON.stringify(nested(65)), Infinity, "is nested more than 64 levels deep"],
        ["64 levels of both brackets", `${'{"a":['.repeat(32)}${"]}".repeat(32)}`, Infinity, undefined],
        [
            "65 levels of both brackets",
            `${'{"a":['.repeat(32)}[]${"]}".repeat(32)}`,
            Infinity,
            "is nested more than 64 levels deep",
        ],
        ["65 objects in a list of one level", `{"a":[${"{},".repeat(64)}{}]}`, Infinity, undefined],
        ["65 levels of brackets in a text", JSON.stringify({ a: "[".repeat(65) }), Infinity, undefined],
        ["120,000 levels", `{"a":${"[".repeat(120_000)}`, Infinity, "is nested more than 64 levels deep"],
        ["a list", "[]", 9, SAYS.jsonNotObject],
    ] as const) {
        it(title, () => {
            expect(readJsonObject(text, largest).fault).to.equal(fault);
        });
    }
});

describe("takeJsonObject", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["a"] = [cyclic];
    const DEEP = "is nested more than 64 levels deep, or contains itself";
    for (const [title, value, largest, fault] of [
        ["an object", { a: "b", c: [1, true, null] }, 20, undefined],
        ["what is not written", { a: undefined }, 20, undefined],
        ["text", "{}", 20, "is not an object"],
        ["a list", [], 20, "is not an object"],
        ["null", null, 20, "is not an object"],
        ["long text", { a: "b".repeat(20) }, 20, "has more than 20 characters"],
        ["a long key", { ["b".repeat(20)]: 1 }, 20, "has more than 20 characters"],
        ["many values", { a: new Array(20).fill(1) as number[] }, 20, "has more than 20 characters"],
        ["many places", { a: new Array(4_000_000_000) as number[] }, 20, "has more than 20 characters"],
        ["64 levels", nested(64), 1_000, undefined],
        ["65 levels", nested(65), 1_000, DEEP],
        ["120,000 levels", nested(120_000), 1_000_000, DEEP],
        ["a cycle", cyclic, 1_000, DEEP],
        ["a symbol", { a: Symbol("x") }, 20, SAYS.jsonLacks("symbol")],
        ["a big integer", { a: [1n] }, 20, SAYS.jsonLacks("bigint")],
        ["a function", { a: () => 1 }, 20, SAYS.jsonLacks("function")],
    ] as const) {
        it(title, () => {
            expect(takeJsonObject(value, largest)).to.deep.equal(fault === undefined ? { object: value } : { fault });
        });
    }
});

describe("duplicateKeys", () => {
    for (const [title, json, expected] of [
        ["none", '{"a":{"a":1},"b":[{"a":1},{"a":1}]}', []],
        ["at the top", '{"a":1,"b":2,"a":3}', ["a"]],
        ["three times", '{"a":1,"a":2,"a":3}', ["a", "a"]],
        ["in an escape", '{"a":1,"\\u0061":2}', ["a"]],
        ["in a list in an object", '{"x":[0,{"b c":1,"b c":2}]}', ['x[1]["b c"]']],
        ["behind a list", '{"x":[1,2],"y":1,"x":3}', ["x"]],
        ["lists in lists", '{"x":[[0],[1,{"a":1,"a":2}]]}', ["x[1][1].a"]],
        ["in a text", '{"a":"\\"a\\":1,{","b":"a"}', []],
        ["in conditions", '{"Condition":{"Bool":{"a":1,"a":2}}}', ["Condition.Bool.a"]],
        [
            "in a statement's conditions",
            '{"S":[{"Condition":{"Bool":{"a":1,"a":2}}}]}',
            ['S[0].Condition["Bool"]["a"]'],
        ],
    ] as const) {
        it(title, () => {
            expect(duplicateKeys(json)).to.deep.equal(expected);
        });
    }

    it("does not put into words where a key stands that is there once", () => {
        const long = "a".repeat(400_000);
        const many = Array.from({ length: 50_000 }, (_, i) => `"${String(i)}":0`).join(",");
        expect(duplicateKeys(`{"${long}":{${many},"7":1}}`)).to.deep.equal([`["${"a".repeat(115)}…"]["7"]`]);
        expect(duplicateKeys(`${"[".repeat(120_000)}{"a":1}${"]".repeat(120_000)}`)).to.deep.equal([]);
    });
});
