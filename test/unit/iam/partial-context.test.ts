import { expect } from "chai";
import fc from "fast-check";
import { isMet, OPERATORS, truthOf } from "../../../provider/iam/operators";
import { all, any, not, type Truth } from "../../../provider/iam/truth";

/** A call of which `known:a` is "a", `known:none` is missing, and nothing else is known. */
const KNOWN = {
    context: new Map([["known:a", ["a"]]]),
    isKnown: (key: string) => key === "known:a" || key === "known:none",
};

describe("A condition on a call of which some keys are known", () => {
    const rows: readonly (readonly [operator: string, key: string, values: readonly string[], truth: Truth])[] = [
        ["StringEquals", "known:a", ["a"], true],
        ["StringEquals", "KNOWN:A", ["b"], false],
        ["StringNotEquals", "known:a", ["b"], true],
        ["StringEquals", "known:none", ["a"], false],
        ["StringNotEquals", "known:none", ["a"], true],
        ["StringEqualsIfExists", "known:none", ["a"], true],
        ["Null", "known:none", ["true"], true],
        ["Null", "known:a", ["true"], false],
        ["StringEquals", "other:b", ["a"], undefined],
        ["StringNotEquals", "other:b", ["a"], undefined],
        ["Null", "other:b", ["true"], undefined],
        ["StringLikeIfExists", "other:b", ["*"], undefined],
        // Variables
        ["StringLike", "known:a", ["${known:a}"], true],
        ["StringLike", "known:a", ["${known:none}"], false],
        ["StringLike", "known:a", ["${other:b}"], undefined],
        ["StringLike", "known:a", ["${other:b, 'a'}"], undefined],
        ["StringLike", "known:a", ["${*}"], false],
        ["StringLike", "known:a", ["${other:b}", "a"], true],
        ["StringLike", "known:a", ["${other:b}", "b"], undefined],
        ["StringNotLike", "known:a", ["${other:b}", "a"], false],
        ["StringNotLike", "known:a", ["${other:b}", "b"], undefined],
        ["ForAnyValue:StringLike", "known:a", ["${other:b}", "a"], true],
        ["StringLike", "known:none", ["${other:b}"], false],
        ["StringLike", "known:a", ["${other:b"], false],
        ["NoOperator", "known:a", ["a"], false],
    ];
    for (const [operator, key, values, truth] of rows) {
        it(`${operator} ${key} ${JSON.stringify(values)}: ${String(truth)}`, () => {
            expect(truthOf({ operator, key, values }, KNOWN)).to.equal(truth);
        });
    }

    it("is true or false only if that is certain for any values of the other keys", () => {
        const text = fc.constantFrom("a", "b", "*", "a*", "${k:1}", "${k:2}", "${k:2, 'a'}", "x${*}", "1", "");
        const actual = fc.option(fc.array(fc.constantFrom("a", "b", "ab", "1", "*", ""), { maxLength: 2 }));
        const sets = fc.constantFrom("", "ForAnyValue:", "ForAllValues:");
        fc.assert(
            fc.property(
                fc.tuple(sets, fc.constantFrom(...OPERATORS), fc.constantFrom("", "IfExists")),
                fc.constantFrom("k:1", "k:2"),
                fc.array(text, { maxLength: 3 }),
                fc.array(actual, { minLength: 2, maxLength: 2 }),
                fc.constantFrom("k:1", "k:2"),
                (parts, key, values, calls, unknown) => {
                    const context = new Map(
                        ["k:1", "k:2"].flatMap((name, i) => {
                            const of = calls[i];
                            return of === null || of!.length === 0 ? [] : [[name, of!] as const];
                        }),
                    );
                    const test = { operator: parts.join(""), key, values };
                    const partial = new Map([...context].filter(([name]) => name !== unknown));
                    const truth = truthOf(test, { context: partial, isKnown: (name) => name !== unknown });
                    expect(truth).to.be.oneOf([isMet(test, context), undefined]);
                },
            ),
            { numRuns: 3000 },
        );
    });
});

describe("Truth", () => {
    const rows: readonly (readonly [values: readonly Truth[], all: Truth, any: Truth])[] = [
        [[], true, false],
        [[true, true], true, true],
        [[true, undefined], undefined, true],
        [[true, false, undefined], false, true],
        [[false, undefined], false, undefined],
        [[false], false, false],
        [[undefined], undefined, undefined],
    ];
    for (const [values, every, some] of rows) {
        it(values.map(String).join(", "), () => {
            expect([all(values), any(values)]).to.deep.equal([every, some]);
        });
    }
    it("turned around", () => {
        expect([not(true), not(false), not(undefined)]).to.deep.equal([false, true, undefined]);
    });
});
