import type { CheckIssuerResult, IssuerCheck } from "../contract/types";
import { quote } from "../contract/quote";
import { issuerUrlFindings } from "../gitlab/issuer-url";
import { CHECK_IDS, type CheckId } from "./checks";
import { sameDiscovery, sameKeys } from "./consistency";
import { hostOf, timeLimit, trustedContext, type Network, type Route, type Target } from "./connection";
import { discoveryUrl, readDiscovery, type DiscoveryCheck } from "../oidc/discovery";
import {
    cacheOutcome,
    documentOutcomes,
    rateLimitOutcome,
    tryAgain,
    tryDocument,
    type DocumentInputs,
    type Try,
} from "./document";
import { handshakeContexts, type Contexts } from "./handshake";
import { examineHost, type HostInputs, type HostReport } from "./host";
import { readJwks, type JwksCheck, type VerificationKey } from "../oidc/jwks";
import type { Problem } from "../oidc/problem";
import { notMade, Results, type Outcome } from "./results";
import { tokenOutcomes } from "./token";

/** The arguments of `checkIssuer` with every default in place. */
export interface IssuerInputs {
    readonly url: string;
    readonly certificateAuthorities?: string;
    readonly connectTo?: Target;
    readonly allowPrivate: boolean;
    readonly audience?: string;
    readonly token?: string;
    readonly timeout: number;
    readonly requestTimeout: number;
    readonly maxBytes: number;
    readonly maxRedirects: number;
    readonly attempts: number;
}

/** Called with the result of each check as soon as it is known, in the order in which checks end. */
export type CheckReport = (check: IssuerCheck) => void;

/** Checks from a network whether AWS can use a GitLab instance as issuer. Returns the result of every check. */
export async function examineIssuer(
    network: Network,
    inputs: IssuerInputs,
    report: CheckReport = () => undefined,
): Promise<CheckIssuerResult> {
    const limit = timeLimit(
        inputs.timeout,
        undefined,
        `did not complete within the total limit of ${String(inputs.timeout)} s`,
    );
    try {
        const run = new Run(inputs, { network, signal: limit.signal, report });
        const because = await run.all();
        const checks = run.results.all(inputs.token !== undefined, because);
        return { ok: !checks.some(({ status }) => status === "fail"), checks };
    } finally {
        limit.stop();
    }
}

/** A document after the first request. */
interface Document {
    readonly inputs: DocumentInputs;
    readonly first: Try;
}

/** Messages of the checks that pass. */
const READ_DISCOVERY: Readonly<Record<DiscoveryCheck, string>> = {
    "discovery-json": "A JSON object.",
    "discovery-issuer": "`issuer` is the URL of the instance.",
    "discovery-jwks-uri": "`jwks_uri` is an https URL.",
    "discovery-algorithms": "RS256 is listed.",
    "discovery-response-types": "Present.",
    "discovery-subject-types": "Present.",
};

const READ_KEYS: Readonly<Record<JwksCheck, string>> = {
    "keys-json": "A JSON object with an array of keys.",
    "keys-present": "The JWKS has an RSA key.",
    "keys-count": "Within the limits of AWS.",
    "keys-kid": "Each key has a unique `kid`.",
    "keys-use": "The keys are for signatures.",
    "keys-algorithm": "The keys are for RS256.",
    "keys-strength": "The keys have 2048 bits or more.",
    "keys-private": "The JWKS has no private keys.",
};

/** The check of all responses of a document. */
const SAME = { discovery: sameDiscovery, keys: sameKeys };

/** The messages of the checks that found a problem. The other checks did not run. */
function only<Id extends string>(
    problems: readonly Problem<Id>[],
    words: Readonly<Record<Id, string>>,
): Readonly<Record<Id, string>> {
    return Object.fromEntries(problems.map(({ id }) => [id, words[id]])) as Record<Id, string>;
}

/** Everything from outside that a run uses. */
interface Surroundings {
    readonly network: Network;
    readonly signal: AbortSignal;
    readonly report: CheckReport;
}

/** One run through the checks. Each step returns the check that prevents the next step. */
class Run {
    readonly results: Results;
    private readonly signal: AbortSignal;
    private readonly now = Math.floor(Date.now() / 1000);
    private readonly contexts: Contexts;
    private readonly route: Route;
    private readonly known = new Map<string, readonly Target[]>();
    private keys: readonly VerificationKey[] | undefined;
    private readonly isReadable = { discovery: false, keys: false };

    constructor(
        private readonly args: IssuerInputs,
        { network, signal, report }: Surroundings,
    ) {
        this.results = new Results(report);
        this.signal = signal;
        const { certificateAuthorities, connectTo, allowPrivate } = args;
        this.contexts = handshakeContexts(certificateAuthorities);
        this.route = {
            network,
            ...(connectTo !== undefined && { connectTo }),
            allowPrivate,
            trusted: trustedContext(certificateAuthorities),
            known: this.known,
        };
    }

    /** Runs all checks that can run. Returns the check that prevented the others. */
    async all(): Promise<CheckId | undefined> {
        this.checkUrl();
        const because = this.results.failed(["url"]) ?? (await this.afterUrl());
        this.checkToken();
        return because;
    }

    private checkUrl(): void {
        const [error] = issuerUrlFindings(this.args.url, "url");
        this.results.add(
            error === undefined
                ? { id: "url", status: "pass", message: "IAM accepts the URL." }
                : { id: "url", status: "fail", message: error.message, fix: error.fix },
        );
    }

