import * as pulumi from "@pulumi/pulumi";
import { CALLS } from "./calls";
import type {
    CheckIssuerOutputArgs,
    ExplainTrustOutputArgs,
    GetGitlabCiOutputArgs,
    GetTrustPolicyOutputArgs,
    LintTrustPolicyOutputArgs,
} from "../contract/args";
import { outputOf, snapshot } from "../contract/outputs";
import { Findings, InvalidInputsError, throwErrors } from "../contract/findings";
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

/** The trust policy that admits the given subjects and nobody else, as `PipelineRole` writes it, without making a role: for roles that something else makes. Refuses what `PipelineRole` refuses. */
export function getTrustPolicy(args: GetTrustPolicyArgs): Promise<GetTrustPolicyResult> {
    return settled("getTrustPolicy", () => CALLS.getTrustPolicy(args));
}

/** `getTrustPolicy` for arguments that are outputs of resources. */
export function getTrustPolicyOutput(args: GetTrustPolicyOutputArgs): pulumi.Output<GetTrustPolicyResult> {
    return whenKnown("getTrustPolicy", args, (a) => CALLS.getTrustPolicy(a as GetTrustPolicyArgs));
}

/** The CI configuration that assumes the given roles, as `GitLabOidc` generates it: for roles that are known by stack reference or by ARN. */
export function getGitlabCi(args: GetGitlabCiArgs): Promise<GetGitlabCiResult> {
    return settled("getGitlabCi", () => CALLS.getGitlabCi(args));
}

/** `getGitlabCi` for arguments that are outputs of resources. */
export function getGitlabCiOutput(args: GetGitlabCiOutputArgs): pulumi.Output<GetGitlabCiResult> {
    return whenKnown("getGitlabCi", args, (a) => CALLS.getGitlabCi(a as GetGitlabCiArgs));
}

/** Whether AWS would let a job have a role: the claims of its ID token, or the token, against a trust policy or against inputs of this package. If not, which condition refuses, in AWS's own words and in plain ones, and the fix. What AWS would check beside the trust policy, the signature and whether the identity provider lists the audience, is not looked at. Refused: input that cannot be read. */
export function explainTrust(args: ExplainTrustArgs): Promise<ExplainTrustResult> {
    return settled("explainTrust", () => CALLS.explainTrust(args));
}

/** `explainTrust` for arguments that are outputs of resources. */
export function explainTrustOutput(args: ExplainTrustOutputArgs): pulumi.Output<ExplainTrustResult> {
    return whenKnown("explainTrust", args, (a) => CALLS.explainTrust(a as ExplainTrustArgs));
}

/** What is wrong with a trust policy for GitLab jobs, or allowed but worth knowing, whoever wrote it: the checks of this package on any existing policy. */
export function lintTrustPolicy(args: LintTrustPolicyArgs): Promise<LintTrustPolicyResult> {
    return settled("lintTrustPolicy", () => CALLS.lintTrustPolicy(args));
}

/** `lintTrustPolicy` for arguments that are outputs of resources. */
export function lintTrustPolicyOutput(args: LintTrustPolicyOutputArgs): pulumi.Output<LintTrustPolicyResult> {
    return whenKnown("lintTrustPolicy", args, (a) => CALLS.lintTrustPolicy(a as LintTrustPolicyArgs));
}

/** Whether AWS can use a GitLab instance as issuer: its address, name, TLS and certificates as the server sends them, discovery document and keys, each with the time it took, and an ID token against the keys. It fetches the two documents as STS does, from the network of whoever calls it, which is not AWS's: a firewall may treat the two differently. Refused: arguments that cannot be used. What is wrong with the issuer is in the result. */
export function checkIssuer(args: CheckIssuerArgs): Promise<CheckIssuerResult> {
    return settled("checkIssuer", () => CALLS.checkIssuer(args));
}

/** `checkIssuer` for arguments that are outputs of resources. */
export function checkIssuerOutput(args: CheckIssuerOutputArgs): pulumi.Output<CheckIssuerResult> {
    return whenKnown("checkIssuer", args, (a) => CALLS.checkIssuer(a as CheckIssuerArgs));
}

/** Computes when all arguments are known. Those that cannot be copied are told like everything else that is wrong with them. */
function whenKnown<R>(name: string, args: unknown, compute: (args: unknown) => R | Promise<R>): pulumi.Output<R> {
    const faults = new Findings();
    return outputOf(snapshot(args, faults)).apply((known) =>
        settled(name, () => {
            throwErrors(faults);
            return compute(known);
        }),
    );
}

/** A user sees what is wrong with the arguments, and no stack. */
function settled<R>(name: string, compute: () => R | Promise<R>): Promise<R> {
    return new Promise<R>((resolve) => resolve(compute())).catch((error: unknown) => {
        throw error instanceof InvalidInputsError ? new pulumi.RunError(`${name}: ${error.message}`) : error;
    });
}
