/** One element of DER: its tag and content. */
export interface Element {
    readonly tag: number;
    readonly content: Buffer;
    /** Where the next element begins. */
    readonly end: number;
}

export const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;

/** The element at a position; undefined if there is no complete element. */
export function elementAt(bytes: Buffer, start = 0): Element | undefined {
    const [tag, first] = [bytes[start], bytes[start + 1]];
    // No certificate has tags of several bytes, or lengths of more than four.
    if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) {
        return undefined;
    }
    const more = first < 0x80 ? 0 : first - 0x80;
    const body = start + 2 + more;
    if (first === 0x80 || more > 4 || body > bytes.length) {
        return undefined;
    }
    const end = body + (more === 0 ? first : bytes.readUIntBE(start + 2, more));
    return end > bytes.length ? undefined : { tag, content: bytes.subarray(body, end), end };
}

/** The elements within an element; undefined if they are incomplete. */
export function elementsOf(bytes: Buffer): readonly Element[] | undefined {
    const elements: Element[] = [];
    for (let at = 0; at < bytes.length;) {
        const element = elementAt(bytes, at);
        if (element === undefined) {
            return undefined;
        }
        elements.push(element);
        at = element.end;
    }
    return elements;
}

/** An object identifier with dots: `1.2.840.113549.1.1.11`. */
export function objectIdentifier(element: Element | undefined): string | undefined {
    if (element?.tag !== OBJECT_IDENTIFIER) {
        return undefined;
    }
    const parts: number[] = [];
    let part = 0;
    for (const byte of element.content) {
        part = part * 128 + (byte & 0x7f);
        if (byte < 0x80) {
            parts.push(part);
            part = 0;
        }
    }
    const [first, ...others] = parts;
    if (first === undefined || element.content.at(-1)! >= 0x80) {
        return undefined;
    }
    const root = Math.min(Math.floor(first / 40), 2);
    return [root, first - 40 * root, ...others].join(".");
}
