import { isObject } from "./object";

/** No discovery document or key set is nested nearly as deep; parsers have a limit of their own. */
const DEEPEST = 64;

/** A JSON document that is an object, or why it is none. */
export type JsonDocument =
    | { readonly object: Readonly<Record<string, unknown>>; readonly fault?: never }
    | { readonly object?: never; readonly fault: string };

/** Reads a document of a server that may be hostile: as strict as a parser that AWS could use, and in linear time. */
export function readJsonObject(document: string | Uint8Array): JsonDocument {
    const text = typeof document === "string" ? document : decode(document);
    if (text === undefined) {
        return { fault: "is not valid UTF-8" };
    }
    if (text.trim() === "") {
        return { fault: "is empty" };
    }
    if (text.startsWith("\uFEFF")) {
        return { fault: "begins with a byte order mark, which JSON does not allow" };
    }
    if (depthOf(text) > DEEPEST) {
        return { fault: `is nested more than ${String(DEEPEST)} levels deep` };
    }
    try {
        const value: unknown = JSON.parse(text);
        return isObject(value) ? { object: value } : { fault: "is JSON, but not an object" };
    } catch {
        return { fault: /^\s*</.test(text) ? "is not JSON, but looks like a web page" : "is not JSON" };
    }
}

function decode(bytes: Uint8Array): string | undefined {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return undefined;
    }
}

/** How deep the brackets of a JSON text go, those in texts left out. */
function depthOf(text: string): number {
    let depth = 0;
    let deepest = 0;
    let inText = false;
    for (let i = 0; i < text.length; i++) {
        const c = text[i]!;
        if (inText) {
            if (c === "\\") {
                i++;
            } else if (c === '"') {
                inText = false;
            }
        } else if (c === '"') {
            inText = true;
        } else if (c === "{" || c === "[") {
            deepest = Math.max(deepest, ++depth);
        } else if (c === "}" || c === "]") {
            depth--;
        }
    }
    return deepest;
}
