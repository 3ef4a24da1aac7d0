import { isIP } from "node:net";
import { performance } from "node:perf_hooks";
import { capitalized } from "../contract/quote";
import { CHAIN_CHECKS, examineChain, type ChainReport } from "./chain";
import type { CheckId } from "./checks";
import {
    Fault,
    hostOf,
    openTcp,
    portOf,
    privateFault,
    resolve,
    timeLimit,
    type Route,
    type Target,
} from "./connection";
import { shakeHands, type Contexts, type Handshake } from "./handshake";
import { notMade, type Outcome } from "./results";

/** Everything that the checks of a host depend on. */
export interface HostInputs {
    readonly url: URL;
    readonly route: Route;
    readonly contexts: Contexts;
    readonly hasOwnCas: boolean;
    /** Seconds for each step. */
    readonly seconds: number;
    readonly signal: AbortSignal;
    /** Called with the results of each step when it ends. */
    readonly report?: (outcomes: readonly Outcome[]) => void;
}

/** The results of the checks from `dns` to `trust` for a host. */
export interface HostReport {
    readonly outcomes: readonly Outcome[];
    /** The first failed check without which nothing from the host can be trusted. */
    readonly failed?: CheckId;
    /** The addresses of the host that accept connections. */
    readonly targets: readonly Target[];
    readonly chain?: ChainReport;
}

const CHECKS_OF_HOST = [
    "dns",
    "addresses",
    "tcp",
    "every-address",
    "tls",
    "tls-version",
    ...CHAIN_CHECKS,
] as const satisfies readonly CheckId[];

/** Checks without which nothing from the host can be fetched or trusted. */
const NEEDED: readonly CheckId[] = [
    "dns",
    "addresses",
    "tcp",
    "tls",
    "certificate-name",
    "certificate-dates",
    "chain-complete",
    "chain-keys",
    "chain-signatures",
    "trust",
];

/** Name, addresses, connections, TLS and certificates of a host. */
export async function examineHost(inputs: HostInputs): Promise<HostReport> {
    const report = inputs.report ?? (() => undefined);
    const found = await examineName(inputs);
    report(found.outcomes);
    const tcp = found.targets.length === 0 ? undefined : await examineTargets(found.targets, inputs);
    report(tcp?.outcomes ?? []);
    const answering = tcp?.answering ?? [];
    const tls = answering[0] === undefined ? undefined : await examineTls(answering[0], inputs);
    report(tls?.outcomes ?? []);
    const outcomes = [...found.outcomes, ...(tcp?.outcomes ?? []), ...(tls?.outcomes ?? [])];
    const failed = NEEDED.find((id) => outcomes.some((o) => o.id === id && o.status === "fail"));
    const known = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
    return {
        outcomes: CHECKS_OF_HOST.map((id) => known.get(id) ?? { id, ...notMade(failed) }),
        ...(failed !== undefined && { failed }),
        targets: answering,
        ...(tls?.chain !== undefined && { chain: tls.chain }),
    };
}

/** Of checks of addresses that are not used. */
function instead(connectTo: Target): string {
    return `Skipped: connecting to ${placeOf(connectTo)} instead of the address in DNS.`;
}

interface Found {
    readonly outcomes: readonly Outcome[];
    /** Empty if connecting is not possible or not allowed. */
    readonly targets: readonly Target[];
}

async function examineName({ url, route, seconds, signal }: HostInputs): Promise<Found> {
    const host = hostOf(url);
    const port = portOf(url);
    const { connectTo } = route;
    if (connectTo !== undefined && isIP(host) === 0) {
        const message = instead(connectTo);
        return {
            outcomes: (["dns", "addresses"] as const).map((id) => ({ id, status: "skipped", message })),
            targets: [connectTo],
        };
    }
    const limit = timeLimit(seconds, signal);
    try {
        const started = performance.now();
        const addresses = isIP(host) === 0 ? await resolve(host, route.network, limit.signal) : [host];
        const dns: Outcome = {
            id: "dns",
            status: "pass",
            message:
                isIP(host) === 0
                    ? `Found ${counted(addresses.length, "address")} in ${secondsText((performance.now() - started) / 1000)}.`
                    : "The host is an IP address.",
        };
        const judged = judge(addresses, host, route);
        return {
            outcomes: [dns, judged],
            targets:
                judged.status === "fail"
                    ? []
                    : connectTo === undefined
                      ? addresses.map((address) => ({ address, port }))
                      : [connectTo],
        };
    } catch (error) {
        const { message } = faultOf(error);
        return {
            outcomes: [
                {
                    id: "dns",
                    status: "fail",
                    message: `${capitalized(message)}.`,
                    fix: "Check the spelling of the host, or create a public DNS record for it. If the instance must stay private, publish its documents with IssuerMirror.",
                },
            ],
            targets: [],
        };
    } finally {
        limit.stop();
    }
}

function judge(addresses: readonly string[], host: string, { allowPrivate }: Route): Outcome {
    const id = "addresses";
    if (allowPrivate) {
        return {
            id,
            status: "skipped",
            message: `Skipped: private addresses are allowed. Addresses: ${addresses.join(", ")}.`,
        };
    }
    const fault = privateFault(addresses, host);
    return fault === undefined
        ? { id, status: "pass", message: `Public: ${addresses.join(", ")}.` }
        : {
              id,
              status: "fail",
              message: `${fault}.`,
              fix: "Use public addresses only. If the instance must stay private, publish its documents with IssuerMirror (`ci_id_tokens_issuer_url`, GitLab 18.1).",
          };
}

/** More than any host has. */
const MOST_TARGETS = 8;

