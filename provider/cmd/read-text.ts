import { readSync } from "node:fs";

/**
 * The content of an open file as text, with or without a byte order mark. Trust policies, claims and ID tokens are far
 * smaller than a megabyte. A larger file is the wrong file, or has no end.
 */
export function readText(file: number, megabytes = 1): string {
    return textIn(readBytes(file, megabytes));
}

/** Bytes as text, with or without a byte order mark. */
export function textIn(bytes: Uint8Array): string {
    return new TextDecoder(isUtf16(bytes) ? "utf-16le" : "utf-8").decode(bytes);
}

/** Whether bytes are UTF-16: the files that PowerShell's `>` writes. */
export function isUtf16(bytes: Uint8Array): boolean {
    return bytes[0] === 0xff && bytes[1] === 0xfe;
}

/** First size of the buffer. It grows if the file is larger. */
const FIRST = 1_000_001;

/** The content of an open file. Throws if it has more than that many megabytes. */
export function readBytes(file: number, megabytes: number): Uint8Array {
    const most = megabytes * 1_000_000;
    let buffer = Buffer.alloc(FIRST);
    let length = 0;
    for (;;) {
        const count = readSome(file, buffer, length);
        length += count;
        if (length > most) {
            throw new Error(`it has more than ${String(megabytes)} MB`);
        }
        if (count === 0) {
            return buffer.subarray(0, length);
        }
        if (length === buffer.length) {
            const larger = Buffer.alloc(Math.min(2 * length, most + 1));
            buffer.copy(larger);
            buffer = larger;
        }
    }
}

function readSome(file: number, buffer: Buffer, offset: number): number {
    for (;;) {
        try {
            return readSync(file, buffer, offset, buffer.length - offset, null);
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
