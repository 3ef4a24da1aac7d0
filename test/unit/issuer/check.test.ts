import { expect } from "chai";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { createSecureContext, type TlsOptions } from "node:tls";
import { checkIssuerOn } from "../../../provider/operations/check-issuer";
import { INTERNET } from "../../../provider/issuer/connection";
import type { CheckIssuerArgs, IssuerCheck } from "../../../provider/contract/types";
import { authority, HOST, issue, OTHER_HOST, rsa, type Issued } from "../../support/certificates";
import { StoppedClock } from "../../support/clock";
import {
    DISCOVERY,
    DISCOVERY_DOCUMENT,
    ISSUER,
    KEY,
    KEY_SET,
    KEYS,
    signingKey,
    startIssuer,
    tokenOf,
    type Behaviour,
    type Reply,
} from "../../support/issuer-server";
import { SAYS } from "../../support/wording";
import {
    CHAIN_CHECKS,
    DISCOVERY_FETCH_CHECKS,
    DISCOVERY_READ_CHECKS,
    KEYS_FETCH_CHECKS,
    KEYS_READ_CHECKS,
} from "../../support/checks";

const now = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: ISSUER, aud: "sts", sub: "x", iat: now - 10, nbf: now - 15, exp: now + 86_400 };

/** The certificates of the table, created once. */
interface Chains extends Record<string, readonly Issued[]> {
    readonly good: readonly Issued[];
}

async function makeChains(): Promise<Chains> {
    const { root, intermediate, leaf, other } = await authority();
    const names = [HOST];
    const leafBy = (options: object): Promise<Issued> => issue({ subject: HOST, by: intermediate, names, ...options });
    const weakRoot = await issue({ subject: "Weak Root" });
    const weak = await issue({ subject: "Weak Intermediate", by: weakRoot, keys: rsa(1024) });
    const expired = await issue({ subject: "Old Intermediate", by: root, from: -20, until: -1 });
    const strangers = await issue({ subject: "Strange Root" });
    const strange = await issue({ subject: "Strange Intermediate", by: strangers });
    const second = await issue({ subject: "Second Intermediate", by: intermediate });
    const long = await issue({ subject: HOST, by: second, names });
    return {
        good: [leaf, intermediate],
        root: [leaf, intermediate, root],
        swapped: [leaf, root, intermediate],
        swappedLong: [long, intermediate, second],
        long: [long, second, intermediate],
        duplicate: [leaf, intermediate, intermediate],
        duplicateLeaf: [leaf, leaf, intermediate],
        additional: [leaf, intermediate, other],
        additionalRoot: [leaf, intermediate, root, strangers],
        many: [leaf, intermediate, ...Array.from({ length: 10 }, () => other)],
        missing: [leaf],
        missingWithRoot: [leaf, root],
        missingMiddle: [long, intermediate],
        expired: [await leafBy({ from: -20, until: -1 }), intermediate],
        expiredIntermediate: [await issue({ subject: HOST, by: expired, names }), expired],
        early: [await leafBy({ from: 1 }), intermediate],
        soon: [await leafBy({ until: 29 }), intermediate],
        notSoSoon: [await leafBy({ until: 31 }), intermediate],
        wrongName: [other, intermediate],
        weakKey: [await leafBy({ keys: rsa(1024) }), intermediate],
        weakIntermediate: [await issue({ subject: HOST, by: weak, names }), weak, weakRoot],
        weakSignature: [await leafBy({ hash: "SHA-1" }), intermediate],
        selfSigned: [await issue({ subject: HOST, names })],
        strange: [await issue({ subject: HOST, by: strange, names }), strange],
        strangeRoot: [await issue({ subject: HOST, by: strange, names }), strange, strangers],
        weakRoot: [weakRoot],
        other: [other, intermediate],
        otherSwapped: [other, root, intermediate],
    };
}

/** Another CA, and its certificate for the other host. */
async function secondAuthority(): Promise<{ readonly secondRoot: Issued; readonly secondLeaf: Issued }> {
    const secondRoot = await issue({ subject: "Second Root" });
    return { secondRoot, secondLeaf: await issue({ subject: OTHER_HOST, by: secondRoot, names: [OTHER_HOST] }) };
}