async function examineTargets(
    targets: readonly Target[],
    { route, seconds, signal }: HostInputs,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly answering: readonly Target[] }> {
    const limit = timeLimit(seconds, signal);
    const tried = await Promise.all(
        targets.slice(0, MOST_TARGETS).map(async (target) => {
            try {
                (await openTcp(target, route, limit.signal)).destroy();
                return { target };
            } catch (error) {
                return { target, fault: faultOf(error) };
            }
        }),
    );
    limit.stop();
    const answering = tried.filter(({ fault }) => fault === undefined).map(({ target }) => target);
    const faults = tried.flatMap(({ target, fault }) => (fault === undefined ? [] : [{ target, fault }]));
    if (answering.length === 0) {
        const message = faults.map(({ target, fault }) => reached(target, fault)).join("; ");
        const fix =
            "Allow connections to port 443 from the whole internet. STS has no fixed addresses for a firewall rule.";
        return { outcomes: [{ id: "tcp", status: "fail", message: `${capitalized(message)}.`, fix }], answering };
    }
    const tcp: Outcome = {
        id: "tcp",
        status: "pass",
        message: `${placeOf(answering[0]!)} accepts connections.`,
    };
    return { outcomes: [tcp, everyAddress(targets, answering, faults, route)], answering };
}

function reached(target: Target, fault: Fault): string {
    return fault.kind === "time" ? `${placeOf(target)} ${fault.message}` : fault.message;
}

/** Errors of the system on a machine without IPv6. */
const NO_ROUTE = ["ENETUNREACH", "EADDRNOTAVAIL", "EHOSTUNREACH", "EAFNOSUPPORT"];

function everyAddress(
    targets: readonly Target[],
    answering: readonly Target[],
    faults: readonly { readonly target: Target; readonly fault: Fault }[],
    { connectTo }: Route,
): Outcome {
    const id = "every-address";
    if (connectTo !== undefined) {
        return { id, status: "skipped", message: instead(connectTo) };
    }
    const is6 = ({ address }: Target): boolean => isIP(address) === 6;
    const here = faults.filter(({ target, fault }) => is6(target) && NO_ROUTE.includes(fault.code ?? ""));
    const silent = faults.filter((f) => !here.includes(f));
    if (silent.length > 0) {
        const message = silent.map(({ target, fault }) => reached(target, fault)).join("; ");
        return {
            id,
            status: "warn",
            message: `${capitalized(message)}. AWS may use this address.`,
            fix: "Remove the address from DNS, or open it for connections.",
        };
    }
    if (targets.every(is6)) {
        return {
            id,
            status: "warn",
            message: "The host has IPv6 addresses only. It is unconfirmed whether AWS connects over IPv6.",
            fix: "Add an IPv4 address.",
        };
    }
    const note = here.length > 0 ? " This machine has no IPv6, so the IPv6 addresses were not checked." : "";
    return {
        id,
        status: "pass",
        message: `Every checked address accepts connections: ${answering.map(placeOf).join(", ")}.${note}`,
    };
}

async function examineTls(
    target: Target,
    inputs: HostInputs,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly chain?: ChainReport }> {
    const { contexts, url, hasOwnCas } = inputs;
    const host = hostOf(url);
    const [handshake, only12] = await Promise.all([
        attempt(target, inputs, contexts.any),
        attempt(target, inputs, contexts.only12),
    ]);
    if (handshake instanceof Fault) {
        return {
            outcomes: [
                {
                    id: "tls",
                    status: "fail",
                    message: `${capitalized(`${placeOf(target)} ${handshake.message}`)}.`,
                    fix: "Serve HTTPS on port 443 with TLS 1.2 or 1.3, to clients that send SNI and no client certificate.",
                },
            ],
        };
    }
    const { certificates, untrusted, version } = handshake;
    const chain = examineChain({
        certificates,
        host,
        ...(untrusted !== undefined && { untrusted }),
        hasOwnCas,
        now: new Date(),
    });
    const sni = isIP(host) === 0 ? `, SNI ${host}` : "";
    return {
        outcomes: [
            { id: "tls", status: "pass", message: `${version.replace("v", " ")}${sni}.` },
            versionOutcome(version, only12),
            ...chain.outcomes,
        ],
        chain,
    };
}

function versionOutcome(version: string, only12: Handshake | Fault): Outcome {
    const id = "tls-version";
    return version === "TLSv1.3" && only12 instanceof Fault
        ? {
              id,
              status: "warn",
              message: `TLS 1.2 is not supported (${only12.message}). If a server requires TLS 1.3, AWS uses the thumbprint of the identity provider.`,
              fix: "Allow TLS 1.2 as well as 1.3, or set the thumbprint of the identity provider.",
          }
        : {
              id,
              status: "pass",
              message: version === "TLSv1.3" ? "TLS 1.2 is supported too." : "TLS 1.2 is supported.",
          };
}

async function attempt(
    target: Target,
    { url, route, seconds, signal }: HostInputs,
    context: Contexts["any"],
): Promise<Handshake | Fault> {
    const limit = timeLimit(seconds, signal);
    try {
        const socket = await openTcp(target, route, limit.signal);
        return await shakeHands(socket, hostOf(url), context, limit.signal);
    } catch (error) {
        return faultOf(error);
    } finally {
        limit.stop();
    }
}

/** The error as a fault. Any other error is a bug and is thrown. */
export function faultOf(error: unknown): Fault {
    if (error instanceof Fault) {
        return error;
    }
    throw error;
}

function placeOf({ address, port }: Target): string {
    return `${address.includes(":") ? `[${address}]` : address}:${String(port)}`;
}

function counted(count: number, what: string): string {
    return `${String(count)} ${what}${count === 1 ? "" : "es"}`;
}

export function secondsText(seconds: number): string {
    return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}
