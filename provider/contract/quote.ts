import { isCollection } from "./object";

/** Characters of a quoted value, the quotes among them. */
const LONGEST = 120;

/** Text that is the same in JSON but for the quotes, and has room for them. */
const PLAIN = /^[ !#-[\]-~]{0,118}$/;

/** The value in quotes for a message, cut where it is long or a token, on one line. */
export function quote(value: unknown): string {
    return quoteUpTo(LONGEST, value);
}

/** The value in quotes, cut if it is longer or a token, on one line: for what is there to be copied. */
export function quoteUpTo(longest: number, value: unknown): string {
    if (typeof value === "string" && PLAIN.test(value) && !value.includes("eyJ")) {
        return `"${value}"`;
    }
    const given = typeof value === "string" ? value.slice(0, 2 * longest) : (value ?? null);
    const text = withoutTokens(JSON.stringify(given)).replace(
        /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    const isCut = given !== value && typeof value === "string" && !text.endsWith('…"');
    return isCut || text.length > longest ? `${beginningOf(text.slice(0, -1), longest)}…"` : text;
}

/** As much of the text as there is room for, without the first half of a character. */
function beginningOf(text: string, longest: number): string {
    return text.slice(0, longest - 4).replace(/[\ud800-\udbff]$/, "");
}

/** What kind of value it is, in a message: scalars by what they are. */
export function kindOf(value: unknown): string {
    switch (typeof value) {
        case "string":
            return `the text ${quote(value)}`;
        case "object":
            return value === null
                ? "null"
                : Array.isArray(value)
                  ? "a list"
                  : isCollection(value)
                    ? `a ${value instanceof Map ? "Map" : "Set"}`
                    : "an object";
        case "number":
        case "boolean":
            return String(value);
        case "symbol":
            return "an output of another resource";
        default:
            return value === undefined ? "nothing" : `a ${typeof value}`;
    }
}

/** The text with no more of a JSON web token than shows that it is one: whoever has the rest has the job's identity. */
export function withoutTokens(text: string): string {
    return text.replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, "eyJ…");
}
