import { quote } from "../contract/quote";
import { Fault, INTERNET, targetOf, trustedContext, type Route } from "../issuer/connection";
import { discoveryUrl, readDiscovery } from "../oidc/discovery";
import type { Read } from "../oidc/problem";
import { get } from "../issuer/request";
import {
    jwksUriOf,
    publishedMembers,
    readPublicKeys,
    type PublicKey,
    type PublishedMembers,
} from "../mirror/documents";
import { InputFiles, nameOf } from "./input-files";
import { lineOf } from "./mirror-files";
import { text } from "./options";
import type { Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** Options of every command that asks the instance and the mirror. */
export const NETWORK_OPTIONS = { ca: text, "connect-to": text, "mirror-connect-to": text, timeout: text } as const;

type NetworkValues = { readonly [K in keyof typeof NETWORK_OPTIONS]?: string | undefined };

/** How a server is asked. */
interface Access {
    readonly route: Route;
    readonly seconds: number;
}

const MOST_BYTES = 1_000_000;

/** How the two are asked: the instance's address may be private, which is why there is a mirror. */
export function accessOf(
    values: NetworkValues,
    terminal: Terminal,
): { readonly instance: Access; readonly mirror: Access } {
    const trusted = trustedContext(values.ca === undefined ? undefined : casIn(values.ca, terminal));
    const seconds = wholeNumber("--timeout", values.timeout, { least: 1, most: 300, otherwise: 10 });
    const by = (option: "connect-to" | "mirror-connect-to"): Access => {
        const given = values[option];
        const connectTo = targetOf(given);
        if (given !== undefined && connectTo === undefined) {
            throw new UnusableInput(`--${option} ${quote(given)} is not HOST:PORT.`);
        }
        return {
            route: { network: INTERNET, allowPrivate: true, trusted, ...(connectTo !== undefined && { connectTo }) },
            seconds,
        };
    };
    return { instance: by("connect-to"), mirror: by("mirror-connect-to") };
}

function casIn(path: string, terminal: Terminal): string {
    const pem = new InputFiles(terminal).read("--ca", path);
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
        throw new UnusableInput(`${nameOf("--ca", path)} has no certificate in PEM.`);
    }
    return pem;
}

interface Range {
    readonly least: number;
    readonly most: number;
    readonly otherwise: number;
}

/** The whole number that an option has. */
export function wholeNumber(option: string, value: string | undefined, { least, most, otherwise }: Range): number {
    if (value === undefined) {
        return otherwise;
    }
    if (!/^\d{1,9}$/.test(value) || Number(value) < least || Number(value) > most) {
        throw new UnusableInput(
            `${option} ${quote(value)} is not a whole number from ${String(least)} to ${String(most)}.`,
        );
    }
    return Number(value);
}

/** The value of --mirror. */
export function mirrorAddressOf(value: string | undefined): string {
    if (value === undefined) {
        throw new UnusableInput(
            "--mirror MIRROR_URL is missing: the address of the mirror, for example https://BUCKET.s3.REGION.amazonaws.com.",
        );
    }
    return addressOf(value, "--mirror");
}

/** The address of an instance or mirror, as the `iss` of its tokens has it. */
export function addressOf(value: string, what: string): string {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (
        url?.protocol !== "https:" ||
        /[?#@\s]|\/$/.test(value.slice("https://".length)) ||
        url.origin !== originIn(value)
    ) {
        throw new UnusableInput(
            `${what} ${quote(value)} is not an address as in the \`iss\` of tokens: https, a host in lower case, no user, query, fragment or slash at the end.`,
        );
    }
    return value;
}

function originIn(value: string): string {
    return value.split("/").slice(0, 3).join("/");
}

interface Documents {
    readonly members: PublishedMembers;
    readonly issuer: unknown;
    readonly jwksUri: unknown;
    readonly keys: readonly PublicKey[];
}

/**
 * Both documents of an issuer, checked. `isExact` asks for its own `issuer` and the keys from where it says; otherwise
 * they are read from their usual places, for a comparison.
 */
export async function readDocuments(url: string, access: Access, isExact: boolean): Promise<Documents> {
    const at = discoveryUrl(url);
    const replaced = isExact ? [] : ["discovery-issuer", "discovery-jwks-uri"];
    const discovery = sound(at, readDiscovery(await body(at, access), url), replaced);
    const { issuer, jwks_uri: jwksUri } = discovery.document;
    const keysAt = isExact ? String(jwksUri) : jwksUriOf(url);
    const keys = sound(keysAt, readPublicKeys(await body(keysAt, access)));
    return { members: publishedMembers(discovery), issuer, jwksUri, keys };
}

async function body(url: string, { route, seconds }: Access): Promise<Buffer> {
    try {
        const answer = await get(url, route, { seconds, maxBytes: MOST_BYTES });
        if (answer.status !== 200) {
            throw new UnusableInput(`${url} answered with status ${String(answer.status)}.`);
        }
        return answer.body;
    } catch (error) {
        if (!(error instanceof Fault)) {
            throw error;
        }
        // These name the host themselves.
        const it = error.kind === "dns" || error.kind === "private" ? "" : "it ";
        throw new UnusableInput(`${url} cannot be read: ${it}${error.message}.`);
    }
}

/** What was read, if nothing is wrong with it, be it only a warning: see `readPublicKeys`. */
function sound<T>(url: string, { value, problems }: Read<T>, ignored: readonly string[] = []): T {
    const found = problems.filter(({ id }) => !ignored.includes(id));
    if (value === undefined || found.length > 0) {
        throw new UnusableInput([`${url}:`, ...found.map(lineOf)].join("\n"));
    }
    return value;
}
