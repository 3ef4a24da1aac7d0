import { checkAccept, withoutAccepted } from "../contract/accept";
import { Findings, throwErrors } from "../contract/findings";
import type { GetTrustPolicyArgs, GetTrustPolicyResult } from "../contract/types";
import { checkTrustPolicyInputs } from "../trust/policy";
import { typedArgs } from "./typed-args";

/**
 * The trust policy that allows the given subjects and nobody else.
 *
 * @throws InvalidInputsError with every problem, each with its property path.
 */
export function buildTrustPolicy(args: GetTrustPolicyArgs): GetTrustPolicyResult {
    const findings = new Findings();
    const { accept, ...inputs } = typedArgs("getTrustPolicy", args, findings);
    checkAccept(accept, "accept", findings);
    const json = checkTrustPolicyInputs(inputs, "", findings);
    throwErrors(findings);
    return {
        json: json!,
        warnings: withoutAccepted(findings.warnings, accept ?? [], ""),
    };
}
