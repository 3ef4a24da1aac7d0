import { Agent, request as httpRequest, type IncomingMessage } from "node:http";

/** Where a proxy passes requests on to. */
export interface Upstream {
    url: URL;
    agent: Agent;
}

/** Query and form parameters as the emulator reads them: the form wins, then the first value that is not empty. */
export function parametersOf(url: string, body: Buffer | undefined): ReadonlyMap<string, string> {
    const parameters = new Map<string, string>();
    const query = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
    for (const part of [body?.toString("utf8") ?? "", query]) {
        for (const [name, value] of new URLSearchParams(part)) {
            if (!parameters.get(name)) {
                parameters.set(name, value);
            }
        }
    }
    return parameters;
}

/** Passes a request on with the headers as they came, Host included: sessions sign them, and the emulator checks that. */
export function forward(
    upstream: Upstream,
    request: IncomingMessage,
    body: Buffer | undefined,
): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
        const outgoing = httpRequest({
            agent: upstream.agent,
            host: upstream.url.hostname,
            port: upstream.url.port,
            method: request.method,
            path: request.url,
            headers: withoutHeader(request.rawHeaders, "expect"), // this server has answered that already
        });
        outgoing.once("response", resolve);
        outgoing.once("error", reject);
        request.once("close", () => {
            if (!request.complete) {
                outgoing.destroy();
            }
        });
        if (body === undefined) {
            request.pipe(outgoing);
        } else {
            outgoing.end(body);
        }
    });
}

function withoutHeader(rawHeaders: readonly string[], name: string): string[] {
    return rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== name);
}
