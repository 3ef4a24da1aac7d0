import { Findings, throwErrors } from "../contract/findings";
import type { CheckIssuerArgs, CheckIssuerResult } from "../contract/types";
import { examineIssuer, type CheckReport, type IssuerInputs } from "../issuer/check";
import { INTERNET, type Network } from "../issuer/connection";
import { checkCas, checkedTarget, checkNumbers } from "./connection-args";
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
    checkNumbers(NUMBERS, given, findings);
    checkCas(certificateAuthorities, findings);
    const target = checkedTarget(connectTo, findings);
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
