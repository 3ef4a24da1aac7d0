import { readSync } from "node:fs";

/** Far more than any trust policy, claims or ID token: what is larger is the wrong file, or has no end. */
const MOST_BYTES = 1_000_000;

/** All of an open file as text, whatever mark of byte order it begins with. */
export function readText(file: number): string {
    const buffer = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    for (;;) {
        const count = readSome(file, buffer, length);
        length += count;
        if (length > MOST_BYTES) {
            throw new Error("it has more than 1 MB");
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
            // Standard input that does not wait by itself.
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        }
    }
}
