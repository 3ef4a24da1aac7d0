import { quote } from "../contract/quote";
import { readJson } from "../contract/json-document";
import { isHiding, type HidingStatus, type RestReader } from "../gitlab/rest";
import { Fault, faultWords, timeLimit, type FaultKind, type Route } from "./connection";
import { get, type Answer } from "./request";

/** How to reach the REST API of an instance. */
export interface RestInputs {
    /** Address of the instance, without a slash at the end. */
    readonly url: string;
    /** Access token. No message contains it. */
    readonly token?: string;
    readonly route: Route;
    /** Seconds for one request. */
    readonly seconds: number;
    /** Ends all requests. */
    readonly signal: AbortSignal;
}

/** A value that the API returned, or the status with which it hides it. */
export type RestReply<T> = { readonly value: T } | { readonly status: HidingStatus };

/** A page of 100 projects has about 500,000 bytes. */
const MOST_BYTES = 4_000_000;
const MOST_REDIRECTS = 3;
/** 10,000 items. */
const MOST_PAGES = 100;
/** Seconds to wait after status 429, at most. */
const LONGEST_WAIT = 15;
const MOST_ATTEMPTS = 3;

/** The code of the fault of a rate limit. */
const RATE_LIMIT = "429";

/** Requests to the REST API of one instance. The token and all requests stay below `URL/api/v4/`. */
export class RestClient {
    private readonly api: URL;

    constructor(private readonly inputs: RestInputs) {
        this.api = new URL(`${inputs.url}/api/v4/`);
    }

    get hasToken(): boolean {
        return this.inputs.token !== undefined;
    }

    /** One value. Throws a `Fault` if there is no usable response. */
    async one<T>(path: string, reader: RestReader<T>): Promise<RestReply<T>> {
        const answer = await this.follow(new URL(path, this.api));
        return isHiding(answer.status) ? { status: answer.status } : { value: this.read(answer, reader) };
    }

    /** Every item of a list, of all its pages. Source: GitLab, "REST API: Pagination". */
    async all<T>(path: string, reader: RestReader<T>): Promise<RestReply<readonly T[]>> {
        const first = new URL(path, this.api);
        first.searchParams.set("per_page", "100");
        const items: T[] = [];
        const seen = new Set<string>();
        for (let at: URL | undefined = first; at !== undefined;) {
            if (seen.has(at.href) || seen.size === MOST_PAGES) {
                throw new Fault("http", `returns more than ${String(MOST_PAGES)} pages, or a page twice`);
            }
            seen.add(at.href);
            const answer: Answer = await this.follow(at);
            if (isHiding(answer.status)) {
                return { status: answer.status };
            }
            items.push(...this.read(answer, listOf(reader)));
            at = this.nextPage(at, answer);
        }
        return { value: items };
    }

    private read<T>({ body }: Answer, reader: RestReader<T>): T {
        const { token } = this.inputs;
        if (token !== undefined && body.includes(token)) {
            throw new Fault("http", "repeats the access token");
        }
        const json = readJson(body);
        if (json.fault !== undefined) {
            throw new Fault("http", `returns a response that ${json.fault}`);
        }
        const value = reader(json.value);
        if (value === undefined) {
            throw new Fault("http", "returns JSON of another shape than GitLab documents");
        }
        return value;
    }

    /** The response to a request, after redirects of moved projects. Source: GitLab, "REST API: Redirects". */
    private async follow(url: URL): Promise<Answer> {
        let at = url;
        for (let redirects = 0; ; redirects++) {
            const answer = await this.patiently(at);
            if (answer.status === 200 || isHiding(answer.status)) {
                return answer;
            }
            if (![301, 302, 303, 307, 308].includes(answer.status)) {
                throw new Fault("http", `responds with status ${String(answer.status)}`);
            }
            if (redirects === MOST_REDIRECTS) {
                throw new Fault("redirect", `is redirected more than ${String(MOST_REDIRECTS)} times`);
            }
            at = this.within(at, answer.headers["location"] ?? "");
        }
    }

