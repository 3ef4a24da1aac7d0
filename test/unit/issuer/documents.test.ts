import { expect } from "chai";
import fc from "fast-check";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { whyNotPublic } from "../../../provider/issuer/addresses";
import { readDiscovery, readKeySet, type Problem } from "../../../provider/operations/issuer";
import { issue, rsa } from "../../support/certificates";
import { DISCOVERY_DOCUMENT, ISSUER, KEY, signingKey } from "../../support/issuer-server";

const told = (problems: readonly Problem[]): readonly string[] =>
    problems.map(({ id, status, message }) => `${id} ${status}: ${message}`);

/** Documents that are no JSON object at all, and what is said of them. */
const UNREADABLE: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["nothing", "", "is empty"],
    ["white space", " \r\n", "is empty"],
    ["a web page", "<!DOCTYPE html><html>", "is not JSON, but looks like a web page"],
    ["half of it", '{"issuer": "htt', "is not JSON"],
    ["a list", "[]", "is JSON, but not an object"],
    ["null", "null", "is JSON, but not an object"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "is not valid UTF-8"],
    ["a byte order mark", Buffer.from('\uFEFF{"a":1}'), "begins with a byte order mark, which JSON does not allow"],
    ["UTF-16", Buffer.from('{"a":1}', "utf16le"), "is not JSON"],
    ["depth", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, "is nested more than 64 levels deep"],
    ["depth that never ends", "[".repeat(1_000_000), "is nested more than 64 levels deep"],
];

describe("issuer: the discovery document", () => {
    it("of GitLab is fine, also with more in it", () => {
        const document = { ...DISCOVERY_DOCUMENT, further: [['{[\\"']] };
        expect(readDiscovery(JSON.stringify(document), ISSUER)).to.deep.equal({
            value: { issuer: ISSUER, jwksUri: "https://gitlab.example.com/oauth/discovery/keys", document },
            problems: [],
        });
    });

    for (const [title, document, fault] of UNREADABLE) {
        it(`that is ${title} is refused`, () => {
            expect(readDiscovery(document, ISSUER)).to.deep.equal({
                problems: [
                    {
                        id: "discovery-json",
                        status: "fail",
                        message: `The discovery document ${fault}.`,
                        cure: "Serve GitLab's own document at https://gitlab.example.com/.well-known/openid-configuration, unchanged.",
                    },
                ],
            });
        });
    }

    const exactly = 'not "https://gitlab.example.com": they are compared exactly.';
    for (const [change, expected] of [
        [{ issuer: undefined }, "discovery-issuer fail: The discovery document has no `issuer`."],
        [{ issuer: 5 }, "discovery-issuer fail: The discovery document has no `issuer`."],
        [
            { issuer: `${ISSUER}/` },
            `discovery-issuer fail: \`issuer\` is "https://gitlab.example.com/" (with a slash at its end), ${exactly}`,
        ],
        [
            { issuer: "http://gitlab.example.com" },
            `discovery-issuer fail: \`issuer\` is "http://gitlab.example.com" (http, not https), ${exactly}`,
        ],
        [
            { issuer: "https://GitLab.example.com" },
            `discovery-issuer fail: \`issuer\` is "https://GitLab.example.com" (with other capital letters), ${exactly}`,
        ],
        [
            { issuer: "https://\u001b[2Jx\u202e" },
            `discovery-issuer fail: \`issuer\` is "https://\\u001b[2Jx\\u202e", ${exactly}`,
        ],
        [{ jwks_uri: undefined }, "discovery-jwks-uri fail: `jwks_uri` is missing."],
        [{ jwks_uri: ["x"] }, "discovery-jwks-uri fail: `jwks_uri` is missing."],
        [{ jwks_uri: "/keys" }, 'discovery-jwks-uri fail: `jwks_uri` is "/keys", which is not an address.'],
        [
            { jwks_uri: "http://gitlab.example.com/k" },
            'discovery-jwks-uri fail: `jwks_uri` is "http://gitlab.example.com/k", which is not https.',
        ],
        [
            { jwks_uri: "file:///etc/passwd" },
            'discovery-jwks-uri fail: `jwks_uri` is "file:///etc/passwd", which is not https.',
        ],
        [{ jwks_uri: "https://u:p@gitlab.example.com/k" }, "discovery-jwks-uri fail: `jwks_uri` has credentials."],
        [
            { id_token_signing_alg_values_supported: ["ES256"] },
            'discovery-algorithms fail: `id_token_signing_alg_values_supported` does not have "RS256", which GitLab signs with.',
        ],
        [
            { id_token_signing_alg_values_supported: undefined },
            "discovery-algorithms fail: `id_token_signing_alg_values_supported` is missing.",
        ],
        [
            { id_token_signing_alg_values_supported: "RS256" },
            "discovery-algorithms fail: `id_token_signing_alg_values_supported` is not a list of texts.",
        ],
        [
            { response_types_supported: undefined },
            "discovery-response-types warn: `response_types_supported` is missing; OpenID Connect requires it.",
        ],
        [
            { subject_types_supported: [] },
            "discovery-subject-types warn: `subject_types_supported` is not a list of texts; OpenID Connect requires it.",
        ],
    ] as const) {
        it(`with ${JSON.stringify(change)}`, () => {
            const { problems } = readDiscovery(JSON.stringify({ ...DISCOVERY_DOCUMENT, ...change }), ISSUER);
            expect(told(problems)).to.deep.equal([expected]);
        });
    }

    it("gives no address of keys that is not fit to be asked", () => {
        const { value } = readDiscovery(JSON.stringify({ issuer: ISSUER, jwks_uri: "http://x" }), ISSUER);
        expect(value).to.have.all.keys("issuer", "document");
    });
});

