import * as pulumi from "@pulumi/pulumi";
import { CALLS } from "./calls";
import type { GetGitlabCiOutputArgs, GetTrustPolicyOutputArgs } from "./components/args";
import { outputOf } from "./components/gate";
import { InvalidInputsError } from "./findings";
import type { GetGitlabCiArgs, GetGitlabCiResult, GetTrustPolicyArgs, GetTrustPolicyResult } from "./types";

/** The trust policy that admits the given subjects and nobody else, as `PipelineRole` writes it, without making a role: for roles that something else makes. Refuses what `PipelineRole` refuses. */
export function getTrustPolicy(args: GetTrustPolicyArgs): Promise<GetTrustPolicyResult> {
    return settled("getTrustPolicy", () => CALLS.getTrustPolicy(args));
}

/** `getTrustPolicy` for arguments that are outputs of resources. */
export function getTrustPolicyOutput(args: GetTrustPolicyOutputArgs): pulumi.Output<GetTrustPolicyResult> {
    return outputOf(args).apply((a) => getTrustPolicy(a as GetTrustPolicyArgs));
}

/** The `.gitlab-ci.yml` that assumes the given roles, as `GitLabOidc` generates it: for roles that are known by stack reference or by ARN. */
export function getGitlabCi(args: GetGitlabCiArgs): Promise<GetGitlabCiResult> {
    return settled("getGitlabCi", () => CALLS.getGitlabCi(args));
}

/** `getGitlabCi` for arguments that are outputs of resources. */
export function getGitlabCiOutput(args: GetGitlabCiOutputArgs): pulumi.Output<GetGitlabCiResult> {
    return outputOf(args).apply((a) => getGitlabCi(a as GetGitlabCiArgs));
}

/** A user sees what is wrong with the arguments, and no stack. */
function settled<R>(name: string, compute: () => R): Promise<R> {
    return new Promise<R>((resolve) => resolve(compute())).catch((error: unknown) => {
        throw error instanceof InvalidInputsError ? new pulumi.RunError(`${name}: ${error.message}`) : error;
    });
}