/** One line of the table. */
interface Case {
    readonly title: string;
    readonly chain?: string;
    readonly behaviour?: Behaviour;
    readonly args?: Partial<CheckIssuerArgs>;
    /** Every `id: status` that is neither a pass nor what `--connect-to` leaves out. */
    readonly expected: readonly string[];
    /** Part of the message of the first of them. */
    readonly says?: string | RegExp;
}

const TLS12: TlsOptions = { maxVersion: "TLSv1.2" };
const WEAK: TlsOptions = { ciphers: "DEFAULT@SECLEVEL=0" };

/** The checks after the host's, in order. */
const DISCOVERY_CHECKS = [...DISCOVERY_FETCH_CHECKS, ...DISCOVERY_READ_CHECKS, "discovery-same"];
const KEYS_ALL = ["keys-host", "thumbprint", ...KEYS_FETCH_CHECKS, ...KEYS_READ_CHECKS, "keys-cache", "keys-same"];
const DOCUMENTS = [...DISCOVERY_CHECKS, ...KEYS_ALL, "rate-limit"];

const skipped = (...ids: readonly (readonly string[])[]): readonly string[] => ids.flat().map((id) => `${id}: skipped`);
const from = (ids: readonly string[], id: string): readonly string[] => ids.slice(ids.indexOf(id));
const after = (ids: readonly string[], id: string): readonly string[] => from(ids, id).slice(1);

/** The checks that are skipped if the host is not trusted. */
const NO_DOCUMENTS = skipped(DOCUMENTS);
/** Where the discovery document cannot be had: everything that is read from it. */
function noDiscovery(id: string, status = "fail", others: readonly string[] = []): readonly string[] {
    const rest = DOCUMENTS.filter((other) => other !== "rate-limit");
    return rest
        .filter((other) => !others.includes(other))
        .map((other) => `${other}: ${other === id ? status : "skipped"}`);
}
/** Where the JWKS cannot be had. */
function noKeys(id: string, others: readonly string[] = []): readonly string[] {
    return [...KEYS_FETCH_CHECKS, ...KEYS_READ_CHECKS, "keys-cache", "keys-same"]
        .filter((other) => !others.includes(other))
        .map((other) => `${other}: ${other === id ? "fail" : "skipped"}`);
}

const reply =
    (status: number, headers: Record<string, string> = {}, body = "{}"): Reply =>
    (_: unknown, response: ServerResponse) =>
        response.writeHead(status, headers).end(body);
const to = (location: string): Reply => reply(302, { location });
const clock = new StoppedClock();
const drip: Reply = (_: unknown, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => {
        response.write(" ");
        clock.pass(20);
    }, 1);
    response.once("close", () => clearInterval(timer));
};
const endless: Reply = (_: unknown, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" });
    const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(10_000)));
    };
    response.on("drain", more);
    more();
};
const late =
    (milliseconds: number, body: object): Reply =>
    (_: unknown, response: ServerResponse) => {
        clock.pass(milliseconds);
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    };

/** Several nodes behind a load balancer: each request gets the reply of the next one. */
const inTurn =
    (...nodes: readonly (object | string)[]): Reply =>
    (_: unknown, response: ServerResponse, count: number) => {
        const node = nodes[(count - 1) % nodes.length]!;
        response
            .writeHead(200, { "content-type": "application/json" })
            .end(typeof node === "string" ? node : JSON.stringify(node));
    };
const SECOND_KEY = signingKey("second");

const discovery = (change: object): Behaviour => ({ replies: { [DISCOVERY]: { ...DISCOVERY_DOCUMENT, ...change } } });
const keySet = (...keys: readonly object[]): Behaviour => ({ replies: { [KEYS]: { keys } } });
const KEYS_FETCHED = [...KEYS_FETCH_CHECKS, "keys-cache"];
const QUICK = { requestTimeout: 0.4, attempts: 1 };

