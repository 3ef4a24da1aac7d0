import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import type { Role } from "../contract/types";
import { type MaybeUnknown, known, containsUnknown } from "../contract/unknown";
import { checkGitLabCi } from "../gitlab-ci/options";
import { providerPartition } from "../iam/arn";
import { checkRole, DEFAULT_SESSION } from "../iam/role";
import { type TrustPolicyInputs, checkTrustPolicyInputs, urlOf } from "../trust/policy";
import {
    type Checked,
    type InputsView,
    acceptOf,
    checkDecided,
    policiesOf,
    typedInputs,
    withUnusedAccepts,
    withoutIds,
} from "./checked";

export type RoleInputs = Exclude<MaybeUnknown<TrustPolicyInputs & Omit<Role, "subjects">>, symbol>;

/** Checks the inputs of `PipelineRole`; `path` is their path in those of `GitLabOidc`. */
export function checkPipelineRole(resourceName: string, inputs: InputsView, path = ""): Checked {
    const findings = new Findings();
    const role = typedInputs("PipelineRole", inputs, path, findings) as unknown as RoleInputs;
    checkDecided(policiesOf(inputs, path), findings);
    checkTrustPolicyInputs(role, path, findings);
    const providerArn = known(role.providerArn);
    checkRole(role, { resourceName, providerArn }, path, findings);
    checkGitLabCi(
        { options: role.gitlabCi, path: property(path, "gitlabCi") },
        [
            {
                key: resourceName,
                partition: providerPartition(providerArn),
                maxSessionDuration: role.maxSessionDuration ?? DEFAULT_SESSION,
            },
        ],
        findings,
    );
    const warnings = withUnusedAccepts(findings.warnings, role, path, isWhole(role));
    return { errors: findings.errors, warnings: withoutIds(warnings, acceptOf(role)) };
}

export function isWhole(role: RoleInputs): boolean {
    return urlOf(role) !== undefined && !containsUnknown({ ...role, providerArn: undefined });
}
