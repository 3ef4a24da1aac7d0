import { BYTE_ORDER_MARK, CUT_OFF, DEEPEST, NOT_JSON, NOT_UTF8, readJson, TOO_DEEP } from "./json-document";
import { isObject } from "./object";

/** The parts of JSON documents, and what is done with them while they are read. */
export interface JsonParts {
    /** Names of lists. If a document has one, `take` receives its elements one by one. */
    readonly lists: ReadonlySet<string>;
    /** Whether the member of a document is a document too, or an array of documents. */
    readonly isOuter: (name: string) => boolean;
    /** Receives an element of a list. Returns what the document keeps of it, or undefined for nothing. */
    readonly take: (list: string, element: unknown) => unknown;
    /** Receives a document. Returns whether something of it stays in memory. */
    readonly add: (document: unknown) => boolean;
    /** Most characters of a text, without those elements and documents of which nothing is kept. */
    readonly largest: number;
    /** The fault of a larger one. */
    readonly tooLarge: string;
}

/** An open bracket that is not part of an element. */
interface Frame {
    readonly isArray: boolean;
    /** Whether it is that of a document or of an array of documents. */
    readonly isDocument: boolean;
}

const [QUOTE, BACKSLASH, LIST, LIST_END, OBJECT, OBJECT_END, COMMA] = Array.from('"\\[]{},', (c) =>
    c.charCodeAt(0),
) as [number, number, number, number, number, number, number];

/** Bytes of the longest name that is compared with those of lists, which can have an escape for each character. */
const LONGEST_NAME = 200;

/** Bytes outside of all brackets, after which they are checked. */
const LONGEST_REST = 1000;

/**
 * Reads JSON documents, one after the other or in an array, from pieces of UTF-8 text. Only one element of a list is in memory at a time,
 * so the text can be larger than the memory.
 */
export class JsonPieces {
    private found: string | undefined;
    private depth = 0;
    private isInText = false;
    private isEscaped = false;
    private readonly frames: Frame[] = [];
    /** The last text in a document: the name of the member that begins. */
    private name: number[] = [];
    private isName = false;
    /** The list whose elements are read. */
    private list = "";
    /** Its depth; 0 outside of lists. */
    private listDepth = 0;
    private isFirst = false;
    /** For each list of the document, what it keeps of the elements. */
    private remains: unknown[][] = [];
    private readonly document = new Text();
    private readonly element = new Text();
    private readonly rest = new Text();
    private hasDocuments = false;
    private left: number;

    constructor(private readonly parts: JsonParts) {
        this.left = parts.largest;
    }

    /** Why the text cannot be read, as far as it was read. Further pieces do not matter then. */
    get fault(): string | undefined {
        return this.found;
    }

    /** Characters that stay in memory. */
    get kept(): number {
        return this.parts.largest - this.left + this.document.length + this.element.length;
    }

    /** Adds a piece. */
    push(bytes: Uint8Array): void {
        let start = 0;
        for (let i = 0; i < bytes.length && this.found === undefined; i++) {
            const c = bytes[i]!;
            if (this.isInText) {
                i = this.skipText(bytes, i);
            } else if (c === QUOTE) {
                this.isInText = true;
                this.isName = this.listDepth === 0 && this.frames.at(-1)?.isDocument === true;
                this.name = [];
            } else if (c === OBJECT || c === LIST) {
                start = this.open(bytes, start, i);
            } else if (c === OBJECT_END || c === LIST_END) {
                start = this.close(bytes, start, i);
            } else if (c === COMMA && this.depth === this.listDepth && this.depth > 0) {
                this.endElement(this.element.endedBy(bytes.subarray(start, i)));
                start = i + 1;
            }
        }
        this.current.add(bytes.slice(start));
        if (this.rest.length > LONGEST_REST) {
            this.checkRest(this.rest.endedBy(NOTHING));
        }
        if (this.kept > this.parts.largest) {
            this.found ??= this.parts.tooLarge;
        }
    }

    /** Ends the text. Returns its fault, if it has one. */
    end(): string | undefined {
        if (this.found === undefined && (this.depth > 0 || this.isInText)) {
            return this.current.endedBy(NOTHING) === undefined ? NOT_UTF8 : CUT_OFF;
        }
        const rest = this.rest.endedBy(NOTHING);
        if (this.found !== undefined || this.hasDocuments || rest === undefined) {
            this.checkRest(rest);
            return this.found;
        }
        const { value, fault } = readJson(rest);
        if (fault === undefined) {
            this.parts.add(value);
        }
        return fault;
    }

    /** The text that the next byte belongs to. */
    private get current(): Text {
        return this.depth === 0 ? this.rest : this.listDepth === 0 ? this.document : this.element;
    }

    /** The position of the last byte of the text, or of the piece. */
    private skipText(bytes: Uint8Array, from: number): number {
        for (let i = from; i < bytes.length; i++) {
            const c = bytes[i]!;
            if (this.isName && this.name.length < LONGEST_NAME && (c !== QUOTE || this.isEscaped)) {
                this.name.push(c);
            }
            if (this.isEscaped) {
                this.isEscaped = false;
            } else if (c === BACKSLASH) {
                this.isEscaped = true;
            } else if (c === QUOTE) {
                this.isInText = false;
                return i;
            }
        }
        return bytes.length;
    }

