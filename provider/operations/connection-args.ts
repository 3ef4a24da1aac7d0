import { X509Certificate } from "node:crypto";
import { Findings } from "../contract/findings";
import type { LookupProjectArgs } from "../contract/types";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { targetFault, targetOf, timeLimit, trustedContext, type Network, type Target } from "../issuer/connection";
import type { RestInputs } from "../issuer/rest-client";

/** The range of a number. */
interface NumberRange {
    readonly least: number;
    readonly most: number;
    readonly otherwise: number;
    readonly unit: string;
}

/** Reports numbers that are out of their range. */
export function checkNumbers(ranges: Readonly<Record<string, NumberRange>>, given: object, findings: Findings): void {
    for (const [name, { least, most, unit }] of Object.entries(ranges)) {
        const value = (given as Readonly<Record<string, unknown>>)[name];
        // Times may be fractions, but not 0.
        const isIn = (v: number): boolean => v <= most && (unit.startsWith("seconds") ? v > least : v >= least);
        if (typeof value === "number" && !isIn(value)) {
            findings.add("issuer-option", name, `is ${String(value)}.`, `Use ${unit} at most ${String(most)}.`);
        }
    }
}

/** The target of `connectTo`. Reports a value that is not HOST:PORT. */
export function checkedTarget(connectTo: unknown, findings: Findings): Target | undefined {
    const target = targetOf(connectTo);
    if (typeof connectTo === "string" && target === undefined) {
        const { message, fix } = targetFault(connectTo);
        findings.add("issuer-option", "connectTo", message, fix);
    }
    return target;
}

/** Reports CAs that are not certificates. */
export function checkCas(pem: unknown, findings: Findings): void {
    if (typeof pem !== "string") {
        return;
    }
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    const wrong = blocks.findIndex((block) => !isCertificate(block));
    if (blocks.length === 0 || wrong >= 0) {
        findings.add(
            "issuer-option",
            "certificateAuthorities",
            blocks.length === 0
                ? "has no certificate in PEM form."
                : `cannot be read: certificate ${String(wrong + 1)} of ${String(blocks.length)} is not a valid certificate.`,
            "Use the CA's certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
        );
    }
}

function isCertificate(pem: string): boolean {
    try {
        new X509Certificate(pem);
        return true;
    } catch {
        return false;
    }
}

/** The arguments for the connection to a REST API. */
type RestArgs = Omit<LookupProjectArgs, "project">;

/** The same, checked, with every default in place. */
export interface RestAccess extends Pick<RestInputs, "url" | "token" | "seconds"> {
    readonly timeout: number;
    readonly certificateAuthorities?: string;
    readonly connectTo?: Target;
}

const REST_NUMBERS = {
    timeout: { least: 0, most: 600, otherwise: 60, unit: "seconds, more than 0 and" },
    requestTimeout: { least: 0, most: 60, otherwise: 10, unit: "seconds, more than 0 and" },
} as const;

/** How to reach the REST API of an instance. Reports every argument that cannot be used. */
export function checkedAccess(given: RestArgs, findings: Findings): RestAccess {
    const { url = GITLAB_COM, certificateAuthorities, connectTo } = given;
    checkNumbers(REST_NUMBERS, given, findings);
    checkCas(certificateAuthorities, findings);
    const target = checkedTarget(connectTo, findings);
    checkRestUrl(url, findings);
    const token = checkedToken(given.token, findings);
    return {
        url: plainUrl(url),
        ...(token !== undefined && { token }),
        seconds: given.requestTimeout ?? REST_NUMBERS.requestTimeout.otherwise,
        timeout: given.timeout ?? REST_NUMBERS.timeout.otherwise,
        ...(certificateAuthorities !== undefined && { certificateAuthorities }),
        ...(target !== undefined && { connectTo: target }),
    };
}

/** The address without a slash at its end, in the case and form that other addresses are compared with. */
function plainUrl(url: unknown): string {
    const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
    return parsed === undefined ? GITLAB_COM : `${parsed.origin}${parsed.pathname.replace(/\/+$/, "")}`;
}

function checkRestUrl(url: unknown, findings: Findings): void {
    if (typeof url !== "string") {
        return;
    }
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed?.protocol !== "https:" || parsed.username !== "" || parsed.password !== "" || /[?#\s]/.test(url)) {
        findings.add(
            "issuer-option",
            "url",
            "is not the address of a GitLab instance: an https URL without credentials, query and fragment.",
            'Write the address of the instance: "https://gitlab.example.com".',
        );
    }
}

/** The token of the arguments or of the environment. No finding repeats it. */
function checkedToken(given: unknown, findings: Findings): string | undefined {
    const inherited = process.env["GITLAB_TOKEN"] ?? "";
    const token = given ?? (inherited === "" ? undefined : inherited);
    if (typeof token !== "string") {
        return undefined;
    }
    if (!/^[!-~]+$/.test(token)) {
        const source = given === undefined ? "The environment variable GITLAB_TOKEN" : "The value";
        findings.add(
            "issuer-option",
            "token",
            token === "" ? "is empty." : `${source} has white space or characters outside ASCII.`,
            "Use the token without a line break. For a public project, do not set it.",
        );
    }
    return token;
}

/** Runs requests to a REST API, until they end or the time limit is over. */
export async function withRest<T>(
    network: Network,
    { timeout, certificateAuthorities, connectTo, ...access }: RestAccess,
    run: (inputs: RestInputs) => Promise<T>,
): Promise<T> {
    const words = `did not complete within the total limit of ${String(timeout)} s`;
    const limit = timeLimit(timeout, undefined, words);
    const trusted = trustedContext(certificateAuthorities);
    const route = { network, allowPrivate: true, trusted, ...(connectTo !== undefined && { connectTo }) };
    try {
        return await run({ ...access, route, signal: limit.signal });
    } finally {
        limit.stop();
    }
}