describe("issuer: the key set", () => {
    const read = (...keys: readonly unknown[]): ReturnType<typeof readKeySet> => readKeySet(JSON.stringify({ keys }));
    const second = signingKey("second");

    it("of GitLab is fine, with several keys too, and with what is not for it", () => {
        const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
        const { use, alg, ...plain } = second.jwk;
        expect([use, alg]).to.deep.equal(["sig", "RS256"]);
        const { value, problems } = read(KEY.jwk, plain, { ...ec, kid: "ec" });
        expect(problems).to.deep.equal([]);
        expect(value!.keys.map(({ kid, jwk }) => [kid, jwk])).to.deep.equal([
            ["first", KEY.jwk],
            ["second", plain],
        ]);
        expect(value!.keys[0]!.key.export({ format: "jwk" })).to.include({ kty: "RSA", n: KEY.jwk.n, e: "AQAB" });
    });

    for (const [title, document, fault] of UNREADABLE) {
        it(`that is ${title} is refused`, () => {
            const { value, problems } = readKeySet(document);
            expect(value).to.equal(undefined);
            expect(told(problems)).to.deep.equal([`keys-json fail: The key set ${fault}.`]);
        });
    }

    it("without a list is refused", () => {
        for (const document of ["{}", '{"keys":{}}', '{"keys":null}']) {
            expect(told(readKeySet(document).problems)).to.deep.equal([
                "keys-json fail: The key set has no list `keys`.",
            ]);
        }
    });

    const NO_RSA =
        "keys-present fail: The key set has no RSA key: GitLab signs with RS256, so no token could be verified.";
    const UNREAD = "is not an RSA key that can be read: `n` or `e` is wrong.";
    for (const [title, keys, expected] of [
        ["is empty", [], ["keys-present fail: The key set is empty."]],
        ["has no objects", [null, 5, "x", []], [NO_RSA]],
        ["has EC keys only", [{ kty: "EC", kid: "a" }], [NO_RSA]],
        [
            "has a key without `kid`",
            [{ ...KEY.jwk, kid: undefined }],
            ["keys-kid fail: keys[0] has no `kid`: AWS finds a token's key by it."],
        ],
        [
            "has a `kid` twice",
            [KEY.jwk, { ...second.jwk, kid: "first" }],
            [
                'keys-kid fail: keys[1] ("first") has the `kid` of keys[0] ("first"): only one of the two can be found by it.',
            ],
        ],
        [
            "has a key for encryption",
            [{ ...KEY.jwk, use: "enc" }],
            ['keys-use fail: keys[0] ("first"): `use` is "enc", not "sig".'],
        ],
        [
            "has `key_ops`",
            [{ ...KEY.jwk, key_ops: ["verify"] }],
            ['keys-use warn: keys[0] ("first") has `key_ops`, with which AWS may not take it.'],
        ],
        [
            "has a key for another algorithm",
            [{ ...KEY.jwk, alg: "RSA-OAEP" }],
            ['keys-algorithm fail: keys[0] ("first"): `alg` is "RSA-OAEP"; GitLab signs with RS256.'],
        ],
        [
            "has a key for RS512",
            [{ ...KEY.jwk, alg: "RS512" }],
            ['keys-algorithm warn: keys[0] ("first"): `alg` is "RS512"; GitLab signs with RS256.'],
        ],
        [
            "has a small key",
            [signingKey("small", 1024).jwk],
            ['keys-strength fail: keys[0] ("small") has 1024 bits, fewer than 2048.'],
        ],
        ["has half a key", [{ ...KEY.jwk, n: undefined }], [`keys-strength fail: keys[0] ("first") ${UNREAD}`]],
        ["has no exponent", [{ ...KEY.jwk, e: 65537 }], [`keys-strength fail: keys[0] ("first") ${UNREAD}`]],
        [
            "has a key that takes long",
            [{ ...KEY.jwk, n: "A".repeat(100_000) }],
            [`keys-strength fail: keys[0] ("first") ${UNREAD}`],
        ],
        [
            "has the exponent 1",
            [{ ...KEY.jwk, e: "AQ" }],
            ['keys-strength fail: keys[0] ("first") has the exponent 1.'],
        ],
        [
            "shows a private key",
            [{ ...KEY.privateKey.export({ format: "jwk" }), kid: "first" }],
            [
                'keys-private fail: keys[0] ("first") shows its private part (`d`, `p`, `q`, `dp`, `dq`, `qi`): whoever has read it can sign a token for any job.',
            ],
        ],
        [
            "shows the secret of another kind of key",
            [KEY.jwk, { kty: "oct", k: "c2VjcmV0", kid: "mac" }],
            [
                'keys-private fail: keys[1] ("mac") shows its private part (`k`): whoever has read it can sign a token for any job.',
            ],
        ],
        [
            "has a certificate that cannot be read",
            [{ ...KEY.jwk, x5c: ["x"] }],
            ['keys-strength fail: keys[0] ("first"): the certificate `x5c` is for another key.'],
        ],
        [
            "has too many RSA keys",
            Array.from({ length: 101 }, (_, i) => ({ ...KEY.jwk, kid: String(i) })),
            ["keys-count fail: The key set has 101 RSA keys: AWS takes 100 RSA and 100 EC keys."],
        ],
        [
            "has far too many keys",
            Array.from({ length: 5000 }, () => ({})),
            ["keys-count fail: The key set has 5000 keys: AWS takes 100 RSA and 100 EC keys."],
        ],
    ] as readonly (readonly [string, readonly unknown[], readonly string[]])[]) {
        it(`that ${title}`, () => {
            expect(told(read(...keys).problems)).to.deep.equal(expected);
        });
    }

    it("repeats no private key, and gives none", () => {
        const { value, problems } = read({ ...KEY.privateKey.export({ format: "jwk" }), kid: "first" });
        expect(value!.keys).to.deep.equal([]);
        expect(JSON.stringify(problems)).not.to.contain(KEY.privateKey.export({ format: "jwk" }).d!.slice(0, 8));
    });

    it("takes the certificate of a key if it is for that key", async () => {
        const { key, der } = await issue({ subject: "signing", keys: rsa(2048) });
        const jwk = { ...createPublicKey(key).export({ format: "jwk" }), kid: "c" };
        const x5c = [der.toString("base64")];
        expect(read({ ...jwk, x5c }).problems).to.deep.equal([]);
        expect(told(read({ ...KEY.jwk, x5c }).problems)).to.deep.equal([
            'keys-strength fail: keys[0] ("first"): the certificate `x5c` is for another key.',
        ]);
    });
});

