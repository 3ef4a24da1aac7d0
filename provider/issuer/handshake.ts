import { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { isIP } from "node:net";
import { connect, type SecureContext } from "node:tls";
import { Fault, reasonOf, tlsFault, trustedContext } from "./connection";
import { RecordedSocket } from "./recorded-socket";
import { sentCertificates } from "./tls-messages";

/** A handshake that was completed, whether or not its certificates are to be believed. */
export interface Handshake {
    /** `TLSv1.2`, `TLSv1.3`. */
    readonly version: string;
    /** The certificates as the server sent them, in its order. */
    readonly certificates: readonly X509Certificate[];
    /** Node's name for why the certificates are not to be believed; left out where they are. */
    readonly untrusted?: string;
}

/** What handshakes are made with: weak keys and hashes come through too, to be told of. */
export interface Contexts {
    readonly any: SecureContext;
    readonly only12: SecureContext;
}

export function handshakeContexts(certificateAuthorities?: string): Contexts {
    const ciphers = "DEFAULT@SECLEVEL=0";
    return {
        any: trustedContext(certificateAuthorities, { ciphers }),
        only12: trustedContext(certificateAuthorities, { ciphers, maxVersion: "TLSv1.2" }),
    };
}

/**
 * Sets up TLS over a connection and ends it. Node's own view of the certificates (`getPeerCertificate`) puts them in order
 * and leaves duplicates out, so what the server sent is read from its bytes.
 */
export function shakeHands(
    socket: Socket,
    host: string,
    context: SecureContext,
    signal: AbortSignal,
): Promise<Handshake> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const recorded = new RecordedSocket(socket);
        const tls = connect({
            socket: recorded,
            host,
            ...(isIP(host) === 0 && { servername: host }),
            secureContext: context,
            rejectUnauthorized: false,
            // The name is judged by itself.
            checkServerIdentity: () => undefined,
        });
        const fail = (fault: Fault): void => {
            recorded.destroy();
            reject(reasonOf(signal) ?? fault);
        };
        let secret: Buffer | undefined;
        tls.on("keylog", (line) => {
            const [label, , hex] = line.toString("latin1").trim().split(" ");
            if (label === "SERVER_HANDSHAKE_TRAFFIC_SECRET") {
                secret = Buffer.from(hex!, "hex");
            }
        });
        tls.on("error", (error: NodeJS.ErrnoException) => fail(tlsFault(error)));
        tls.once("close", () => fail(new Fault("tls", "ended the connection before TLS was set up")));
        tls.once("secureConnect", () => {
            const certificates = parsed(
                sentCertificates({ bytes: recorded.received, ...(secret !== undefined && { secret }) }),
            );
            // A text, or an error, whatever the types say.
            const error = tls.authorizationError as string | NodeJS.ErrnoException | null;
            const untrusted =
                tls.authorized || error === null ? undefined : typeof error === "string" ? error : error.code;
            const version = tls.getProtocol() ?? "";
            tls.destroy();
            recorded.destroy();
            if (certificates === undefined || certificates.length === 0) {
                reject(new Fault("tls", "sent no certificate that could be read"));
                return;
            }
            resolve({
                version,
                certificates,
                ...(untrusted !== undefined && { untrusted }),
            });
        });
    });
}

/** Certificates from DER; undefined where one cannot be read. */
function parsed(certificates: readonly Buffer[] | undefined): readonly X509Certificate[] | undefined {
    try {
        return certificates?.map((der) => new X509Certificate(der));
    } catch {
        return undefined;
    }
}
