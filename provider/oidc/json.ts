import { duplicateKeys } from "../contract/duplicate-keys";
import { readJsonObject, type JsonDocument } from "../contract/json-document";
import { quote } from "../contract/quote";

/** A document of the outside world: JSON as text or bytes, or what was parsed from it. */
export type Source = string | Uint8Array | Readonly<Record<string, unknown>>;

/** The object in a document. A key that occurs twice is a fault: parsers disagree about which of the two counts. */
export function readObject(source: Source): JsonDocument {
    if (typeof source !== "string" && !(source instanceof Uint8Array)) {
        return { object: source };
    }
    const read = readJsonObject(source);
    if (read.object === undefined) {
        return read;
    }
    const text = typeof source === "string" ? source : Buffer.from(source).toString("utf8");
    const [twice] = duplicateKeys(text);
    return twice === undefined
        ? read
        : { fault: `has ${quote(twice)} twice, and parsers differ in which one they use` };
}