describe("issuer: whatever a server sends", () => {
    it("is read without an error, and problems have a message and a cure", () => {
        const jwk = fc.record(
            {
                kty: fc.constantFrom("RSA", "EC", 5),
                kid: fc.oneof(fc.string(), fc.integer()),
                n: fc.oneof(fc.constant(KEY.jwk.n), fc.string(), fc.constant(null)),
                e: fc.oneof(fc.constant("AQAB"), fc.base64String()),
                use: fc.jsonValue(),
                alg: fc.jsonValue(),
                x5c: fc.jsonValue(),
            },
            { requiredKeys: [] },
        );
        const document = fc.oneof(
            fc.json(),
            fc.string(),
            fc.uint8Array(),
            fc.array(fc.oneof(jwk, fc.jsonValue())).map((keys) => JSON.stringify({ keys })),
            fc.record({ issuer: fc.jsonValue(), jwks_uri: fc.webUrl() }).map((d) => JSON.stringify(d)),
        );
        fc.assert(
            fc.property(document, (text) => {
                for (const { problems } of [readDiscovery(text, ISSUER), readKeySet(text)]) {
                    for (const { message, cure } of problems) {
                        expect(message).to.match(/^[^\p{Cc}\u202a-\u202e]+\.$/u);
                        expect(cure).to.match(/^[A-Z].*\.$/);
                    }
                }
            }),
            { numRuns: 500 },
        );
    });
});