const CHAIN_CASES: readonly Case[] = (
    [
        ["a root that is sent last", "root", []],
        ["two intermediates", "long", []],
        ["a swapped chain", "swapped", ["chain-order: fail", "thumbprint: skipped"]],
        ["swapped intermediates", "swappedLong", ["chain-order: fail", "thumbprint: skipped"]],
        ["a duplicate intermediate", "duplicate", ["chain-duplicates: fail", "thumbprint: skipped"]],
        ["a duplicate certificate of the host", "duplicateLeaf", ["chain-duplicates: fail", "thumbprint: skipped"]],
        ["an additional certificate", "additional", ["chain-additional: fail", "thumbprint: skipped"]],
        ["an additional root", "additionalRoot", ["chain-additional: fail", "thumbprint: skipped"]],
        ["a missing intermediate", "missing", ["chain-complete: fail", "trust: skipped", ...NO_DOCUMENTS]],
        [
            "a missing intermediate with the root",
            "missingWithRoot",
            ["chain-additional: skipped", "chain-complete: fail", "trust: skipped", ...NO_DOCUMENTS],
        ],
        [
            "a missing intermediate with another one",
            "missingMiddle",
            ["chain-additional: skipped", "chain-complete: fail", "trust: skipped", ...NO_DOCUMENTS],
        ],
        ["an expired certificate", "expired", ["certificate-dates: fail", "trust: skipped", ...NO_DOCUMENTS]],
        [
            "an expired intermediate",
            "expiredIntermediate",
            ["certificate-dates: fail", "trust: skipped", ...NO_DOCUMENTS],
        ],
        ["a certificate from tomorrow on", "early", ["certificate-dates: fail", "trust: skipped", ...NO_DOCUMENTS]],
        ["a certificate for 29 days", "soon", ["certificate-dates: warn"]],
        ["a certificate for 31 days", "notSoSoon", []],
        ["a certificate of another name", "wrongName", ["certificate-name: fail", ...NO_DOCUMENTS]],
        ["a certificate that is signed by itself", "selfSigned", ["trust: fail", ...NO_DOCUMENTS]],
        ["a CA that nobody knows", "strange", ["trust: fail", ...NO_DOCUMENTS]],
        ["a CA that nobody knows, root included", "strangeRoot", ["trust: fail", ...NO_DOCUMENTS]],
    ] as readonly (readonly [string, string, readonly string[]])[]
).flatMap(([title, chain, expected]) => [
    { title: `${title}, TLS 1.3`, chain, expected },
    { title: `${title}, TLS 1.2`, chain, expected, behaviour: { tls: TLS12 } },
]);

