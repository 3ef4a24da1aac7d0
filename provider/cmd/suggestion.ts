import { nearest } from "../contract/nearest";

/** " Did you mean X?" for a misspelt command or option, or an empty string. */
export function suggestion(written: string, names: readonly string[], prefix = ""): string {
    const near = nearest(written, names) ?? names.find((name) => hasSameStart(written, name));
    return near === undefined ? "" : ` Did you mean ${prefix}${near}?`;
}

/** Whether most of the shorter of two words is the beginning of both. */
function hasSameStart(written: string, name: string): boolean {
    const shorter = Math.min(written.length, name.length);
    const start = Math.max(4, Math.ceil(shorter * 0.6));
    return shorter >= start && written.startsWith(name.slice(0, start));
}
