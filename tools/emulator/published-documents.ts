import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { JSONWebKeySet } from "jose";
import type { Emulator } from "./emulator";
import type { KeySource } from "./web-identity";

export interface Published {
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: string;
}

/**
 * What anybody gets at an https address of S3 or CloudFront, from the emulator: by the name in the address, without
 * credentials, as over TLS (or without it). The emulator evaluates the bucket policy and the block of public access.
 */
export async function publicGet(
    emulator: Pick<Emulator, "endpoint">,
    url: string,
    { tls = true }: { tls?: boolean } = {},
): Promise<Published> {
    const { host, pathname } = new URL(url);
    const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
        const headers = { host, ...(tls && { "x-forwarded-proto": "https" }) };
        request(new URL(pathname, emulator.endpoint), { headers, agent: false }, resolve).once("error", reject).end();
    });
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

/** The keys of an issuer whose documents lie in the emulator, found as AWS finds them: by the discovery document. */
export function publishedIssuer(emulator: Pick<Emulator, "endpoint">, url: string): KeySource {
    const read = async (address: string): Promise<unknown> => {
        const { status, body } = await publicGet(emulator, address);
        if (status !== 200) {
            throw new Error(`${address}: status ${String(status)}`);
        }
        return JSON.parse(body);
    };
    return {
        url,
        jwks: async () => {
            const { issuer, jwks_uri } = (await read(`${url}/.well-known/openid-configuration`)) as {
                issuer: string;
                jwks_uri: string;
            };
            if (issuer !== url) {
                throw new Error(`the discovery document at ${url} is that of ${issuer}`);
            }
            return (await read(jwks_uri)) as JSONWebKeySet;
        },
    };
}
