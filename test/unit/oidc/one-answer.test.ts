import { expect } from "chai";
import { generateKeyPairSync } from "node:crypto";
import { checkIssuerMirror } from "../../../provider/components/issuer-mirror-check";
import { checkIssuerOn } from "../../../provider/operations/check-issuer";
import { INTERNET } from "../../../provider/issuer/connection";
import type { IssuerCheck } from "../../../provider/contract/types";
import { explainTrust } from "../../../provider/operations/trust";
import { authority } from "../../support/certificates";
import {
    DISCOVERY,
    DISCOVERY_DOCUMENT,
    ISSUER,
    KEY,
    KEYS,
    startIssuer,
    tokenOf,
    type Reply,
} from "../../support/issuer-server";

const now = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: ISSUER, aud: "sts", sub: "x", iat: now - 10, nbf: now - 15, exp: now + 3600 };

async function doctor(replies: Readonly<Record<string, Reply>>, token?: string): Promise<readonly IssuerCheck[]> {
    const server = await startIssuer({ replies });
    try {
        const { checks } = await checkIssuerOn(INTERNET, {
            url: ISSUER,
            connectTo: `127.0.0.1:${String(server.port)}`,
            certificateAuthorities: (await authority()).root.pem,
            attempts: 1,
            ...(token !== undefined && { token, audience: "sts" }),
        });
        return checks;
    } finally {
        await server.close();
    }
}

const notFine = (checks: readonly IssuerCheck[], ids: RegExp): readonly string[] =>
    checks
        .filter(({ id, status }) => ids.test(id) && /fail|warn/.test(status))
        .map(({ id, status }) => `${id} ${status}`);

/** What `IssuerMirror` has to say, by path. */
function mirror(inputs: object): readonly string[] {
    const { errors, warnings } = checkIssuerMirror(
        {
            discovery: DISCOVERY_DOCUMENT,
            keys: { keys: [KEY.jwk] },
            bucketName: "mycompany-gitlab-issuer",
            ...inputs,
        },
        "7.48.0",
    );
    return [...errors, ...warnings].map(({ path, id }) => `${path} ${id}`);
}

const TRUST_POLICY = {
    Version: "2012-10-17",
    Statement: {
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
    },
};

/** Whether `explainTrust` would let the token in; a token that cannot be read is not let in either. */
function isAllowed(token: string): boolean {
    try {
        return explainTrust({ trustPolicy: TRUST_POLICY, token }).allowed;
    } catch {
        return false;
    }
}

/** A token whose claims are this text. */
function withClaims(json: string, header: object = {}): string {
    const [, , signature] = tokenOf(CLAIMS).split(".");
    const part = (text: string): string => Buffer.from(text).toString("base64url");
    return `${part(JSON.stringify({ alg: "RS256", kid: "first", ...header }))}.${part(json)}.${signature!}`;
}

