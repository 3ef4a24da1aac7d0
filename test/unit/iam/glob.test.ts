import { expect } from "chai";
import fc from "fast-check";
import {
    canBothMatch,
    fillIn,
    indexOfPiece,
    literalGlob,
    matchesGlob,
    parsePattern,
    patternGlob,
    splitGlob,
} from "../../../provider/iam/glob";
import { isMet } from "../../../provider/iam/operators";

const CONTEXT = new Map([
    ["the:key", ["a*b"]],
    ["two:values", ["a", "b"]],
]);

describe("fillIn", () => {
    for (const [text, expected] of [
        ["", ""],
        ["main*", "main*"],
        ["${the:key}", "a*b"],
        ["<${ The:Key }>", "<a*b>"],
        ["${the:key}${the:key}", "a*ba*b"],
        ["${*}${?}${$}", "*?$"],
        ["${$}{the:key}", "${the:key}"],
        ["${no:key, 'x'}y", "xy"],
        ["${no:key}", undefined],
        ["x${two:values}", undefined],
        ["${}", undefined],
        ["${the:key", "${the:key"],
        ["} ${the:key", "} ${the:key"],
        ["${the:key}${", "a*b${"],
        ["$}", "$}"],
    ] as const) {
        it(`${JSON.stringify(text)} is ${expected === undefined ? "nothing" : JSON.stringify(expected)}`, () => {
            expect(fillIn(text, CONTEXT)).to.equal(expected);
        });
    }
});

describe("parsePattern", () => {
    const matches = (pattern: string, value: string): boolean => matchesGlob(parsePattern(pattern, CONTEXT)!, value);

    it("takes a wildcard in the value of a variable, and an escaped one, for a character", () => {
        expect([matches("${the:key}", "a*b"), matches("${the:key}", "axb")]).to.deep.equal([true, false]);
        expect([matches("${*}*", "*b"), matches("${*}*", "ab")]).to.deep.equal([true, false]);
        expect([matches("${?}?", "?b"), matches("${?}?", "ab")]).to.deep.equal([true, false]);
    });

    it("takes a wildcard before, between and behind variables for one", () => {
        expect(matches("*${the:key}?${$}*", "xxa*by$z")).to.equal(true);
        expect(matches("*${the:key}?${$}*", "xxa*b$z")).to.equal(false);
    });
});

describe("matchesGlob", () => {
    for (const [pattern, value, expected] of [
        ["", "", true],
        ["", "a", false],
        ["*", "", true],
        ["**", "", true],
        ["?", "", false],
        ["a", "ab", false],
        ["a*b", "ab", true],
        ["a*b", "a", false],
        ["aba*aba", "aba", false],
        ["aba*aba", "abaaba", true],
        ["a*b*b", "ab", false],
        ["*ab*", "aab", true],
        ["*aab*aab*", "aaab", false],
        ["*aab*aab*", "aaabaaab", true],
        ["*?b?*", "ab", false],
        ["*?b?*", "abb", true],
        ["*a?c*a?c*", "abcxaxc", true],
        ["*a?c*a?c*", "abcac", false],
        [`*${"?".repeat(32)}a*`, `${"b".repeat(32)}a`, true],
        [`*${"?".repeat(32)}a*`, `${"b".repeat(31)}a`, false],
        [`*${"?".repeat(31)}a${"?".repeat(32)}b*`, `${"x".repeat(40)}a${"x".repeat(32)}by`, true],
        [`*${"?".repeat(31)}a${"?".repeat(32)}b*`, `${"x".repeat(40)}a${"x".repeat(31)}by`, false],
    ] as const) {
        it(`${JSON.stringify(pattern)} ${expected ? "matches" : "does not match"} ${JSON.stringify(value)}`, () => {
            expect(matchesGlob(literalGlob(pattern), value)).to.equal(expected);
        });
    }

    it("matches what a regular expression matches", () => {
        const text = (...characters: string[]): fc.Arbitrary<string> =>
            fc.array(fc.constantFrom(...characters), { maxLength: 14 }).map((c) => c.join(""));
        fc.assert(
            fc.property(text("a", "b", "?", "*"), text("a", "b"), (pattern, value) => {
                const regex = pattern.replace(/\*/g, "[ab]*").replace(/\?/g, "[ab]");
                expect(matchesGlob(literalGlob(pattern), value)).to.equal(new RegExp(`^${regex}$`).test(value));
            }),
            { numRuns: 5_000 },
        );
    });
});

describe("canBothMatch", () => {
    for (const [a, b, expected] of [
        ["project_path:g/*", "project_path:g/p:ref_type:branch:ref:*", true],
        ["project_path:g/*", "project_path:*/p:ref_type:branch:ref:main", true],
        ["project_path:g/*", "project_path:h/*", false],
        ["project_path:g/*", "project_id:20:*", false],
        ["project_path:g/*", "project_path:g:ref_type:*", false],
        ["*", "", true],
        ["?", "", false],
        ["a*b", "*a?b*", true],
        ["a*b", "b*a", false],
        ["a${*}", "ab", false],
        ["a${*}", "a?", true],
    ] as const) {
        it(`${a} and ${b}: ${String(expected)}`, () => {
            expect(canBothMatch(patternGlob(a), patternGlob(b))).to.equal(expected);
            expect(canBothMatch(patternGlob(b), patternGlob(a))).to.equal(expected);
        });
    }

    it("finds a text of two patterns if and only if there is one", () => {
        const texts = [""];
        for (let from = 0; (texts[from] ?? "").length < 6; from++) {
            texts.push(`${texts[from]!}a`, `${texts[from]!}b`);
        }
        const pattern = fc.array(fc.constantFrom("a", "b", "?", "*"), { maxLength: 3 }).map((c) => c.join(""));
        fc.assert(
            fc.property(pattern, pattern, (a, b) => {
                const [x, y] = [literalGlob(a), literalGlob(b)];
                // With three tokens each, a common text needs at most six characters.
                const isThere = texts.some((text) => matchesGlob(x, text) && matchesGlob(y, text));
                expect(canBothMatch(x, y)).to.equal(isThere);
            }),
            { numRuns: 2_000 },
        );
    });

    it("does not decide about patterns that are longer than any policy, and takes no time for them", () => {
        const long = (c: string) => literalGlob(c.repeat(20_000));
        expect(canBothMatch(long("a"), long("b"))).to.equal(true);
    });
});

