import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { checkIssuer } from "../../../provider/operations/issuer";
import { checkIssuerOn } from "../../../provider/operations/check-issuer";
import type { Network } from "../../../provider/issuer/connection";
import { InvalidInputsError } from "../../../provider/contract/findings";
import type { CheckIssuerArgs, CheckIssuerResult, IssuerCheck } from "../../../provider/contract/types";
import { authority, HOST, issue, OTHER_HOST, type Issued } from "../../support/certificates";
import { StoppedClock } from "../../support/clock";
import {
    DISCOVERY,
    DISCOVERY_DOCUMENT,
    ISSUER,
    KEY_SET,
    KEYS,
    startIssuer,
    type Behaviour,
    type IssuerServer,
} from "../../support/issuer-server";
import { SAYS } from "../../support/wording";

/** Public addresses, each with a port of this machine or the reason why nothing is there. */
type Places = Readonly<Record<string, number | string>>;

const clock = new StoppedClock();

/** A network with the names and addresses of a test. At a silent address a second passes once nobody else connects. */
function networkOf(names: Readonly<Record<string, readonly string[] | string>>, places: Places): Network {
    const connecting: Promise<unknown>[] = [];
    return {
        resolve: (host) => {
            const found = names[host] ?? "ENOTFOUND";
            return typeof found === "string"
                ? Promise.reject(Object.assign(new Error("x"), { code: found }))
                : Promise.resolve(found);
        },
        connect: ({ address }) => {
            const place = places[address] ?? "ECONNREFUSED";
            if (typeof place === "number") {
                const socket = connect(place, "127.0.0.1");
                connecting.push(new Promise((resolve) => socket.once("connect", resolve).once("close", resolve)));
                return socket;
            }
            const socket = connect({ port: 1, host: "nothing.invalid", lookup: () => undefined });
            if (place === "silence") {
                setImmediate(() => void Promise.all(connecting).then(() => setImmediate(() => clock.pass(1000))));
            } else {
                process.nextTick(() => socket.destroy(Object.assign(new Error("x"), { code: place })));
            }
            return socket;
        },
    };
}

const [FOUR, FOUR_TOO, SIX] = ["8.8.4.4", "8.8.8.8", "2606:4700::1"];

