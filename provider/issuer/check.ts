import type { CheckIssuerResult } from "../contract/types";
import { Findings } from "../contract/findings";
import { checkIssuerUrl } from "../gitlab/issuer-url";
import type { ChainReport } from "./chain";
import { CHECK_IDS, type CheckId } from "./checks";
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
import { examineHost, type HostReport } from "./host";
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

/** Whether AWS can use a GitLab instance as issuer, seen from a network: every check with its id, and how it came out. */
export async function examineIssuer(network: Network, inputs: IssuerInputs): Promise<CheckIssuerResult> {
    const limit = timeLimit(
        inputs.timeout,
        undefined,
        `was not finished in the ${String(inputs.timeout)} s of the whole run`,
    );
    try {
        const run = new Run(inputs, network, limit.signal);
        const because = await run.all();
        const checks = run.results.all(inputs.token !== undefined, because);
        return { ok: !checks.some(({ status }) => status === "fail"), checks };
    } finally {
        limit.stop();
    }
}

/** What is known of a document after the first try. */
interface Document {
    readonly inputs: DocumentInputs;
    readonly first: Try;
}

/** What is said of the checks of the documents that pass. */
const READ_DISCOVERY: Readonly<Record<DiscoveryCheck, string>> = {
    "discovery-json": "A JSON object.",
    "discovery-issuer": "`issuer` is the address.",
    "discovery-jwks-uri": "`jwks_uri` is an https address.",
    "discovery-algorithms": "RS256 is among them.",
    "discovery-response-types": "There are some.",
    "discovery-subject-types": "There are some.",
};

const READ_KEYS: Readonly<Record<JwksCheck, string>> = {
    "keys-json": "A JSON object with a list of keys.",
    "keys-present": "There is an RSA key.",
    "keys-count": "No more than AWS takes.",
    "keys-kid": "Each has one of its own.",
    "keys-use": "For signatures.",
    "keys-algorithm": "For RS256.",
    "keys-strength": "2048 bits or more.",
    "keys-private": "None is shown.",
};

/** Only those that something was found by: the others were not made. */
function only<Id extends string>(
    problems: readonly Problem<Id>[],
    words: Readonly<Record<Id, string>>,
): Readonly<Record<Id, string>> {
    return Object.fromEntries(problems.map(({ id }) => [id, words[id]])) as Record<Id, string>;
}

/** One run through the checks. Each step gives the check that keeps the next from being made. */
class Run {
    readonly results = new Results();
    private readonly contexts: Contexts;
    private readonly route: Route;
    private readonly known = new Map<string, readonly Target[]>();

    constructor(
        private readonly args: IssuerInputs,
        network: Network,
        private readonly signal: AbortSignal,
    ) {
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

    /** Makes all checks that can be made; gives the one because of which others were not. */
    async all(): Promise<CheckId | undefined> {
        this.checkToken(undefined);
        this.checkUrl();
        return this.results.failed(["url"]) ?? (await this.afterUrl());
    }

    private checkUrl(): void {
        const findings = new Findings();
        checkIssuerUrl(this.args.url, "url", findings);
        const [error] = findings.errors;
        this.results.add(
            error === undefined
                ? { id: "url", status: "pass", message: "The address can be given to IAM." }
                : { id: "url", status: "fail", message: error.message, fix: error.fix },
        );
    }

    private async afterUrl(): Promise<CheckId | undefined> {
        const url = new URL(discoveryUrl(this.args.url));
        const host = await this.examineHost(url);
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
        this.results.add(this.thumbprint(keysHost.chain!, hostOf(new URL(jwksUri))));
        const keys = await this.fetch("keys", jwksUri);
        this.checkToken(this.readKeys(keys));
        await this.finish([discovery, keys]);
        return this.results.failed(CHECK_IDS.filter((id) => /^(?:keys|rate)-/.test(id)));
    }

    private examineHost(url: URL): Promise<HostReport> {
        return examineHost({
            url,
            route: this.route,
            contexts: this.contexts,
            hasOwnCas: this.args.certificateAuthorities !== undefined,
            seconds: this.args.requestTimeout,
            signal: this.signal,
        }).then((report) => {
            this.known.set(url.host, report.targets);
            return report;
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
        return value?.jwksUri;
    }

    /** The host of the keys; where it is another one, all of its checks are one. */
    private async checkKeysHost(issuer: URL, report: HostReport, jwksUri: URL): Promise<HostReport> {
        const id = "keys-host";
        if (jwksUri.host === issuer.host) {
            this.results.add({ id, status: "pass", message: "The keys are at the same host." });
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

    private thumbprint({ isPublic, thumbprint }: ChainReport, host: string): Outcome {
        const id = "thumbprint";
        const because = this.results.failed(["chain-order", "chain-duplicates", "chain-additional", "keys-host"]);
        const give = `\`thumbprints: ["${thumbprint}"]\`, SHA-1 of the last certificate that ${host} sends`;
        if (isPublic) {
            return { id, status: "pass", message: `None is needed. (It would be ${give}.)` };
        }
        return because === undefined
            ? { id, status: "pass", message: `The identity provider needs ${give}.` }
            : { id, ...notMade(because) };
    }

    private readKeys({ first }: Document): readonly VerificationKey[] | undefined {
        if (first.fetched?.answer.status !== 200) {
            return undefined;
        }
        this.results.add(cacheOutcome(first.fetched.answer));
        const { value, problems } = readJwks(first.fetched.answer.body);
        this.results.addRead(problems, value === undefined ? only(problems, READ_KEYS) : READ_KEYS);
        return value?.keys;
    }

    /** Fetches again what could be fetched, to see the slowest; both documents at the same time. */
    private async finish(documents: readonly Document[]): Promise<void> {
        const tries = await Promise.all(
            documents.map(({ first, inputs }) => tryAgain(first, this.args.attempts - 1, inputs)),
        );
        documents.forEach(({ inputs }, i) => this.results.add(...documentOutcomes(tries[i]!, inputs)));
        this.results.add(rateLimitOutcome(tries.flat()));
    }

    private checkToken(keys: readonly VerificationKey[] | undefined): void {
        const { token, url, audience } = this.args;
        if (token !== undefined) {
            const now = Math.floor(Date.now() / 1000);
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
