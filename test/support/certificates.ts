import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

x509.cryptoProvider.set(webcrypto);

const EC: webcrypto.EcKeyGenParams = { name: "ECDSA", namedCurve: "P-256" };
const DAY = 86_400_000;

type Algorithm = webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams;

/** RSA keys for `issue`, with the hash that they sign with. */
export function rsa(modulusLength: number, hash = "SHA-256"): webcrypto.RsaHashedKeyGenParams {
    return { name: "RSASSA-PKCS1-v1_5", modulusLength, hash, publicExponent: new Uint8Array([1, 0, 1]) };
}

/** A certificate, its key, and what signs others with it. */
export interface Issued {
    readonly pem: string;
    readonly der: Buffer;
    readonly key: string;
    readonly certificate: x509.X509Certificate;
    readonly keys: webcrypto.CryptoKeyPair;
}

export interface IssueOptions {
    readonly subject: string;
    /** Whoever signs; itself where left out. */
    readonly by?: Issued;
    /** The names of a server; an authority has none. */
    readonly names?: readonly string[];
    readonly keys?: Algorithm;
    /** Days from now. */
    readonly from?: number;
    readonly until?: number;
    /** The hash of the signature. */
    readonly hash?: string;
}

let serial = 1;

/** Makes a certificate. */
export async function issue(options: IssueOptions): Promise<Issued> {
    const { subject, by, names, keys: algorithm = EC, from = -10, until = 365, hash = "SHA-256" } = options;
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const signer = by?.keys ?? keys;
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: (serial++).toString(16).padStart(4, "0"),
        subject: `CN=${subject}`,
        issuer: by?.certificate.subject ?? `CN=${subject}`,
        notBefore: new Date(Date.now() + from * DAY),
        notAfter: new Date(Date.now() + until * DAY),
        publicKey: keys.publicKey,
        signingKey: signer.privateKey,
        signingAlgorithm: { name: signer.privateKey.algorithm.name, hash },
        extensions: [
            new x509.BasicConstraintsExtension(names === undefined, undefined, true),
            ...(names === undefined
                ? []
                : [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value })))]),
        ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
    return {
        pem: `${certificate.toString("pem")}\n`,
        der: Buffer.from(certificate.rawData),
        key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
        certificate,
        keys,
    };
}

/** The certificates that most tests need, made once. */
export interface Authority {
    readonly root: Issued;
    readonly intermediate: Issued;
    readonly leaf: Issued;
    /** For another host, by the same intermediate. */
    readonly other: Issued;
}

export const HOST = "gitlab.example.com";
export const OTHER_HOST = "keys.example.com";

let made: Promise<Authority> | undefined;

export function authority(): Promise<Authority> {
    made ??= (async () => {
        const root = await issue({ subject: "Test Root" });
        const intermediate = await issue({ subject: "Test Intermediate", by: root });
        return {
            root,
            intermediate,
            leaf: await issue({ subject: HOST, by: intermediate, names: [HOST] }),
            other: await issue({ subject: OTHER_HOST, by: intermediate, names: [OTHER_HOST] }),
        };
    })();
    return made;
}
