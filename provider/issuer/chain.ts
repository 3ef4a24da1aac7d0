import { createHash, X509Certificate, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { rootCertificates } from "node:tls";
import { quote } from "../contract/quote";
import { weakHash } from "./signature-algorithm";
import { notMade, type Outcome } from "./results";

/** The checks of the certificates that a host sends. */
export const CHAIN_CHECKS = [
    "certificate-name",
    "certificate-dates",
    "chain-order",
    "chain-duplicates",
    "chain-additional",
    "chain-complete",
    "chain-keys",
    "chain-signatures",
    "trust",
] as const;

type ChainCheck = (typeof CHAIN_CHECKS)[number];

/** Everything that the checks of certificates depend on. */
interface ChainInputs {
    /** As the server sent them; at least one. */
    readonly certificates: readonly X509Certificate[];
    readonly host: string;
    /** Node's code for why they are not trusted; left out if they are. */
    readonly untrusted?: string;
    /** Whether additional CAs are trusted. */
    readonly hasOwnCas: boolean;
    readonly now: Date;
}

export interface ChainReport {
    readonly outcomes: readonly Outcome<ChainCheck>[];
    /** SHA-1 of the last certificate that was sent, as IAM expects it. */
    readonly thumbprint: string;
    readonly isPublic: boolean;
}

/** More than any chain has. */
const MOST_CERTIFICATES = 10;

const DAY = 86_400_000;
const WARNING_DAYS = 30;

const ORDER = "first the certificate of the host, then each intermediate before its issuer. The root is optional";

/** Checks certificates in the order in which they were sent. */
export function examineChain({ certificates, host, untrusted, hasOwnCas, now }: ChainInputs): ChainReport {
    const sent = certificates.slice(0, MOST_CERTIFICATES);
    const unique = sent.filter((c, i) => sent.findIndex((d) => d.raw.equals(c.raw)) === i);
    const path = pathOf(unique);
    const complete = completeness(path, unique, untrusted);
    const dates = dateOutcome(path, now);
    const failed = [complete, dates].find(({ status }) => status === "fail");
    const thumbprint = createHash("sha1").update(certificates.at(-1)!.raw).digest("hex");
    const isPublic = untrusted === undefined && (!hasOwnCas || endsPublic(path));
    return {
        outcomes: [
            nameOutcome(sent[0]!, host),
            dates,
            orderOutcome(unique, path),
            duplicateOutcome(sent),
            additionalOutcome(unique, path, certificates.length, complete),
            complete,
            keyOutcome(path),
            signatureOutcome(path),
            trustOutcome({ untrusted, isPublic, failed, path, thumbprint }),
        ],
        thumbprint,
        isPublic,
    };
}

/** The first certificate, its issuer and so on, in any order they were sent. */
function pathOf(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
    const path = [certificates[0]!];
    for (;;) {
        const last = path.at(-1)!;
        const next = signs(last, last)
            ? undefined
            : certificates.find((candidate) => !path.includes(candidate) && signs(candidate, last));
        if (next === undefined) {
            return path;
        }
        path.push(next);
    }
}

/** Whether one certificate signed another. */
function signs(issuer: X509Certificate, certificate: X509Certificate): boolean {
    try {
        return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    } catch {
        return false; // an unknown type of key
    }
}

/** The name of a certificate in messages. */
function nameOf(certificate: X509Certificate): string {
    return quote(commonName(certificate.subject));
}

/** The common name of a subject, or all of it. */
function commonName(subject: string): string {
    return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", ");
}

function namesOf(certificates: readonly X509Certificate[]): string {
    return certificates.map(nameOf).join(", ");
}

function nameOutcome(certificate: X509Certificate, host: string): Outcome<ChainCheck> {
    const id = "certificate-name";
    const fits = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
    return fits === undefined
        ? {
              id,
              status: "fail",
              message: `The certificate is for ${quote(certificate.subjectAltName ?? commonName(certificate.subject))}, not for ${quote(host)}.`,
              fix: `Use a certificate for ${quote(host)}.`,
          }
        : { id, status: "pass", message: `The certificate is for ${quote(host)}.` };
}

