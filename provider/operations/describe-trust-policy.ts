import { Findings, throwErrors } from "../contract/findings";
import type { DescribeTrustPolicyArgs, DescribeTrustPolicyResult } from "../contract/types";
import { known, type MaybeUnknown } from "../contract/unknown";
import { issuerUrlFindings } from "../gitlab/issuer-url";
import { componentFindings } from "../gitlab/sub-claim";
import { describePolicy } from "../trust/describe";
import { typedArgs } from "./typed-args";

/**
 * A trust policy as inputs of this package, in words too, and the parts that the inputs cannot express.
 *
 * @throws InvalidInputsError if IAM would not store the policy, or if another argument is not valid.
 */
export function describeTrustPolicy(args: DescribeTrustPolicyArgs): DescribeTrustPolicyResult {
    const findings = new Findings();
    const inputs = typedArgs("describeTrustPolicy", args, findings);
    const url = known(inputs.url as MaybeUnknown<string> | undefined);
    findings.addAll(componentFindings(inputs.subClaimComponents, "subClaimComponents"));
    if (url !== undefined) {
        findings.addAll(issuerUrlFindings(url, "url"));
    }
    throwErrors(findings);
    return describePolicy(inputs);
}
