import { createHash } from "node:crypto";

const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const HEADER = 32;
const PAGE = 4096;
const HASH = 32;
/** Bytes of a superblob with one entry, and of a code directory of version 2.4 before its identifier. */
const SUPERBLOB = 20;
const DIRECTORY = 88;

interface Command {
    readonly kind: number;
    readonly at: number;
    readonly size: number;
}

interface Segment {
    readonly name: string;
    readonly at: number;
    readonly fileOffset: number;
    readonly fileSize: number;
}

/**
 * An executable for macOS with an ad-hoc signature, which is what `codesign --sign -` makes: a hash of every page. Without one
 * Apple's processors refuse to run it.
 *
 * Written here because codesign runs on macOS alone, npm and PyPI have nothing that signs on Linux, and what does elsewhere is too
 * much for one hash of every page: quill needs Go and 247 packages, rcodesign Rust and more. The release verifies it with codesign on macOS.
 *
 * @param image A thin 64-bit Mach-O file without a signature, as postject leaves it.
 */
export function withAdHocSignature(image: Buffer, identifier: string): Buffer {
    const commands = commandsOf(image);
    const segments = commands.filter(({ kind }) => kind === LC_SEGMENT_64).map((command) => segmentOf(image, command));
    const text = segments.find(({ name }) => name === "__TEXT");
    const linkedit = segments.at(-1);
    if (text === undefined || linkedit?.name !== "__LINKEDIT" || end(linkedit) !== image.length) {
        throw new Error("not a Mach-O executable that ends with __LINKEDIT");
    }
    if (commands.some(({ kind }) => kind === LC_CODE_SIGNATURE)) {
        throw new Error("there is a signature already");
    }
    const codeSize = aligned(image.length, 16);
    const signatureSize = aligned(sizeOf(codeSize, identifier), 16);
    const signed = Buffer.concat([image], codeSize + signatureSize);
    addCommand(signed, commands, codeSize, signatureSize);
    const linkeditSize = signed.length - linkedit.fileOffset;
    signed.writeBigUInt64LE(BigInt(aligned(linkeditSize, 0x4000)), linkedit.at + 32);
    signed.writeBigUInt64LE(BigInt(linkeditSize), linkedit.at + 48);
    signature(signed.subarray(0, codeSize), text, identifier).copy(signed, codeSize);
    return signed;
}

function commandsOf(image: Buffer): readonly Command[] {
    if (image.readUInt32LE(0) !== 0xfeedfacf) {
        throw new Error("not a thin 64-bit Mach-O file");
    }
    const commands: Command[] = [];
    for (let at = HEADER; commands.length < image.readUInt32LE(16);) {
        const size = image.readUInt32LE(at + 4);
        commands.push({ kind: image.readUInt32LE(at), at, size });
        at += size;
    }
    return commands;
}

function segmentOf(image: Buffer, { at }: Command): Segment {
    return {
        name: image.toString("latin1", at + 8, at + 24).replace(/\0+$/, ""),
        at,
        fileOffset: Number(image.readBigUInt64LE(at + 40)),
        fileSize: Number(image.readBigUInt64LE(at + 48)),
    };
}

function end({ fileOffset, fileSize }: Segment): number {
    return fileOffset + fileSize;
}

/** The linker leaves room behind the commands. */
function addCommand(image: Buffer, commands: readonly Command[], dataOffset: number, dataSize: number): void {
    const last = commands.at(-1)!;
    const at = last.at + last.size;
    const place = image.subarray(at, at + 16);
    if (!place.every((byte) => byte === 0)) {
        throw new Error("there is no room for another load command");
    }
    [LC_CODE_SIGNATURE, place.length, dataOffset, dataSize].forEach((value, i) => place.writeUInt32LE(value, 4 * i));
    image.writeUInt32LE(commands.length + 1, 16);
    image.writeUInt32LE(image.readUInt32LE(20) + place.length, 20);
}

function sizeOf(codeSize: number, identifier: string): number {
    return SUPERBLOB + DIRECTORY + identifier.length + 1 + Math.ceil(codeSize / PAGE) * HASH;
}

/** A superblob that has a code directory and nothing else. */
function signature(code: Buffer, text: Segment, identifier: string): Buffer {
    const size = sizeOf(code.length, identifier);
    const pages = Math.ceil(code.length / PAGE);
    const hashes = Array.from({ length: pages }, (_, page) =>
        createHash("sha256")
            .update(code.subarray(page * PAGE, (page + 1) * PAGE))
            .digest(),
    );
    const directory = [
        0xfade0c02,
        size - SUPERBLOB,
        0x20400, // version
        0x2, // flags: ad hoc
        DIRECTORY + identifier.length + 1, // offset of the hashes
        DIRECTORY, // offset of the identifier
        0, // special slots
        pages,
        code.length,
        (HASH << 24) | (2 << 16) | Math.log2(PAGE), // SHA-256
        0, // spare
        0, // offset of the scatter vector: none
        0, // offset of the team identifier: none
        0, // spare
        ...[0, 0], // size of the code where it does not fit in 32 bits
        ...[0, text.fileOffset],
        ...[0, text.fileSize],
        ...[0, 1], // flags of the executable segment: main binary
    ];
    return Buffer.concat([
        words(0xfade0cc0, size, 1, 0, SUPERBLOB),
        words(...directory),
        Buffer.from(`${identifier}\0`, "latin1"),
        ...hashes,
    ]);
}

/** Signatures are big-endian, unlike the rest of the file. */
function words(...values: readonly number[]): Buffer {
    const buffer = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => buffer.writeUInt32BE(value, 4 * i));
    return buffer;
}

function aligned(size: number, to: number): number {
    return Math.ceil(size / to) * to;
}
