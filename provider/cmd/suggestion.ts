import { nearest } from "../contract/nearest";

/** " Did you mean X?" for a misspelt command or option, or an empty string. */
export function suggestion(written: string, names: readonly string[], prefix = ""): string {
    const near = nearest(written, names) ?? names.find((name) => isLike(written, name));
    return near === undefined ? "" : ` Did you mean ${prefix}${near}?`;
}

/** Whether two words have the same letters, or most of the shorter one is the beginning of both. */
function isLike(written: string, name: string): boolean {
    const letters = (word: string): string => Array.from(word).sort().join("");
    const shorter = Math.min(written.length, name.length);
    const start = Math.max(4, Math.ceil(shorter * 0.6));
    return letters(written) === letters(name) || (shorter >= start && written.startsWith(name.slice(0, start)));
}