const CASES: readonly Case[] = [
    { title: "nothing", expected: [] },
    ...CHAIN_CASES,
    {
        title: "a weak key",
        chain: "weakKey",
        behaviour: { tls: WEAK },
        expected: ["chain-keys: fail", ...NO_DOCUMENTS],
        says: `The key is too weak: "${HOST}" has an RSA key of 1024 bits.`,
    },
    {
        title: "a weak key of an intermediate",
        chain: "weakIntermediate",
        behaviour: { tls: WEAK },
        expected: ["chain-keys: fail", ...NO_DOCUMENTS],
        says: 'The key is too weak: "Weak Intermediate" has an RSA key of 1024 bits.',
    },
    {
        title: "a weak signature",
        chain: "weakSignature",
        behaviour: { tls: WEAK },
        expected: ["chain-signatures: fail", ...NO_DOCUMENTS],
        says: `The signature is too weak: "${HOST}" with SHA-1.`,
    },
    {
        title: "far too many certificates",
        chain: "many",
        expected: ["chain-duplicates: fail", "chain-additional: fail", "thumbprint: skipped"],
    },
    {
        title: "TLS 1.3 only",
        behaviour: { tls: { minVersion: "TLSv1.3" } },
        expected: ["tls-version: warn"],
        says: /^TLS 1\.2 is not supported/,
    },
    {
        title: "TLS 1.1 only",
        behaviour: { tls: { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ...WEAK } },
        expected: ["tls: fail", ...skipped(["tls-version"], CHAIN_CHECKS), ...NO_DOCUMENTS],
        says: "speaks neither TLS 1.2 nor 1.3",
    },
    {
        title: "garbage instead of TLS",
        behaviour: { afterTcp: (s) => void s.write("SSH-2.0-OpenSSH_9.9\r\n") },
        expected: ["tls: fail", ...skipped(["tls-version"], CHAIN_CHECKS), ...NO_DOCUMENTS],
        says: "does not speak TLS",
    },
    {
        title: "silence instead of TLS",
        behaviour: { afterTcp: (s) => void s.once("data", () => clock.pass(400)) },
        args: QUICK,
        expected: ["tls: fail", ...skipped(["tls-version"], CHAIN_CHECKS), ...NO_DOCUMENTS],
        says: "did not end within 0.4 s",
    },
    {
        title: "a connection that is closed at once",
        behaviour: { afterTcp: (s) => void s.end() },
        expected: ["tls: fail", ...skipped(["tls-version"], CHAIN_CHECKS), ...NO_DOCUMENTS],
    },

    // The discovery document
    {
        title: "garbage instead of HTTP",
        behaviour: { afterTls: (s) => void s.end("220 ready\r\n\r\n") },
        expected: noDiscovery("discovery-fetch"),
        says: `The discovery document ${SAYS.notHttp} (HPE_`,
    },
    {
        title: "silence instead of HTTP",
        behaviour: { afterTls: (s) => void s.once("data", () => clock.pass(400)) },
        args: QUICK,
        expected: noDiscovery("discovery-time"),
        says: "The discovery document did not end within 0.4 s.",
    },
    {
        title: "a half-closed connection",
        behaviour: { afterTls: (s) => void s.end("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{") },
        expected: noDiscovery("discovery-fetch"),
        says: SAYS.endedEarly,
    },
    {
        title: "a flood of headers",
        behaviour: { afterTls: (s) => void s.write(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(10_000)}\r\n`) },
        expected: noDiscovery("discovery-fetch"),
        says: "more than 16384 bytes of headers",
    },
    {
        title: "a body without end",
        behaviour: { replies: { [DISCOVERY]: endless } },
        expected: noDiscovery("discovery-size"),
        says: "has more than 262144 bytes",
    },
    {
        title: "a body that drips",
        behaviour: { replies: { [DISCOVERY]: drip } },
        args: QUICK,
        expected: noDiscovery("discovery-time"),
    },
    {
        title: "a gzip bomb",
        behaviour: {
            replies: { [DISCOVERY]: gzipSync(Buffer.alloc(10_000_000)) },
            headers: { "content-encoding": "gzip" },
        },
        expected: noDiscovery("discovery-content-type"),
        says: 'Content-Encoding "gzip"',
    },
    {
        title: "a redirect loop",
        behaviour: { replies: { [DISCOVERY]: to("/a"), "/a": to(DISCOVERY) } },
        expected: noDiscovery("discovery-redirects"),
        says: SAYS.inCircle,
    },
    {
        title: "too many redirects",
        behaviour: { replies: { [DISCOVERY]: to("/a"), "/a": to("/b") } },
        args: { maxRedirects: 1 },
        expected: noDiscovery("discovery-redirects"),
        says: "is redirected more than once",
    },
    {
        title: "a redirect to http",
        behaviour: { replies: { [DISCOVERY]: to(`http://${HOST}/a`) } },
        expected: noDiscovery("discovery-redirects"),
        says: "which is not https",
    },
    {
        title: "a redirect to a private address",
        behaviour: { replies: { [DISCOVERY]: to("https://10.0.0.1/a") } },
        expected: noDiscovery("discovery-redirects"),
        says: "10.0.0.1 (private), which AWS cannot reach",
    },
    {
        title: "a redirect to a metadata service, IPv4 within IPv6",
        behaviour: { replies: { [DISCOVERY]: to("https://[::ffff:169.254.169.254]/a") } },
        expected: noDiscovery("discovery-redirects"),
        says: "which AWS cannot reach",
    },
    {
        title: "a redirect to another host",
        behaviour: { replies: { [DISCOVERY]: to("https://other.example.com/a") } },
        expected: noDiscovery("discovery-redirects"),
        says: "ERR_TLS_CERT_ALTNAME_INVALID",
    },
    {
        title: "a redirect to another path",
        behaviour: { replies: { [DISCOVERY]: to("/a"), "/a": DISCOVERY_DOCUMENT } },
        expected: ["discovery-redirects: warn"],
        says: "It is unconfirmed whether AWS follows redirects.",
    },
    ...[403, 404, 500, 204].map((status): Case => ({
        title: `status ${String(status)}`,
        behaviour: { replies: { [DISCOVERY]: reply(status, {}, "") } },
        expected: noDiscovery("discovery-status", "fail", ["discovery-redirects", "discovery-fetch", "discovery-time"]),
        says: `status ${String(status)}`,
    })),
    {
        title: "a rate limit",
        behaviour: { replies: { [DISCOVERY]: reply(429, { "retry-after": "60" }) } },
        expected: [
            ...noDiscovery("", "", ["discovery-redirects", "discovery-fetch", "discovery-time"]),
            "rate-limit: fail",
        ],
    },
    {
        title: "a rate limit at the third request",
        behaviour: {
            replies: {
                [KEYS]: ((_: unknown, response: ServerResponse, count: number) =>
                    count > 2
                        ? response.writeHead(429).end()
                        : response
                              .writeHead(200, { "content-type": "application/json" })
                              .end(JSON.stringify(KEY_SET))) as Reply,
            },
        },
        expected: ["keys-status: skipped", "rate-limit: fail"],
    },
    {
        title: "a rate limit that is near",
        behaviour: { headers: { "ratelimit-remaining": "3" } },
        expected: ["rate-limit: warn"],
        says: "only 3 remain",
    },
    {
        title: "another content type",
        behaviour: { headers: { "content-type": "text/html; charset=utf-8" } },
        expected: ["discovery-content-type: warn", "keys-content-type: warn"],
        says: 'as "text/html; charset=utf-8"',
    },
    {
        title: "a page to sign in at",
        behaviour: { replies: { [DISCOVERY]: reply(200, { "content-type": "text/html" }, "<html>") } },
        expected: ["discovery-content-type: warn", ...noDiscovery("discovery-json", "fail", DISCOVERY_FETCH_CHECKS)],
        says: 'as "text/html"',
    },
    ...(
        [
            ["an empty body", "", "is empty"],
            ["half a document", '{"issuer":', "is not JSON"],
            ["deep JSON", "[".repeat(100_000), "levels deep"],
            ["invalid UTF-8", Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), "is not valid UTF-8"],
            ["a byte order mark", `\uFEFF${JSON.stringify(DISCOVERY_DOCUMENT)}`, "byte order mark"],
            ["JSON that is no object", "[]", "not an object"],
        ] as const
    ).map(([title, body, says]): Case => ({
        title,
        behaviour: { replies: { [DISCOVERY]: body } },
        expected: noDiscovery("discovery-json", "fail", DISCOVERY_FETCH_CHECKS),
        says,
    })),
    {
        title: "an issuer with a slash",
        behaviour: discovery({ issuer: `${ISSUER}/` }),
        expected: ["discovery-issuer: fail"],
        says: SAYS.withSlash,
    },
    {
        title: "an issuer with commands to the terminal",
        behaviour: discovery({ issuer: "https://\u001b[2J\u202eevil" }),
        expected: ["discovery-issuer: fail"],
        says: '"https://\\u001b[2J\\u202eevil"',
    },
    {
        title: "keys over http",
        behaviour: discovery({ jwks_uri: `http://${HOST}${KEYS}` }),
        expected: ["discovery-jwks-uri: fail", ...skipped(KEYS_ALL)],
    },
    {
        title: "no keys",
        behaviour: discovery({ jwks_uri: undefined }),
        expected: ["discovery-jwks-uri: fail", ...skipped(KEYS_ALL)],
    },
    {
        title: "keys at a private address",
        behaviour: discovery({ jwks_uri: "https://192.168.0.1/keys" }),
        expected: ["keys-host: fail", ...skipped(after(KEYS_ALL, "keys-host"))],
        says: "192.168.0.1, addresses: ",
    },
    {
        title: "keys at a host that the certificate is not for",
        behaviour: discovery({ jwks_uri: `https://${OTHER_HOST}/keys` }),
        expected: ["keys-host: fail", ...skipped(after(KEYS_ALL, "keys-host"))],
        says: `${OTHER_HOST}, certificate-name: `,
    },
    {
        title: "no RS256",
        behaviour: discovery({ id_token_signing_alg_values_supported: ["ES256"] }),
        expected: ["discovery-algorithms: fail"],
    },
    {
        title: "no response types and subject types",
        behaviour: discovery({ response_types_supported: undefined, subject_types_supported: undefined }),
        expected: ["discovery-response-types: warn", "discovery-subject-types: warn"],
    },
    {
        title: "huge JSON that is allowed",
        behaviour: discovery({ further: "x".repeat(200_000) }),
        expected: [],
    },
    {
        title: "a document that is too large for the limit that was given",
        args: { maxBytes: 100 },
        expected: noDiscovery("discovery-size"),
        says: "has more than 100 bytes",
    },

    // The JWKS
    { title: "keys without end", behaviour: { replies: { [KEYS]: endless } }, expected: noKeys("keys-size") },
    {
        title: "keys that drip",
        behaviour: { replies: { [KEYS]: drip } },
        args: QUICK,
        expected: noKeys("keys-time"),
        says: "The JWKS did not end within 0.4 s.",
    },
    {
        title: "keys that are not there",
        behaviour: { replies: { [KEYS]: reply(404) } },
        expected: noKeys("keys-status", ["keys-redirects", "keys-fetch", "keys-time"]),
    },
    {
        title: "keys that fail at the second request",
        behaviour: {
            replies: {
                [KEYS]: ((_: unknown, response: ServerResponse, count: number) =>
                    count > 1
                        ? response.destroy()
                        : response
                              .writeHead(200, { "content-type": "application/json" })
                              .end(JSON.stringify(KEY_SET))) as Reply,
            },
        },
        expected: ["keys-fetch: fail"],
        says: "(attempt 2 of 2)",
    },
    {
        title: "keys that are slow",
        behaviour: { replies: { [KEYS]: late(2600, KEY_SET) } },
        args: { attempts: 1 },
        expected: ["keys-time: warn"],
        says: "Response time: 2.60 s. AWS waits at most 5 s.",
    },
    {
        title: "a JWKS that is a list",
        behaviour: { replies: { [KEYS]: "[]" } },
        expected: noKeys("keys-json", KEYS_FETCHED),
    },
    {
        title: "a second node with another key",
        behaviour: { replies: { [KEYS]: inTurn(KEY_SET, { keys: [SECOND_KEY.jwk] }) } },
        expected: ["keys-same: warn"],
        says: 'The 3 responses differ in the key "first", the key "second". If several nodes respond behind a load balancer,',
    },
    {
        title: "a second node that lacks a key",
        behaviour: { replies: { [KEYS]: inTurn(KEY_SET, { keys: [KEY.jwk, SECOND_KEY.jwk] }) } },
        expected: ["keys-same: warn"],
        says: 'The 3 responses differ in the key "second". ',
    },
    {
        title: "a second node with another key of the same `kid`",
        behaviour: { replies: { [KEYS]: inTurn(KEY_SET, { keys: [{ ...SECOND_KEY.jwk, kid: "first" }] }) } },
        expected: ["keys-same: warn"],
        says: 'The 3 responses differ in the key "first". ',
    },
    {
        title: "the same keys in another order",
        behaviour: {
            replies: {
                [KEYS]: inTurn({ keys: [KEY.jwk, SECOND_KEY.jwk] }, { keys: [SECOND_KEY.jwk, KEY.jwk] }),
            },
        },
        expected: [],
    },
    {
        title: "a second node that answers with a web page",
        behaviour: { replies: { [KEYS]: inTurn(KEY_SET, "<html>") } },
        expected: ["keys-same: warn"],
        says: 'The 3 responses differ in the key "first", the whole document. ',
    },
    {
        title: "a second node that is not asked",
        behaviour: { replies: { [KEYS]: inTurn(KEY_SET, { keys: [SECOND_KEY.jwk] }) } },
        args: { attempts: 1 },
        expected: [],
    },
    {
        title: "a second node with another address",
        behaviour: {
            replies: {
                [DISCOVERY]: inTurn(DISCOVERY_DOCUMENT, {
                    ...DISCOVERY_DOCUMENT,
                    issuer: "https://node2.example.com",
                    jwks_uri: "https://node2.example.com/oauth/discovery/keys",
                }),
            },
        },
        expected: ["discovery-same: warn"],
        says: "The 3 responses differ in `issuer`, `jwks_uri`. ",
    },
    {
        title: "the same discovery document in another order",
        behaviour: {
            replies: {
                [DISCOVERY]: inTurn(
                    DISCOVERY_DOCUMENT,
                    Object.fromEntries(Object.entries(DISCOVERY_DOCUMENT).reverse()),
                ),
            },
        },
        expected: [],
    },
    { title: "no key", behaviour: keySet(), expected: ["keys-present: fail"] },
    {
        title: "half an EC key only",
        behaviour: keySet({ kty: "EC", crv: "P-256", kid: "e", x: "AA", y: "AA" }),
        expected: ["keys-present: fail", "keys-strength: fail"],
    },
    {
        title: "a `kid` twice",
        behaviour: keySet(KEY.jwk, { ...signingKey("x").jwk, kid: "first" }),
        expected: ["keys-kid: fail"],
    },
    {
        title: "a key without `kid`",
        behaviour: keySet(KEY.jwk, { ...KEY.jwk, kid: undefined }),
        expected: ["keys-kid: fail"],
    },
    { title: "a key for encryption", behaviour: keySet({ ...KEY.jwk, use: "enc" }), expected: ["keys-use: fail"] },
    {
        title: "a key for another algorithm",
        behaviour: keySet({ ...KEY.jwk, alg: "PS256" }),
        expected: ["keys-algorithm: fail"],
    },
    {
        title: "a small key",
        behaviour: keySet(KEY.jwk, signingKey("small", 1024).jwk),
        expected: ["keys-strength: fail"],
    },
    {
        title: "a private key",
        behaviour: keySet({ ...KEY.privateKey.export({ format: "jwk" }), kid: "first" }),
        expected: ["keys-private: fail"],
    },
    {
        title: "too many keys",
        behaviour: keySet(...Array.from({ length: 101 }, (_, i) => ({ ...KEY.jwk, kid: String(i) }))),
        expected: ["keys-count: fail"],
    },
    {
        title: "keys that are kept for a week",
        behaviour: { headers: { "cache-control": "public, max-age=604800" } },
        expected: ["keys-cache: warn"],
        says: "168 hours",
    },

    // A token
    { title: "a token", args: { token: tokenOf(CLAIMS), audience: "sts" }, expected: [] },
    {
        title: "a token without an audience to compare",
        args: { token: tokenOf(CLAIMS) },
        expected: ["token-audience: skipped"],
    },
    {
        title: "a token of another issuer",
        args: { token: tokenOf({ ...CLAIMS, iss: "https://gitlab.com" }), audience: "sts" },
        expected: ["token-issuer: fail"],
    },
    {
        title: "a token for another audience",
        args: { token: tokenOf(CLAIMS), audience: ISSUER },
        expected: ["token-audience: fail"],
    },
    {
        title: "a token for two audiences",
        args: { token: tokenOf({ ...CLAIMS, aud: ["sts", "x"] }), audience: "sts" },
        expected: ["token-audience: fail"],
    },
    {
        title: "a token that expired",
        args: { token: tokenOf({ ...CLAIMS, exp: now - 60 }), audience: "sts" },
        expected: ["token-times: fail"],
    },
    {
        title: "a token of tomorrow",
        args: { token: tokenOf({ ...CLAIMS, nbf: now + 86_400 }), audience: "sts" },
        expected: ["token-times: fail"],
    },
    {
        title: "a token with a key that is not published",
        args: { token: tokenOf(CLAIMS, signingKey("second")), audience: "sts" },
        expected: ["token-key: fail", "token-signature: skipped"],
    },
    {
        title: "a forged token",
        args: { token: tokenOf(CLAIMS, signingKey("first")), audience: "sts" },
        expected: ["token-signature: fail"],
    },
    {
        title: "a token without a signature",
        args: { token: tokenOf(CLAIMS, KEY, { alg: "none" }) },
        expected: [
            "token: fail",
            ...skipped(["token-issuer", "token-audience", "token-times", "token-key", "token-signature"]),
        ],
    },
    {
        title: "a token, and no keys",
        behaviour: { replies: { [KEYS]: reply(404) } },
        args: { token: tokenOf(CLAIMS), audience: "sts" },
        expected: [
            ...noKeys("keys-status", ["keys-redirects", "keys-fetch", "keys-time"]),
            ...skipped(["token-key", "token-signature"]),
        ],
    },

    // The address
    ...(
        [
            ["http", "http://gitlab.example.com"],
            ["a slash", `${ISSUER}/`],
            ["a port", `${ISSUER}:8443`],
            ["a query", `${ISSUER}?x`],
            ["credentials", "https://u:p@gitlab.example.com"],
            ["nothing", ""],
            ["too much", `https://gitlab.example.com/${"x".repeat(300)}`],
        ] as const
    ).map(([title, url]): Case => ({
        title: `a url with ${title}`,
        args: { url },
        expected: [
            "url: fail",
            ...skipped(["dns", "addresses", "tcp", "every-address", "tls", "tls-version"], CHAIN_CHECKS, DOCUMENTS),
        ],
    })),
];

