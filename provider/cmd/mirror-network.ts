import { quote } from "../contract/quote";
import { Fault, faultWords, INTERNET, targetFault, targetOf, trustedContext, type Route } from "../issuer/connection";
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
import { usageError } from "./options";
import type { NetworkOption } from "./reference/mirror";
import type { CommandReference } from "./reference/reference";
import type { Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

type NetworkValues = { readonly [K in NetworkOption]?: string | undefined };

/** The settings of requests to a server. */
interface Access {
    readonly route: Route;
    readonly seconds: number;
}

const MOST_BYTES = 1_000_000;

/** The settings of requests to the instance and the mirror. The address of the instance may be private. */
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
            const { message, fix } = targetFault(given);
            throw new UnusableInput(`--${option} ${message} ${fix}`);
        }
        return {
            route: { network: INTERNET, allowPrivate: true, trusted, ...(connectTo !== undefined && { connectTo }) },
            seconds,
        };
    };
    return { instance: by("connect-to"), mirror: by("mirror-connect-to") };
}

function casIn(path: string, terminal: Terminal): string {
    const file = { option: "--ca", path };
    const pem = new InputFiles(terminal).read(file);
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
        throw new UnusableInput(`${nameOf(file)} does not contain a certificate in PEM format.`);
    }
    return pem;
}

interface Range {
    readonly least: number;
    readonly most: number;
    readonly otherwise: number;
}

/** The value of an option that is a whole number. */
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
export function mirrorAddressOf(command: CommandReference, value: string | undefined): string {
    if (value === undefined) {
        throw usageError(
            command,
            "--mirror URL is missing: the address of the mirror, for example https://BUCKET.s3.REGION.amazonaws.com.",
        );
    }
    return addressOf(value, "--mirror");
}

/** The value of --dir. */
export function folderOf(command: CommandReference, value: string | undefined, what: string): string {
    if (value === undefined) {
        throw usageError(command, `--dir DIR is missing: ${what}.`);
    }
    return value;
}

/** The address of an instance or mirror, as in the `iss` claim of its tokens. */
export function addressOf(value: string, what: string): string {
    if (!value.includes("://") && URL.canParse(`https://${value}`)) {
        throw new UnusableInput(`${what} ${quote(value)} does not have a scheme. Write ${quote(`https://${value}`)}.`);
    }
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (
        url?.protocol !== "https:" ||
        /[?#@\s]|\/$/.test(value.slice("https://".length)) ||
        url.origin !== originIn(value)
    ) {
        throw new UnusableInput(
            `${what} ${quote(value)} is not a valid issuer. Write it as in the \`iss\` claim of tokens: https, a lowercase host, and no user, query, fragment or trailing slash.`,
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
 * Both documents of an issuer, checked. With `isExact`, `issuer` must be the URL and the JWKS is read from `jwks_uri`.
 * Otherwise `issuer` is only compared later, and the JWKS is read from its default path.
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
            throw new UnusableInput(`${url} returned status ${String(answer.status)}.`);
        }
        return answer.body;
    } catch (error) {
        if (!(error instanceof Fault)) {
            throw error;
        }
        throw new UnusableInput(`${url} cannot be read: ${faultWords(error)}.`);
    }
}

/** The document if nothing is wrong with it. A warning counts too: see `readPublicKeys`. */
function sound<T>(url: string, { value, problems }: Read<T>, ignored: readonly string[] = []): T {
    const found = problems.filter(({ id }) => !ignored.includes(id));
    if (value === undefined || found.length > 0) {
        throw new UnusableInput([`${url}:`, ...found.map(lineOf)].join("\n"));
    }
    return value;
}