    /** The response after the waiting time that a rate limit asks for, if it is short. Source: GitLab, "Rate limits". */
    private async patiently(url: URL): Promise<Answer> {
        const { route, seconds, token, signal } = this.inputs;
        for (let attempt = 1; ; attempt++) {
            const answer = await get(url.href, route, {
                seconds,
                maxBytes: MOST_BYTES,
                signal,
                ...(token !== undefined && { authorization: `Bearer ${token}` }),
            });
            if (answer.status !== 429) {
                return answer;
            }
            const wait = Number(answer.headers["retry-after"] ?? LONGEST_WAIT);
            if (attempt === MOST_ATTEMPTS || !(wait <= LONGEST_WAIT)) {
                const when = Number.isFinite(wait) ? ` and asks to wait ${String(wait)} s` : "";
                throw new Fault("http", `limits the rate of requests (status 429)${when}`, RATE_LIMIT);
            }
            await pause(wait, signal);
        }
    }

    /** A URL that a response names, on the host that was asked. A proxy before GitLab can lead to a wrong scheme. */
    private within(from: URL, location: string): URL {
        const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
        const isHere = url?.hostname === this.api.hostname && url.pathname.startsWith(this.api.pathname);
        if (url === undefined || !isHere) {
            const where = url === undefined ? "an invalid address" : quote(`${url.origin}${url.pathname}`);
            throw new Fault("redirect", `is redirected to ${where}, which is not part of the REST API`);
        }
        return new URL(`${url.pathname}${url.search}`, this.api);
    }

    private nextPage(at: URL, { headers }: Answer): URL | undefined {
        const [, next] = /<([^>]*)>;\s*rel="?next"?/.exec(headers["link"] ?? "") ?? [];
        if (next !== undefined) {
            return this.within(at, next);
        }
        const page = headers["x-next-page"] ?? "";
        if (!/^\d+$/.test(page)) {
            return undefined;
        }
        const url = new URL(at);
        url.searchParams.set("page", page);
        return url;
    }
}

function listOf<T>(reader: RestReader<T>): RestReader<readonly T[]> {
    return (value) => {
        const items = Array.isArray(value) ? value.map(reader) : [undefined];
        return items.includes(undefined) ? undefined : (items as T[]);
    };
}

/** Waits, or throws the reason of the signal. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
    const limit = timeLimit(seconds, signal);
    await new Promise<void>((resolve) => {
        if (limit.signal.aborted) {
            resolve();
        }
        limit.signal.addEventListener("abort", () => resolve());
    });
    limit.stop();
    signal.throwIfAborted();
}

/** A fault of the REST API in words, and its fix. */
export function apiFault(url: string, fault: Fault): { readonly message: string; readonly fix: string } {
    return {
        message: `The REST API at ${quote(`${url}/api/v4`)} cannot be used: ${faultWords(fault)}.`,
        fix: fault.code === RATE_LIMIT ? "Wait, then try again, or check fewer projects." : FIXES[fault.kind],
    };
}

const NETWORK = "Check `url`, and the network from here to it. `connectTo` replaces the address in DNS.";
const CERTIFICATE = "Check the certificate of the instance. For a private CA, set `certificateAuthorities`.";
const ANSWER =
    "Check that `url` is the address of the GitLab instance, and that no proxy or sign-in page answers for it.";

const FIXES: Readonly<Record<FaultKind, string>> = {
    dns: NETWORK,
    private: NETWORK,
    tcp: NETWORK,
    tls: CERTIFICATE,
    untrusted: CERTIFICATE,
    http: ANSWER,
    incomplete: ANSWER,
    size: ANSWER,
    encoding: ANSWER,
    redirect: ANSWER,
    time: "Try again, increase `timeout` and `requestTimeout`, or check fewer projects.",
};
