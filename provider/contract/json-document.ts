import { isObject } from "./object";

/** Real documents are nested far less deeply; parsers have their own limit. */
export const DEEPEST = 64;
export const NOT_JSON = "is not JSON";
export const BYTE_ORDER_MARK = "begins with a byte order mark, which JSON does not allow";
export const CUT_OFF = "is cut off: it ends in the middle of the JSON";
export const NOT_UTF8 = "is not valid UTF-8";
export const TOO_DEEP = `is nested more than ${String(DEEPEST)} levels deep`;

/** Why a longer document is not read. */
export const tooLarge = (largest: number): string => `has more than ${String(largest)} characters`;

/** A JSON document that is an object, or the reason why it is not one. */
export type JsonDocument =
    | { readonly object: Readonly<Record<string, unknown>>; readonly fault?: never }
    | { readonly object?: never; readonly fault: string };

/** A JSON value, or the reason why there is none. */
type JsonText =
    { readonly value: unknown; readonly fault?: never } | { readonly value?: never; readonly fault: string };

/** Reads JSON from an untrusted source: as strictly as a parser that AWS could use, and in linear time. `largest` is in characters. */
export function readJson(document: string | Uint8Array, largest = Infinity): JsonText {
    const text = typeof document === "string" ? document : decode(document);
    if (text === undefined) {
        return { fault: NOT_UTF8 };
    }
    if (text.length > largest) {
        return { fault: tooLarge(largest) };
    }
    if (text.trim() === "") {
        return { fault: "is empty" };
    }
    if (text.startsWith("\uFEFF")) {
        return { fault: BYTE_ORDER_MARK };
    }
    if (hasManyBrackets(text) && isTooDeep(text)) {
        return { fault: TOO_DEEP };
    }
    try {
        return { value: JSON.parse(text) as unknown };
    } catch {
        return { fault: /^\s*</.test(text) ? "is not JSON, but looks like a web page" : NOT_JSON };
    }
}

/** The same for a document that is an object. */
export function readJsonObject(document: string | Uint8Array, largest = Infinity): JsonDocument {
    const { value, fault } = readJson(document, largest);
    if (fault !== undefined) {
        return { fault };
    }
    return isObject(value) ? { object: value } : { fault: "is JSON, but not an object" };
}

/** Returns a document from a program, or the reason why it cannot be written as JSON. Undefined values are not written. */
export function takeJsonObject(document: unknown, largest: number): JsonDocument {
    if (!isObject(document)) {
        return { fault: "is not an object" };
    }
    const fault = faultOf(document, 1, { largest, left: largest });
    return fault === undefined ? { object: document } : { fault };
}

/** The reason why a value cannot be written as JSON, if there is one: `depth` levels below the top of a document with so many characters left. */
function faultOf(value: unknown, depth: number, size: { readonly largest: number; left: number }): string | undefined {
    size.left -= typeof value === "string" ? value.length : 1;
    if (size.left < (Array.isArray(value) ? value.length : 0)) {
        return tooLarge(size.largest);
    }
    if (typeof value !== "object" || value === null) {
        return typeof value === "symbol" || typeof value === "function" || typeof value === "bigint"
            ? `contains a ${typeof value}, which JSON does not have`
            : undefined;
    }
    if (depth > DEEPEST) {
        return `${TOO_DEEP}, or contains itself`;
    }
    for (const name of Object.keys(value)) {
        size.left -= Array.isArray(value) ? 0 : name.length;
        const fault = faultOf((value as Readonly<Record<string, unknown>>)[name], depth + 1, size);
        if (fault !== undefined) {
            return fault;
        }
    }
    return undefined;
}

/** The JSON text of a value; undefined if it has none, such as a function or a value that contains itself. */
export function jsonTextOf(value: unknown): string | undefined {
    try {
        // JSON.stringify returns undefined for values that JSON lacks, although its type is string.
        return JSON.stringify(value);
    } catch {
        return undefined;
    }
}

function decode(bytes: Uint8Array): string | undefined {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return undefined;
    }
}

const [QUOTE, BACKSLASH, LIST, LIST_END, OBJECT, OBJECT_END] = Array.from('"\\[]{}', (c) => c.charCodeAt(0));

/** Whether a text has enough opening brackets to be nested too deeply. Most documents have fewer, and this is faster than `isTooDeep`. */
function hasManyBrackets(text: string): boolean {
    let count = 0;
    for (const bracket of ["{", "["]) {
        for (let i = text.indexOf(bracket); i >= 0; i = text.indexOf(bracket, i + 1)) {
            count += 1;
            if (count > DEEPEST) {
                return true;
            }
        }
    }
    return false;
}

/** Whether the brackets, without those in strings, are nested too deeply. */
function isTooDeep(text: string): boolean {
    let depth = 0;
    let inText = false;
    for (let i = 0; i < text.length; i++) {
        const c = text.charCodeAt(i);
        if (inText) {
            if (c === BACKSLASH) {
                i++;
            } else if (c === QUOTE) {
                inText = false;
            }
        } else if (c === QUOTE) {
            inText = true;
        } else if (c === OBJECT || c === LIST) {
            depth++;
            if (depth > DEEPEST) {
                return true;
            }
        } else if (c === OBJECT_END || c === LIST_END) {
            depth--;
        }
    }
    return false;
}
