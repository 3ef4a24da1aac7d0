import { expect } from "chai";
import { key, property } from "../../../provider/contract/paths";
import { quote, withoutTokens } from "../../../provider/contract/quote";

const TOKEN = `eyJ${"hbGciOiJSUzI1NiJ9".repeat(30)}.eyJpc3MiOiJ4In0.c2ln`;

describe("quote", () => {
    for (const [title, value, expected] of [
        ["text", "main", '"main"'],
        ["nothing", undefined, "null"],
        ["a number", 5, "5"],
        ["118 characters", "a".repeat(118), `"${"a".repeat(118)}"`],
        ["119 characters", "a".repeat(119), `"${"a".repeat(115)}…"`],
        ["a million characters", "a".repeat(1_000_000), `"${"a".repeat(115)}…"`],
        ["half of a character at the end", `${"a".repeat(114)}${"🦊".repeat(9)}`, `"${"a".repeat(114)}…"`],
        ["a token", TOKEN, '"eyJ…"'],
        ["a token and more", `${TOKEN} ${"a".repeat(500)}`, '"eyJ…"'],
        ["a token behind a million characters", `${"a ".repeat(500_000)}${TOKEN}`, `"${"a ".repeat(57)}a…"`],
        ["a short token and more", "eyJhbGciOiJ9.e30.x is it", '"eyJ… is it"'],
        ["line breaks and characters that turn the text round", "a\n\u202eb", '"a\\n\\u202eb"'],
    ] as const) {
        it(title, () => {
            expect(quote(value)).to.equal(expected);
        });
    }

    it("cuts names in paths", () => {
        expect(key("a", "b".repeat(500))).to.equal(`a["${"b".repeat(115)}…"]`);
        expect(property("a", TOKEN)).to.equal('a["eyJ…"]');
        expect(property("a", "b")).to.equal("a.b");
    });
});

describe("withoutTokens", () => {
    it("leaves no more of a token than its beginning, in any text", () => {
        expect(withoutTokens(`a ${TOKEN}, ${TOKEN} b`)).to.equal("a eyJ…, eyJ… b");
        expect(withoutTokens("eyJ".repeat(100_000))).to.equal("eyJ…");
        expect(withoutTokens("eyJ ".repeat(100_000))).to.have.lengthOf(400_000);
    });
});