describe("issuer: the network", () => {
    let server: IssuerServer | undefined;
    beforeEach(() => clock.start());
    afterEach(async () => {
        clock.stop();
        await server?.close();
        server = undefined;
    });

    async function check(
        behaviour: Behaviour,
        names: Readonly<Record<string, readonly string[] | string>>,
        places: (port: number) => Places,
        args: Partial<CheckIssuerArgs> = {},
    ): Promise<CheckIssuerResult> {
        server = await startIssuer(behaviour);
        return checkIssuerOn(networkOf(names, places(server.port)), {
            url: ISSUER,
            certificateAuthorities: (await authority()).root.pem,
            requestTimeout: 0.5,
            ...args,
        });
    }

    const find = ({ checks }: CheckIssuerResult, id: string): IssuerCheck => checks.find((c) => c.id === id)!;
    const notPassed = ({ checks }: CheckIssuerResult): readonly string[] =>
        checks.filter(({ status }) => status !== "pass").map(({ id, status }) => `${id}: ${status}`);

    it("a host with IPv4 and IPv6 that both answer passes everything", async () => {
        const result = await check({}, { [HOST]: [FOUR, SIX] }, (port) => ({ [FOUR]: port, [SIX]: port }));
        expect(notPassed(result)).to.deep.equal([]);
        expect(find(result, "dns").message).to.equal("Found 2 addresses in 0.00 s.");
        expect(find(result, "addresses").message).to.equal("Public: 8.8.4.4, 2606:4700::1.");
        expect(find(result, "every-address").message).to.equal(
            "Every checked address accepts connections: 8.8.4.4:443, [2606:4700::1]:443.",
        );
    });

    for (const [title, names, places, expected, says] of [
        [
            "a name that DNS does not have",
            "ENOTFOUND",
            {},
            "dns: fail",
            `${SAYS.dnsUnknown("gitlab.example.com")} (ENOTFOUND).`,
        ],
        ["a name without addresses", [], {}, "dns: fail", '"gitlab.example.com" has no address.'],
        [
            "a private address",
            ["10.1.2.3"],
            {},
            "addresses: fail",
            '"gitlab.example.com" is at 10.1.2.3 (private), which AWS cannot reach.',
        ],
        [
            "a private address next to a public one",
            [FOUR, "fd00::1"],
            { [FOUR]: "ok" },
            "addresses: fail",
            '"gitlab.example.com" is at fd00::1 (private (unique local)), which AWS cannot reach.',
        ],
        ["nobody at the address", [FOUR], {}, "tcp: fail", "8.8.4.4:443 does not accept connections (ECONNREFUSED)."],
        [
            "a firewall that drops everything",
            [FOUR],
            { [FOUR]: "silence" },
            "tcp: fail",
            "8.8.4.4:443 did not end within 0.5 s.",
        ],
        [
            "one address of two that does not answer",
            [FOUR, FOUR_TOO],
            { [FOUR]: "ok", [FOUR_TOO]: "silence" },
            "every-address: warn",
            "8.8.8.8:443 did not end within 0.5 s. AWS may use this address.",
        ],
        [
            "an IPv6 address that does not answer",
            [FOUR, SIX],
            { [FOUR]: "ok", [SIX]: "ECONNREFUSED" },
            "every-address: warn",
            "[2606:4700::1]:443 does not accept connections (ECONNREFUSED). AWS may use this address.",
        ],
        [
            "IPv6 only",
            [SIX],
            { [SIX]: "ok" },
            "every-address: warn",
            "The host has IPv6 addresses only. It is unconfirmed whether AWS connects over IPv6.",
        ],
        [
            "no IPv6 on this machine",
            [FOUR, SIX],
            { [FOUR]: "ok", [SIX]: "ENETUNREACH" },
            "",
            "Every checked address accepts connections: 8.8.4.4:443. This machine has no IPv6, so the IPv6 addresses were not checked.",
        ],
    ] as readonly (readonly [string, readonly string[] | string, Readonly<Record<string, string>>, string, string])[]) {
        it(title, async () => {
            const result = await check({}, { [HOST]: names }, (port) =>
                Object.fromEntries(Object.entries(places).map(([a, place]) => [a, place === "ok" ? port : place])),
            );
            expect(notPassed(result).filter((line) => !line.endsWith("skipped"))).to.deep.equal(
                expected === "" ? [] : [expected],
            );
            const failed = expected.endsWith("fail");
            expect(result.ok).to.equal(!failed);
            expect(find(result, expected.split(":")[0] || "every-address").message).to.equal(says);
            expect(server!.requests.length > 0).to.equal(!failed);
        });
    }

    it("connects to a private address only if that is allowed", async () => {
        const names = { [HOST]: ["127.0.0.1"] };
        const places = (port: number): Places => ({ "127.0.0.1": port });
        expect(notPassed(await check({}, names, places))[0]).to.equal("addresses: fail");
        expect(server!.requests).to.deep.equal([]);
        await server!.close();
        const allowed = await check({}, names, places, { allowPrivate: true });
        expect(notPassed(allowed)).to.deep.equal(["addresses: skipped"]);
        expect(find(allowed, "addresses").message).to.equal(
            "Skipped: private addresses are allowed. Addresses: 127.0.0.1.",
        );
    });

    it("reports names that lead to this machine", async () => {
        const { checks } = await checkIssuer({ url: "https://localhost", timeout: 5 });
        const failed = checks.filter(({ status }) => status === "fail");
        expect(failed.map(({ id }) => id)).to.deep.equal(["addresses"]);
        expect(failed[0]!.message).to.match(/^"localhost" is at .*\(loopback\)/);
    });

    describe("keys at another host", () => {
        const names = { [HOST]: [FOUR], [OTHER_HOST]: [FOUR_TOO] };
        const places = (port: number): Places => ({ [FOUR]: port, [FOUR_TOO]: port });
        const contextOf = (chain: readonly Issued[]): SecureContext =>
            createSecureContext({ key: chain[0]!.key, cert: chain.map(({ pem }) => pem).join("") });

        async function withOther(chain: readonly Issued[]): Promise<CheckIssuerResult> {
            const { leaf, intermediate } = await authority();
            return check(
                {
                    replies: {
                        [DISCOVERY]: { ...DISCOVERY_DOCUMENT, jwks_uri: `https://${OTHER_HOST}/keys` },
                        "/keys": KEY_SET,
                    },
                    tls: {
                        SNICallback: (name, answer) =>
                            answer(null, contextOf(name === HOST ? [leaf, intermediate] : chain)),
                    },
                },
                names,
                places,
            );
        }

        it("are checked as the issuer's own, and give the thumbprint", async () => {
            const { other, intermediate, root } = await authority();
            const result = await withOther([other, intermediate, root]);
            expect(notPassed(result)).to.deep.equal([]);
            expect(find(result, "keys-host").message).to.equal("keys.example.com passes the same checks.");
            const [own, others] = [intermediate, root].map(({ der }) => createHash("sha1").update(der).digest("hex"));
            expect(find(result, "thumbprint").message).to.equal(
                `The identity provider requires \`thumbprints: ["${own!}", "${others!}"]\`, the SHA-1 hashes of the last certificates that gitlab.example.com and keys.example.com send.`,
            );
        });

        it("with certificates out of order fail as one", async () => {
            const { other, intermediate, root } = await authority();
            const result = await withOther([other, root, intermediate]);
            expect(notPassed(result)).to.deep.equal(["keys-host: fail", "thumbprint: skipped"]);
            expect(find(result, "keys-host").message).to.equal(
                'keys.example.com, chain-order: The certificates are out of order. The server sends "keys.example.com", "Test Root", "Test Intermediate". The correct order is "keys.example.com", "Test Intermediate", "Test Root".',
            );
        });

        it("with a certificate that ends soon warn", async () => {
            const { intermediate } = await authority();
            const soon = await issue({ subject: OTHER_HOST, by: intermediate, names: [OTHER_HOST], until: 3 });
            expect(notPassed(await withOther([soon, intermediate]))).to.deep.equal(["keys-host: warn"]);
        });
    });

    it("ends in the time of the whole run, wherever it is", async () => {
        server = await startIssuer({ afterTcp: (s) => void s.once("data", () => clock.pass(300)) });
        const { port } = server;
        const cases: readonly (readonly [Network, string, string])[] = [
            [
                {
                    resolve: () => {
                        setImmediate(() => clock.pass(300));
                        return new Promise(() => undefined);
                    },
                    connect: () => connect(port, "127.0.0.1"),
                },
                "dns",
                "Did not complete within the total limit of 0.3 s.",
            ],
            [
                networkOf({ [HOST]: [FOUR] }, { [FOUR]: "silence" }),
                "tcp",
                "8.8.4.4:443 did not complete within the total limit of 0.3 s.",
            ],
            [
                networkOf({ [HOST]: [FOUR] }, { [FOUR]: port }),
                "tls",
                "8.8.4.4:443 did not complete within the total limit of 0.3 s.",
            ],
        ];
        for (const [network, id, message] of cases) {
            const { ok, checks } = await checkIssuerOn(network, { url: ISSUER, timeout: 0.3 });
            expect(ok).to.equal(false);
            const failed = checks.filter(({ status }) => status === "fail");
            expect(failed.map((c) => [c.id, c.message])).to.deep.equal([[id, message]]);
        }
    });

    it("has the time of the whole run over documents too, and keeps what was measured", async () => {
        let awaited = 3;
        const happened = (): void => {
            awaited -= 1;
            if (awaited === 0) {
                clock.pass(800);
            }
        };
        const slow: Behaviour = {
            replies: {
                [DISCOVERY]: (_, response, count) => {
                    if (count === 1) {
                        response
                            .writeHead(200, { "content-type": "application/json" })
                            .end(JSON.stringify(DISCOVERY_DOCUMENT));
                    } else {
                        happened();
                    }
                },
                // It is asked for at the same time: both answers come first.
                [KEYS]: (request, response) => {
                    request.socket.once("close", happened);
                    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(KEY_SET));
                },
            },
        };
        const result = await check(slow, { [HOST]: [FOUR] }, (port) => ({ [FOUR]: port }), {
            requestTimeout: 5,
            timeout: 0.8,
            attempts: 2,
        });
        expect(notPassed(result)).to.deep.equal(["discovery-time: fail"]);
        expect(find(result, "discovery-time").message).to.equal(
            "The discovery document did not complete within the total limit of 0.8 s (attempt 2 of 2).",
        );
    });

    it("requests each document as often as configured, on a separate connection", async () => {
        await check({}, { [HOST]: [FOUR] }, (port) => ({ [FOUR]: port }), { attempts: 2 });
        expect([...server!.requests].sort()).to.deep.equal([
            "/.well-known/openid-configuration",
            "/.well-known/openid-configuration",
            "/oauth/discovery/keys",
            "/oauth/discovery/keys",
        ]);
    });

    it("is loaded only where an issuer is checked", () => {
        const script = `
            require("./provider/operations/calls"); require("./provider/provider"); require("./provider/cmd/command");
            console.log(Object.keys(require.cache).filter((path) => path.includes("/provider/issuer/")).length);`;
        const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], {
            cwd: join(__dirname, "../../.."),
            encoding: "utf8",
        });
        expect({ stdout, stderr }).to.deep.equal({ stdout: "0\n", stderr: "" });
    });
});

