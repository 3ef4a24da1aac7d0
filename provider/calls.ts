import { Findings, InvalidInputsError } from "./findings";
import { buildGitLabCi } from "./gitlab-ci";
import { schema, token } from "./schema";
import { checkShape } from "./shape";
import { buildTrustPolicy } from "./trust";
import { withoutAccepted } from "./trust/role";
import type { GetGitlabCiArgs, GetGitlabCiResult, GetTrustPolicyArgs, GetTrustPolicyResult } from "./types";

/** The functions of the package on plain values, by name; each throws InvalidInputsError with every problem. */
export const CALLS = {
    getTrustPolicy(args: GetTrustPolicyArgs): GetTrustPolicyResult {
        const { accept, ...inputs } = checked("getTrustPolicy", args);
        const { json, warnings } = buildTrustPolicy(inputs);
        return { json, warnings: withoutAccepted(warnings, accept ?? [], "") };
    },
    getGitlabCi(args: GetGitlabCiArgs): GetGitlabCiResult {
        return { yaml: buildGitLabCi(checked("getGitlabCi", args)) };
    },
} as const;

export type CallName = keyof typeof CALLS;

function checked<T extends object>(name: CallName, args: T): T {
    const findings = new Findings();
    const { properties, required } = schema().functions[token(name)]!.inputs;
    const values = checkShape(properties, required ?? [], args, "", findings);
    if (findings.errors.length > 0) {
        throw new InvalidInputsError(findings.errors);
    }
    return values as T;
}
