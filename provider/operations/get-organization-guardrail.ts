import { checkAccept, withoutAccepted } from "../contract/accept";
import { Findings, throwErrors } from "../contract/findings";
import type { GetOrganizationGuardrailArgs, GetOrganizationGuardrailResult } from "../contract/types";
import { checkGuardrail } from "../guardrail/policy";
import { typedArgs } from "./typed-args";

/**
 * The resource control policy that denies tokens of everyone but the given groups and projects.
 *
 * @throws InvalidInputsError with every problem, each with its property path.
 */
export function buildOrganizationGuardrail(args: GetOrganizationGuardrailArgs): GetOrganizationGuardrailResult {
    const findings = new Findings();
    const { accept, ...inputs } = typedArgs("getOrganizationGuardrail", args, findings);
    checkAccept(accept, "accept", findings);
    const json = checkGuardrail(inputs, findings);
    throwErrors(findings);
    return { json: json!, warnings: withoutAccepted(findings.warnings, accept ?? [], "") };
}
