import { quote } from "../contract/quote";
import { readJsonObject } from "../contract/json-document";
import type { Problem, Read } from "./problem";

/** What AWS and this package need of a discovery document. */
export interface Discovery {
    /** The member `issuer`, where it is a text. */
    readonly issuer?: string;
    /** The member `jwks_uri`, where it is an https address. */
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

/** Where the discovery document of an issuer is. */
export function discoveryUrl(issuer: string): string {
    return `${issuer}/.well-known/openid-configuration`;
}

/**
 * Reads the text (or bytes) of a discovery document and checks what AWS asks of it. Source: AWS, "Create an OpenID
 * Connect (OIDC) identity provider in IAM"; OpenID Connect Discovery 1.0.
 */
export function readDiscovery(text: string | Uint8Array, issuer: string): Read<Discovery, DiscoveryCheck> {
    const { object, fault } = readJsonObject(text);
    if (object === undefined) {
        return {
            problems: [
                {
                    id: "discovery-json",
                    status: "fail",
                    message: `The discovery document ${fault}.`,
                    cure: `Serve GitLab's own document at ${discoveryUrl(issuer)}, unchanged.`,
                },
            ],
        };
    }
    const { issuer: named, jwks_uri: jwksUri } = object;
    return {
        value: {
            ...(typeof named === "string" && { issuer: named }),
            ...(typeof jwksUri === "string" && jwksUriFault(jwksUri) === undefined && { jwksUri }),
            document: object,
        },
        problems: [
            ...issuerProblems(named, issuer),
            ...jwksUriProblems(jwksUri),
            ...algorithmProblems(object),
            ...listProblems(object, "discovery-response-types", "response_types_supported", "code"),
            ...listProblems(object, "discovery-subject-types", "subject_types_supported", "public"),
        ],
    };
}

function issuerProblems(named: unknown, issuer: string): readonly Problem<DiscoveryCheck>[] {
    if (named === issuer) {
        return [];
    }
    const message =
        typeof named === "string"
            ? `\`issuer\` is ${quote(named)}${likeness(named, issuer)}, not ${quote(issuer)}: they are compared exactly.`
            : "The discovery document has no `issuer`.";
    return [
        {
            id: "discovery-issuer",
            status: "fail",
            message,
            cure: "Set `external_url` of GitLab (or `ci_id_tokens_issuer_url`) to the url of the identity provider, or make the identity provider for the `issuer` that the document names.",
        },
    ];
}

/** In what the two differ, where that is hard to see. */
function likeness(named: string, issuer: string): string {
    if (named === `${issuer}/`) {
        return " (with a slash at its end)";
    }
    if (named.toLowerCase() === issuer.toLowerCase()) {
        return " (with other capital letters)";
    }
    return named.replace(/^http:/, "https:") === issuer ? " (http, not https)" : "";
}

function jwksUriProblems(jwksUri: unknown): readonly Problem<DiscoveryCheck>[] {
    const fault = typeof jwksUri === "string" ? jwksUriFault(jwksUri) : "is missing";
    return fault === undefined
        ? []
        : [
              {
                  id: "discovery-jwks-uri",
                  status: "fail",
                  message: `\`jwks_uri\` ${fault}.`,
                  cure: "GitLab writes it from `external_url`: set that to the https address that the world sees.",
              },
          ];
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
function algorithmProblems(document: Readonly<Record<string, unknown>>): readonly Problem<DiscoveryCheck>[] {
    const name = "id_token_signing_alg_values_supported";
    const list = document[name];
    return Array.isArray(list) && list.includes("RS256")
        ? []
        : [
              {
                  id: "discovery-algorithms",
                  status: "fail",
                  message: `\`${name}\` ${isListOfTexts(list) ? 'does not have "RS256", which GitLab signs with' : whatInstead(list)}.`,
                  cure: `Serve GitLab's own document, in which it is ["RS256"].`,
              },
          ];
}

/** A list that AWS's page asks for. Whether AWS refuses a document without it is not confirmed, so that it is a warning. */
function listProblems(
    document: Readonly<Record<string, unknown>>,
    id: DiscoveryCheck,
    name: string,
    example: string,
): readonly Problem<DiscoveryCheck>[] {
    const list = document[name];
    return isListOfTexts(list)
        ? []
        : [
              {
                  id,
                  status: "warn",
                  message: `\`${name}\` ${whatInstead(list)}; OpenID Connect requires it.`,
                  cure: `Serve GitLab's own document, in which it is [${quote(example)}].`,
              },
          ];
}

function isListOfTexts(list: unknown): boolean {
    return Array.isArray(list) && list.length > 0 && list.every((item) => typeof item === "string");
}

function whatInstead(list: unknown): string {
    return list === undefined ? "is missing" : "is not a list of texts";
}
