import { request, type IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { quote } from "../contract/quote";
import { packageJson } from "../contract/schema";
import { Fault, hostOf, openFirst, openTls, whyAborted, targetsOf, timeLimit, type Route } from "./connection";

/** Limits of one request. */
interface Limits {
    /** Seconds for all steps: DNS, connection, TLS and the complete response. */
    readonly seconds: number;
    readonly maxBytes: number;
    /** Ends the request earlier. */
    readonly signal?: AbortSignal;
}

/** A request for one host. Redirects must not repeat it elsewhere. */
type Authorized = Limits & {
    /** The header `Authorization`. */
    readonly authorization?: string;
};

/** A complete response. */
export interface Answer {
    readonly url: string;
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Empty if the status is not 200. */
    readonly body: Buffer;
    /** Duration of the request in seconds, including connection and TLS. */
    readonly seconds: number;
}

/** More than any response of GitLab has. */
const MOST_HEADER_BYTES = 16_384;

/**
 * Requests a URL over verified TLS. The connection is always closed afterwards. Does not follow redirects. Throws a
 * `Fault` if there is no complete response.
 */
export async function get(url: string, route: Route, limits: Authorized): Promise<Answer> {
    const parsed = new URL(url);
    if (parsed.protocol !== "https:") {
        throw new Fault("redirect", `${quote(url)} is not https`);
    }
    const started = performance.now();
    const limit = timeLimit(limits.seconds, limits.signal);
    let socket: TLSSocket | undefined;
    try {
        const tcp = await openFirst(await targetsOf(parsed, route, limit.signal), route, limit.signal);
        socket = await openTls(tcp, hostOf(parsed), route, limit.signal);
        const { status, headers, body } = await exchange(socket, parsed, limits, limit.signal);
        return { url, status, headers, body, seconds: (performance.now() - started) / 1000 };
    } finally {
        limit.stop();
        socket?.destroy();
    }
}

type Exchanged = Pick<Answer, "status" | "headers" | "body">;

/** One request and its response over a connection. */
function exchange(
    socket: TLSSocket,
    url: URL,
    { maxBytes, authorization }: Authorized,
    signal: AbortSignal,
): Promise<Exchanged> {
    return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const outgoing = request({
            createConnection: () => socket,
            method: "GET",
            path: `${url.pathname}${url.search}`,
            setHost: false,
            headers: {
                host: url.host,
                accept: "application/json",
                "accept-encoding": "identity",
                connection: "close",
                ...(authorization !== undefined && { authorization }),
                "user-agent": `aws-gitlab-oidc/${packageJson().version}`,
            },
            maxHeaderSize: MOST_HEADER_BYTES,
        });
        const fail = (error: Error): void => {
            reject(whyAborted(signal) ?? (error instanceof Fault ? error : httpFault(error)));
            outgoing.destroy();
            socket.destroy();
        };
        outgoing.on("error", fail);
        outgoing.once("close", () => fail(new Fault("incomplete", "closed the connection without a response")));
        outgoing.once("upgrade", () => fail(new Fault("http", "responded with a different protocol")));
        outgoing.once("response", (incoming) => {
            incoming.on("error", fail);
            readAnswer(incoming, maxBytes, resolve, fail);
        });
        outgoing.end();
    });
}

function readAnswer(
    incoming: IncomingMessage,
    maxBytes: number,
    done: (answer: Exchanged) => void,
    fail: (error: Error) => void,
): void {
    const status = incoming.statusCode ?? 0;
    const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
    );
    const encoding = headers["content-encoding"] ?? "identity";
    if (status !== 200) {
        done({ status, headers, body: Buffer.alloc(0) });
        incoming.destroy();
        return;
    }
    if (encoding !== "" && encoding.toLowerCase() !== "identity") {
        fail(new Fault("encoding", `is sent with Content-Encoding ${quote(encoding)}, which was not requested`));
        return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    incoming.on("data", (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length > maxBytes) {
            fail(new Fault("size", `has more than ${String(maxBytes)} bytes`));
        }
    });
    incoming.once("aborted", () => fail(new Fault("incomplete", "ended before the announced length")));
    incoming.once("end", () => done({ status, headers, body: Buffer.concat(chunks) }));
}

function httpFault(error: NodeJS.ErrnoException): Fault {
    const code = error.code ?? "no error code";
    if (code === "HPE_HEADER_OVERFLOW") {
        return new Fault("http", `has more than ${String(MOST_HEADER_BYTES)} bytes of headers`);
    }
    return code.startsWith("HPE_")
        ? new Fault("http", `is not an HTTP response (${code})`)
        : new Fault("incomplete", `closed the connection too early (${code})`);
}

/** A document, and the redirects before it. */
export interface Fetched {
    readonly answer: Answer;
    /** The URLs of the redirects, in order; empty without redirects. */
    readonly redirects: readonly string[];
}

/** Requests a URL and follows redirects to https URLs. The time limit is for all requests together. */
export async function fetchDocument(
    url: string,
    route: Route,
    limits: Limits & { readonly maxRedirects: number },
): Promise<Fetched> {
    const started = performance.now();
    const redirects: string[] = [];
    for (let at = url; ;) {
        const left = limits.seconds - (performance.now() - started) / 1000;
        if (left <= 0) {
            throw new Fault("time", `did not end within ${String(limits.seconds)} s`);
        }
        const answer = await get(at, route, { ...limits, seconds: left }).catch((error: unknown) => {
            throw error instanceof Fault && limits.signal?.aborted !== true
                ? afterRedirects(error, redirects, limits.seconds)
                : error;
        });
        if (![301, 302, 303, 307, 308].includes(answer.status)) {
            return { answer: { ...answer, seconds: (performance.now() - started) / 1000 }, redirects };
        }
        at = redirected(at, answer.headers["location"]);
        if ([url, ...redirects].includes(at)) {
            throw new Fault("redirect", `is redirected in a loop, to ${quote(at)}`);
        }
        redirects.push(at);
        if (redirects.length > limits.maxRedirects) {
            throw new Fault("redirect", `is redirected more than ${counted(limits.maxRedirects)}`);
        }
    }
}

/** The fault of a request after a redirect. A time limit is that of all requests together. */
function afterRedirects(fault: Fault, redirects: readonly string[], seconds: number): Fault {
    switch (fault.kind) {
        case "time":
            return new Fault("time", `did not end within ${String(seconds)} s`);
        case "size":
        case "encoding":
            return fault;
        default:
            return redirects.length === 0
                ? fault
                : new Fault("redirect", `is redirected to ${quote(redirects.at(-1))}: ${fault.message}`);
    }
}

function counted(times: number): string {
    return times === 1 ? "once" : `${String(times)} times`;
}

function redirected(from: string, location: string | undefined): string {
    const url = location !== undefined && URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (url === undefined) {
        throw new Fault("redirect", "is redirected without a valid location");
    }
    url.hash = "";
    if (url.protocol !== "https:") {
        throw new Fault("redirect", `is redirected to ${quote(url.href)}, which is not https`);
    }
    return url.href;
}
