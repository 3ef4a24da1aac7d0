import { Findings, throwErrors } from "../contract/findings";
import type { ExplainTrustArgs, ExplainTrustResult } from "../contract/types";
import { explainRequest } from "../trust/explain";
import { typedArgs } from "./typed-args";

/** The last second that JavaScript can represent as a date. */
const LAST_SECOND = 8.64e12;

/**
 * Whether a trust policy allows a token, or its claims, to assume the role; if not, the condition that denies it, and the fix.
 *
 * @param now Time of the request, in seconds since 1970. Default: the time of this machine.
 * @throws InvalidInputsError if the policy, the claims or the token cannot be read.
 */
export function explainTrust(args: ExplainTrustArgs, now = Math.floor(Date.now() / 1000)): ExplainTrustResult {
    const findings = new Findings();
    const inputs = typedArgs("explainTrust", args, findings);
    checkChoice(inputs, findings);
    if (typeof now !== "number" || !(Math.abs(now) <= LAST_SECOND)) {
        findings.add("wrong-type", "now", "is not a time.", "Use seconds since 1970, or leave it out.");
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
                inputs[a] === undefined ? `is missing, and so is \`${b}\`.` : `cannot be combined with \`${b}\`.`,
                `Use either \`${a}\` or \`${b}\`.`,
            );
        }
    }
}
