import { Findings, InvalidInputsError } from "../contract/findings";
import { buildGitLabCi } from "./gitlab-ci";
import { schema, token } from "../contract/schema";
import { checkShape } from "../contract/shape";
import { explainTrust, lintTrustPolicy } from "./trust";
import { checkTrustPolicyInputs, compileTrustPolicy } from "../trust/policy";
import { checkAccept, withoutAccepted } from "../contract/accept";
import type {
    CheckIssuerArgs,
    CheckIssuerResult,
    ExplainTrustArgs,
    ExplainTrustResult,
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
} from "../contract/types";

/** The functions of the package on plain values, by name; each throws InvalidInputsError with every problem, or rejects with it. */
export const CALLS = {
    getTrustPolicy(args: GetTrustPolicyArgs): GetTrustPolicyResult {
        const findings = new Findings();
        const { accept, ...inputs } = shaped("getTrustPolicy", args, findings);
        checkAccept(accept, "accept", findings);
        checkTrustPolicyInputs(inputs, "", findings);
        refuse(findings);
        return {
            json: compileTrustPolicy(inputs),
            warnings: withoutAccepted(findings.warnings, accept ?? [], ""),
        };
    },
    explainTrust(args: ExplainTrustArgs): ExplainTrustResult {
        return explainTrust(checked("explainTrust", args));
    },
    lintTrustPolicy(args: LintTrustPolicyArgs): LintTrustPolicyResult {
        const inputs = checked("lintTrustPolicy", args);
        const findings = new Findings();
        checkAccept(inputs.accept, "accept", findings);
        refuse(findings);
        return lintTrustPolicy(inputs);
    },
    getGitlabCi(args: GetGitlabCiArgs): GetGitlabCiResult {
        return buildGitLabCi(checked("getGitlabCi", args));
    },
    async checkIssuer(args: CheckIssuerArgs): Promise<CheckIssuerResult> {
        const { checkIssuer } = await import("./check-issuer.js");
        return checkIssuer(args);
    },
} as const;

export type CallName = keyof typeof CALLS;

function checked<T extends object>(name: CallName, args: T): T {
    const findings = new Findings();
    const values = shaped(name, args, findings);
    refuse(findings);
    return values;
}

/** The arguments as far as they have the types that schema.json gives them; reports the others. */
function shaped<T extends object>(name: CallName, args: T, findings: Findings): T {
    const { properties, required } = schema().functions[token(name)]!.inputs;
    return checkShape(properties, required ?? [], args, "", findings) as T;
}

function refuse({ errors }: Findings): void {
    if (errors.length > 0) {
        throw new InvalidInputsError(errors);
    }
}
