import { expect } from "chai";
import { coversRefs, mayMatchBoth } from "../../../provider/gitlab/protected-refs";

/** Every text of up to so many of the characters. */
function textsOf(characters: readonly string[], length: number): readonly string[] {
    const shorter = length === 0 ? [] : textsOf(characters, length - 1);
    return length === 0 ? [""] : ["", ...shorter.flatMap((text) => characters.map((c) => c + text))];
}

const matcher = (pattern: string): RegExp =>
    new RegExp(`^${pattern.replaceAll("?", "[^]").replaceAll("*", "[^]*")}$`, "s");

describe("rules for protected refs", () => {
    const refs = [...new Set(textsOf(["a", "b", "c"], 5))];
    const rules = [...new Set(textsOf(["a", "b", "*"], 3))];
    const patterns = [...new Set(textsOf(["a", "b", "*", "?"], 3))];

    for (const rule of rules) {
        it(`${JSON.stringify(rule)} against every pattern of three characters`, () => {
            const covered = refs.filter((ref) => matcher(rule).test(ref));
            for (const pattern of patterns) {
                const matched = refs.filter((ref) => matcher(pattern).test(ref));
                // Five characters of three kinds are enough to tell patterns of three characters of two kinds apart.
                const both = matched.filter((ref) => covered.includes(ref));
                expect(coversRefs(rule, pattern), `${rule} covers ${pattern}`).to.equal(both.length === matched.length);
                expect(mayMatchBoth(rule, pattern), `${rule} and ${pattern}`).to.equal(both.length > 0);
            }
        });
    }

    it("a name with characters that mean something elsewhere", () => {
        expect(coversRefs("release/1.x", "release/1.x")).to.equal(true);
        expect(coversRefs("release/1.x", "release/1yx")).to.equal(false);
        expect(mayMatchBoth("release/*", "*/1.0")).to.equal(true);
        expect(mayMatchBoth("release/*", "hotfix/*")).to.equal(false);
    });
});
