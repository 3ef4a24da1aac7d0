import { Findings, InvalidInputsError } from "./findings";
import { buildGitLabCi } from "./gitlab-ci";
import { schema, token } from "./schema";
import { checkShape } from "./shape";
import { buildTrustPolicy, explainTrust, lintTrustPolicy } from "./trust";
import { checkAccept, withoutAccepted } from "./trust/role";
import type {
    ExplainTrustArgs,
    ExplainTrustResult,
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
} from "./types";

/** The functions of the package on plain values, by name; each throws InvalidInputsError with every problem. */
export const CALLS = {
    getTrustPolicy(args: GetTrustPolicyArgs): GetTrustPolicyResult {
        const { accept, ...inputs } = checked("getTrustPolicy", args);
        const findings = new Findings();
        checkAccept(accept, "accept", findings);
        refuse(findings);
        const { json, warnings } = buildTrustPolicy(inputs);
        return { json, warnings: withoutAccepted(warnings, accept ?? [], "") };
    },
    explainTrust(args: ExplainTrustArgs): ExplainTrustResult {
        return explainTrust(checked("explainTrust", args));
    },
    lintTrustPolicy(args: LintTrustPolicyArgs): LintTrustPolicyResult {
        return { findings: lintTrustPolicy(checked("lintTrustPolicy", args)) };
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
    refuse(findings);
    return values as T;
}

function refuse({ errors }: Findings): void {
    if (errors.length > 0) {
        throw new InvalidInputsError(errors);
    }
}
