/** Index of the entry that says where the signature is. */
const SECURITY = 4;

/** An executable for Windows without its signature, which a change would break. */
export function withoutSignature(image: Buffer): Buffer {
    const header = image.readUInt32LE(0x3c);
    const optional = header + 24;
    if (image.toString("latin1", header, header + 4) !== "PE\0\0" || image.readUInt16LE(optional) !== 0x20b) {
        throw new Error("not a 64-bit executable for Windows");
    }
    const entry = optional + 112 + 8 * SECURITY;
    const [offset, size] = [image.readUInt32LE(entry), image.readUInt32LE(entry + 4)];
    if (size === 0) {
        return image;
    }
    if (offset + size !== image.length) {
        throw new Error("the signature is not the end of the file");
    }
    const unsigned = Buffer.from(image.subarray(0, offset));
    unsigned.fill(0, entry, entry + 8);
    return unsigned;
}