/** The checks that `--connect-to` skips. */
const NOT_LOOKED_UP = ["dns: skipped", "addresses: skipped", "every-address: skipped"];

describe("doctor", () => {
    let chains: Chains;
    let ca: string;
    beforeEach(() => clock.start());
    afterEach(() => clock.stop());
    before(async () => {
        chains = await makeChains();
        ca = (await authority()).root.pem + chains["weakRoot"]![0]!.pem;
    });

    function notPassed(checks: readonly IssuerCheck[]): readonly string[] {
        return checks.filter(({ status }) => status !== "pass").map(({ id, status }) => `${id}: ${status}`);
    }

    it("has more than 60 cases, and each title once", () => {
        const titles = CASES.map(({ title }) => title);
        expect(titles.length).to.be.greaterThan(60);
        expect(new Set(titles).size).to.equal(titles.length);
    });

    for (const { title, chain = "good", behaviour, args, expected, says } of CASES) {
        it(`finds ${title}`, async () => {
            const server = await startIssuer({ chain: chains[chain]!, ...behaviour });
            try {
                const { ok, checks } = await checkIssuerOn(INTERNET, {
                    url: ISSUER,
                    connectTo: `127.0.0.1:${String(server.port)}`,
                    certificateAuthorities: ca,
                    ...args,
                });
                const found = notPassed(checks).filter(
                    (line) => expected.includes(line) || !NOT_LOOKED_UP.includes(line),
                );
                expect(found).to.deep.equal(expected);
                expect(ok).to.equal(!expected.some((line) => line.endsWith(": fail")));
                for (const { id, status, message, fix } of checks) {
                    expect(message, id).to.match(/^[^\p{Cc}\u202a-\u202e]+$/u);
                    expect(fix !== undefined, id).to.equal(status === "fail" || status === "warn");
                }
                const [first] = checks.filter(({ status }) => status === "fail" || status === "warn");
                if (typeof says === "string") {
                    expect(first!.message).to.contain(says);
                } else if (says !== undefined) {
                    expect(first!.message).to.match(says);
                }
                if (args?.token !== undefined) {
                    for (const part of args.token.split(".")) {
                        expect(JSON.stringify(checks)).not.to.contain(part.slice(0, 12));
                    }
                }
            } finally {
                await server.close();
            }
        });
    }

    it("names the thumbprints of both hosts if the keys are on another one", async () => {
        const { root, intermediate, leaf, other } = await authority();
        const { secondLeaf, secondRoot } = await secondAuthority();
        const context = (chain: readonly Issued[]) =>
            createSecureContext({ key: chain[0]!.key, cert: chain.map(({ pem }) => pem).join("") });
        const sha1 = ({ der }: Issued): string => createHash("sha1").update(der).digest("hex");
        const thumbprintWith = async (otherChain: readonly Issued[]): Promise<string> => {
            const server = await startIssuer({
                chain: [leaf, intermediate],
                tls: {
                    SNICallback: (name, done) =>
                        done(null, context(name === OTHER_HOST ? otherChain : [leaf, intermediate])),
                },
                replies: {
                    [DISCOVERY]: { ...DISCOVERY_DOCUMENT, jwks_uri: `https://${OTHER_HOST}${KEYS}` },
                    [KEYS]: KEY_SET,
                },
            });
            try {
                const { checks } = await checkIssuerOn(INTERNET, {
                    url: ISSUER,
                    connectTo: `127.0.0.1:${String(server.port)}`,
                    certificateAuthorities: root.pem + secondRoot.pem,
                });
                return checks.find(({ id }) => id === "thumbprint")!.message;
            } finally {
                await server.close();
            }
        };
        expect(await thumbprintWith([secondLeaf, secondRoot])).to.equal(
            `The identity provider requires \`thumbprints: ["${sha1(intermediate)}", "${sha1(secondRoot)}"]\`, the SHA-1 hashes of the last certificates that ${HOST} and ${OTHER_HOST} send.`,
        );
        expect(await thumbprintWith([other, intermediate])).to.equal(
            `The identity provider requires \`thumbprints: ["${sha1(intermediate)}"]\`, the SHA-1 hashes of the last certificates that ${HOST} and ${OTHER_HOST} send.`,
        );
    });
});
