import { quote } from "../contract/quote";
import type { CheckId } from "./checks";
import { Fault, whyAborted, type FaultKind, type Route } from "./connection";
import { faultOf, secondsText } from "./host";
import { fetchDocument, type Answer, type Fetched } from "./request";
import { merged, type Outcome } from "./results";

/** Seconds that AWS waits for a response. Source: AWS, "How do I resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken". */
const AWS_SECONDS = 5;
/** Slower responses may be too slow on a bad day. */
const SLOW_SECONDS = 2.5;

type Which = "discovery" | "keys";

const NAMES: Readonly<Record<Which, string>> = { discovery: "discovery document", keys: "JWKS" };

/** How a document is fetched. */
export interface DocumentInputs {
    readonly which: Which;
    readonly url: string;
    readonly route: Route;
    readonly seconds: number;
    readonly maxBytes: number;
    readonly maxRedirects: number;
    readonly signal: AbortSignal;
}

/** One request for a document: the response, or why there is none. */
export type Try =
    { readonly fetched: Fetched; readonly fault?: never } | { readonly fault: Fault; readonly fetched?: never };

export async function tryDocument({ url, route, signal, ...limits }: DocumentInputs): Promise<Try> {
    try {
        return { fetched: await fetchDocument(url, route, { ...limits, signal }) };
    } catch (error) {
        return { fault: faultOf(error) };
    }
}

/** Repeats a request, to find failures that are not permanent. Stops after one on which AWS would have given up. */
export async function tryAgain(first: Try, more: number, inputs: DocumentInputs): Promise<readonly Try[]> {
    const tries = [first];
    while (tries.length <= more && isFine(tries.at(-1)!) && whyAborted(inputs.signal) === undefined) {
        tries.push(await tryDocument(inputs));
    }
    return tries;
}

/** Whether there is a usable response in time. */
function isFine({ fetched }: Try): boolean {
    return fetched?.answer.status === 200 && fetched.answer.seconds <= AWS_SECONDS;
}

const CHECK_OF_FAULT: Readonly<Record<FaultKind, "fetch" | "time" | "size" | "content-type" | "redirects">> = {
    dns: "fetch",
    private: "fetch",
    tcp: "fetch",
    tls: "fetch",
    untrusted: "fetch",
    http: "fetch",
    incomplete: "fetch",
    time: "time",
    size: "size",
    encoding: "content-type",
    redirect: "redirects",
};

/** The results of the checks of fetching a document. Checks without a result are left out. */
export function documentOutcomes(tries: readonly Try[], inputs: DocumentInputs): readonly Outcome[] {
    const { which } = inputs;
    const name = NAMES[which];
    const faults = tries.flatMap(({ fault }, i) => (fault === undefined ? [] : [{ fault, attempt: i + 1 }]));
    const answers = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer]));
    const failures = faults.map(({ fault, attempt }): Outcome => {
        const check = CHECK_OF_FAULT[fault.kind];
        return {
            id: `${which}-${check}`,
            status: "fail",
            message: `The ${name} ${fault.message}${attempt > 1 ? ` (attempt ${String(attempt)} of ${String(tries.length)})` : ""}.`,
            fix: FIXES[check],
        };
    });
    const first = answers[0];
    const passes = first === undefined ? [] : answerOutcomes(first, tries, inputs);
    const failed = new Set(failures.map(({ id }) => id));
    return [...passes.filter(({ id }) => !failed.has(id)), ...failures];
}

const FIXES = {
    fetch: "Check the logs of the web server and of any proxy in front of it.",
    time: "Reduce the response time, for example by caching the document for a few minutes in a reverse proxy or CDN.",
    size: "Serve the document that GitLab generates.",
    "content-type": "Send the content type application/json. Compress only for clients that request it.",
    redirects: "Serve the document at its own URL, without a redirect.",
} as const;

function answerOutcomes(first: Answer, tries: readonly Try[], inputs: DocumentInputs): readonly Outcome[] {
    const { which } = inputs;
    const status = statusOutcome(tries, inputs);
    return [
        redirectOutcome(tries[0]!.fetched!.redirects, inputs),
        {
            id: `${which}-fetch`,
            status: "pass",
            message: `Fetched ${times(tries.filter(({ fetched }) => fetched !== undefined).length)}.`,
        },
        timeOutcome(tries, inputs),
        ...(status === undefined ? [] : [status]),
        ...(first.status === 200 ? contentOutcomes(first, inputs) : []),
    ];
}

function redirectOutcome(redirects: readonly string[], { which, url }: DocumentInputs): Outcome {
    const id: CheckId = `${which}-redirects`;
    const last = redirects.at(-1);
    return last === undefined
        ? { id, status: "pass", message: "Not redirected." }
        : {
              id,
              status: "warn",
              message: `The ${NAMES[which]} is redirected to ${new URL(last).host === new URL(url).host ? "a different path" : "a different host"}, ${quote(last)}. It is unconfirmed whether AWS follows redirects.`,
              fix: FIXES.redirects,
          };
}

