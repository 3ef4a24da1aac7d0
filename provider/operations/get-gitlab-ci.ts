import { Findings, throwErrors } from "../contract/findings";
import type { GetGitlabCiArgs, GetGitlabCiResult } from "../contract/types";
import { renderGitLabCi } from "../gitlab-ci/build";
import { checkCiInputs, checkCiJobs } from "../gitlab-ci/inputs";
import { typedArgs } from "./typed-args";

/**
 * The CI configuration for roles: jobs, templates or CI/CD components that assume them, and that stop if AWS denies the request.
 *
 * @throws InvalidInputsError with every problem, each with its property path.
 */
export function buildGitLabCi(args: GetGitlabCiArgs): GetGitlabCiResult {
    const findings = new Findings();
    const inputs = typedArgs("getGitlabCi", args, findings);
    checkCiInputs(inputs, findings);
    const ofJobs = new Findings();
    checkCiJobs(inputs, ofJobs);
    findings.addAll(ofJobs.errors);
    throwErrors(findings);
    return { ...renderGitLabCi(inputs), warnings: ofJobs.warnings };
}
