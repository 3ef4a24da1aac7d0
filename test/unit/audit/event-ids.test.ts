import { expect } from "chai";
import fc from "fast-check";
import { EventIds } from "../../../provider/audit/event-ids";

describe("IDs of events", () => {
    it("are new once, whether they are UUIDs or not", () => {
        const uuid = fc.uuid();
        const ids = fc.array(fc.oneof(uuid, fc.string(), fc.constantFrom("", "00000000-0000-0000-0000-000000000000")), {
            maxLength: 400,
        });
        fc.assert(
            fc.property(ids, (given) => {
                const known = new Set<string>();
                const kept = new EventIds(4);
                for (const id of given) {
                    expect(kept.add(id)).to.equal(!known.has(id));
                    known.add(id);
                }
            }),
        );
    });

    it("differ in each of their bits", () => {
        const ids = new EventIds(4);
        const zeros = "0".repeat(32);
        for (let bit = 0; bit < 128; bit++) {
            const at = bit >> 2;
            const digits = zeros.slice(0, at) + (1 << (bit & 3)).toString(16) + zeros.slice(at + 1);
            const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
            expect([ids.add(uuid), ids.add(uuid), ids.add(uuid.toUpperCase())]).to.deep.equal([true, false, false]);
        }
    });

    it("are not kept without end", () => {
        const ids = new EventIds(4, 16);
        const added = Array.from({ length: 20 }, (_, i) => ids.add(`event ${String(i)}`));
        expect(added).to.deep.equal([...Array<true>(12).fill(true), ...Array<undefined>(8).fill(undefined)]);
        expect(ids.add("event 11")).to.equal(false);
    });
});
