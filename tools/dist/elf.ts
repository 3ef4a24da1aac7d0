/** Places in the header of an ELF file of 64 bits, and in that of a section. Source: System V ABI, "Object Files". */
const HEADER = { segments: 0x20, sections: 0x28, segmentCount: 0x38, sectionSize: 0x3a, sectionCount: 0x3c, names: 0x3e };
const SECTION = { type: 0x04, flags: 0x08, offset: 0x18, size: 0x20 };
const SEGMENT = { offset: 0x08, fileSize: 0x20, length: 0x38 };

const NO_BITS = 8;
const ALLOCATED = 2n;

/** An executable for Linux without what only debuggers read: their sections and the symbols that nothing is linked with. */
export function withoutSymbols(image: Buffer): Buffer {
    if (image.toString("latin1", 0, 6) !== "\x7fELF\x02\x01") {
        throw new Error("not a 64-bit executable for Linux");
    }
    const number = (at: number): number => Number(image.readBigUInt64LE(at));
    const length = image.readUInt16LE(HEADER.sectionSize);
    const sections = Array.from({ length: image.readUInt16LE(HEADER.sectionCount) }, (_, i) => {
        const at = number(HEADER.sections) + i * length;
        return {
            header: image.subarray(at, at + length),
            isLoaded: (image.readBigUInt64LE(at + SECTION.flags) & ALLOCATED) !== 0n,
            end: image.readUInt32LE(at + SECTION.type) === NO_BITS ? 0 : number(at + SECTION.offset) + number(at + SECTION.size),
        };
    });
    const kept = sections.slice(0, sections.map(({ isLoaded }) => isLoaded).lastIndexOf(true) + 1);
    if (kept.slice(1).some(({ isLoaded }) => !isLoaded)) {
        throw new Error("what is loaded is not the beginning of the file");
    }
    const segments = Array.from({ length: image.readUInt16LE(HEADER.segmentCount) }, (_, i) => {
        const at = number(HEADER.segments) + i * SEGMENT.length;
        return number(at + SEGMENT.offset) + number(at + SEGMENT.fileSize);
    });
    const end = Math.max(...kept.map((section) => section.end), ...segments);
    const names = sections[image.readUInt16LE(HEADER.names)]!;
    const nameBytes = image.subarray(names.end - Number(names.header.readBigUInt64LE(SECTION.size)), names.end);
    const nameHeader = Buffer.from(names.header);
    nameHeader.writeBigUInt64LE(BigInt(end), SECTION.offset);
    const padding = Buffer.alloc(-(end + nameBytes.length) & 7);
    const stripped = Buffer.concat([
        image.subarray(0, end),
        nameBytes,
        padding,
        ...kept.map(({ header }) => header),
        nameHeader,
    ]);
    stripped.writeBigUInt64LE(BigInt(end + nameBytes.length + padding.length), HEADER.sections);
    stripped.writeUInt16LE(kept.length + 1, HEADER.sectionCount);
    stripped.writeUInt16LE(kept.length, HEADER.names);
    return stripped;
}
