import * as pulumi from "@pulumi/pulumi";
import { CALLS } from "./calls";
import type {
    CheckIssuerOutputArgs,
    CheckProjectOutputArgs,
    DescribeTrustPolicyOutputArgs,
    ExplainTrustOutputArgs,
    GetGitlabCiOutputArgs,
    GetOrganizationGuardrailOutputArgs,
    GetTrustPolicyOutputArgs,
    LintTrustPolicyOutputArgs,
    LookupProjectOutputArgs,
} from "../contract/args";
import { outputOf, snapshot } from "../contract/outputs";
import { Findings, InvalidInputsError, throwErrors } from "../contract/findings";
import type {
    CheckIssuerArgs,
    CheckIssuerResult,
    CheckProjectArgs,
    CheckProjectResult,
    DescribeTrustPolicyArgs,
    DescribeTrustPolicyResult,
    ExplainTrustArgs,
    ExplainTrustResult,
    GetGitlabCiArgs,
    GetGitlabCiResult,
    GetOrganizationGuardrailArgs,
    GetOrganizationGuardrailResult,
    GetTrustPolicyArgs,
    GetTrustPolicyResult,
    LintTrustPolicyArgs,
    LintTrustPolicyResult,
    LookupProjectArgs,
    LookupProjectResult,
} from "../contract/types";

/** The trust policy that `PipelineRole` would create for the same inputs, without creating a role. Use it for roles that you create in another way. Rejects the same inputs as `PipelineRole`. */
export function getTrustPolicy(args: GetTrustPolicyArgs): Promise<GetTrustPolicyResult> {
    return settled("getTrustPolicy", () => CALLS.getTrustPolicy(args));
}

/** `getTrustPolicy` for arguments that are outputs of resources. */
export function getTrustPolicyOutput(args: GetTrustPolicyOutputArgs): pulumi.Output<GetTrustPolicyResult> {
    return whenKnown("getTrustPolicy", args, (a) => CALLS.getTrustPolicy(a as GetTrustPolicyArgs));
}

/** The CI configuration that assumes the given roles, as `GitLabOidc` generates it. Use it for roles from a stack reference, or roles whose ARNs you know. */
export function getGitlabCi(args: GetGitlabCiArgs): Promise<GetGitlabCiResult> {
    return settled("getGitlabCi", () => CALLS.getGitlabCi(args));
}

/** `getGitlabCi` for arguments that are outputs of resources. */
export function getGitlabCiOutput(args: GetGitlabCiOutputArgs): pulumi.Output<GetGitlabCiResult> {
    return whenKnown("getGitlabCi", args, (a) => CALLS.getGitlabCi(a as GetGitlabCiArgs));
}

/** Whether AWS would allow a job to assume a role. It evaluates the claims of the job's ID token, or the token itself, against a trust policy or against inputs of `PipelineRole`, and against resource control policies if they are given. If AWS would deny the job, the result has the error message of AWS, the condition that fails, the cause and the fix. It does not check the signature, or whether the identity provider lists the audience. Rejected: input that cannot be read. */
export function explainTrust(args: ExplainTrustArgs): Promise<ExplainTrustResult> {
    return settled("explainTrust", () => CALLS.explainTrust(args));
}

/** `explainTrust` for arguments that are outputs of resources. */
export function explainTrustOutput(args: ExplainTrustOutputArgs): pulumi.Output<ExplainTrustResult> {
    return whenKnown("explainTrust", args, (a) => CALLS.explainTrust(a as ExplainTrustArgs));
}

/** Errors and risks in any existing trust policy for GitLab jobs, however it was created. The checks are those of `PipelineRole`. */
export function lintTrustPolicy(args: LintTrustPolicyArgs): Promise<LintTrustPolicyResult> {
    return settled("lintTrustPolicy", () => CALLS.lintTrustPolicy(args));
}

/** `lintTrustPolicy` for arguments that are outputs of resources. */
export function lintTrustPolicyOutput(args: LintTrustPolicyOutputArgs): pulumi.Output<LintTrustPolicyResult> {
    return whenKnown("lintTrustPolicy", args, (a) => CALLS.lintTrustPolicy(a as LintTrustPolicyArgs));
}

/** Reads a trust policy back into the inputs of this package: subjects, audiences, conditions, sub claim components and additional principals, with a description in words. Works for policies of this package and for policies from anywhere else. Everything that the inputs cannot express is listed in `unexplained`. Without such parts, `getTrustPolicy` with the result as inputs returns a policy that allows the same jobs; for a policy that this package wrote, it returns the same bytes. With such parts, the inputs never allow a job that the policy does not allow. Rejects a trust policy that IAM would not store, with the error `policy-document` for each reason. */
export function describeTrustPolicy(args: DescribeTrustPolicyArgs): Promise<DescribeTrustPolicyResult> {
    return settled("describeTrustPolicy", () => CALLS.describeTrustPolicy(args));
}

