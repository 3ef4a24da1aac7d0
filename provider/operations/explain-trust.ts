import { Findings, throwErrors } from "../contract/findings";
import type { ExplainTrustArgs, ExplainTrustResult } from "../contract/types";
import { explainRequest } from "../trust/explain";
import { typedArgs } from "./typed-args";

/** The last second that a date of JavaScript can be. */
const LAST_SECOND = 8.64e12;

/**
 * Whether a token or its claims would get a role by a trust policy; if not, which condition denies it, and the fix.
 *
 * @param now Seconds since 1970 at which the call is made. Default: the time of this machine.
 * @throws InvalidInputsError where the policy, the claims or the token cannot be read.
 */
export function explainTrust(args: ExplainTrustArgs, now = Math.floor(Date.now() / 1000)): ExplainTrustResult {
    const findings = new Findings();
    const inputs = typedArgs("explainTrust", args, findings);
    checkChoice(inputs, findings);
    if (typeof now !== "number" || !(Math.abs(now) <= LAST_SECOND)) {
        findings.add("wrong-type", "now", "is no time.", "Give seconds since 1970, or leave it out.");
    }
    throwErrors(findings);
    return explainRequest(inputs, now);
}

function checkChoice(inputs: ExplainTrustArgs, findings: Findings): void {
    for (const [a, b] of [
        ["trustPolicy", "role"],
        ["claims", "token"],
    ] as const) {
        if ((inputs[a] === undefined) === (inputs[b] === undefined)) {
            findings.add(
                "required",
                a,
                inputs[a] === undefined ? `and \`${b}\` are both missing.` : `stands beside \`${b}\`.`,
                `Give one of \`${a}\` and \`${b}\`.`,
            );
        }
    }
}
