import { quote } from "../contract/quote";
import type { CheckId } from "./checks";
import { Fault, whyAborted, type FaultKind, type Route } from "./connection";
import { faultOf, secondsText } from "./host";
import { fetchDocument, type Answer, type Fetched } from "./request";
import { merged, type Outcome } from "./results";

/** Seconds that AWS waits. Source: AWS, "How do I resolve the AWS STS AssumeRoleWithWebIdentity API call error InvalidIdentityToken". */
const AWS_SECONDS = 5;
/** From here on an answer may come too late on a bad day. */
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

/** A try at a document: what came, or why nothing did. */
export type Try =
    { readonly fetched: Fetched; readonly fault?: never } | { readonly fault: Fault; readonly fetched?: never };

export async function tryDocument({ url, route, signal, ...limits }: DocumentInputs): Promise<Try> {
    try {
        return { fetched: await fetchDocument(url, route, { ...limits, signal }) };
    } catch (error) {
        return { fault: faultOf(error) };
    }
}

/** Tries again, one after the other, to see whether it is always so; not after one that AWS would have given up. */
export async function tryAgain(first: Try, more: number, inputs: DocumentInputs): Promise<readonly Try[]> {
    const tries = [first];
    while (tries.length <= more && isFine(tries.at(-1)!) && whyAborted(inputs.signal) === undefined) {
        tries.push(await tryDocument(inputs));
    }
    return tries;
}

/** Whether there is an answer that can be read, in time. */
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

/** How the checks of fetching a document came out; those that nothing can be said of are left out. */
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
            message: `The ${name} ${fault.message}${attempt > 1 ? `, at attempt ${String(attempt)} of ${String(tries.length)}` : ""}.`,
            fix: CURES[check],
        };
    });
    const first = answers[0];
    const passes = first === undefined ? [] : answerOutcomes(first, tries, inputs);
    const failed = new Set(failures.map(({ id }) => id));
    return [...passes.filter(({ id }) => !failed.has(id)), ...failures];
}

const CURES = {
    fetch: "Look into the log of the web server or of what stands before it.",
    time: "Make it answer faster: let a proxy or a CDN in front of GitLab keep it for some minutes.",
    size: "Serve GitLab's own document.",
    "content-type": "Serve it as application/json, and compressed only to clients that ask for it.",
    redirects: "Serve it at its address, without a redirect.",
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
        ? { id, status: "pass", message: "No redirect." }
        : {
              id,
              status: "warn",
              message: `The ${NAMES[which]} is redirected to ${new URL(last).host === new URL(url).host ? "another path" : "another host"}, ${quote(last)}: that AWS follows is not confirmed.`,
              fix: CURES.redirects,
          };
}

function timeOutcome(tries: readonly Try[], { which }: DocumentInputs): Outcome {
    const id: CheckId = `${which}-time`;
    const seconds = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer.seconds]));
    const slowest = Math.max(...seconds);
    const took = `The slowest of ${times(seconds.length).replace(" times", "")} took ${secondsText(slowest)}`;
    const message = seconds.length === 1 ? `It took ${secondsText(slowest)}` : took;
    if (slowest > AWS_SECONDS) {
        return { id, status: "fail", message: `${message}: AWS waits ${String(AWS_SECONDS)} s.`, fix: CURES.time };
    }
    return slowest > SLOW_SECONDS
        ? { id, status: "warn", message: `${message}; AWS waits ${String(AWS_SECONDS)} s.`, fix: CURES.time }
        : { id, status: "pass", message: `${message}.` };
}

/** Left out where the status is that requests are limited: that is a check of its own. */
function statusOutcome(tries: readonly Try[], { which }: DocumentInputs): Outcome | undefined {
    const id: CheckId = `${which}-status`;
    const statuses = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer.status]));
    const wrong = statuses.find((status) => status !== 200);
    if (wrong === undefined) {
        return { id, status: "pass", message: "200." };
    }
    const fix =
        wrong === 401 || wrong === 403
            ? "Let anybody fetch it, without signing in and whatever the client's address or name."
            : `See that GitLab answers at this address${which === "discovery" ? ", with the relative path of the instance if it has one" : ""}.`;
    return wrong === 429
        ? undefined
        : { id, status: "fail", message: `The ${NAMES[which]} is answered with status ${String(wrong)}.`, fix };
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
                  message: `The ${NAMES[which]} is sent ${type === "" ? "without a content type" : `as ${quote(type)}`}; that AWS takes this is not confirmed.`,
                  fix: CURES["content-type"],
              },
        {
            id: `${which}-size`,
            status: "pass",
            message: `${String(body.length)} bytes, of ${String(maxBytes)} that are allowed.`,
        },
    ];
}

/** Whether the server limits requests, from all answers. */
export function rateLimitOutcome(tries: readonly Try[]): Outcome {
    const id = "rate-limit";
    const answers = tries.flatMap(({ fetched }) => (fetched === undefined ? [] : [fetched.answer]));
    const limited = answers.find(({ status }) => status === 429);
    const fix = "Leave the two paths out of the rate limits: STS fetches them for every job of every role.";
    if (limited !== undefined) {
        const after = limited.headers["retry-after"];
        const message = `Requests are limited: status 429${after === undefined ? "" : `, to be tried again after ${quote(after)}`}.`;
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
                  message: `Requests are limited: ${String(Math.min(...remaining))} more are granted to this client.`,
                  fix,
              },
          ])
        : {
              id,
              status: "pass",
              message: `No limit was met in ${times(answers.length).replace(" times", " requests")}.`,
          };
}

const FEW_REQUESTS = 10;

const DAY = 86_400;

/** Whether a cache would serve old keys after the instance has changed them. */
export function cacheOutcome({ headers }: Answer): Outcome {
    const id = "keys-cache";
    const control = headers["cache-control"] ?? "";
    const seconds = Number(/(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*"?(\d{1,12})/i.exec(control)?.[1] ?? 0);
    return seconds > DAY
        ? {
              id,
              status: "warn",
              message: `The JWKS may be kept for ${String(Math.round(seconds / 3600))} hours: a new key is not seen before.`,
              fix: "Let caches keep it for a day at most (`Cache-Control: max-age=86400`).",
          }
        : {
              id,
              status: "pass",
              message: seconds === 0 ? "It is not kept." : `It may be kept for ${String(seconds)} s.`,
          };
}

function times(count: number): string {
    return count === 1 ? "once" : `${String(count)} times`;
}
