import { isCollection } from "./object";

/** Characters of a quoted value, including the quotes. */
const LONGEST = 120;

/** Text that needs no escapes in JSON, and leaves room for the quotes. */
const PLAIN = /^[ !#-[\]-~]{0,118}$/;

/** The value in quotes for a message, on one line. It is cut if it is long or a token. */
export function quote(value: unknown): string {
    return quoteUpTo(LONGEST, value);
}

/** The value in quotes, on one line, for copying. It is cut if it is longer or a token. */
export function quoteUpTo(longest: number, value: unknown): string {
    if (typeof value === "string" && PLAIN.test(value) && !value.includes("eyJ")) {
        return `"${value}"`;
    }
    const given = typeof value === "string" ? value.slice(0, 2 * longest) : (value ?? null);
    const text = inertJson(withoutTokens(JSON.stringify(given)));
    const isCut = given !== value && typeof value === "string" && !text.endsWith('…"');
    return isCut || text.length > longest ? `${beginningOf(text.slice(0, -1), longest)}…"` : text;
}

/** The same JSON, with characters as escapes that a terminal obeys or that change the direction of text. JSON escapes the others itself. */
export function inertJson(text: string): string {
    return text.replace(
        /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** As much of the text as fits, without half a character at the end. */
function beginningOf(text: string, longest: number): string {
    return text.slice(0, longest - 4).replace(/[\ud800-\udbff]$/, "");
}

/** The text with a capital letter at its beginning. */
export function capitalized(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The kind of a value for a message; a scalar also has its value. */
export function kindOf(value: unknown): string {
    switch (typeof value) {
        case "string":
            return `the string ${quote(value)}`;
        case "object":
            return value === null
                ? "null"
                : Array.isArray(value)
                  ? "an array"
                  : isCollection(value)
                    ? `a ${value instanceof Map ? "Map" : "Set"}`
                    : "an object";
        case "number":
        case "boolean":
            return String(value);
        case "symbol":
            return "an output of another resource";
        default:
            return value === undefined ? "undefined" : `a ${typeof value}`;
    }
}

/** The text, with JSON web tokens cut after a few characters: anyone who has the rest has the job's identity. */
export function withoutTokens(text: string): string {
    return text.replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, "eyJ…");
}

/** The text with control characters, and characters that change the direction of text, as escapes. */
export function visible(text: string): string {
    return text.replace(
        /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}