    private async afterUrl(): Promise<CheckId | undefined> {
        const url = new URL(discoveryUrl(this.args.url));
        const host = await this.examineHost(url, (outcomes) => this.results.add(...outcomes));
        this.results.add(...host.outcomes);
        if (host.failed !== undefined) {
            return host.failed;
        }
        const discovery = await this.fetch("discovery", url.href);
        const jwksUri = this.readDiscovery(discovery);
        if (jwksUri === undefined) {
            await this.finish([discovery]);
            return this.results.failed(CHECK_IDS.filter((id) => /^(?:discovery|rate)-/.test(id)));
        }
        const keysHost = await this.checkKeysHost(url, host, new URL(jwksUri));
        if (keysHost.failed !== undefined) {
            await this.finish([discovery]);
            return "keys-host";
        }
        this.results.add(this.thumbprint([[url, host] as const, [new URL(jwksUri), keysHost] as const]));
        const keys = await this.fetch("keys", jwksUri);
        this.keys = this.readKeys(keys);
        await this.finish([discovery, keys]);
        return this.results.failed(CHECK_IDS.filter((id) => /^(?:keys|rate)-/.test(id)));
    }

    private examineHost(url: URL, report?: HostInputs["report"]): Promise<HostReport> {
        return examineHost({
            url,
            route: this.route,
            contexts: this.contexts,
            hasOwnCas: this.args.certificateAuthorities !== undefined,
            seconds: this.args.requestTimeout,
            signal: this.signal,
            ...(report !== undefined && { report }),
        }).then((result) => {
            this.known.set(url.host, result.targets);
            return result;
        });
    }

    private async fetch(which: "discovery" | "keys", url: string): Promise<Document> {
        const { requestTimeout: seconds, maxBytes, maxRedirects } = this.args;
        const inputs = { which, url, route: this.route, seconds, maxBytes, maxRedirects, signal: this.signal };
        return { inputs, first: await tryDocument(inputs) };
    }

    private readDiscovery({ first }: Document): string | undefined {
        if (first.fetched?.answer.status !== 200) {
            return undefined;
        }
        const { value, problems } = readDiscovery(first.fetched.answer.body, this.args.url);
        this.results.addRead(problems, value === undefined ? only(problems, READ_DISCOVERY) : READ_DISCOVERY);
        this.isReadable.discovery = value !== undefined;
        return value?.jwksUri;
    }

    /** The host of the JWKS. If it is a different host, all of its checks are one check. */
    private async checkKeysHost(issuer: URL, report: HostReport, jwksUri: URL): Promise<HostReport> {
        const id = "keys-host";
        if (jwksUri.host === issuer.host) {
            this.results.add({ id, status: "pass", message: "The JWKS is on the same host." });
            return report;
        }
        const other = await this.examineHost(jwksUri);
        const host = hostOf(jwksUri);
        const problems = other.outcomes.filter(({ status }) => status === "fail" || status === "warn");
        this.results.add(
            problems.length === 0
                ? { id, status: "pass", message: `${host} passes the same checks.` }
                : {
                      id,
                      status: problems.some(({ status }) => status === "fail") ? "fail" : "warn",
                      message: problems.map((p) => `${host}, ${p.id}: ${p.message}`).join(" "),
                      fix: problems.map(({ fix }) => fix ?? "").join(" "),
                  },
        );
        return other;
    }

    /**
     * The thumbprints of both hosts. Source: AWS, "CreateOpenIDConnectProvider": if the discovery endpoint and `jwks_uri` use
     * different certificates or hosts, include the thumbprints of both.
     */
    private thumbprint(endpoints: readonly (readonly [url: URL, report: HostReport])[]): Outcome {
        const id = "thumbprint";
        const because = this.results.failed(["chain-order", "chain-duplicates", "chain-additional", "keys-host"]);
        const chains = new Map(endpoints.map(([url, { chain }]) => [hostOf(url), chain!]));
        const values = [...new Set([...chains.values()].map(({ thumbprint }) => quote(thumbprint)))];
        const what =
            chains.size === 1
                ? "the SHA-1 hash of the last certificate that"
                : "the SHA-1 hashes of the last certificates that";
        const property = `\`thumbprints: [${values.join(", ")}]\`, ${what} ${[...chains.keys()].join(" and ")} ${chains.size === 1 ? "sends" : "send"}`;
        if ([...chains.values()].every(({ isPublic }) => isPublic)) {
            return { id, status: "pass", message: `Not required. (It would be ${property}.)` };
        }
        return because === undefined
            ? { id, status: "pass", message: `The identity provider requires ${property}.` }
            : { id, ...notMade(because) };
    }

    private readKeys({ first }: Document): readonly VerificationKey[] | undefined {
        if (first.fetched?.answer.status !== 200) {
            return undefined;
        }
        const { value, problems } = readJwks(first.fetched.answer.body);
        this.results.addRead(problems, value === undefined ? only(problems, READ_KEYS) : READ_KEYS);
        this.results.add(cacheOutcome(first.fetched.answer));
        this.isReadable.keys = value !== undefined;
        return value?.keys;
    }

    /** Repeats the successful requests to find the slowest, both documents at the same time. */
    private async finish(documents: readonly Document[]): Promise<void> {
        const tries = await Promise.all(
            documents.map(({ first, inputs }) => tryAgain(first, this.args.attempts - 1, inputs)),
        );
        documents.forEach(({ inputs }, i) => {
            this.results.add(...documentOutcomes(tries[i]!, inputs));
            if (this.isReadable[inputs.which]) {
                this.results.add(SAME[inputs.which](tries[i]!));
            }
        });
        this.results.add(rateLimitOutcome(tries.flat()));
    }

    private checkToken(): void {
        const { keys, now } = this;
        const { token, url, audience } = this.args;
        if (token !== undefined) {
            this.results.add(
                ...tokenOutcomes({
                    token,
                    url,
                    ...(audience !== undefined && { audience }),
                    ...(keys !== undefined && { keys }),
                    now,
                }),
            );
        }
    }
}
