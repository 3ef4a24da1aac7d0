import { createSign, generateKeyPairSync, type JsonWebKey, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTls, type TlsOptions, type TLSSocket } from "node:tls";
import { authority, HOST, type Issued } from "./certificates";

export const ISSUER = `https://${HOST}`;
export const DISCOVERY = "/.well-known/openid-configuration";
export const KEYS = "/oauth/discovery/keys";

/** A signing key of an instance, and its public part as its key set has it. */
export interface SigningKey {
    readonly privateKey: KeyObject;
    readonly jwk: JsonWebKey & { readonly kid: string };
}

export function signingKey(kid: string, modulusLength = 2048): SigningKey {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength });
    return { privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" } };
}

/** The key that the instance signs with, made once. */
export const KEY = signingKey("first");

export const DISCOVERY_DOCUMENT = {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/oauth/authorize`,
    token_endpoint: `${ISSUER}/oauth/token`,
    jwks_uri: `${ISSUER}${KEYS}`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    claims_supported: ["iss", "sub", "aud", "exp", "iat"],
};

export const KEY_SET = { keys: [KEY.jwk] };

/** A token as GitLab signs it. */
export function tokenOf(claims: object, { privateKey, jwk }: SigningKey = KEY, header: object = {}): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "RS256", typ: "JWT", kid: jwk.kid, ...header })}.${part(claims)}`;
    return `${signed}.${createSign("sha256").update(signed).sign(privateKey, "base64url")}`;
}

/** An answer, or whoever gives one. */
export type Reply =
    object | string | Buffer | ((request: IncomingMessage, response: ServerResponse, count: number) => void);

/** How the server of an instance behaves; what is left out is as it should be. */
export interface Behaviour {
    /** What it answers by path. An object is sent as JSON. */
    readonly replies?: Readonly<Record<string, Reply>>;
    /** What answers at every other path. Left out: status 404. */
    readonly others?: (request: IncomingMessage, response: ServerResponse) => void;
    /** Headers of what it sends. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The certificates as they are sent, the server's own first. */
    readonly chain?: readonly Issued[];
    readonly tls?: TlsOptions;
    /** Instead of HTTP. */
    readonly afterTls?: (socket: TLSSocket) => void;
    /** Instead of TLS. */
    readonly afterTcp?: (socket: Socket) => void;
}

export interface IssuerServer {
    readonly port: number;
    /** The paths that were asked for, in order. */
    readonly requests: readonly string[];
    close(): Promise<void>;
}

/** The server of an instance, at a free port of 127.0.0.1 (or another address of this machine). */
export async function startIssuer(behaviour: Behaviour = {}, address = "127.0.0.1"): Promise<IssuerServer> {
    const requests: string[] = [];
    const sockets = new Set<Socket>();
    const server = await serverOf(behaviour, requests);
    server.on("connection", (socket: Socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
    });
    server.on("tlsClientError", () => undefined);
    server.listen(0, address);
    await once(server, "listening");
    return {
        port: (server.address() as AddressInfo).port,
        requests,
        async close() {
            server.close();
            sockets.forEach((socket) => socket.destroy());
            await once(server, "close");
        },
    };
}

async function serverOf(behaviour: Behaviour, requests: string[]): Promise<Server> {
    if (behaviour.afterTcp !== undefined) {
        return createTcp(behaviour.afterTcp);
    }
    const { intermediate, leaf } = await authority();
    const chain = behaviour.chain ?? [leaf, intermediate];
    const http = createHttp((request, response) => {
        const path = request.url ?? "";
        requests.push(path);
        const count = requests.filter((p) => p === path).length;
        const replies: Readonly<Record<string, Reply | undefined>> = {
            [DISCOVERY]: DISCOVERY_DOCUMENT,
            [KEYS]: KEY_SET,
            ...behaviour.replies,
        };
        const reply = replies[path] ?? behaviour.others;
        send(reply, behaviour.headers ?? {}, request, response, count);
    });
    return createTls(
        { key: chain[0]!.key, cert: chain.map(({ pem }) => pem).join(""), ...behaviour.tls },
        behaviour.afterTls ?? ((socket) => void http.emit("connection", socket)),
    );
}

function send(
    reply: Reply | undefined,
    headers: Readonly<Record<string, string>>,
    request: IncomingMessage,
    response: ServerResponse,
    count: number,
): void {
    if (typeof reply === "function") {
        (reply as (request: IncomingMessage, response: ServerResponse, count: number) => void)(
            request,
            response,
            count,
        );
    } else if (reply === undefined) {
        response.writeHead(404).end("Not found");
    } else {
        const isText = typeof reply === "string" || Buffer.isBuffer(reply);
        response.writeHead(200, { "content-type": "application/json; charset=utf-8", ...headers });
        response.end(isText ? reply : JSON.stringify(reply));
    }
}
