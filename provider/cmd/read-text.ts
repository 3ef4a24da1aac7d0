import { readSync } from "node:fs";

/**
 * The content of an open file as text, with or without a byte order mark. Trust policies, claims and ID tokens are far
 * smaller than a megabyte. A larger file is the wrong file, or has no end.
 */
export function readText(file: number, megabytes = 1): string {
    return textIn(readBytes(file, megabytes));
}

/** Bytes as text, with or without a byte order mark. */
function textIn(bytes: Uint8Array): string {
    return new TextDecoder(isUtf16(bytes) ? "utf-16le" : "utf-8").decode(bytes);
}

/** Whether bytes are UTF-16: the files that PowerShell's `>` writes. */
export function isUtf16(bytes: Uint8Array): boolean {
    return bytes[0] === 0xff && bytes[1] === 0xfe;
}

/** Bytes that are read at once. */
const PIECE = 256 * 1024;

/** The content of an open file, piece by piece. */
export function* piecesOf(file: number): Generator<Uint8Array> {
    for (;;) {
        const piece = Buffer.allocUnsafe(PIECE);
        const count = readSome(file, piece);
        if (count === 0) {
            return;
        }
        yield piece.subarray(0, count);
    }
}

/** The content of an open file. Throws if it has more than that many megabytes. */
function readBytes(file: number, megabytes: number): Uint8Array {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for (const piece of piecesOf(file)) {
        length += piece.length;
        if (length > megabytes * 1_000_000) {
            throw new Error(`it has more than ${String(megabytes)} MB`);
        }
        pieces.push(piece);
    }
    return Buffer.concat(pieces);
}

function readSome(file: number, buffer: Buffer): number {
    for (;;) {
        try {
            return readSync(file, buffer, 0, buffer.length, null);
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            if (code === "EOF") {
                return 0; // the end of standard input, on Windows
            }
            if (code !== "EAGAIN") {
                throw error;
            }
            // Standard input that does not block.
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        }
    }
}