function dateOutcome(path: readonly X509Certificate[], now: Date): Outcome<ChainCheck> {
    const id = "certificate-dates";
    const before = path.filter(({ validFrom }) => new Date(validFrom) > now);
    const after = path.filter(({ validTo }) => new Date(validTo) < now);
    if (before.length + after.length > 0) {
        const message = [
            ...after.map((c) => `The certificate of ${nameOf(c)} expired on ${day(c.validTo)}.`),
            ...before.map((c) => `The certificate of ${nameOf(c)} is not valid before ${day(c.validFrom)}.`),
        ].join(" ");
        return { id, status: "fail", message, fix: "Renew it, or correct the clock of this machine." };
    }
    const soon = path.filter(({ validTo }) => new Date(validTo).getTime() - now.getTime() < WARNING_DAYS * DAY);
    if (soon.length > 0) {
        const message = soon.map((c) => `The certificate of ${nameOf(c)} expires on ${day(c.validTo)}.`).join(" ");
        return { id, status: "warn", message, fix: "Renew it. If renewal is automatic, find out why it failed." };
    }
    const first = path.map(({ validTo }) => day(validTo)).sort()[0]!;
    return { id, status: "pass", message: `All certificates are valid until ${first} or later.` };
}

/** The day of a date as Node.js writes it. */
function day(text: string): string {
    const date = new Date(text);
    return Number.isNaN(date.getTime()) ? "an unreadable date" : date.toISOString().slice(0, 10);
}

function orderOutcome(unique: readonly X509Certificate[], path: readonly X509Certificate[]): Outcome<ChainCheck> {
    const id = "chain-order";
    const sent = unique.filter((c) => path.includes(c));
    return sent.every((c, i) => c === path[i])
        ? { id, status: "pass", message: `The certificates are in order: ${namesOf(path)}.` }
        : {
              id,
              status: "fail",
              message: `The certificates are out of order. The server sends ${namesOf(sent)}. The correct order is ${namesOf(path)}.`,
              fix: `Correct the order in the server's certificate file: ${ORDER}.`,
          };
}

function duplicateOutcome(sent: readonly X509Certificate[]): Outcome<ChainCheck> {
    const id = "chain-duplicates";
    const repeated = sent.filter((c, i) => sent.findIndex((d) => d.raw.equals(c.raw)) < i);
    return repeated.length === 0
        ? { id, status: "pass", message: "No certificate is sent twice." }
        : {
              id,
              status: "fail",
              message: `Sent more than once: ${namesOf([...new Map(repeated.map((c) => [c.fingerprint256, c])).values()])}.`,
              fix: "Remove the duplicates from the server's certificate file.",
          };
}

function additionalOutcome(
    unique: readonly X509Certificate[],
    path: readonly X509Certificate[],
    count: number,
    complete: Outcome<ChainCheck>,
): Outcome<ChainCheck> {
    const id = "chain-additional";
    const fix = `Remove unrelated certificates from the server's certificate file: ${ORDER}.`;
    if (count > MOST_CERTIFICATES) {
        return { id, status: "fail", message: `The server sends ${String(count)} certificates.`, fix };
    }
    const others = unique.filter((c) => !path.includes(c));
    if (others.length > 0 && complete.status === "fail") {
        return { id, ...notMade("chain-complete") };
    }
    return others.length === 0
        ? { id, status: "pass", message: "No unrelated certificate is sent." }
        : {
              id,
              status: "fail",
              message: `Unrelated certificates are sent: ${namesOf(others)}. They signed none of the others.`,
              fix,
          };
}

/** Node's codes for a certificate whose issuer is neither sent nor known. */
const NO_ISSUER = /^UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/;

function completeness(
    path: readonly X509Certificate[],
    unique: readonly X509Certificate[],
    untrusted: string | undefined,
): Outcome<ChainCheck> {
    const id = "chain-complete";
    const last = path.at(-1)!;
    const issuer = quote(commonName(last.issuer));
    if (signs(last, last)) {
        const message =
            path.length === 1
                ? "The certificate is self-signed."
                : `The root ${nameOf(last)} is sent too, which is allowed but not required.`;
        return { id, status: "pass", message };
    }
    // A complete chain that ends at an unknown CA is reported by the check `trust`.
    if (NO_ISSUER.test(untrusted ?? "") && (path.length === 1 || unique.length > path.length)) {
        return {
            id,
            status: "fail",
            message: `The server does not send the certificate of ${issuer}, which signed ${nameOf(last)}.`,
            fix: `Add the intermediate certificates to the server's certificate file (the CA's "full chain"): ${ORDER}.`,
        };
    }
    return {
        id,
        status: "pass",
        message: `All intermediate certificates up to the root ${issuer} are sent. The root is optional.`,
    };
}

