import { expect } from "chai";
import fc from "fast-check";
import { createHash, X509Certificate } from "node:crypto";
import { connect } from "node:net";
import { examineChain } from "../../../provider/issuer/chain";
import { elementAt, elementsOf, objectIdentifier } from "../../../provider/issuer/der";
import { handshakeContexts, shakeHands, type Handshake } from "../../../provider/issuer/handshake";
import { weakHash } from "../../../provider/issuer/signature-algorithm";
import { authority, HOST, issue, rsa, type Issued } from "../../support/certificates";
import { startIssuer, type Behaviour } from "../../support/issuer-server";
import { CHAIN_CHECKS } from "../../support/checks";

describe("issuer: the certificates as they are sent", () => {
    async function shake(behaviour: Behaviour): Promise<Handshake> {
        const server = await startIssuer(behaviour);
        try {
            const contexts = handshakeContexts((await authority()).root.pem);
            const { signal } = new AbortController();
            return await shakeHands(connect(server.port, "127.0.0.1"), HOST, contexts.any, signal);
        } finally {
            await server.close();
        }
    }

    const sums = (certificates: readonly Buffer[]): readonly string[] =>
        certificates.map((der) => createHash("sha256").update(der).digest("hex"));

    for (const [title, tls, version] of [
        ["TLS 1.3, AES-128-GCM", { ciphers: "TLS_AES_128_GCM_SHA256" }, "TLSv1.3"],
        ["TLS 1.3, AES-256-GCM", { ciphers: "TLS_AES_256_GCM_SHA384" }, "TLSv1.3"],
        ["TLS 1.3, ChaCha20-Poly1305", { ciphers: "TLS_CHACHA20_POLY1305_SHA256" }, "TLSv1.3"],
        ["TLS 1.3 after a HelloRetryRequest", { ecdhCurve: "P-384" }, "TLSv1.3"],
        ["TLS 1.3 with a request for a certificate", { requestCert: true, rejectUnauthorized: false }, "TLSv1.3"],
        ["TLS 1.2", { maxVersion: "TLSv1.2" }, "TLSv1.2"],
        ["TLS 1.2 with CBC", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA" }, "TLSv1.2"],
    ] as const) {
        it(`${title}: in the server's order, with duplicates, dozens of them`, async () => {
            const { root, intermediate, leaf, other } = await authority();
            const long = Array.from({ length: 60 }, () => root);
            const chains: readonly (readonly Issued[])[] = [
                [leaf, intermediate],
                [leaf, root, intermediate, other],
                [leaf, leaf, intermediate, intermediate],
                [leaf],
                [leaf, ...long],
            ];
            for (const chain of chains) {
                const handshake = await shake({ chain, tls: tls });
                expect(handshake.version).to.equal(version);
                expect(sums(handshake.certificates.map(({ raw }) => raw))).to.deep.equal(
                    sums(chain.map(({ der }) => der)),
                );
            }
        });
    }

    it("checks whether they are trusted", async () => {
        expect((await shake({})).untrusted).to.equal(undefined);
        const { leaf } = await authority();
        expect((await shake({ chain: [leaf] })).untrusted).to.equal("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
        const stranger = await issue({ subject: HOST, names: [HOST] });
        expect((await shake({ chain: [stranger] })).untrusted).to.equal("DEPTH_ZERO_SELF_SIGNED_CERT");
    });
});

describe("issuer: certificates that were changed", () => {
    it("are judged without an error, and never pass as a whole", async () => {
        const { leaf, intermediate } = await authority();
        const change = fc.array(fc.tuple(fc.nat(leaf.der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
        let judged = 0;
        fc.assert(
            fc.property(change, (bytes) => {
                const der = Buffer.from(leaf.der);
                bytes.forEach(([at, value]) => der.writeUInt8(value, at));
                const certificate = readOrNot(der);
                fc.pre(certificate !== undefined && !der.equals(leaf.der));
                judged++;
                const { outcomes } = examineChain({
                    certificates: [certificate, new X509Certificate(intermediate.der)],
                    host: HOST,
                    untrusted: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
                    hasOwnCas: true,
                    now: new Date(),
                });
                expect(outcomes.map(({ id }) => id)).to.deep.equal(CHAIN_CHECKS);
                expect(outcomes.some(({ status }) => status === "fail")).to.equal(true);
                for (const { message } of outcomes) {
                    expect(message).to.match(/^[^\p{Cc}\u202a-\u202e]+$/u);
                }
            }),
            { numRuns: 300 },
        );
        expect(judged).to.be.greaterThan(100);
    });

    function readOrNot(der: Buffer): X509Certificate | undefined {
        try {
            return new X509Certificate(der);
        } catch {
            return undefined;
        }
    }
});

describe("issuer: DER", () => {
    it("is read element by element", () => {
        // SEQUENCE { OBJECT IDENTIFIER sha256WithRSAEncryption, NULL }
        const bytes = Buffer.from("300d06092a864886f70d01010b0500", "hex");
        const { tag, content, end } = elementAt(bytes)!;
        expect([tag, end]).to.deep.equal([0x30, 15]);
        const [oid, none] = elementsOf(content)!;
        expect(objectIdentifier(oid)).to.equal("1.2.840.113549.1.1.11");
        expect(none).to.deep.equal({ tag: 5, content: Buffer.alloc(0), end: 13 });
        expect(objectIdentifier(elementAt(Buffer.from("0603883703", "hex")))).to.equal("2.999.3");
        expect(objectIdentifier(elementAt(Buffer.from("06022a86", "hex")))).to.equal(undefined);
        expect(objectIdentifier(elementAt(Buffer.from("0600", "hex")))).to.equal(undefined);
        expect(elementAt(Buffer.from("30820100", "hex"))).to.equal(undefined);
        expect(elementAt(Buffer.from("3080", "hex"))).to.equal(undefined);
        expect(elementAt(Buffer.from("3085ffffffffff", "hex"))).to.equal(undefined);
        expect(elementAt(Buffer.from("1f8101", "hex"))).to.equal(undefined);
    });

    it("of any bytes is read without an error, within their length", () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
                const found = elementAt(Buffer.from(bytes));
                expect(found?.end ?? 0).to.be.at.most(bytes.length);
                for (const element of elementsOf(Buffer.from(bytes)) ?? []) {
                    expect(element.end).to.be.at.most(bytes.length);
                    expect(objectIdentifier(element) ?? "0").to.match(/^[\d.e+]+$/);
                }
                expect(weakHash(Buffer.from(bytes))).to.be.oneOf([undefined, "SHA-1", "MD5", "MD2", "MD4"]);
            }),
            { numRuns: 2000 },
        );
    });

    it("of a certificate shows a weak hash", async () => {
        const by = async (hash: string): Promise<string | undefined> => {
            const issuer = await issue({ subject: "Issuer", keys: rsa(2048, hash) });
            const { der } = await issue({ subject: "x", by: issuer, hash });
            expect(new X509Certificate(der).issuer).to.equal("CN=Issuer");
            return weakHash(der);
        };
        expect(await by("SHA-1")).to.equal("SHA-1");
        for (const hash of ["SHA-256", "SHA-384", "SHA-512"]) {
            expect(await by(hash), hash).to.equal(undefined);
        }
    });

    /** Certificate { tbs {}, algorithm }, as far as it matters. */
    const withAlgorithm = (algorithm: string): Buffer => {
        const inner = Buffer.concat([Buffer.from("3000", "hex"), Buffer.from(algorithm, "hex")]);
        return Buffer.concat([Buffer.from([0x30, inner.length]), inner]);
    };
    for (const [title, algorithm, hash] of [
        ["md5WithRSAEncryption", "300d06092a864886f70d0101040500", "MD5"],
        ["ecdsa-with-SHA1", "300906072a8648ce3d0401", "SHA-1"],
        ["ecdsa-with-SHA256", "300a06082a8648ce3d040302", undefined],
        ["RSASSA-PSS without parameters", "300b06092a864886f70d01010a", "SHA-1"],
        ["RSASSA-PSS with defaults", "300d06092a864886f70d01010a3000", "SHA-1"],
        ["RSASSA-PSS with SHA-1", "301806092a864886f70d01010a300ba009300706052b0e03021a", "SHA-1"],
        ["RSASSA-PSS with SHA-256", "301e06092a864886f70d01010a3011a00f300d06096086480165030402010500", undefined],
        ["Ed25519", "300506032b6570", undefined],
    ] as const) {
        it(`${title}: ${hash ?? "not weak"}`, () => {
            expect(weakHash(withAlgorithm(algorithm))).to.equal(hash);
        });
    }
});
