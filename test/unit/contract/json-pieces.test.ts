import { expect } from "chai";
import fc from "fast-check";
import { JsonPieces } from "../../../provider/contract/json-pieces";

const LISTS = new Set(["Records", "Roles"]);

interface Read {
    readonly documents: readonly unknown[];
    readonly taken: readonly (readonly [list: string, element: unknown])[];
    readonly fault: string | undefined;
}

interface How {
    /** Bytes of a piece. */
    readonly size?: number;
    readonly largest?: number;
    readonly keep?: (list: string, element: unknown) => unknown;
}

function read(text: string | Uint8Array, { size = Infinity, largest = 1_000_000, keep = (_, e) => e }: How = {}): Read {
    const documents: unknown[] = [];
    const taken: (readonly [string, unknown])[] = [];
    const pieces = new JsonPieces({
        lists: LISTS,
        isOuter: (name) => /^\d{12}$/.test(name),
        take: (list, element) => {
            taken.push([list, element]);
            return keep(list, element);
        },
        add: (document) => {
            documents.push(document);
            return true;
        },
        largest,
        tooLarge: "is too large",
    });
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    for (let at = 0; at < bytes.length; at += size) {
        // A piece that changes afterwards shows whether it is still needed.
        const piece = Uint8Array.from(bytes.subarray(at, at + size));
        pieces.push(piece);
        piece.fill(0x21);
    }
    return { documents, taken, fault: pieces.end() };
}

describe("JSON in pieces", () => {
    it("is the same document for every size of the pieces", () => {
        const document = {
            Note: 'brackets ]}[{ and "quotes" \\ \\" \u00e4\u20ac\ud83d\ude00',
            Records: [{ a: [1, { Records: [2] }], b: "],[" }, [], "x,\\", 3.5e-2, null, {}],
            inner: { Roles: [{ c: 1 }], Records: { d: [] } },
            Roles: [],
            "111122223333": [{ Roles: [{ e: "\u0000" }] }, { Roles: [] }],
            last: [[[]]],
        };
        for (const text of [JSON.stringify(document), JSON.stringify(document, undefined, 2)]) {
            for (const size of [1, 2, 3, 5, 7, 16, 100, Infinity]) {
                expect(read(text, { size })).to.deep.equal({
                    documents: [document],
                    taken: [...document.Records.map((e) => ["Records", e]), ["Roles", { e: "\u0000" }]],
                    fault: undefined,
                });
            }
        }
    });

    it("is what JSON.parse has, for random documents", () => {
        const text = fc.oneof(
            fc.constantFrom("Records", "Roles", "111122223333", '"', "\\", "]", "},{", "\n"),
            fc.string({ unit: "binary" }),
        );
        const { value } = fc.letrec<{ value: unknown }>((tie) => ({
            value: fc.oneof(
                { maxDepth: 5 },
                fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
                fc.array(tie("value"), { maxLength: 4 }),
                fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
            ),
        }));
        const document = fc.dictionary(text, value, { maxKeys: 4, noNullPrototype: true });
        const given = fc.record({
            documents: fc.array(document, { minLength: 1, maxLength: 3 }),
            indent: fc.constantFrom(0, 1),
            between: fc.constantFrom("", "\n", " "),
            size: fc.integer({ min: 1, max: 40 }),
        });
        fc.assert(
            fc.property(given, ({ documents, indent, between, size }) => {
                const written = documents.map((one) => JSON.stringify(one, undefined, indent)).join(between);
                expect(read(written, { size })).to.deep.include({ documents, fault: undefined });
            }),
            { numRuns: 2000 },
        );
    });

    it("has documents one after the other, and those of an array", () => {
        expect(read('{"a":1}\n[{"b":[2]},3,[{"c":4}]] {"Records":[5]}').documents).to.deep.equal([
            { a: 1 },
            { b: [2] },
            3,
            [{ c: 4 }],
            { Records: [5] },
        ]);
        expect(read("[]")).to.deep.include({ documents: [], fault: undefined });
        expect(read(' "text" ').documents).to.deep.equal(["text"]);
    });

    it("knows a list whose name has escapes, and the last one of two with the same name", () => {
        expect(read('{"Re\\u0063ords":[1],"\\u0052oles":[2],"Roles":[3]}')).to.deep.equal({
            documents: [{ Records: [1], Roles: [3] }],
            taken: [
                ["Records", 1],
                ["Roles", 2],
                ["Roles", 3],
            ],
            fault: undefined,
        });
    });

    it("keeps of an element what is returned", () => {
        const keep = (_: string, element: unknown): unknown => (element === 1 ? undefined : { kept: element });
        expect(read('{"Records":[1,2,1],"a":[1]}', { keep }).documents).to.deep.equal([
            { Records: [{ kept: 2 }], a: [1] },
        ]);
    });

    it("limits what stays in memory, and not the text", () => {
        const record = { text: "x".repeat(100) };
        const text = JSON.stringify({ Records: Array.from({ length: 1000 }, () => record) });
        expect(read(text, { size: 64, largest: 1000, keep: () => undefined })).to.deep.include({
            documents: [{ Records: [] }],
            fault: undefined,
        });
        expect(read(text, { size: 64, largest: 1000 }).fault).to.equal("is too large");
        expect(read(JSON.stringify({ a: "x".repeat(2000) }), { size: 64, largest: 1000 }).fault).to.equal(
            "is too large",
        );
        expect(read(JSON.stringify({ Records: ["x".repeat(2000)] }), { size: 64, largest: 1000 }).fault).to.equal(
            "is too large",
        );
    });

    for (const [text, fault] of [
        ["", "is empty"],
        [" \n", "is empty"],
        [" ".repeat(5000), "is empty"],
        ['{"a":[1,2', "is cut off: it ends in the middle of the JSON"],
        ['{"Records":[1', "is cut off: it ends in the middle of the JSON"],
        ['{"a":"x', "is cut off: it ends in the middle of the JSON"],
        ['{"a":1}}', "is not JSON"],
        ['{"a":1]', "is not JSON"],
        ['{"Records":[1}', "is not JSON"],
        ['{"Records":[1,]}', "is not JSON"],
        ['{"Records":[,1]}', "is not JSON"],
        ['{"Records":[1 2]}', "is not JSON"],
        ['{"Records":[{} {}]}', "is not JSON"],
        ['{"Records" [1]}', "is not JSON"],
        ["[{} {}]", "is not JSON"],
        ["[{},]", "is not JSON"],
        ["{}, {}", "is not JSON"],
        ["{} x", "is not JSON"],
        ["x {}", "is not JSON"],
        ["nul", "is not JSON"],
        ["\0".repeat(5000), "is not JSON"],
        ["<html><script>{}</script>", "is not JSON, but looks like a web page"],
        ['\ufeff{"a":1}', "begins with a byte order mark, which JSON does not allow"],
        ["[".repeat(65) + "]".repeat(65), "is nested more than 64 levels deep"],
        ['{"Records":[' + "[".repeat(63) + "]".repeat(63) + "]}", "is nested more than 64 levels deep"],
    ] as const) {
        it(`is not ${JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)}`, () => {
            for (const size of [1, 3, Infinity]) {
                expect(read(text, { size }).fault).to.equal(fault);
            }
        });
    }

    it("is UTF-8", () => {
        for (const bytes of [
            Buffer.from([0x7b, 0xff, 0xfe]),
            Buffer.concat([Buffer.from('{"Records":["'), Buffer.from([0xff]), Buffer.from('"]}')]),
            Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3]), Buffer.from('"}')]),
        ]) {
            expect(read(bytes).fault).to.equal("is not valid UTF-8");
        }
    });
});
