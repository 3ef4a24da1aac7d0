import { checkAccept } from "../contract/accept";
import { Findings, throwErrors } from "../contract/findings";
import type { LintTrustPolicyArgs, LintTrustPolicyResult } from "../contract/types";
import { known, type MaybeUnknown } from "../contract/unknown";
import { issuerUrlFindings } from "../gitlab/issuer-url";
import { componentFindings } from "../gitlab/sub-claim";
import { lintPolicy } from "../trust/lint";
import { typedArgs } from "./typed-args";

/**
 * Errors and risks in any trust policy for GitLab.
 *
 * @throws InvalidInputsError if an argument other than the policy cannot be used.
 */
export function lintTrustPolicy(args: LintTrustPolicyArgs): LintTrustPolicyResult {
    const findings = new Findings();
    const inputs = typedArgs("lintTrustPolicy", args, findings);
    const url = known(inputs.url as MaybeUnknown<string> | undefined);
    checkAccept(inputs.accept, "accept", findings);
    findings.addAll(componentFindings(inputs.subClaimComponents, "subClaimComponents"));
    if (url !== undefined) {
        findings.addAll(issuerUrlFindings(url, "url"));
    }
    throwErrors(findings);
    return lintPolicy(inputs);
}