describe("one answer to a token, from explain and from the doctor", () => {
    const SOUND: readonly (readonly [string, string])[] = [
        ["as GitLab signs it", tokenOf(CLAIMS)],
        ["without nbf", tokenOf({ ...CLAIMS, nbf: undefined })],
        ["of a clock that is a minute fast", tokenOf({ ...CLAIMS, iat: now + 60, nbf: now + 60 })],
        ["of a clock that is almost five minutes fast", tokenOf({ ...CLAIMS, iat: now + 290 })],
        ["for one audience in a list", tokenOf({ ...CLAIMS, aud: ["sts"] })],
        ["for an authorized party", tokenOf({ ...CLAIMS, aud: ["x", "sts"], azp: "sts" })],
        ["in white space", ` ${tokenOf(CLAIMS)}\n`],
    ];
    for (const [title, token] of SOUND) {
        it(`${title}: fine`, async () => {
            expect(notFine(await doctor({}, token), /^token/)).to.deep.equal([]);
            expect(isAllowed(token)).to.equal(true);
        });
    }

    const json = JSON.stringify(CLAIMS);
    const WRONG: readonly (readonly [title: string, token: string, check: string])[] = [
        ["of an issuer without scheme", tokenOf({ ...CLAIMS, iss: "gitlab.example.com" }), "token-issuer"],
        ["of an issuer over http", tokenOf({ ...CLAIMS, iss: "http://gitlab.example.com" }), "token-issuer"],
        ["of an issuer with a slash", tokenOf({ ...CLAIMS, iss: `${ISSUER}/` }), "token-issuer"],
        ["of an issuer in capitals", tokenOf({ ...CLAIMS, iss: "https://GitLab.example.com" }), "token-issuer"],
        ["of no issuer", tokenOf({ ...CLAIMS, iss: undefined }), "token-issuer"],
        ["of an issuer that is a number", tokenOf({ ...CLAIMS, iss: 5 }), "token-issuer"],
        ["with exp as text", tokenOf({ ...CLAIMS, exp: String(now + 3600) }), "token-times"],
        ["with exp as text, and long ago", tokenOf({ ...CLAIMS, exp: "1" }), "token-times"],
        ["with exp in half seconds", tokenOf({ ...CLAIMS, exp: now + 3600.5 }), "token-times"],
        ["with exp that is null", tokenOf({ ...CLAIMS, exp: null }), "token-times"],
        ["with exp beyond all numbers", withClaims(json.replace(/"exp":\d+/, '"exp":1e300')), "token-times"],
        ["without exp", tokenOf({ ...CLAIMS, exp: undefined }), "token-times"],
        ["that expired", tokenOf({ ...CLAIMS, exp: now - 1 }), "token-times"],
        ["with iat as text", tokenOf({ ...CLAIMS, iat: String(now) }), "token-times"],
        ["without iat", tokenOf({ ...CLAIMS, iat: undefined }), "token-times"],
        ["with iat in the future", tokenOf({ ...CLAIMS, iat: now + 900 }), "token-times"],
        ["with nbf as text", tokenOf({ ...CLAIMS, nbf: String(now) }), "token-times"],
        ["with nbf that is null", tokenOf({ ...CLAIMS, nbf: null }), "token-times"],
        ["with nbf in the future", tokenOf({ ...CLAIMS, nbf: now + 900 }), "token-times"],
        ["without sub", tokenOf({ ...CLAIMS, sub: undefined }), "token"],
        ["with an empty sub", tokenOf({ ...CLAIMS, sub: "" }), "token"],
        ["with two subs", tokenOf({ ...CLAIMS, sub: ["x", "y"] }), "token"],
        ["with sub as a number", tokenOf({ ...CLAIMS, sub: 5 }), "token"],
        ["with an id that is an object", tokenOf({ ...CLAIMS, project_id: { a: 1 } }), "token"],
        ["without aud", tokenOf({ ...CLAIMS, aud: undefined }), "token-audience"],
        ["with an empty aud", tokenOf({ ...CLAIMS, aud: "" }), "token-audience"],
        ["with an empty list as aud", tokenOf({ ...CLAIMS, aud: [] }), "token-audience"],
        ["with aud as a number", tokenOf({ ...CLAIMS, aud: 5 }), "token-audience"],
        ["with a number in aud", tokenOf({ ...CLAIMS, aud: ["sts", 5] }), "token-audience"],
        ["for two audiences", tokenOf({ ...CLAIMS, aud: ["sts", "x"] }), "token-audience"],
        [
            "for an authorized party that is a number",
            tokenOf({ ...CLAIMS, aud: ["sts", "x"], azp: 5 }),
            "token-audience",
        ],
        ["by ES256", tokenOf(CLAIMS, KEY, { alg: "ES256" }), "token"],
        ["by RS512", tokenOf(CLAIMS, KEY, { alg: "RS512" }), "token"],
        ["by HS256", tokenOf(CLAIMS, KEY, { alg: "HS256" }), "token"],
        ["by none", tokenOf(CLAIMS, KEY, { alg: "none" }), "token"],
        ["by no algorithm", tokenOf(CLAIMS, KEY, { alg: undefined }), "token"],
        ["with a claim twice", withClaims(json.replace("{", '{"sub":"y",')), "token"],
        ["with a claim twice, once escaped", withClaims(json.replace("{", '{"s\\u0075b":"y",')), "token"],
        ["with a claim twice within another", withClaims(json.replace("{", '{"a":{"b":1,"b":2},')), "token"],
        ["with an algorithm twice", tokenWithHeader('{"alg":"none","alg":"RS256","kid":"first"}'), "token"],
        ["with claims that are a list", withClaims("[]"), "token"],
        ["with claims that are no JSON", withClaims("{"), "token"],
        ["with a byte order mark", withClaims(`\uFEFF${json}`), "token"],
        ["without a signature", tokenOf(CLAIMS).replace(/[^.]*$/, ""), "token"],
        ["in base64 with padding", tokenOf(CLAIMS).replace(/\./g, "=."), "token"],
        ["of two parts", "e30.e30", "token"],
        ["that is too long", tokenOf({ ...CLAIMS, more: "x".repeat(20_000) }), "token"],
    ];
    for (const [title, token, check] of WRONG) {
        it(`${title}: refused`, async () => {
            expect(notFine(await doctor({}, token), /^token/)[0]).to.equal(`${check} fail`);
            expect(isAllowed(token)).to.equal(false);
        });
    }

    function tokenWithHeader(header: string): string {
        const [, ...others] = tokenOf(CLAIMS).split(".");
        return [Buffer.from(header).toString("base64url"), ...others].join(".");
    }
});

