import { X509Certificate } from "node:crypto";
import { Findings, throwErrors } from "../contract/findings";
import type { CheckIssuerArgs, CheckIssuerResult } from "../contract/types";
import { examineIssuer, type CheckReport, type IssuerInputs } from "../issuer/check";
import { INTERNET, targetFault, targetOf, type Network } from "../issuer/connection";
import { typedArgs } from "./typed-args";

/**
 * Whether AWS can use a GitLab instance as issuer, checked from this machine: every check with its ID and result.
 *
 * @throws InvalidInputsError if an argument cannot be used.
 */
export async function checkIssuer(args: CheckIssuerArgs): Promise<CheckIssuerResult> {
    return checkIssuerOn(INTERNET, args);
}

/** The same on another network, for tests, or with a report of each check as it ends. */
export async function checkIssuerOn(
    network: Network,
    args: CheckIssuerArgs,
    report?: CheckReport,
): Promise<CheckIssuerResult> {
    return examineIssuer(network, checkedArgs(args), report);
}

const NUMBERS = {
    timeout: { least: 0, most: 600, otherwise: 30, unit: "seconds, more than 0 and" },
    requestTimeout: { least: 0, most: 60, otherwise: 6, unit: "seconds, more than 0 and" },
    maxBytes: { least: 1, most: 10_000_000, otherwise: 262_144, unit: "bytes, at least 1 and" },
    maxRedirects: { least: 0, most: 20, otherwise: 3, unit: "redirects, at least 0 and" },
    attempts: { least: 1, most: 20, otherwise: 3, unit: "attempts, at least 1 and" },
} as const;

/**
 * The arguments of `checkIssuer`, checked.
 *
 * @throws InvalidInputsError with every argument that cannot be used.
 */
export function checkedArgs(args: CheckIssuerArgs): IssuerInputs {
    const findings = new Findings();
    const given = typedArgs("checkIssuer", args, findings);
    const { certificateAuthorities, connectTo, audience, token: idToken } = given;
    checkNumbers(given, findings);
    checkCas(certificateAuthorities, findings);
    const target = targetOf(connectTo);
    if (connectTo !== undefined && typeof connectTo === "string" && target === undefined) {
        const { message, fix } = targetFault(connectTo);
        findings.add("issuer-option", "connectTo", message, fix);
    }
    if (audience !== undefined && idToken === undefined) {
        findings.add(
            "issuer-option",
            "audience",
            "is compared with the token's audience, but no token is set.",
            "Add `token`, or leave it out.",
        );
    }
    throwErrors(findings);
    const number = (name: keyof typeof NUMBERS): number => given[name] ?? NUMBERS[name].otherwise;
    return {
        url: given.url,
        ...(certificateAuthorities !== undefined && { certificateAuthorities }),
        ...(target !== undefined && { connectTo: target }),
        allowPrivate: given.allowPrivate ?? false,
        ...(audience !== undefined && { audience }),
        ...(idToken !== undefined && { token: idToken }),
        timeout: number("timeout"),
        requestTimeout: number("requestTimeout"),
        maxBytes: number("maxBytes"),
        maxRedirects: number("maxRedirects"),
        attempts: number("attempts"),
    };
}

function checkNumbers(given: CheckIssuerArgs, findings: Findings): void {
    for (const [name, { least, most, unit }] of Object.entries(NUMBERS)) {
        const value: unknown = given[name as keyof typeof NUMBERS];
        // Times may be fractions, but not 0.
        const isIn = (v: number): boolean => v <= most && (unit.startsWith("seconds") ? v > least : v >= least);
        if (typeof value === "number" && !isIn(value)) {
            findings.add("issuer-option", name, `is ${String(value)}.`, `Use ${unit} at most ${String(most)}.`);
        }
    }
}

function checkCas(pem: unknown, findings: Findings): void {
    if (typeof pem !== "string") {
        return;
    }
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    const wrong = blocks.findIndex((block) => !isCertificate(block));
    if (blocks.length === 0 || wrong >= 0) {
        findings.add(
            "issuer-option",
            "certificateAuthorities",
            blocks.length === 0
                ? "has no certificate in PEM form."
                : `cannot be read: certificate ${String(wrong + 1)} of ${String(blocks.length)} is not a valid certificate.`,
            "Use the CA's certificate, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.",
        );
    }
}

function isCertificate(pem: string): boolean {
    try {
        new X509Certificate(pem);
        return true;
    } catch {
        return false;
    }
}
