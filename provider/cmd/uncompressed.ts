import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { nameOf, type InputFile } from "./input-files";
import { isUtf16 } from "./read-text";
import { UnusableInput } from "./unusable-input";

type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Bytes of a piece after it is uncompressed. */
const PIECE = 256 * 1024;

/** A file as UTF-8 without a byte order mark, piece by piece: uncompressed if it is compressed with gzip. */
export async function* uncompressed(file: InputFile, given: Pieces): AsyncGenerator<Uint8Array> {
    const pieces = await withFirst(2, given);
    const isCompressed = isGzip(pieces.first);
    const { first, all } = await withFirst(3, isCompressed ? unzipped(file, pieces.all) : pieces.all);
    if (isCompressed && isGzip(first)) {
        throw new UnusableInput(`${nameOf(file)} cannot be read: it is compressed with gzip more than once.`);
    }
    if (isUtf16(first)) {
        const decoder = new TextDecoder("utf-16le");
        for await (const piece of all) {
            yield Buffer.from(decoder.decode(piece, { stream: true }));
        }
        return;
    }
    let start = first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf ? 3 : 0;
    for await (const piece of all) {
        yield piece.subarray(start);
        start = 0;
    }
}

function isGzip(bytes: Uint8Array): boolean {
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The pieces, the first of which has that many bytes if all have. */
async function withFirst(
    least: number,
    pieces: Pieces,
): Promise<{ readonly first: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
    const rest = (async function* () {
        yield* pieces;
    })();
    let first = new Uint8Array();
    while (first.length < least) {
        const { value, done } = await rest.next();
        if (done === true) {
            break;
        }
        first = Buffer.concat([first, value]);
    }
    return {
        first,
        all: (async function* () {
            yield first;
            yield* rest;
        })(),
    };
}

async function* unzipped(file: InputFile, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const output = createGunzip({ chunkSize: PIECE });
    // The loop gets the errors of both.
    pipeline(Readable.from(pieces), output, () => undefined);
    try {
        for await (const piece of output) {
            yield piece as Uint8Array;
        }
    } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "";
        if (!code.startsWith("Z_")) {
            throw error;
        }
        throw new UnusableInput(
            `${nameOf(file)} cannot be read: it is compressed with gzip, and ${code === "Z_BUF_ERROR" ? "cut off" : "damaged"}.`,
        );
    }
}