/** `describeTrustPolicy` for arguments that are outputs of resources. */
export function describeTrustPolicyOutput(
    args: DescribeTrustPolicyOutputArgs,
): pulumi.Output<DescribeTrustPolicyResult> {
    return whenKnown("describeTrustPolicy", args, (a) => CALLS.describeTrustPolicy(a as DescribeTrustPolicyArgs));
}

/** The resource control policy that `OrganizationGuardrail` would create for the same inputs, without creating it. Use it if another tool, such as AWS Control Tower, manages the policies of the organization. Rejects the same inputs as `OrganizationGuardrail`. */
export function getOrganizationGuardrail(args: GetOrganizationGuardrailArgs): Promise<GetOrganizationGuardrailResult> {
    return settled("getOrganizationGuardrail", () => CALLS.getOrganizationGuardrail(args));
}

/** `getOrganizationGuardrail` for arguments that are outputs of resources. */
export function getOrganizationGuardrailOutput(
    args: GetOrganizationGuardrailOutputArgs,
): pulumi.Output<GetOrganizationGuardrailResult> {
    return whenKnown("getOrganizationGuardrail", args, (a) =>
        CALLS.getOrganizationGuardrail(a as GetOrganizationGuardrailArgs),
    );
}

/** Whether AWS can use a GitLab instance as an issuer. It checks the address, name, TLS and certificates as the server sends them, the discovery document and the JWKS, with the duration of each. It can also check an ID token against the JWKS. It fetches the two documents as STS does, but from the network of the caller instead of AWS's network: a firewall may treat the two differently. Rejected: invalid arguments. The result lists the problems of the issuer. */
export function checkIssuer(args: CheckIssuerArgs): Promise<CheckIssuerResult> {
    return settled("checkIssuer", () => CALLS.checkIssuer(args));
}

/** `checkIssuer` for arguments that are outputs of resources. */
export function checkIssuerOutput(args: CheckIssuerOutputArgs): pulumi.Output<CheckIssuerResult> {
    return whenKnown("checkIssuer", args, (a) => CALLS.checkIssuer(a as CheckIssuerArgs));
}

/** Whether a GitLab project is as the subjects of a role expect it. It asks the REST API of the instance for the project's path, ID, sub claim components, protected branches and tags, and environments, and compares them with the subjects. The result lists jobs that AWS would deny, and branches and tags that give more people the role than intended. Checks that need more rights than the token has are skipped, with the required scope. Rejected: invalid arguments. The result lists the problems of the project, also if GitLab does not answer. */
export function checkProject(args: CheckProjectArgs): Promise<CheckProjectResult> {
    return settled("checkProject", () => CALLS.checkProject(args));
}

/** `checkProject` for arguments that are outputs of resources. */
export function checkProjectOutput(args: CheckProjectOutputArgs): pulumi.Output<CheckProjectResult> {
    return whenKnown("checkProject", args, (a) => CALLS.checkProject(a as CheckProjectArgs));
}

/** The path, ID and settings of a GitLab project, from the REST API of its instance. The results have the names of the inputs that accept them: `subjects: [{ project: lookup.project, projectId: lookup.projectId, branch: "main" }]`. Rejected: invalid arguments, a project that does not exist or that the token may not read, and an instance that does not answer, with the error `project-lookup`. */
export function lookupProject(args: LookupProjectArgs): Promise<LookupProjectResult> {
    return settled("lookupProject", () => CALLS.lookupProject(args));
}

/** `lookupProject` for arguments that are outputs of resources. */
export function lookupProjectOutput(args: LookupProjectOutputArgs): pulumi.Output<LookupProjectResult> {
    return whenKnown("lookupProject", args, (a) => CALLS.lookupProject(a as LookupProjectArgs));
}

/** Computes when all arguments are known. Arguments that cannot be copied are reported like all other problems. */
function whenKnown<R>(name: string, args: unknown, compute: (args: unknown) => R | Promise<R>): pulumi.Output<R> {
    const faults = new Findings();
    return outputOf(snapshot(args, faults)).apply((known) =>
        settled(name, () => {
            throwErrors(faults);
            return compute(known);
        }),
    );
}

/** Reports the problems of the arguments without a stack. */
function settled<R>(name: string, compute: () => R | Promise<R>): Promise<R> {
    return new Promise<R>((resolve) => resolve(compute())).catch((error: unknown) => {
        throw error instanceof InvalidInputsError ? new pulumi.RunError(`${name}: ${error.message}`) : error;
    });
}