describe("issuer: arguments that cannot be used", () => {
    const PEM = "-----BEGIN CERTIFICATE-----\nTWFu\n-----END CERTIFICATE-----\n";
    for (const [args, problems] of [
        [{}, ["url: is missing."]],
        [{ url: 5 }, ["url: is 5."]],
        [{ url: ISSUER, urls: [] }, ["urls: is not a property of checkIssuer."]],
        [{ url: ISSUER, timeout: 0 }, ["timeout: is 0. Use seconds, more than 0 and at most 600."]],
        [{ url: ISSUER, timeout: "5" }, ['timeout: is the string "5". Use a number of seconds: 5.']],
        [{ url: ISSUER, timeout: NaN }, ["timeout: is NaN. Use seconds, more than 0 and at most 600."]],
        [{ url: ISSUER, requestTimeout: 61 }, ["requestTimeout: is 61. Use seconds, more than 0 and at most 60."]],
        [{ url: ISSUER, maxBytes: 1e9 }, ["maxBytes: is 1000000000. Use bytes, at least 1 and at most 10000000."]],
        [{ url: ISSUER, maxRedirects: -1 }, ["maxRedirects: is -1. Use redirects, at least 0 and at most 20."]],
        [{ url: ISSUER, attempts: 0 }, ["attempts: is 0. Use attempts, at least 1 and at most 20."]],
        [{ url: ISSUER, attempts: 1.5 }, ["attempts: is 1.5. Use a whole number: 3."]],
        ...["x", "x:0", "x:65536", "x:y", ":443", "::1:443", "[x]:443", "a b:1", "x:1\n"].map(
            (connectTo) =>
                [{ url: ISSUER, connectTo }, [`connectTo: ${JSON.stringify(connectTo)} is not HOST:PORT.`]] as const,
        ),
        [{ url: ISSUER, certificateAuthorities: "x" }, ["certificateAuthorities: has no certificate in PEM form."]],
        [
            { url: ISSUER, certificateAuthorities: PEM },
            ["certificateAuthorities: cannot be read: certificate 1 of 1 is not a valid certificate."],
        ],
        [{ url: ISSUER, audience: "x" }, ["audience: is compared with the token's audience, but no token is set."]],
        [
            { attempts: 0, connectTo: "x", audience: "x" },
            [
                "url: is missing.",
                "attempts: is 0.",
                'connectTo: "x" is not HOST:PORT.',
                "audience: is compared with the token's audience, but no token is set.",
            ],
        ],
    ] as readonly (readonly [object, readonly string[]])[]) {
        it(JSON.stringify(args), async () => {
            const error = await checkIssuer(args as never).catch((e: unknown) => e);
            expect(error).to.be.instanceOf(InvalidInputsError);
            const said = (error as InvalidInputsError).findings.map((f) => `${f.path}: ${f.message} ${f.fix}`);
            expect(said.length).to.equal(problems.length);
            problems.forEach((problem, i) => expect(said[i]).to.satisfy((text: string) => text.startsWith(problem)));
        });
    }
});
