import { createDecipheriv, createHmac } from "node:crypto";

/** What the server sent during a TLS handshake, byte by byte, and what is needed to read it. */
export interface Recording {
    readonly bytes: Buffer;
    /** SERVER_HANDSHAKE_TRAFFIC_SECRET of TLS 1.3; left out for 1.2, which sends its certificates readable. */
    readonly secret?: Buffer;
}

/** The certificates (DER) that a server sent, in its order; undefined where none can be read. */
export function sentCertificates(recording: Recording): readonly Buffer[] | undefined {
    const messages = new Messages();
    let decrypt: ((record: TlsRecord) => TlsRecord | undefined) | undefined;
    for (const record of recordsOf(recording.bytes)) {
        const plain = record.type === APPLICATION_DATA ? decrypt?.(record) : record;
        if (plain?.type !== HANDSHAKE) {
            continue;
        }
        for (const { type, body } of messages.add(plain.content)) {
            if (type === SERVER_HELLO && recording.secret !== undefined) {
                // After a HelloRetryRequest, which has this shape too, a second one comes.
                decrypt = decrypter(body, recording.secret);
            } else if (type === CERTIFICATE) {
                return certificateList(body, recording.secret !== undefined);
            }
        }
    }
    return undefined;
}

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;

/** A record of TLS: its type, its header (which is authenticated) and what it carries. */
interface TlsRecord {
    readonly type: number;
    readonly header: Buffer;
    readonly content: Buffer;
}

/** The records in what was received, as far as they are whole. */
export function* recordsOf(bytes: Buffer): Generator<TlsRecord> {
    for (let at = 0; at + 5 <= bytes.length;) {
        const end = at + 5 + bytes.readUInt16BE(at + 3);
        if (end > bytes.length) {
            return;
        }
        yield { type: bytes[at]!, header: bytes.subarray(at, at + 5), content: bytes.subarray(at + 5, end) };
        at = end;
    }
}

interface Message {
    readonly type: number;
    readonly body: Buffer;
}

/** Puts messages together that lie in several records, or several in one. */
class Messages {
    private rest: Buffer = Buffer.alloc(0);

    add(content: Buffer): readonly Message[] {
        this.rest = this.rest.length === 0 ? content : Buffer.concat([this.rest, content]);
        const messages: Message[] = [];
        while (this.rest.length >= 4) {
            const end = 4 + this.rest.readUIntBE(1, 3);
            if (end > this.rest.length) {
                break;
            }
            messages.push({ type: this.rest[0]!, body: this.rest.subarray(4, end) });
            this.rest = this.rest.subarray(end);
        }
        return messages;
    }
}

/** The cipher suites of TLS 1.3, as Node.js calls their parts. */
const SUITES: Readonly<{
    [suite: number]: { cipher: "aes-128-gcm" | "aes-256-gcm" | "chacha20-poly1305"; hash: string; key: number };
}> = {
    0x1301: { cipher: "aes-128-gcm", hash: "sha256", key: 16 },
    0x1302: { cipher: "aes-256-gcm", hash: "sha384", key: 32 },
    0x1303: { cipher: "chacha20-poly1305", hash: "sha256", key: 32 },
};

const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** What reads the records that follow a ServerHello (RFC 8446, section 5.2). */
function decrypter(serverHello: Buffer, secret: Buffer): ((record: TlsRecord) => TlsRecord | undefined) | undefined {
    // version (2), random (32), session id, cipher suite (2)
    const at = 35 + (serverHello[34] ?? 0);
    const suite = at + 2 <= serverHello.length ? SUITES[serverHello.readUInt16BE(at)] : undefined;
    if (suite === undefined) {
        return undefined;
    }
    const key = expandLabel(suite.hash, secret, "key", suite.key);
    const iv = expandLabel(suite.hash, secret, "iv", NONCE_BYTES);
    let sequence = 0;
    return ({ header, content }) => {
        const nonce = Buffer.from(iv);
        nonce.writeUInt32BE((nonce.readUInt32BE(NONCE_BYTES - 4) ^ sequence++) >>> 0, NONCE_BYTES - 4);
        const end = content.length - TAG_BYTES;
        if (end < 0) {
            return undefined;
        }
        try {
            const decipher = createDecipheriv(suite.cipher as "aes-128-gcm", key, nonce, { authTagLength: TAG_BYTES });
            decipher.setAAD(header, { plaintextLength: end });
            decipher.setAuthTag(content.subarray(end));
            return unpadded(header, Buffer.concat([decipher.update(content.subarray(0, end)), decipher.final()]));
        } catch {
            // Of the application's keys, which are others; the certificates came before.
            return undefined;
        }
    };
}

/** The true type stands behind the content, and zeros behind that. */
function unpadded(header: Buffer, plain: Buffer): TlsRecord | undefined {
    let last = plain.length - 1;
    while (last >= 0 && plain[last] === 0) {
        last--;
    }
    return last < 0 ? undefined : { type: plain[last]!, header, content: plain.subarray(0, last) };
}

/** HKDF-Expand-Label without a context (RFC 8446, section 7.1). */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
    const name = Buffer.from(`tls13 ${label}`);
    const info = Buffer.concat([Buffer.from([length >> 8, length & 0xff, name.length]), name, Buffer.from([0])]);
    // HKDF-Expand (RFC 5869) for a length that one block has.
    return createHmac(hash, secret)
        .update(Buffer.concat([info, Buffer.from([1])]))
        .digest()
        .subarray(0, length);
}

/** The certificates of a Certificate message: of TLS 1.2 (RFC 5246), or of 1.3, which has extensions with each. */
function certificateList(body: Buffer, is13: boolean): readonly Buffer[] | undefined {
    const start = is13 ? 1 + (body[0] ?? 0) : 0;
    const list = vector(body, start, 3);
    if (list === undefined) {
        return undefined;
    }
    const certificates: Buffer[] = [];
    for (let at = 0; at < list.content.length;) {
        const certificate = vector(list.content, at, 3);
        const end = is13 && certificate !== undefined ? vector(list.content, certificate.end, 2) : certificate;
        if (certificate === undefined || end === undefined) {
            return undefined;
        }
        certificates.push(certificate.content);
        at = end.end;
    }
    return certificates;
}

/** Bytes with their number before them. */
function vector(
    bytes: Buffer,
    start: number,
    width: number,
): { readonly content: Buffer; readonly end: number } | undefined {
    const body = start + width;
    if (body > bytes.length) {
        return undefined;
    }
    const end = body + bytes.readUIntBE(start, width);
    return end > bytes.length ? undefined : { content: bytes.subarray(body, end), end };
}