function timeOutcome(tries: readonly Try[], { which }: DocumentInputs): Outcome {
    const id: CheckId = `${which}-time`;
    const seconds = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer.seconds]));
    const slowest = Math.max(...seconds);
    const ofHowMany = seconds.length === 1 ? "" : ` (the slowest of ${String(seconds.length)})`;
    const message = `Response time: ${secondsText(slowest)}${ofHowMany}`;
    if (slowest > AWS_SECONDS) {
        return {
            id,
            status: "fail",
            message: `${message}. AWS waits at most ${String(AWS_SECONDS)} s.`,
            fix: FIXES.time,
        };
    }
    return slowest > SLOW_SECONDS
        ? { id, status: "warn", message: `${message}. AWS waits at most ${String(AWS_SECONDS)} s.`, fix: FIXES.time }
        : { id, status: "pass", message: `${message}.` };
}

/** Left out for status 429, which the check `rate-limit` reports. */
function statusOutcome(tries: readonly Try[], { which }: DocumentInputs): Outcome | undefined {
    const id: CheckId = `${which}-status`;
    const statuses = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer.status]));
    const wrong = statuses.find((status) => status !== 200);
    if (wrong === undefined) {
        return { id, status: "pass", message: "Status 200." };
    }
    const fix =
        wrong === 401 || wrong === 403
            ? "Allow requests without authentication, from all addresses and user agents."
            : `Check that GitLab responds at this URL${which === "discovery" ? ", including the relative URL root if the instance has one" : ""}.`;
    return wrong === 429
        ? undefined
        : { id, status: "fail", message: `The request for the ${NAMES[which]} returned status ${String(wrong)}.`, fix };
}

function contentOutcomes({ headers, body }: Answer, { which, maxBytes }: DocumentInputs): readonly Outcome[] {
    const type = headers["content-type"] ?? "";
    const isJson = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type);
    const id: CheckId = `${which}-content-type`;
    return [
        isJson
            ? { id, status: "pass", message: `${type.split(";")[0]!.trim()}.` }
            : {
                  id,
                  status: "warn",
                  message: `The ${NAMES[which]} is sent ${type === "" ? "without a content type" : `as ${quote(type)}`}. It is unconfirmed whether AWS accepts this.`,
                  fix: FIXES["content-type"],
              },
        {
            id: `${which}-size`,
            status: "pass",
            message: `${String(body.length)} bytes of at most ${String(maxBytes)}.`,
        },
    ];
}

/** Whether the server limits requests, by all responses. */
export function rateLimitOutcome(tries: readonly Try[]): Outcome {
    const id = "rate-limit";
    const answers = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer]));
    const limited = answers.find(({ status }) => status === 429);
    const fix = "Exclude the two paths from rate limits. STS fetches them for every job of every role.";
    if (limited !== undefined) {
        const after = limited.headers["retry-after"];
        const message = `The server limits requests: it returned status 429${after === undefined ? "" : ` with Retry-After ${quote(after)}`}.`;
        return { id, status: "fail", message, fix };
    }
    const remaining = answers
        .map(({ headers }) => headers["ratelimit-remaining"] ?? headers["x-ratelimit-remaining"] ?? "")
        .filter((value) => /^\d{1,9}$/.test(value))
        .map(Number);
    return Math.min(...remaining) < FEW_REQUESTS
        ? merged(id, [
              {
                  status: "warn",
                  message: `The server limits requests: only ${String(Math.min(...remaining))} remain for this client.`,
                  fix,
              },
          ])
        : {
              id,
              status: "pass",
              message: `No limit reached in ${answers.length === 1 ? "one request" : `${String(answers.length)} requests`}.`,
          };
}

const FEW_REQUESTS = 10;

const DAY = 86_400;

/** Whether caches would serve old keys after a key rotation. */
export function cacheOutcome({ headers }: Answer): Outcome {
    const id = "keys-cache";
    const control = headers["cache-control"] ?? "";
    const seconds = Number(/(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*"?(\d{1,12})/i.exec(control)?.[1] ?? 0);
    return seconds > DAY
        ? {
              id,
              status: "warn",
              message: `Caches may keep the JWKS for ${String(Math.round(seconds / 3600))} hours. Until then AWS may not see a new key.`,
              fix: "Limit caching to a day (`Cache-Control: max-age=86400`).",
          }
        : {
              id,
              status: "pass",
              message: seconds === 0 ? "The JWKS is not cached." : `Caches may keep the JWKS for ${String(seconds)} s.`,
          };
}

function times(count: number): string {
    return count === 1 ? "once" : `${String(count)} times`;
}