describe("issuer: addresses", () => {
    for (const [address, why] of [
        ["8.8.8.8", undefined],
        ["172.65.251.78", undefined],
        ["2606:4700:90:0:f22e:fbec:5bed:a9b9", undefined],
        ["2a00:1450:4001:80b::200e", undefined],
        ["::ffff:8.8.8.8", undefined],
        ["64:ff9b::8.8.8.8", undefined],
        ["2002:808:808::1", undefined],
        ["9.255.255.255", undefined],
        ["11.0.0.0", undefined],
        ["100.63.255.255", undefined],
        ["100.128.0.0", undefined],
        ["172.15.255.255", undefined],
        ["172.32.0.0", undefined],
        ["223.255.255.255", undefined],
        ["0.0.0.0", "this network itself"],
        ["10.0.0.1", "private"],
        ["100.64.0.1", "shared behind a carrier's NAT"],
        ["127.0.0.1", "loopback"],
        ["169.254.169.254", "link-local"],
        ["172.16.0.1", "private"],
        ["172.31.255.255", "private"],
        ["192.0.0.8", "reserved for protocols"],
        ["192.0.2.1", "for documentation"],
        ["192.88.99.1", "a 6to4 relay"],
        ["192.168.1.1", "private"],
        ["198.19.0.1", "for benchmarks"],
        ["198.51.100.1", "for documentation"],
        ["203.0.113.1", "for documentation"],
        ["224.0.0.1", "multicast"],
        ["255.255.255.255", "reserved"],
        ["::", "unspecified"],
        ["::1", "loopback"],
        ["::8.8.8.8", "not a global unicast address"],
        ["fd12:3456::1", "private (unique local)"],
        ["fc00::1", "private (unique local)"],
        ["fe80::1", "link-local"],
        ["fe80::1%eth0", "link-local"],
        ["fec0::1", "site-local"],
        ["ff02::1", "multicast"],
        ["100::1", "discarded"],
        ["2001::1", "a Teredo tunnel"],
        ["2001:2::1", "for benchmarks"],
        ["2001:10::1", "reserved for protocols"],
        ["2001:db8::1", "for documentation"],
        ["3fff:fff::1", "for documentation"],
        ["5f00::1", "not a global unicast address"],
        ["64:ff9b:1::1", "a local NAT64 translation"],
        ["::ffff:10.0.0.1", "the mapped 10.0.0.1, which is private"],
        ["::ffff:7f00:1", "the mapped 127.0.0.1, which is loopback"],
        ["64:ff9b::192.168.0.1", "a NAT64 translation of 192.168.0.1, which is private"],
        ["2002:a00:1::", "a 6to4 tunnel to 10.0.0.1, which is private"],
        ["gitlab.com", "not an address"],
        ["", "not an address"],
    ] as const) {
        it(`${address}: ${why ?? "public"}`, () => {
            expect(whyNotPublic(address)).to.equal(why);
        });
    }

    it("are public as the IPv4 address that is within them", () => {
        fc.assert(
            fc.property(fc.ipV4(), (address) => {
                const isPublic = whyNotPublic(address) === undefined;
                expect(whyNotPublic(`::ffff:${address}`) === undefined).to.equal(isPublic);
                expect(whyNotPublic(`64:ff9b::${address}`) === undefined).to.equal(isPublic);
            }),
        );
    });

    it("are only those of addresses", () => {
        fc.assert(
            fc.property(fc.string(), (text) => {
                fc.pre(!/^[\d.]+$/.test(text) && !text.includes(":"));
                expect(whyNotPublic(text)).to.equal("not an address");
            }),
        );
    });
});
