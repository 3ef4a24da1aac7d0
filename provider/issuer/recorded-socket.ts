import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** More than any handshake has; what comes later is not kept. */
const MOST_BYTES = 400_000;

/** A connection that keeps what came in. TLS can be set up over it as over the connection itself. */
export class RecordedSocket extends Duplex {
    private readonly chunks: Buffer[] = [];
    private length = 0;

    constructor(private readonly inner: Socket) {
        super({ allowHalfOpen: false });
        inner.on("data", (chunk: Buffer) => {
            if (this.length <= MOST_BYTES) {
                this.length += chunk.length;
                this.chunks.push(chunk);
            }
            if (!this.push(chunk)) {
                inner.pause();
            }
        });
        inner.once("end", () => this.push(null));
        inner.once("error", (error) => this.destroy(error));
        inner.once("close", () => this.destroy());
    }

    /** What came in so far. */
    get received(): Buffer {
        return Buffer.concat(this.chunks);
    }

    override _read(): void {
        this.inner.resume();
    }

    override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
        this.inner.write(chunk, encoding, callback);
    }

    override _final(callback: () => void): void {
        this.inner.end(callback);
    }

    override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
        this.inner.destroy();
        callback(error);
    }
}