/** Numbers in base64url, as RFC 7518 writes them. */
function number(value: bigint, bytes?: number): string {
    const hex = value.toString(16);
    const even = hex.length % 2 === 0 ? hex : `0${hex}`;
    return Buffer.from(even.padStart((bytes ?? 0) * 2, "0"), "hex").toString("base64url");
}

const MODULUS = BigInt(`0x${Buffer.from(KEY.jwk.n!, "base64url").toString("hex")}`);
const EC = { ...generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }), kid: "ec" };
const rsa = (change: object): object => ({ ...KEY.jwk, ...change });
const many = (jwk: object, count: number, prefix: string): readonly object[] =>
    Array.from({ length: count }, (_, i) => ({ ...jwk, kid: `${prefix}${String(i)}` }));

describe("one answer to a JWKS, from the mirror and from the doctor", () => {
    const SOUND: readonly (readonly [string, readonly unknown[]])[] = [
        ["GitLab's", [KEY.jwk]],
        ["the exponent 3", [rsa({ e: "Aw" })]],
        ["the exponent of 64 bits", [rsa({ e: "__________8" })]],
        ["a key of an elliptic curve too", [KEY.jwk, EC]],
        ["60 RSA and 60 EC keys", [...many(KEY.jwk, 60, "r"), ...many(EC, 60, "e")]],
        ["100 RSA and 100 EC keys", [...many(KEY.jwk, 100, "r"), ...many(EC, 100, "e")]],
        ["members that nobody knows", [rsa({ x5t: 5, exp: 1_900_000_000 })]],
    ];
    for (const [title, keys] of SOUND) {
        it(`${title}: fine`, async () => {
            expect(notFine(await doctor({ [KEYS]: { keys } }), /^keys-/)).to.deep.equal([]);
            expect(mirror({ keys: { keys } })).to.deep.equal([]);
            expect(mirror({ keys: JSON.stringify({ keys }) })).to.deep.equal([]);
        });
    }

    const WRONG: readonly (readonly [title: string, keys: readonly unknown[], found: string, path: string])[] = [
        ["the exponent 0", [rsa({ e: "AA" })], "keys-strength fail", "keys.keys[0].e"],
        ["the exponent 1, with which anybody can sign", [rsa({ e: "AQ" })], "keys-strength fail", "keys.keys[0].e"],
        ["the exponent 2", [rsa({ e: "Ag" })], "keys-strength fail", "keys.keys[0].e"],
        ["an even exponent", [rsa({ e: "AQAA" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent of 65 bits", [rsa({ e: "AQAAAAAAAAAB" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent as long as the modulus", [rsa({ e: KEY.jwk.n })], "keys-strength fail", "keys.keys[0].e"],
        ["the exponent with a zero in front", [rsa({ e: "AAEAAQ" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent with stray bits", [rsa({ e: "Ax" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent with padding", [rsa({ e: "Aw==" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent in base64", [rsa({ e: "+/+/" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent with a new line", [rsa({ e: "AQAB\n" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent of no bytes", [rsa({ e: "" })], "keys-strength fail", "keys.keys[0].e"],
        ["an exponent that is a number", [rsa({ e: 65537 })], "keys-strength fail", "keys.keys[0].e"],
        ["no exponent", [rsa({ e: undefined })], "keys-strength fail", "keys.keys[0].e"],
        ["an even modulus", [rsa({ n: number(MODULUS - 1n) })], "keys-strength fail", "keys.keys[0].n"],
        ["the modulus 0", [rsa({ n: "A".repeat(342) })], "keys-strength fail", "keys.keys[0].n"],
        ["a modulus with a zero in front", [rsa({ n: number(MODULUS, 257) })], "keys-strength fail", "keys.keys[0].n"],
        ["a modulus of 2047 bits", [rsa({ n: number((MODULUS >> 1n) | 1n) })], "keys-strength fail", "keys.keys[0].n"],
        ["a modulus with padding", [rsa({ n: `${KEY.jwk.n!}==` })], "keys-strength fail", "keys.keys[0].n"],
        [
            "a modulus of far too many bits",
            [rsa({ n: number(2n ** 20_000n + 1n) })],
            "keys-strength fail",
            "keys.keys[0].n",
        ],
        ["no modulus", [rsa({ n: undefined })], "keys-strength fail", "keys.keys[0].n"],
        ["a point off the curve", [KEY.jwk, { ...EC, y: EC.x }], "keys-strength fail", "keys.keys[1].y"],
        [
            "the point at zero",
            [KEY.jwk, { ...EC, x: "A".repeat(43), y: "A".repeat(43) }],
            "keys-strength fail",
            "keys.keys[1].y",
        ],
        [
            "a point half of another curve",
            [KEY.jwk, { ...EC, crv: "P-384", y: "A".repeat(64) }],
            "keys-strength fail",
            "keys.keys[1].x",
        ],
        ["half a point", [KEY.jwk, { ...EC, y: undefined }], "keys-strength fail", "keys.keys[1].y"],
        ["a coordinate with padding", [KEY.jwk, { ...EC, x: `${EC.x!}=` }], "keys-strength fail", "keys.keys[1].x"],
        [
            "a curve that AWS does not have",
            [KEY.jwk, { ...EC, crv: "secp256k1" }],
            "keys-algorithm fail",
            "keys.keys[1].crv",
        ],
        [
            "a curve that every object has",
            [KEY.jwk, { ...EC, crv: "constructor" }],
            "keys-algorithm fail",
            "keys.keys[1].crv",
        ],
        [
            "an algorithm of another curve",
            [KEY.jwk, { ...EC, alg: "ES512" }],
            "keys-algorithm fail",
            "keys.keys[1].alg",
        ],
        [
            "a key of another kind",
            [KEY.jwk, { kty: "OKP", kid: "x", crv: "Ed25519", x: "AA" }],
            "keys-algorithm warn",
            "keys.keys[1].kty",
        ],
        ["a key of no kind", [KEY.jwk, { kid: "x" }], "keys-algorithm warn", "keys.keys[1].kty"],
        [
            "a symmetric key without its secret",
            [KEY.jwk, { kty: "oct", kid: "x" }],
            "keys-algorithm warn",
            "keys.keys[1].kty",
        ],
        ["a key for RS512", [rsa({ alg: "RS512" })], "keys-algorithm warn", "keys.keys[0].alg"],
        ["a key for PS256", [rsa({ alg: "PS256" })], "keys-algorithm fail", "keys.keys[0].alg"],
        ["a key without id", [KEY.jwk, rsa({ kid: undefined })], "keys-kid fail", "keys.keys[1].kid"],
        ["an EC key without id", [KEY.jwk, { ...EC, kid: "" }], "keys-kid fail", "keys.keys[1].kid"],
        ["an id twice", [KEY.jwk, { ...EC, kid: "first" }], "keys-kid fail", "keys.keys[1].kid"],
        ["a key that encrypts", [rsa({ use: "enc" })], "keys-use fail", "keys.keys[0].use"],
        ["an EC key that encrypts", [KEY.jwk, { ...EC, use: "enc" }], "keys-use fail", "keys.keys[1].use"],
        ["`key_ops`", [rsa({ key_ops: ["verify"] })], "keys-use warn", "keys.keys[0].key_ops"],
        ["a certificate of another key", [rsa({ x5c: ["x"] })], "keys-strength fail", "keys.keys[0].x5c"],
        ["a key that is a text", [KEY.jwk, "key"], "keys-json fail", "keys.keys[1]"],
        ["no RSA key", [EC], "keys-present fail", "keys.keys"],
        ["no key", [], "keys-present fail", "keys.keys"],
        ["101 RSA keys", many(KEY.jwk, 101, "r"), "keys-count fail", "keys.keys"],
        ["101 EC keys", [KEY.jwk, ...many(EC, 101, "e")], "keys-count fail", "keys.keys"],
    ];
    for (const [title, keys, found, path] of WRONG) {
        it(`${title}: refused`, async () => {
            expect(notFine(await doctor({ [KEYS]: { keys } }), /^keys-/)).to.deep.equal([found]);
            expect(mirror({ keys: { keys } })).to.deep.equal([`${path} mirror-document`]);
        });
    }

    for (const [title, key] of [
        ["a private RSA key", rsa({ d: "SECRET" })],
        ["a symmetric key", { kty: "oct", kid: "mac", k: "SECRET" }],
        ["a private EC key", { ...EC, d: "SECRET" }],
    ] as const) {
        it(`${title}: refused, and never repeated`, async () => {
            const keys = [rsa({ kid: "sound" }), key];
            const checks = await doctor({ [KEYS]: { keys } });
            expect(notFine(checks, /^keys-/)).to.deep.equal(["keys-private fail"]);
            expect(JSON.stringify(checks)).not.to.contain("SECRET");
            expect(mirror({ keys: { keys } })).to.deep.equal(["keys.keys[1] private-key"]);
        });
    }

    for (const [title, text] of [
        ["that is not JSON", "{"],
        ["that is a list", "[]"],
        ["that has no list", '{"keys":{}}'],
        ["with a byte order mark", `\uFEFF${JSON.stringify({ keys: [KEY.jwk] })}`],
        ["that has its list twice", `{"keys":[],"keys":[${JSON.stringify(KEY.jwk)}]}`],
        ["that has an exponent twice", `{"keys":[${JSON.stringify(KEY.jwk).replace("{", '{"e":"AQ",')}]}`],
        ["nested far too deep", `{"keys":${"[".repeat(100)}${"]".repeat(100)}}`],
    ] as const) {
        it(`${title}: refused`, async () => {
            expect(notFine(await doctor({ [KEYS]: text }), /^keys-/)).to.deep.equal(["keys-json fail"]);
            expect(mirror({ keys: text })).to.have.length(1);
        });
    }
});

describe("one answer to a discovery document, from the mirror and from the doctor", () => {
    const WRONG: readonly (readonly [
        title: string,
        change: object,
        found: readonly string[],
        paths: readonly string[],
    ])[] = [
        ["as GitLab serves it", {}, [], []],
        ["no claims", { claims_supported: undefined }, [], []],
        [
            "no response types",
            { response_types_supported: undefined },
            ["discovery-response-types warn"],
            ["response_types_supported"],
        ],
        [
            "response types that are a text",
            { response_types_supported: "code" },
            ["discovery-response-types warn"],
            ["response_types_supported"],
        ],
        [
            "no response type",
            { response_types_supported: [] },
            ["discovery-response-types warn"],
            ["response_types_supported"],
        ],
        [
            "no subject types",
            { subject_types_supported: undefined },
            ["discovery-subject-types warn"],
            ["subject_types_supported"],
        ],
        [
            "a subject type that is a number",
            { subject_types_supported: [5] },
            ["discovery-subject-types warn"],
            ["subject_types_supported"],
        ],
        [
            "no algorithms",
            { id_token_signing_alg_values_supported: undefined },
            ["discovery-algorithms fail"],
            ["id_token_signing_alg_values_supported"],
        ],
        [
            "another algorithm",
            { id_token_signing_alg_values_supported: ["ES256"] },
            ["discovery-algorithms fail"],
            ["id_token_signing_alg_values_supported"],
        ],
        [
            "RS256 and a number",
            { id_token_signing_alg_values_supported: ["RS256", 5] },
            ["discovery-algorithms fail"],
            ["id_token_signing_alg_values_supported"],
        ],
        ["claims that are no list", { claims_supported: "iss" }, ["discovery-json warn"], ["claims_supported"]],
        ["a number as claim", { claims_supported: ["iss", 5] }, ["discovery-json warn"], ["claims_supported"]],
        ["no issuer", { issuer: undefined }, ["discovery-issuer fail"], ["issuer"]],
        ["an issuer that is a number", { issuer: 5 }, ["discovery-issuer fail"], ["issuer"]],
    ];
    for (const [title, change, found, paths] of WRONG) {
        it(title, async () => {
            const discovery = { ...DISCOVERY_DOCUMENT, ...change };
            expect(notFine(await doctor({ [DISCOVERY]: discovery }), /^discovery-/)).to.deep.equal(found);
            expect(mirror({ discovery })).to.deep.equal(paths.map((path) => `discovery.${path} mirror-document`));
        });
    }

    for (const [title, text] of [
        ["not JSON", "<html>"],
        ["nothing", ""],
        ["an issuer twice", JSON.stringify(DISCOVERY_DOCUMENT).replace("{", '{"issuer":"https://x",')],
        ["a list twice", JSON.stringify(DISCOVERY_DOCUMENT).replace("{", '{"response_types_supported":[],')],
        ["a byte order mark", `\uFEFF${JSON.stringify(DISCOVERY_DOCUMENT)}`],
    ] as const) {
        it(`${title}: refused`, async () => {
            expect(notFine(await doctor({ [DISCOVERY]: text }), /^discovery-/)).to.deep.equal(["discovery-json fail"]);
            expect(mirror({ discovery: text })).to.deep.equal(["discovery mirror-document"]);
        });
    }

    it("the addresses of the instance do not matter to the mirror, which has its own", () => {
        for (const jwks_uri of [undefined, "http://gitlab.internal/oauth/discovery/keys", 5]) {
            expect(mirror({ discovery: { ...DISCOVERY_DOCUMENT, jwks_uri } })).to.deep.equal([]);
        }
    });
});
