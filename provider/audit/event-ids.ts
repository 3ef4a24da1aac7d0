import { createHash, getRandomValues } from "node:crypto";

const UUID = /^([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})([\da-f]{8})$/i;

/** 32-bit words of an ID. */
const WORDS = 4;

/** Slots of the first table: 1 MB. */
const FIRST = 1 << 16;

/** Slots of the largest table: 128 MB. */
const MOST = 1 << 23;

/**
 * The IDs of events, in 16 bytes each. A UUID is kept as it is; of any other text, the first half of its SHA-256 hash. With more than
 * six million IDs, it does not keep further ones.
 */
export class EventIds {
    private table: Uint32Array;
    private count = 0;
    /** Random numbers: without them, a file could have IDs that all begin at the same slot. */
    private readonly seeds = getRandomValues(new Uint32Array(WORDS)).map((seed) => seed | 1);

    constructor(
        first = FIRST,
        private readonly most = MOST,
    ) {
        this.table = new Uint32Array(first * WORDS);
    }

    /** Whether the ID is a new one. Undefined if it is none of those that are kept, and there is no room for it. */
    add(id: string): boolean | undefined {
        const words = wordsOf(id);
        let slots = this.table.length / WORDS;
        let at = this.placeOf(words);
        if (!isEmpty(this.table, at)) {
            return false;
        }
        if (4 * (this.count + 1) > 3 * slots) {
            slots *= 2;
            if (slots > this.most) {
                return undefined;
            }
            this.grow(slots);
            at = this.placeOf(words);
        }
        this.table.set(words, at);
        this.count += 1;
        return true;
    }

    /** The position of the words in the table, or of the empty slot for them. */
    private placeOf([a, b, c, d]: Words): number {
        const { table, seeds } = this;
        const mixed =
            Math.imul(a, seeds[0]!) ^ Math.imul(b, seeds[1]!) ^ Math.imul(c, seeds[2]!) ^ Math.imul(d, seeds[3]!);
        let at = (((mixed ^ (mixed >>> 15)) * WORDS) & (table.length - 1)) >>> 0;
        while (
            !isEmpty(table, at) &&
            (table[at] !== a || table[at + 1] !== b || table[at + 2] !== c || table[at + 3] !== d)
        ) {
            at = (at + WORDS) & (table.length - 1);
        }
        return at;
    }

    private grow(slots: number): void {
        const before = this.table;
        this.table = new Uint32Array(slots * WORDS);
        for (let at = 0; at < before.length; at += WORDS) {
            if (!isEmpty(before, at)) {
                const words: Words = [before[at]!, before[at + 1]!, before[at + 2]!, before[at + 3]!];
                this.table.set(words, this.placeOf(words));
            }
        }
    }
}

type Words = readonly [number, number, number, number];

/** No ID has four words of 0. */
function isEmpty(table: Uint32Array, at: number): boolean {
    return (table[at]! | table[at + 1]! | table[at + 2]! | table[at + 3]!) === 0;
}

function wordsOf(id: string): Words {
    const [, a, b, c, d, e, f] = UUID.exec(id) ?? [];
    const words = a === undefined ? [0] : [a, b! + c!, d! + e!, f!].map((digits) => Number.parseInt(digits, 16));
    if (words.some((word) => word !== 0)) {
        return words as unknown as Words;
    }
    const hash = createHash("sha256").update(id).digest();
    return [hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8), hash.readUInt32LE(12)];
}
