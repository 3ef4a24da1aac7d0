import { findingOf } from "../contract/findings";
import type { Finding } from "../contract/types";
import { quote } from "../contract/quote";

/** Url of GitLab.com, which every `url` is by default. */
export const GITLAB_COM = "https://gitlab.com";

/** The url without its scheme: the prefix of the condition keys, and the end of the provider's ARN. */
export function issuerOf(url: string): string {
    return url.startsWith("https://") ? url.slice("https://".length) : url;
}

/** Most characters of a url in IAM. */
const LONGEST = 255;

/** IAM would read them as a wildcard or the beginning of a variable. */
const NEVER_IN_AN_ADDRESS = /[*$]/;

/** Words for the issuer of a URL in findings. */
interface IssuerWords {
    readonly what: string;
    readonly owner: string;
    readonly address: string;
    readonly example: string;
    /** The fix for a text that is no URL. */
    readonly write: string;
}

const INSTANCE: IssuerWords = {
    what: "the address of a GitLab instance",
    owner: "instance",
    address: "an instance's address",
    example: "https://gitlab.example.com",
    write: `Write the address of your instance with its scheme, such as "https://gitlab.example.com", or "${GITLAB_COM}".`,
};

const ANY_ISSUER: IssuerWords = {
    what: "the URL of an OIDC issuer",
    owner: "issuer",
    address: "an issuer's URL",
    example: "https://token.actions.githubusercontent.com",
    write: 'Write the `iss` claim of its tokens, such as "https://token.actions.githubusercontent.com".',
};

/** Findings about everything in the url of a GitLab instance that IAM rejects, or that no token would match. */
export function issuerUrlFindings(url: string, path: string): readonly Finding[] {
    return urlFindings(url, path, INSTANCE);
}

/** The same for an issuer that need not be a GitLab instance. Its `iss` can end with a slash, as Auth0's does, and IAM then has the slash in its condition keys. */
export function anyIssuerUrlFindings(url: string, path: string): readonly Finding[] {
    return urlFindings(url, path, ANY_ISSUER);
}

function urlFindings(url: string, path: string, words: IssuerWords): readonly Finding[] {
    const faults: string[] = [];
    const parsed = parse(url);
    const isInstance = words === INSTANCE;
    const slash = !isInstance && url.endsWith("/") ? "/" : "";
    if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
        const meant = meantUrl(url);
        return [
            findingOf(
                "issuer-url",
                path,
                `${quote(url)} is not ${words.what}.`,
                meant === undefined ? words.write : `Write it with its scheme: "${meant}${slash}".`,
            ),
        ];
    }
    const clean = cleanUrl(parsed) + slash;
    const example = NEVER_IN_AN_ADDRESS.test(clean) || clean.length > LONGEST ? words.example : clean;
    const exactly = `Write "${example}", exactly as in the \`iss\` claim of the ${words.owner}'s ID tokens.`;
    // GitLab copies scheme and port of its own address to `iss`: without them, the URL would match no token.
    const isInIss =
        isInstance &&
        parsed.hostname !== new URL(GITLAB_COM).hostname &&
        (parsed.protocol === "http:" || parsed.port !== "");
    const fix = isInIss ? otherIssuerFix(example) : exactly;
    if (parsed.protocol !== "https:") {
        faults.push(`is not https: AWS fetches the ${words.owner}'s keys over TLS only`);
    }
    if (parsed.username !== "" || parsed.password !== "") {
        faults.push("has credentials, which would be visible in every trust policy");
    }
    if (/^[a-z]+:\/\/[^/?#]*:\d*(?:[/?#]|$)/i.test(url)) {
        faults.push("has a port, which IAM does not allow");
    }
    if (url.includes("?")) {
        faults.push("has a query, which IAM does not allow");
    }
    if (url.includes("#")) {
        faults.push("has a fragment, which IAM does not allow");
    }
    if (isInstance && /\/(?:[?#]|$)/.test(url)) {
        faults.push("ends with a slash: GitLab's `iss` has none, so no token would match");
    }
    const origin = url.split(/(?<![:/])[/?#]/, 1)[0]!;
    if (origin !== origin.toLowerCase()) {
        faults.push("has capital letters in its host: the `iss` claim is compared exactly and has none");
    }
    if (url.length > LONGEST) {
        faults.push(`has ${String(url.length)} characters, more than the ${String(LONGEST)} that IAM accepts`);
    }
    if (!/^[!-~]*$/.test(url)) {
        faults.push("has white space or characters outside ASCII: write an international name in its `xn--` form");
    }
    if (NEVER_IN_AN_ADDRESS.test(url)) {
        faults.push(`has \`*\` or \`$\`, which ${words.address} cannot contain`);
    } else if (faults.length === 0 && url !== clean) {
        faults.push("is another way of writing the address: the `iss` claim is compared exactly");
    }
    return faults.length === 0 ? [] : [findingOf("issuer-url", path, `${quote(url)} ${faults.join("; it ")}.`, fix)];
}

/** The fix for an address that IAM rejects, but that the instance has in its tokens. */
function otherIssuerFix(example: string): string {
    return `If the \`iss\` claim of the instance's ID tokens is "${example}", write that. Otherwise GitLab's \`external_url\` has this address, and no URL that IAM accepts would match. Then set \`external_url\` to "${example}", or set \`ci_id_tokens_issuer_url\` (GitLab 18.1) to a public https URL without a port and write that URL here. \`IssuerMirror\` creates one.`;
}

function parse(url: string): URL | undefined {
    try {
        return new URL(url);
    } catch {
        return undefined;
    }
}

/** The address of the instance that a text names: a host without its scheme, or the address of a repository for SSH. */
function meantUrl(text: string): string | undefined {
    const [, scheme, rest] = /^(?:(\w{0,9}):?\/+)?(.*)$/is.exec(text.trim())!;
    const isRepository = scheme?.toLowerCase() === "ssh" || /^[^/@]+@[^/:]+:(?!\d+(?:\/|$))/.test(rest!);
    const meant = parse(`https://${isRepository ? /^(?:[^/@]*@)?([^/:]*)/.exec(rest!)![1]! : rest!}`);
    const clean = meant?.hostname.includes(".") === true ? cleanUrl(meant) : undefined;
    return clean === undefined || NEVER_IN_AN_ADDRESS.test(clean) || clean.length > LONGEST ? undefined : clean;
}

function cleanUrl(parsed: URL): string {
    return `https://${parsed.hostname}${parsed.pathname.replace(/(?<!\/)\/+$/, "")}`;
}
