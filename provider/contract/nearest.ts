/** The option that was most likely meant by a wrong value: it differs in case and separators, is longer or shorter, has the same letters in another order, or is a typo or two away. */
export function nearest(value: string, options: readonly string[]): string | undefined {
    const written = plain(value);
    if (written.length < 3 || written.length > LONGEST) {
        return undefined;
    }
    const near = options.flatMap((option) => {
        const other = plain(option);
        const isPart = other.startsWith(written.replace(/s$/, "")) || (other.length >= 3 && written.startsWith(other));
        const slips = distance(written, other);
        const isTypo = slips <= Math.max(1, Math.floor(written.length / 4)) || letters(written) === letters(other);
        return isPart || isTypo ? [{ option, slips }] : [];
    });
    return near.sort((a, b) => a.slips - b.slips)[0]?.option;
}

/** Longer values are not typos. */
const LONGEST = 64;

function plain(text: string): string {
    return text
        .trim()
        .toLowerCase()
        .replace(/[\s_.-]+/g, "_");
}

function letters(word: string): string {
    return Array.from(word).sort().join("");
}

/** The number of characters to insert, remove or change. */
function distance(a: string, b: string): number {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (const [i, character] of Array.from(a).entries()) {
        const next = [i + 1];
        for (let j = 0; j < b.length; j++) {
            next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (b[j] === character ? 0 : 1)));
        }
        row = next;
    }
    return row[b.length]!;
}
