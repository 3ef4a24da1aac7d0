import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import {
    connect as connectTls,
    rootCertificates,
    createSecureContext,
    type SecureContext,
    type SecureContextOptions,
    type TLSSocket,
} from "node:tls";
import { quote } from "../contract/quote";
import { whyNotPublic } from "./addresses";

/** The step at which a connection or a request failed. */
export type FaultKind =
    "dns" | "private" | "tcp" | "tls" | "untrusted" | "http" | "incomplete" | "time" | "size" | "encoding" | "redirect";

/** Why a connection or a request failed, as a phrase that can follow "because it". */
export class Fault extends Error {
    constructor(
        readonly kind: FaultKind,
        message: string,
        /** The error code of the system. */
        readonly code?: string,
    ) {
        super(message);
    }
}

/** A fault as a clause. The messages of some kinds begin with the host or address. */
export function faultWords({ kind, message }: Fault): string {
    return kind === "dns" || kind === "private" || kind === "tcp" ? message : `it ${message}`;
}

/** An address and port to connect to. */
export interface Target {
    readonly address: string;
    readonly port: number;
}

/** The functions of the operating system that a run uses. */
export interface Network {
    /** The addresses of a name, all of them. */
    resolve(host: string): Promise<readonly string[]>;
    connect(target: Target): Socket;
}

export const INTERNET: Network = {
    resolve: async (host) => (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address),
    connect: ({ address, port }) => connectTcp({ host: address, port }),
};

/** The settings of connections. */
export interface Route {
    readonly network: Network;
    /** Where to connect, instead of the address in DNS. */
    readonly connectTo?: Target;
    /** Whether private addresses are allowed. */
    readonly allowPrivate: boolean;
    /** The CAs that are trusted. */
    readonly trusted: SecureContext;
    /** The addresses of hosts (with their port) that are known already. */
    readonly known?: ReadonlyMap<string, readonly Target[]>;
}

/** The publicly trusted CAs that Node.js includes (Mozilla's list), and additional CAs. */
export function trustedContext(certificateAuthorities?: string, options: SecureContextOptions = {}): SecureContext {
    return createSecureContext({
        ca: [...rootCertificates, ...(certificateAuthorities === undefined ? [] : [certificateAuthorities])],
        minVersion: "TLSv1.2",
        ...options,
    });
}

/** The host of a url as a name or address, without the brackets of IPv6. */
export function hostOf(url: URL): string {
    return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

export function portOf(url: URL): number {
    return url.port === "" ? 443 : Number(url.port);
}

/** The addresses of a host, of which none is private unless the route allows that. */
export async function targetsOf(url: URL, route: Route, signal: AbortSignal): Promise<readonly Target[]> {
    const host = hostOf(url);
    const port = portOf(url);
    const known = route.known?.get(url.host);
    if (known !== undefined) {
        return known;
    }
    if (isIP(host) !== 0) {
        refusePrivate([host], host, route);
        return [route.connectTo ?? { address: host, port }];
    }
    if (route.connectTo !== undefined) {
        return [route.connectTo];
    }
    const addresses = await resolve(host, route.network, signal);
    refusePrivate(addresses, host, route);
    return addresses.map((address) => ({ address, port }));
}

function refusePrivate(addresses: readonly string[], host: string, { allowPrivate }: Route): void {
    const fault = privateFault(addresses, host);
    if (!allowPrivate && fault !== undefined) {
        throw new Fault("private", fault);
    }
}

/** Which of the addresses of a host AWS could not reach, and why. */
export function privateFault(addresses: readonly string[], host: string): string | undefined {
    const faults = addresses.flatMap((address) => {
        const why = whyNotPublic(address);
        return why === undefined ? [] : [`${address} (${why})`];
    });
    return faults.length === 0 ? undefined : `${quote(host)} is at ${faults.join(", ")}, which AWS cannot reach`;
}

/** The addresses of a name; at least one. */
export async function resolve(host: string, network: Network, signal: AbortSignal): Promise<readonly string[]> {
    let addresses: readonly string[];
    try {
        addresses = await orAborted(network.resolve(host), signal);
    } catch (error) {
        if (error instanceof Fault) {
            throw error;
        }
        const { code } = error as NodeJS.ErrnoException;
        throw new Fault("dns", `${quote(host)} is not found by DNS${code === undefined ? "" : ` (${code})`}`);
    }
    if (addresses.length === 0) {
        throw new Fault("dns", `${quote(host)} has no address`);
    }
    return [...new Set(addresses)];
}

/** The result, or the reason of the signal as a fault if that is first. */
async function orAborted<T>(result: Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    let abort!: () => void;
    const aborted = new Promise<never>((_, reject) => {
        abort = () => reject(signal.reason as Error);
        signal.addEventListener("abort", abort);
    });
    try {
        return await Promise.race([result, aborted]);
    } finally {
        signal.removeEventListener("abort", abort);
    }
}

/** A signal that aborts with a fault after a time, or together with the signal above it. */
export function timeLimit(
    seconds: number,
    above?: AbortSignal,
    words = `did not end within ${String(seconds)} s`,
): { readonly signal: AbortSignal; stop(): void } {
    const controller = new AbortController();
    const abort = (): void => controller.abort(above?.reason);
    if (above?.aborted === true) {
        abort();
    }
    above?.addEventListener("abort", abort);
    const timer = setTimeout(() => controller.abort(new Fault("time", words)), seconds * 1000);
    return {
        signal: controller.signal,
        stop: () => {
            clearTimeout(timer);
            above?.removeEventListener("abort", abort);
        },
    };
}

/** A connection to the first target that accepts one. A silent target leaves time for the others. */
export async function openFirst(targets: readonly Target[], route: Route, signal: AbortSignal): Promise<Socket> {
    for (const [i, target] of targets.entries()) {
        const isLast = i === targets.length - 1;
        const limit = isLast ? undefined : timeLimit(1, signal);
        try {
            return await openTcp(target, route, limit?.signal ?? signal);
        } catch (error) {
            if (isLast || signal.aborted) {
                throw error;
            }
        } finally {
            limit?.stop();
        }
    }
    throw new Fault("dns", "has no address");
}

/** A connection to an address; the signal ends it at any time. */
export function openTcp(target: Target, { network }: Route, signal: AbortSignal): Promise<Socket> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const socket = network.connect(target);
        endWith(socket, signal);
        const at = `${target.address.includes(":") ? `[${target.address}]` : target.address}:${String(target.port)}`;
        const fail = (code?: string): void =>
            reject(
                whyAborted(signal) ??
                    new Fault(
                        "tcp",
                        `${at} does not accept connections${code === undefined ? "" : ` (${code})`}`,
                        code,
                    ),
            );
        socket.once("connect", () => resolve(socket));
        socket.on("error", (error) => fail(codeOf(error)));
        socket.once("close", () => fail());
    });
}

