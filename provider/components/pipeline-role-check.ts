import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import type { Role } from "../contract/types";
import { type MaybeUnknown, known, containsUnknown } from "../contract/unknown";
import { checkEnvironment } from "../gitlab-ci/environment";
import type { Given } from "../gitlab-ci/given";
import { checkGitLabCi } from "../gitlab-ci/options";
import { checkPrivateImage } from "../gitlab-ci/private-image";
import { checkSecretPermissions } from "../gitlab-ci/secret-permissions";
import { checkSecretsNetwork } from "../gitlab-ci/secrets";
import { providerPartition } from "../iam/arn";
import { checkRole, DEFAULT_SESSION } from "../iam/role";
import { type TrustPolicyInputs, checkTrustPolicyInputs, knownComponents, urlOf } from "../trust/policy";
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
    const gitlabCi: Given = { options: role.gitlabCi, path: property(path, "gitlabCi") };
    checkGitLabCi(
        gitlabCi,
        [
            {
                key: resourceName,
                partition: providerPartition(providerArn),
                maxSessionDuration: role.maxSessionDuration ?? DEFAULT_SESSION,
            },
        ],
        findings,
    );
    checkPrivateImage(gitlabCi, findings);
    checkSecretsNetwork({ path, conditions: role.conditions, common: gitlabCi }, findings);
    checkSecretPermissions({ path, role, providerArn, common: gitlabCi }, findings);
    const { subjects, subClaimComponents } = role;
    checkEnvironment({ path, subjects, components: knownComponents(subClaimComponents), common: gitlabCi }, findings);
    const warnings = withUnusedAccepts(findings.warnings, role, path, isWhole(role));
    return { errors: findings.errors, warnings: withoutIds(warnings, acceptOf(role)) };
}

export function isWhole(role: RoleInputs): boolean {
    return urlOf(role) !== undefined && !containsUnknown({ ...role, providerArn: undefined });
}
