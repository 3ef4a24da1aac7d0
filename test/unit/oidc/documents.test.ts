import { expect } from "chai";
import fc from "fast-check";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { readDiscovery, readJwks, type Problem } from "../../../provider/operations/issuer";
import { issue, rsa } from "../../support/certificates";
import { DISCOVERY_DOCUMENT, ISSUER, KEY, signingKey } from "../../support/issuer-server";
import { SAYS } from "../../support/wording";

const told = (problems: readonly Problem[]): readonly string[] =>
    problems.map(({ id, status, message }) => `${id} ${status}: ${message}`);

/** Documents that are no JSON object at all, and what is said of them. */
const UNREADABLE: readonly (readonly [string, string | Uint8Array, string])[] = [
    ["nothing", "", "is empty"],
    ["white space", " \r\n", "is empty"],
    ["a web page", "<!DOCTYPE html><html>", SAYS.jsonWebPage],
    ["half of it", '{"issuer": "htt', "is not JSON"],
    ["a list", "[]", SAYS.jsonNotObject],
    ["null", "null", SAYS.jsonNotObject],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), "is not valid UTF-8"],
    ["a byte order mark", Buffer.from('\uFEFF{"a":1}'), SAYS.jsonByteOrderMark],
    ["UTF-16", Buffer.from('{"a":1}', "utf16le"), "is not JSON"],
    ["depth", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`, "is nested more than 64 levels deep"],
    ["depth that never ends", "[".repeat(1_000_000), "is nested more than 64 levels deep"],
];

describe("oidc: the discovery document", () => {
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
                        path: "",
                        message: `The discovery document ${fault}.`,
                        fix: "Publish GitLab's own document (its path is /.well-known/openid-configuration) unchanged.",
                    },
                ],
            });
        });
    }

    const differs = (came: string): string => SAYS.issuerDiffers(came, ISSUER);
    for (const [change, expected] of [
        [{ issuer: undefined }, "discovery-issuer fail: The discovery document has no `issuer`."],
        [{ issuer: 5 }, "discovery-issuer fail: The discovery document has no `issuer`."],
        [
            { issuer: `${ISSUER}/` },
            `discovery-issuer fail: ${differs(`"https://gitlab.example.com/" ${SAYS.withSlash}`)}`,
        ],
        [
            { issuer: "http://gitlab.example.com" },
            `discovery-issuer fail: ${differs(`"http://gitlab.example.com" (http, not https)`)}`,
        ],
        [
            { issuer: "https://GitLab.example.com" },
            `discovery-issuer fail: ${differs(`"https://GitLab.example.com" (with different case)`)}`,
        ],
        [{ issuer: "https://\u001b[2Jx\u202e" }, `discovery-issuer fail: ${differs(`"https://\\u001b[2Jx\\u202e"`)}`],
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
            "discovery-algorithms fail: `id_token_signing_alg_values_supported` is not an array of strings.",
        ],
        [
            { response_types_supported: undefined },
            "discovery-response-types warn: `response_types_supported` is missing; OpenID Connect requires it.",
        ],
        [
            { subject_types_supported: [] },
            "discovery-subject-types warn: `subject_types_supported` is not an array of strings; OpenID Connect requires it.",
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

describe("oidc: the JWKS", () => {
    const read = (...keys: readonly unknown[]): ReturnType<typeof readJwks> => readJwks(JSON.stringify({ keys }));
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
            ["ec", { ...ec, kid: "ec" }],
        ]);
        expect(value!.keys[0]!.key.export({ format: "jwk" })).to.include({ kty: "RSA", n: KEY.jwk.n, e: "AQAB" });
    });

    for (const [title, document, fault] of UNREADABLE) {
        it(`that is ${title} is refused`, () => {
            const { value, problems } = readJwks(document);
            expect(value).to.equal(undefined);
            expect(told(problems)).to.deep.equal([`keys-json fail: The JWKS ${fault}.`]);
        });
    }

    it("without a list is refused", () => {
        for (const document of ["{}", '{"keys":{}}', '{"keys":null}']) {
            expect(told(readJwks(document).problems)).to.deep.equal(["keys-json fail: The JWKS has no list `keys`."]);
        }
    });

    const NO_RSA =
        "keys-present fail: The JWKS has no RSA key: GitLab signs with RS256, so no token could be verified.";
    const NOT_A_NUMBER = "is not a number in base64url without padding.";
    for (const [title, keys, expected] of [
        ["is empty", [], [`keys-present fail: ${SAYS.emptyJwks}`]],
        [
            "has no objects",
            [null, 5, "x", []],
            [
                NO_RSA,
                "keys-json fail: keys[0] is not an object.",
                "keys-json fail: keys[1] is not an object.",
                "keys-json fail: keys[2] is not an object.",
                "keys-json fail: keys[3] is not an object.",
            ],
        ],
        [
            "has half an EC key only",
            [{ kty: "EC", kid: "a" }],
            [
                NO_RSA,
                'keys-algorithm fail: keys[0] ("a"): the curve `crv` is not a string; AWS has P-256, P-384, P-521.',
            ],
        ],
        [
            "has a key without `kid`",
            [{ ...KEY.jwk, kid: undefined }],
            ["keys-kid fail: keys[0] has no `kid`: AWS uses it to find the key of a token."],
        ],
        [
            "has a `kid` twice",
            [KEY.jwk, { ...second.jwk, kid: "first" }],
            [
                'keys-kid fail: keys[1] has the `kid` "first" of keys[0]: a token identifies its key by `kid`, so AWS can find only one of the two.',
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
            ['keys-use warn: keys[0] ("first") has `key_ops`: AWS may reject it.'],
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
            [
                'keys-strength fail: keys[0] ("small"): the modulus `n` has 1024 bits; a key with fewer than 2048 can be computed from its public part.',
            ],
        ],
        [
            "has half a key",
            [{ ...KEY.jwk, n: undefined }],
            [`keys-strength fail: keys[0] ("first"): the modulus \`n\` ${NOT_A_NUMBER}`],
        ],
        [
            "has no exponent",
            [{ ...KEY.jwk, e: 65537 }],
            [`keys-strength fail: keys[0] ("first"): the exponent \`e\` ${NOT_A_NUMBER}`],
        ],
        [
            "has a key that takes long",
            [{ ...KEY.jwk, n: "s".repeat(100_000) }],
            ['keys-strength fail: keys[0] ("first"): the modulus `n` has 600000 bits, more than 16384.'],
        ],
        [
            "has the exponent 1",
            [{ ...KEY.jwk, e: "AQ" }],
            [
                'keys-strength fail: keys[0] ("first"): the exponent `e` is "AQ", the number 1, so anyone can sign with this key.',
            ],
        ],
        [
            "shows a private key",
            [{ ...KEY.privateKey.export({ format: "jwk" }), kid: "first" }],
            [`keys-private fail: keys[0] ("first") ${SAYS.notPublicKey("`d`, `p`, `q`, `dp`, `dq`, `qi`")}`],
        ],
        [
            "shows the secret of another kind of key",
            [KEY.jwk, { kty: "oct", k: "c2VjcmV0", kid: "mac" }],
            [`keys-private fail: keys[1] ("mac") ${SAYS.notPublicKey("`k`")}`],
        ],
        [
            "has a certificate that cannot be read",
            [{ ...KEY.jwk, x5c: ["x"] }],
            ['keys-strength fail: keys[0] ("first"): the certificate `x5c` is for another key.'],
        ],
        [
            "has too many RSA keys",
            Array.from({ length: 101 }, (_, i) => ({ ...KEY.jwk, kid: String(i) })),
            ["keys-count fail: The JWKS has 101 RSA keys: AWS reads 100 RSA and 100 EC keys."],
        ],
        [
            "has far too many keys",
            Array.from({ length: 5000 }, () => ({})),
            ["keys-count fail: The JWKS has 5000 keys: AWS reads 100 RSA and 100 EC keys."],
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

describe("oidc: whatever a server sends", () => {
    it("is read without an error, and problems have a message and a fix", () => {
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
                for (const { problems } of [readDiscovery(text, ISSUER), readJwks(text)]) {
                    for (const { message, fix } of problems) {
                        expect(message).to.match(/^[^\p{Cc}\u202a-\u202e]+\.$/u);
                        expect(fix).to.match(/^[A-Z].*\.$/);
                    }
                }
            }),
            { numRuns: 500 },
        );
    });
});