/** Why the signal ended things, which is the cause of every error after it. */
export function whyAborted(signal: AbortSignal): Fault | undefined {
    return signal.aborted ? (signal.reason as Fault) : undefined;
}

/** Destroys a socket with the reason of the signal. */
function endWith(socket: Socket, signal: AbortSignal): void {
    const abort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener("abort", abort);
    socket.once("close", () => signal.removeEventListener("abort", abort));
}

/** TLS over a connection, verified: the certificates have to be good for the host. */
export function openTls(socket: Socket, host: string, { trusted }: Route, signal: AbortSignal): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const tls = connectTls({
            socket,
            host,
            ...(isIP(host) === 0 && { servername: host }),
            secureContext: trusted,
            ALPNProtocols: ["http/1.1"],
        });
        endWith(tls, signal);
        tls.once("secureConnect", () => resolve(tls));
        const fail = (fault: Fault): void => {
            socket.destroy();
            reject(whyAborted(signal) ?? fault);
        };
        tls.on("error", (error: NodeJS.ErrnoException) => fail(tlsFault(error)));
        tls.once("close", () => fail(new Fault("tls", "ended the connection before TLS was set up")));
    });
}

/** A failed handshake in words. */
export function tlsFault(error: NodeJS.ErrnoException): Fault {
    const code = codeOf(error);
    if (UNTRUSTED.test(code)) {
        return new Fault("untrusted", `has a certificate that is not trusted (${code})`);
    }
    if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|UNKNOWN_PROTOCOL|RECORD_TOO_SMALL/.test(code)) {
        return new Fault("tls", `does not speak TLS (${code})`);
    }
    if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/.test(code)) {
        return new Fault("tls", `speaks neither TLS 1.2 nor 1.3 (${code})`, code);
    }
    return new Fault("tls", `failed to set up TLS (${code})`);
}

/** Node's names for what OpenSSL finds wrong with certificates. */
const UNTRUSTED =
    /CERT|ISSUER|SIGNATURE|SELF_SIGNED|_MD_TOO_WEAK|_KEY_TOO_SMALL|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/;

function codeOf(error: NodeJS.ErrnoException): string {
    return error.code ?? "no error code";
}

/** `HOST:PORT` in parts; undefined if it is anything else. */
export function targetOf(text: unknown): Target | undefined {
    const [, six, name, port] =
        (typeof text === "string" && /^(?:\[([^\]]+)\]|([^:[\]/\s]+)):(\d{1,5})$/.exec(text)) || [];
    const number = Number(port);
    return port === undefined || number < 1 || number > 65_535 || (six !== undefined && isIP(six) !== 6)
        ? undefined
        : { address: six ?? name!, port: number };
}

/** The message and fix for a value that is not `HOST:PORT`. */
export function targetFault(value: string): { readonly message: string; readonly fix: string } {
    // curl's HOST1:PORT1:HOST2:PORT2
    const [, last] = /^[^:]*:\d*:(.+:\d+)$/.exec(value) ?? [];
    return {
        message: `${quote(value)} is not HOST:PORT.`,
        fix:
            last !== undefined && targetOf(last) !== undefined
                ? `Write ${quote(last)}, without the first half of curl's format.`
                : 'Write a host and a port, for example "192.0.2.1:443". An IPv6 address needs brackets.',
    };
}