    /** Returns where the part of the text begins that the bracket belongs to or begins. */
    private open(bytes: Uint8Array, start: number, at: number): number {
        let from = start;
        if (this.depth === 0) {
            this.checkRest(this.rest.endedBy(bytes.subarray(start, at)));
            this.hasDocuments = true;
            from = at;
        }
        this.depth += 1;
        if (this.depth > DEEPEST) {
            this.found ??= TOO_DEEP;
        }
        if (this.listDepth > 0) {
            return from;
        }
        const outer = this.frames.at(-1);
        const isArray = bytes[at] === LIST;
        const name = outer?.isDocument === true && !outer.isArray ? this.memberName() : undefined;
        const isDocument =
            outer === undefined || (outer.isDocument && (name === undefined || this.parts.isOuter(name)));
        this.frames.push({ isArray, isDocument });
        if (!isArray || (outer !== undefined && (name === undefined || !this.parts.lists.has(name)))) {
            return from;
        }
        // Until the document is complete, the list has a number in place of its elements.
        this.document.add(bytes.slice(from, at + 1));
        this.document.add(encoder.encode(String(this.remains.push([]) - 1)));
        this.list = name ?? "";
        this.listDepth = this.depth;
        this.isFirst = true;
        return at + 1;
    }

    /** Returns where the part of the text begins that comes after the bracket or ends with it. */
    private close(bytes: Uint8Array, start: number, at: number): number {
        if (this.depth === 0 || (this.depth === this.listDepth && bytes[at] !== LIST_END)) {
            this.found = NOT_JSON;
            return at;
        }
        let from = start;
        if (this.depth === this.listDepth) {
            const text = this.element.endedBy(bytes.subarray(start, at));
            if (!this.isFirst || text?.trim() !== "") {
                this.endElement(text);
            }
            this.listDepth = 0;
            from = at;
        }
        this.depth -= 1;
        if (this.listDepth === 0) {
            this.frames.pop();
        }
        if (this.depth > 0) {
            return from;
        }
        this.endDocument(this.document.endedBy(bytes.subarray(from, at + 1)));
        return at + 1;
    }

    private memberName(): string {
        const name = String.fromCharCode(...this.name);
        const { value } = name.includes("\\") ? readJson(`"${name}"`) : { value: name };
        return typeof value === "string" ? value : name;
    }

    private endElement(text: string | undefined): void {
        this.isFirst = false;
        const { value, isValid } = this.parse(text);
        if (!isValid) {
            return;
        }
        if (this.frames.length === 1) {
            this.add(value, text!);
            return;
        }
        const remains = this.parts.take(this.list, value);
        if (remains !== undefined) {
            this.remains.at(-1)!.push(remains);
            this.count(text!);
        }
    }

    private endDocument(text: string | undefined): void {
        const { value, isValid } = this.parse(text);
        // The elements of an array outside of documents were documents.
        if (isValid && !Array.isArray(value)) {
            this.add(this.remains.length === 0 ? value : this.filled(value), text!);
        }
        this.remains = [];
    }

    private parse(text: string | undefined): { readonly value?: unknown; readonly isValid: boolean } {
        if (this.found === undefined && text !== undefined) {
            try {
                return { value: JSON.parse(text) as unknown, isValid: true };
            } catch {
                this.found = NOT_JSON;
            }
        }
        this.found ??= NOT_UTF8;
        return { isValid: false };
    }

    private add(document: unknown, text: string): void {
        if (this.parts.add(document)) {
            this.count(text);
        }
    }

    private count(text: string): void {
        this.left -= text.length;
        if (this.left < 0) {
            this.found ??= this.parts.tooLarge;
        }
    }

    /** The document with what it keeps of its lists. */
    private filled(document: unknown): unknown {
        if (Array.isArray(document)) {
            return (document as unknown[]).map((one) => this.filled(one));
        }
        const { lists, isOuter } = this.parts;
        return isObject(document)
            ? Object.fromEntries(
                  Object.entries(document).map(([name, value]) =>
                      lists.has(name) && Array.isArray(value)
                          ? [name, this.remains[value[0] as number]]
                          : [name, isOuter(name) ? this.filled(value) : value],
                  ),
              )
            : document;
    }

    /** Between documents, there is only white space. */
    private checkRest(text: string | undefined): void {
        if (text === undefined) {
            this.found ??= NOT_UTF8;
        } else if (text.startsWith("\uFEFF")) {
            this.found ??= BYTE_ORDER_MARK;
        } else if (text.trim() !== "") {
            this.found ??= readJson(text).fault ?? NOT_JSON;
        }
    }
}

const NOTHING = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text in pieces. */
class Text {
    private pieces: Uint8Array[] = [];
    /** Bytes. */
    length = 0;

    add(piece: Uint8Array): void {
        if (piece.length > 0) {
            this.pieces.push(piece);
            this.length += piece.length;
        }
    }

    /** The text with the last piece; undefined if it is not UTF-8. The next text begins afterwards. */
    endedBy(last: Uint8Array): string | undefined {
        const bytes = this.length === 0 ? last : this.joinedWith(last);
        this.pieces = [];
        this.length = 0;
        try {
            return decoder.decode(bytes);
        } catch {
            return undefined;
        }
    }

    private joinedWith(last: Uint8Array): Uint8Array {
        const bytes = new Uint8Array(this.length + last.length);
        let at = 0;
        for (const piece of [...this.pieces, last]) {
            bytes.set(piece, at);
            at += piece.length;
        }
        return bytes;
    }
}