function keyOutcome(path: readonly X509Certificate[]): Outcome<ChainCheck> {
    const id = "chain-keys";
    const weak = path.flatMap((c) => {
        const fault = weakKey(c);
        return fault === undefined ? [] : [`${nameOf(c)} has ${fault}`];
    });
    return weak.length === 0
        ? { id, status: "pass", message: "All keys are strong enough." }
        : {
              id,
              status: "fail",
              message: `The key is too weak: ${weak.join(", ")}.`,
              fix: "Use RSA keys of 2048 bits or more, or EC keys of 256 or more.",
          };
}

function weakKey(certificate: X509Certificate): string | undefined {
    const publicKey = publicKeyOf(certificate);
    if (publicKey === undefined) {
        return "a key of an unknown type";
    }
    const { modulusLength = 0, namedCurve = "" } = publicKey.asymmetricKeyDetails ?? {};
    switch (publicKey.asymmetricKeyType) {
        case "rsa":
        case "rsa-pss":
            return modulusLength < 2048 ? `an RSA key of ${String(modulusLength)} bits` : undefined;
        case "ec":
            return Number(/\d{3}/.exec(namedCurve)?.[0] ?? 0) < 256 ? `a key on the curve ${namedCurve}` : undefined;
        case "dsa":
            return "a DSA key";
        default:
            return undefined;
    }
}

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
    try {
        return certificate.publicKey;
    } catch {
        return undefined;
    }
}

function signatureOutcome(path: readonly X509Certificate[]): Outcome<ChainCheck> {
    const id = "chain-signatures";
    const weak = path.flatMap((c) => {
        // The signature of a root does not matter.
        const hash = c !== path[0] && signs(c, c) ? undefined : weakHash(c.raw);
        return hash === undefined ? [] : [`${nameOf(c)} with ${hash}`];
    });
    return weak.length === 0
        ? { id, status: "pass", message: "All signatures are strong enough." }
        : {
              id,
              status: "fail",
              message: `The signature is too weak: ${weak.join(", ")}.`,
              fix: "Use certificates that are signed with SHA-256 or stronger.",
          };
}

function trustOutcome(inputs: {
    readonly untrusted: string | undefined;
    readonly isPublic: boolean;
    readonly failed: Outcome<ChainCheck> | undefined;
    readonly path: readonly X509Certificate[];
    readonly thumbprint: string;
}): Outcome<ChainCheck> {
    const { untrusted, isPublic, failed, path, thumbprint } = inputs;
    const id = "trust";
    const issuer = quote(commonName(path.at(-1)!.issuer));
    if (untrusted === undefined) {
        return {
            id,
            status: "pass",
            message: isPublic
                ? "The certificates are issued by a publicly trusted CA."
                : `The certificates are issued by ${issuer}, one of the additional CAs. It is not publicly trusted.`,
        };
    }
    if (failed !== undefined) {
        return { id, ...notMade(failed.id) };
    }
    return {
        id,
        status: "fail",
        message: `The certificates are not trusted (${untrusted}): ${issuer} is not a publicly trusted CA.`,
        fix: `Use a certificate of a public CA, with all intermediates. For a private CA, pass its certificate to this check and set \`thumbprints: ["${thumbprint}"]\` on the identity provider. If \`jwks_uri\` is on a different host, add the thumbprint of that host.`,
    };
}

/** Whether a path ends at a root that is publicly trusted. */
function endsPublic(path: readonly X509Certificate[]): boolean {
    const roots = rootCertificates.map((pem) => new X509Certificate(pem));
    return path.some((c) => roots.some((root) => root.raw.equals(c.raw) || signs(root, c)));
}
