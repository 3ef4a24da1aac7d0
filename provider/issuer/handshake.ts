import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { isIP } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import { Fault, whyAborted, tlsFault, trustedContext } from "./connection";

/** A completed handshake, whether or not its certificates are trusted. */
export interface Handshake {
    /** `TLSv1.2`, `TLSv1.3`. */
    readonly version: string;
    /** The certificates as the server sent them, in its order. */
    readonly certificates: readonly X509Certificate[];
    /** Node's code for why the certificates are not trusted; left out if they are. */
    readonly untrusted?: string;
}

/** Settings of handshakes. They accept weak keys and hashes, so checks can report them. */
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

/** Sets up TLS over a connection and ends it. */
export function shakeHands(
    socket: Socket,
    host: string,
    context: SecureContext,
    signal: AbortSignal,
): Promise<Handshake> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const tls = connect({
            socket,
            host,
            ...(isIP(host) === 0 && { servername: host }),
            secureContext: context,
            rejectUnauthorized: false,
            // The name has a check of its own.
            checkServerIdentity: () => undefined,
        });
        const fail = (fault: Fault): void => {
            socket.destroy();
            reject(whyAborted(signal) ?? fault);
        };
        tls.on("error", (error: NodeJS.ErrnoException) => fail(tlsFault(error)));
        tls.once("close", () => fail(new Fault("tls", "ended the connection before TLS was set up")));
        tls.once("secureConnect", () => {
            const certificates = sentCertificates(tls);
            // A string or an error, despite its type.
            const error = tls.authorizationError as string | NodeJS.ErrnoException | null;
            const untrusted =
                tls.authorized || error === null ? undefined : typeof error === "string" ? error : error.code;
            const version = tls.getProtocol() ?? "";
            tls.destroy();
            socket.destroy();
            if (certificates.length === 0) {
                reject(new Fault("tls", "sent no certificate"));
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

/** The certificates in the order in which they were sent, duplicates too; `getPeerCertificate` would put them in order and hide both. */
function sentCertificates(tls: TLSSocket): readonly X509Certificate[] {
    const certificates: X509Certificate[] = [];
    for (let next = tls.getPeerX509Certificate(); next !== undefined; next = next.issuerCertificate) {
        certificates.push(next);
    }
    return certificates;
}