/** A text that counts how often a character of it is read. */
function counted(text: string): { readonly characters: ArrayLike<string>; reads: number } {
    const counter = {
        reads: 0,
        characters: new Proxy(text.split(""), {
            get(target, key): unknown {
                counter.reads += typeof key === "string" && /^\d+$/.test(key) ? 1 : 0;
                return Reflect.get(target, key);
            },
        }),
    };
    return counter;
}

describe("indexOfPiece", () => {
    const N = 20_000;
    for (const [title, pattern, text, at] of [
        ["a tail that never comes", `${"a".repeat(N / 2)}b`, "a".repeat(N), -1],
        ["a head that never comes", `b${"a".repeat(N / 2)}`, "a".repeat(N), -1],
        ["a middle that never comes", `${"a".repeat(N / 4)}b${"a".repeat(N / 4)}`, "a".repeat(N), -1],
        ["a tail at the end", `${"a".repeat(N / 2)}b`, `${"a".repeat(N - 1)}b`, N / 2 - 1],
        ["a period that breaks off", `${"ab".repeat(N / 4)}c`, "ab".repeat(N / 2), -1],
        ["any character before a tail that never comes", `?${"a".repeat(N / 100)}b`, "a".repeat(N), -1],
        ["any character between", `${"a?".repeat(N / 100)}b`, "a".repeat(N), -1],
        ["any characters alone", "?".repeat(N / 2), "a".repeat(N), 0],
        ["more than the text has", "a".repeat(N + 1), "a".repeat(N), -1],
        ["nothing", "", "a", 0],
    ] as const) {
        it(`${title}: reads each character at most once`, () => {
            const { characters } = counted(text);
            const counter = counted(text);
            const [piece] = literalGlob(pattern);
            expect(indexOfPiece(piece!, characters, 0, text.length)).to.equal(at);
            indexOfPiece(piece!, counter.characters, 0, text.length);
            expect(counter.reads).to.be.at.most(text.length);
        });
    }

    it("looks between two positions", () => {
        for (const pattern of ["ab", "a?"]) {
            const [piece] = literalGlob(pattern);
            const find = (from: number, end: number): number => indexOfPiece(piece!, "abxab", from, end);
            expect([find(0, 5), find(1, 5), find(1, 4), find(4, 5)]).to.deep.equal([0, 3, -1, -1]);
        }
    });
});

describe("splitGlob", () => {
    it("cuts at the first colons, and nowhere in a wildcard", () => {
        const matches = (pattern: string, most: number, ...values: readonly string[]): readonly boolean[] => {
            const parts = splitGlob(literalGlob(pattern), most);
            expect(parts).to.have.lengthOf(values.length);
            return parts.map((part, i) => matchesGlob(part, values[i]!));
        };
        expect(matches("a:*:b*c:d", 3, "a", "x", "bxc:d")).to.deep.equal([true, true, true]);
        expect(matches("a*:?", 3, "ax", ":")).to.deep.equal([true, true]);
        expect(matches("::", 9, "", "", "x")).to.deep.equal([true, true, false]);
    });
});

describe("values of any length", () => {
    const met = (operator: string, expected: string, actual: string): boolean =>
        isMet({ operator, key: "the:key", values: [expected] }, new Map([["the:key", [actual]]]));
    const LONG = "a".repeat(300_000);

    for (const operator of ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "BinaryEquals", "Bool"]) {
        it(`${operator} compares 300,000 characters`, () => {
            expect([met(operator, LONG, LONG), met(operator, LONG, `${LONG}b`)]).to.deep.equal([true, false]);
        });
    }

    it("ArnLike compares 300,000 characters", () => {
        const arn = `arn:aws:iam::111122223333:${LONG}`;
        expect([met("ArnLike", `${arn}*`, arn), met("ArnLike", arn, `${arn}b`)]).to.deep.equal([true, false]);
    });

    it("a pattern that almost fits everywhere comes to an end", () => {
        expect(met("StringLike", `*${"a".repeat(100_000)}b`, "a".repeat(900_000))).to.equal(false);
        expect(met("StringLike", `*${"a".repeat(100_000)}b*`, "a".repeat(900_000))).to.equal(false);
        expect(met("StringLike", "*a".repeat(50_000), LONG)).to.equal(true);
    });

    it("variables that never end, and numbers that are none, come to an end", () => {
        expect(met("StringLike", "${".repeat(150_000), LONG)).to.equal(false);
        expect(met("NumericEquals", `${"1".repeat(300_000)}x`, "1")).to.equal(false);
        expect(met("DateEquals", `${"1".repeat(300_000)}x`, "1")).to.equal(false);
    });
});
