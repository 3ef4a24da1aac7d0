import { expect } from "chai";
import { gzipSync } from "node:zlib";
import type { ServerResponse } from "node:http";
import { Fault, INTERNET, trustedContext, type Route } from "../../../provider/issuer/connection";
import { fetchDocument, get, type Answer } from "../../../provider/issuer/request";
import { authority, HOST, issue } from "../../support/certificates";
import { StoppedClock } from "../../support/clock";
import { ISSUER, startIssuer, type Behaviour, type IssuerServer, type Reply } from "../../support/issuer-server";
import { SAYS } from "../../support/wording";

const LIMITS = { seconds: 0.6, maxBytes: 1000, maxRedirects: 3 };

describe("issuer: one request", () => {
    let server: IssuerServer | undefined;
    const clock = new StoppedClock();
    beforeEach(() => clock.start());
    afterEach(async () => {
        clock.stop();
        await server?.close();
    });

    async function routeTo(behaviour: Behaviour): Promise<Route> {
        server = await startIssuer(behaviour);
        return {
            network: INTERNET,
            connectTo: { address: "127.0.0.1", port: server.port },
            allowPrivate: false,
            trusted: trustedContext((await authority()).root.pem),
        };
    }

    async function outcome(behaviour: Behaviour, url = `${ISSUER}/x`): Promise<string> {
        const route = await routeTo(behaviour);
        try {
            const { answer, redirects } = await fetchDocument(url, route, LIMITS);
            return [`${String(answer.status)} ${answer.body.toString()}`, ...redirects].join(" ");
        } catch (error) {
            expect(error).to.be.instanceOf(Fault);
            const { kind, message } = error as Fault;
            return `${kind}: ${message}`;
        }
    }

    const to =
        (location: string): Reply =>
        (_, response: ServerResponse) =>
            response.writeHead(302, { location }).end("not read");

    it("gives the answer, its headers and its time", async () => {
        const slow: Reply = (_, response: ServerResponse) => {
            clock.pass(250);
            response.writeHead(200, { "cache-control": "no-store" }).end('{"a":"ü"}');
        };
        const route = await routeTo({ replies: { "/x?y": slow } });
        const answer: Answer = await get(`${ISSUER}/x?y`, route, LIMITS);
        expect({ ...answer, body: answer.body.toString() }).to.deep.include({
            url: `${ISSUER}/x?y`,
            status: 200,
            body: '{"a":"ü"}',
            seconds: 0.25,
        });
        expect(answer.headers).to.include({ "cache-control": "no-store", connection: "close" });
    });

    it("asks as AWS would: for the name, for JSON, not compressed", async () => {
        let asked: Readonly<Record<string, unknown>> = {};
        await outcome({
            replies: {
                "/x": (request, response) => {
                    asked = { ...request.headers, sni: (request.socket as never as { servername: string }).servername };
                    response.end("{}");
                },
            },
        });
        expect(asked).to.include({
            host: HOST,
            sni: HOST,
            accept: "application/json",
            "accept-encoding": "identity",
            connection: "close",
        });
        expect(asked["user-agent"]).to.match(/^aws-gitlab-oidc\/\d/);
    });

    const endless: Reply = (_, response: ServerResponse) => {
        const more = (): void => {
            while (!response.destroyed && response.write("x".repeat(300)));
        };
        response.on("drain", more);
        more();
    };
    const drip: Reply = (_, response: ServerResponse) => {
        const timer = setInterval(() => {
            response.write(" ");
            clock.pass(20);
        }, 1);
        response.once("close", () => clearInterval(timer));
    };
    for (const [title, behaviour, expected] of [
        ["a status is reported", { replies: { "/x": (_, r: ServerResponse) => r.writeHead(503).end("no") } }, "503 "],
        ["the longest body that is allowed", { replies: { "/x": "x".repeat(1000) } }, `200 ${"x".repeat(1000)}`],
        ["one byte more", { replies: { "/x": "x".repeat(1001) } }, "size: has more than 1000 bytes"],
        ["a body without end", { replies: { "/x": endless } }, "size: has more than 1000 bytes"],
        ["a body that drips", { replies: { "/x": drip } }, "time: did not end within 0.6 s"],
        ["no answer", { replies: { "/x": () => clock.pass(600) } }, "time: did not end within 0.6 s"],
        [
            "no handshake",
            { afterTcp: (s) => void s.once("data", () => clock.pass(600)) },
            "time: did not end within 0.6 s",
        ],
        [
            "no TLS",
            { afterTcp: (s) => void s.write("SSH-2.0-x\r\n") },
            "tls: does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)",
        ],
        ["an end before TLS", { afterTcp: (s) => void s.end() }, /^tls: /],
        ["a reset before TLS", { afterTcp: (s) => void s.resetAndDestroy() }, /^(?:tcp|tls): /],
        [
            "no HTTP",
            { afterTls: (s) => void s.end("220 smtp ready\r\n\r\n") },
            new RegExp(`^http: ${SAYS.notHttp} \\(HPE_`),
        ],
        [
            "an end before the answer",
            { afterTls: (s) => void s.end() },
            /^incomplete: closed the connection too early \(/,
        ],
        [
            "an end within the body",
            { afterTls: (s) => void s.end("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{}") },
            `incomplete: ${SAYS.endedEarly}`,
        ],
        [
            "too many headers",
            { afterTls: (s) => void s.write(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(10_000)}\r\n`) },
            "http: has more than 16384 bytes of headers",
        ],
        [
            "another protocol",
            { afterTls: (s) => void s.write("HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n") },
            "http: responded with a different protocol",
        ],
        [
            "informational answers without end",
            {
                afterTls: (s) => {
                    const timer = setInterval(() => {
                        s.write("HTTP/1.1 102 Processing\r\n\r\n");
                        clock.pass(20);
                    }, 1);
                    s.on("error", () => undefined).once("close", () => clearInterval(timer));
                },
            },
            "time: did not end within 0.6 s",
        ],
        [
            "a compressed body",
            { replies: { "/x": gzipSync("x".repeat(100_000)) }, headers: { "content-encoding": "gzip" } },
            'encoding: is sent with Content-Encoding "gzip", which was not requested',
        ],
        ["a redirect", { replies: { "/x": to("/y?z#part"), "/y?z": "{}" } }, "200 {} https://gitlab.example.com/y?z"],
        [
            "a redirect loop",
            { replies: { "/x": to("/y"), "/y": to("/x") } },
            `redirect: ${SAYS.inCircle}, to "https://gitlab.example.com/x"`,
        ],
        [
            "redirects without end",
            {
                replies: Object.fromEntries(
                    ["x", "1", "2", "3", "4"].map((p, i) => [`/${p}`, to(`/${String(i + 1)}`)]),
                ),
            },
            "redirect: is redirected more than 3 times",
        ],
        [
            "a redirect to http",
            { replies: { "/x": to("http://gitlab.example.com/y") } },
            'redirect: is redirected to "http://gitlab.example.com/y", which is not https',
        ],
        [
            "a redirect to nowhere",
            { replies: { "/x": to("https://") } },
            "redirect: is redirected without a valid location",
        ],
        [
            "a redirect to a private address",
            { replies: { "/x": to("https://169.254.169.254/latest") } },
            'redirect: is redirected to "https://169.254.169.254/latest": "169.254.169.254" is at 169.254.169.254 (link-local), which AWS cannot reach',
        ],
        [
            "a redirect to a private IPv6 address",
            { replies: { "/x": to("https://[::ffff:10.0.0.1]/") } },
            'redirect: is redirected to "https://[::ffff:a00:1]/": "::ffff:a00:1" is at ::ffff:a00:1 (the mapped 10.0.0.1, which is private), which AWS cannot reach',
        ],
        [
            "a redirect to a host that the certificate is not for",
            { replies: { "/x": to("https://other.example.com/") } },
            'redirect: is redirected to "https://other.example.com/": has a certificate that is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)',
        ],
    ] as readonly (readonly [string, Behaviour, string | RegExp])[]) {
        it(title, async () => {
            const result = await outcome(behaviour);
            if (typeof expected === "string") {
                expect(result).to.equal(expected);
            } else {
                expect(result).to.match(expected);
            }
        });
    }

    it("trusts no certificate of another CA", async () => {
        const stranger = await issue({ subject: HOST, names: [HOST] });
        expect(await outcome({ chain: [stranger] })).to.equal(
            "untrusted: has a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
        );
    });

    it("fails if nobody listens, and for a name that DNS does not have", async () => {
        const route = await routeTo({});
        const { port } = server!;
        await server!.close();
        server = undefined;
        const faults: readonly [Route, string][] = [
            [route, `tcp: 127.0.0.1:${String(port)} does not accept connections (ECONNREFUSED)`],
            [
                {
                    trusted: route.trusted,
                    allowPrivate: false,
                    network: {
                        ...INTERNET,
                        resolve: () => Promise.reject(Object.assign(new Error("x"), { code: "ENOTFOUND" })),
                    },
                },
                `dns: ${SAYS.dnsUnknown("gitlab.example.com")} (ENOTFOUND)`,
            ],
            [
                {
                    trusted: route.trusted,
                    allowPrivate: false,
                    network: {
                        ...INTERNET,
                        resolve: () => {
                            setImmediate(() => clock.pass(600));
                            return new Promise(() => undefined);
                        },
                    },
                },
                "time: did not end within 0.6 s",
            ],
            [
                {
                    trusted: route.trusted,
                    allowPrivate: false,
                    network: { ...INTERNET, resolve: () => Promise.resolve(["8.8.8.8", "10.1.2.3"]) },
                },
                'private: "gitlab.example.com" is at 10.1.2.3 (private), which AWS cannot reach',
            ],
        ];
        for (const [by, expected] of faults) {
            const fault = await get(ISSUER, by, LIMITS).then(
                () => expect.fail("there was an answer"),
                (error: unknown) => error as Fault,
            );
            expect(`${fault.kind}: ${fault.message}`).to.equal(expected);
        }
    });
});
