import { readSync } from "node:fs";

/**
 * The content of an open file as text, with or without a byte order mark. Trust policies, claims and ID tokens are far
 * smaller than a megabyte. A larger file is the wrong file, or has no end.
 */
export function readText(file: number, megabytes = 1): string {
    const most = megabytes * 1_000_000;
    const buffer = Buffer.alloc(most + 1);
    let length = 0;
    for (;;) {
        const count = readSome(file, buffer, length);
        length += count;
        if (length > most) {
            throw new Error(`it has more than ${String(megabytes)} MB`);
        }
        if (count === 0) {
            // The files that PowerShell's `>` writes.
            const isUtf16 = buffer[0] === 0xff && buffer[1] === 0xfe;
            return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(buffer.subarray(0, length));
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
