import { quote } from "../contract/quote";
import { readObject, type Source } from "./json";
import { failure, warning, type Problem, type Read } from "./problem";

/** The parts of a discovery document that AWS and this package need. */
export interface Discovery {
    /** The member `issuer`, if it is a string. */
    readonly issuer?: string;
    /** The member `jwks_uri`, if it is an https address. */
    readonly jwksUri?: string;
    /** The document as it is. */
    readonly document: Readonly<Record<string, unknown>>;
}

/** Ids of the checks of the discovery document's content. */
export type DiscoveryCheck =
    | "discovery-json"
    | "discovery-issuer"
    | "discovery-jwks-uri"
    | "discovery-algorithms"
    | "discovery-response-types"
    | "discovery-subject-types";

type DiscoveryProblem = Problem<DiscoveryCheck>;

/** Where the discovery document of an issuer is. */
export function discoveryUrl(issuer: string): string {
    return `${issuer}/.well-known/openid-configuration`;
}

/**
 * Reads a discovery document and checks what AWS requires of it. Source: AWS, "Create an OpenID Connect (OIDC) identity
 * provider in IAM"; OpenID Connect Discovery 1.0.
 *
 * @param source The document as text, as bytes or as the object that was parsed from it.
 * @param issuer The exact value that its `issuer` must have. If left out, any string is valid.
 */
export function readDiscovery(source: Source, issuer?: string): Read<Discovery, DiscoveryCheck> {
    const { object, fault } = readObject(source);
    if (object === undefined) {
        return { problems: [failure("discovery-json", "", `The discovery document ${fault}.`, UNCHANGED)] };
    }
    const { issuer: named, jwks_uri: jwksUri } = object;
    return {
        value: {
            ...(typeof named === "string" && { issuer: named }),
            ...(typeof jwksUri === "string" && jwksUriFault(jwksUri) === undefined && { jwksUri }),
            document: object,
        },
        problems: [
            ...claimsProblems(object["claims_supported"]),
            ...issuerProblems(named, issuer),
            ...jwksUriProblems(jwksUri),
            ...algorithmProblems(object),
            ...listProblems(object, "discovery-response-types", "response_types_supported", "code"),
            ...listProblems(object, "discovery-subject-types", "subject_types_supported", "public"),
        ],
    };
}

const UNCHANGED = "Publish GitLab's own document (its path is /.well-known/openid-configuration) unchanged.";

/** The list may be left out. */
function claimsProblems(list: unknown): readonly DiscoveryProblem[] {
    const message = "`claims_supported` is not an array of strings.";
    return list === undefined || (Array.isArray(list) && list.every((item) => typeof item === "string"))
        ? []
        : [warning("discovery-json", "claims_supported", message, UNCHANGED)];
}

function issuerProblems(named: unknown, issuer: string | undefined): readonly DiscoveryProblem[] {
    if (typeof named !== "string") {
        return [failure("discovery-issuer", "issuer", "The discovery document has no `issuer`.", UNCHANGED)];
    }
    return issuer === undefined || named === issuer
        ? []
        : [
              failure(
                  "discovery-issuer",
                  "issuer",
                  `\`issuer\` is ${quote(named)}${likeness(named, issuer)}, not ${quote(issuer)}. AWS compares them exactly.`,
                  "Set `external_url` of GitLab (or `ci_id_tokens_issuer_url`) to the URL of the identity provider. Or create the identity provider for the `issuer` in the document.",
              ),
          ];
}

/** How the two differ, if that is hard to see. */
function likeness(named: string, issuer: string): string {
    if (named === `${issuer}/`) {
        return " (with a trailing slash)";
    }
    if (named.toLowerCase() === issuer.toLowerCase()) {
        return " (with different case)";
    }
    return named.replace(/^http:/, "https:") === issuer ? " (http, not https)" : "";
}

function jwksUriProblems(jwksUri: unknown): readonly DiscoveryProblem[] {
    const fault = typeof jwksUri === "string" ? jwksUriFault(jwksUri) : "is missing";
    const fix = "GitLab derives it from `external_url`: set that to the public https address.";
    return fault === undefined ? [] : [failure("discovery-jwks-uri", "jwks_uri", `\`jwks_uri\` ${fault}.`, fix)];
}

function jwksUriFault(jwksUri: string): string | undefined {
    const url = URL.canParse(jwksUri) ? new URL(jwksUri) : undefined;
    if (url === undefined) {
        return `is ${quote(jwksUri)}, which is not an address`;
    }
    if (url.protocol !== "https:") {
        return `is ${quote(jwksUri)}, which is not https`;
    }
    return url.username !== "" || url.password !== "" ? "has credentials" : undefined;
}

/** GitLab signs with RS256. */
function algorithmProblems(document: Readonly<Record<string, unknown>>): readonly DiscoveryProblem[] {
    const name = "id_token_signing_alg_values_supported";
    const list = document[name];
    if (!isListOfStrings(list)) {
        return [failure("discovery-algorithms", name, `\`${name}\` ${whatInstead(list)}.`, itIs("RS256"))];
    }
    const message = `\`${name}\` does not have "RS256", which GitLab signs with.`;
    return list.includes("RS256") ? [] : [failure("discovery-algorithms", name, message, itIs("RS256"))];
}

/** A list that AWS's documentation requires. It is a warning because it is not confirmed that AWS rejects a document without it. */
function listProblems(
    document: Readonly<Record<string, unknown>>,
    id: DiscoveryCheck,
    name: string,
    example: string,
): readonly DiscoveryProblem[] {
    const list = document[name];
    const message = `\`${name}\` ${whatInstead(list)}; OpenID Connect requires it.`;
    return isListOfStrings(list) ? [] : [warning(id, name, message, itIs(example))];
}

function itIs(example: string): string {
    return `${UNCHANGED} GitLab's value is [${quote(example)}].`;
}

function isListOfStrings(list: unknown): list is readonly string[] {
    return Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === "string");
}

function whatInstead(list: unknown): string {
    return list === undefined ? "is missing" : "is not an array of strings";
}
