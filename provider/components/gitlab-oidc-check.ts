import { isObject } from "../contract/object";
import { unusedAccepts } from "../contract/accept";
import { acceptTags } from "../contract/accept-tag";
import { roleResourceName } from "../contract/child-names";
import { Findings } from "../contract/findings";
import { checkFormerKeys } from "../contract/former-keys";
import { checkKey, isKey } from "../contract/key";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { Finding, GitLabCiOptions, Role } from "../contract/types";
import { UNKNOWN, type MaybeUnknown, known, containsUnknown } from "../contract/unknown";
import { checkEnvironment } from "../gitlab-ci/environment";
import type { Given } from "../gitlab-ci/given";
import { checkGitLabCi } from "../gitlab-ci/options";
import { checkPrivateImage } from "../gitlab-ci/private-image";
import { checkSecretPermissions } from "../gitlab-ci/secret-permissions";
import { checkSecretsNetwork } from "../gitlab-ci/secrets";
import { GITLAB_COM } from "../gitlab/issuer-url";
import { WrittenPaths } from "../gitlab/path-case";
import { checkVersion } from "../gitlab/version";
import { partitionOf, providerPartition } from "../iam/arn";
import { checkPolicyArn } from "../iam/policies";
import { checkDuration, checkPath, checkRole, DEFAULT_SESSION } from "../iam/role";
import { MOST_TAGS } from "../iam/tags";
import {
    type TrustView,
    checkPathTrust,
    providerArnFindingsBeside,
    checkSubClaimComponents,
    checkSubjects,
    knownComponents,
    pathsOf,
} from "../trust/policy";
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
import { type ProviderView, checkProviderInputs } from "./identity-provider-check";
import { type RoleInputs, isWhole } from "./pipeline-role-check";

interface GitLabOidcView extends ProviderView {
    readonly existingProviderArn?: MaybeUnknown<string>;
    readonly adoptExisting?: MaybeUnknown<boolean>;
    readonly subClaimComponents?: TrustView["subClaimComponents"];
    readonly gitlabVersion?: TrustView["gitlabVersion"];
    readonly roles: MaybeUnknown<Readonly<Record<string, Role>>>;
    readonly path?: MaybeUnknown<string>;
    readonly permissionsBoundary?: MaybeUnknown<string>;
    readonly maxSessionDuration?: MaybeUnknown<number>;
    readonly gitlabCi?: MaybeUnknown<GitLabCiOptions>;
}

/** The result of checking `GitLabOidc`: its own warnings, and those of each role. */
export interface CheckedGitLabOidc extends Checked {
    readonly roleWarnings: ReadonlyMap<string, readonly Finding[]>;
}

/** The values that decide which resources are created, and that can still be outputs. */
function decidedBy(inputs: unknown): readonly (readonly [path: string, value: unknown])[] {
    if (!isObject(inputs)) {
        return [];
    }
    const { existingProviderArn, roles } = inputs;
    const ofRoles = Object.entries(isObject(roles) ? roles : {});
    return [
        ["existingProviderArn", existingProviderArn],
        ...ofRoles.flatMap(([name, role]) => policiesOf(role, key("roles", name))),
    ];
}

/** Checks the inputs of `GitLabOidc`, those of all its roles included. */
export function checkGitLabOidc(resourceName: string, inputs: InputsView): CheckedGitLabOidc {
    const findings = new Findings();
    const view = typedInputs("GitLabOidc", inputs, "", findings) as unknown as GitLabOidcView;
    checkDecided(decidedBy(inputs), findings);
    checkProviderInputs(view, findings);
    checkAdoption(view, findings);
    const urlIsSound = !findings.errors.some(({ path }) => path === "url" || path === "existingProviderArn");
    const sound: GitLabOidcView = urlIsSound ? view : { ...view, url: UNKNOWN };
    checkVersion(view.gitlabVersion, known(sound.url ?? GITLAB_COM), "gitlabVersion", findings);
    checkDefaults(view, findings);
    const roles = known(view.roles);
    if (roles !== undefined) {
        checkRoleKeys(roles, findings);
    }
    const commonCi: Given = { options: view.gitlabCi, path: "gitlabCi" };
    const occurring: Finding[] = [];
    const ofRoles = new Map<string, readonly Finding[]>();
    const paths = new WrittenPaths();
    for (const [name, maybe] of Object.entries(roles ?? {})) {
        const role = known(maybe);
        if (role !== undefined) {
            const path = key("roles", name);
            const own = new Findings();
            const inputs = withCommonInputs(role, sound);
            const providerArn = known(inputs.providerArn);
            checkSubClaimComponents({ ...inputs, subClaimComponents: role.subClaimComponents }, path, own);
            checkSubjects(inputs, path, own);
            checkPathTrust(inputs, "", own);
            paths.add(pathsOf(inputs, path), own);
            checkRole(
                role,
                {
                    // The name of the role is not checked for a bad key, which is reported itself.
                    resourceName: roleResourceName(resourceName, isKey(name) ? name : "role"),
                    providerArn,
                },
                path,
                own,
            );
            const gitlabCi: Given = { options: role.gitlabCi, path: property(path, "gitlabCi") };
            checkPrivateImage(gitlabCi, own);
            checkSecretsNetwork({ path, conditions: role.conditions, common: commonCi }, own);
            checkSecretPermissions({ path, role, providerArn, own: gitlabCi, common: commonCi }, own);
            checkEnvironment(
                {
                    path,
                    subjects: role.subjects,
                    components: knownComponents(inputs.subClaimComponents),
                    own: gitlabCi,
                    common: commonCi,
                },
                own,
            );
            checkAllTags(view, role, property(path, "tags"), own);
            findings.addAll(own.errors);
            const warnings = withUnusedAccepts(own.warnings, role, path, isWhole(inputs));
            occurring.push(...warnings);
            ofRoles.set(name, withoutIds(warnings, [...acceptOf(role), ...acceptOf(view)]));
        }
    }
    checkPrivateImage(commonCi, findings);
    checkGitLabCi(
        commonCi,
        Object.entries(roles ?? {}).map(([name, maybe]) => ({
            key: name,
            own: { options: known(maybe)?.gitlabCi, path: property(key("roles", name), "gitlabCi") },
            partition: providerPartition(known(view.existingProviderArn)),
            maxSessionDuration: known(maybe)?.maxSessionDuration ?? view.maxSessionDuration ?? DEFAULT_SESSION,
        })),
        findings,
    );
    const unused = unusedIn(view, [...findings.warnings, ...occurring]);
    const remaining = withoutIds([...findings.warnings, ...unused], acceptOf(view));
    const aboutInstance = [...ofRoles.values()].flat().filter(isAboutInstance).slice(0, 1);
    return {
        errors: findings.errors,
        warnings: [...remaining, ...aboutInstance],
        roleWarnings: new Map([...ofRoles].map(([name, all]) => [name, all.filter((w) => !isAboutInstance(w))])),
    };
}

function unusedIn(view: GitLabOidcView, occurring: readonly Finding[]): readonly Finding[] {
    const isComplete = !containsUnknown({ ...view, existingProviderArn: undefined });
    return isComplete ? unusedAccepts(occurring, acceptOf(view), "") : [];
}

/** Warnings that subjects cause, but that are about the instance, and so logged once for all roles. */
function isAboutInstance({ id }: Finding): boolean {
    return id === "self-managed-version";
}

interface Tagged {
    readonly tags?: MaybeUnknown<Readonly<Record<string, string>>>;
    readonly accept?: MaybeUnknown<readonly string[]>;
}

/** A role also gets the tags of the component, and one for what either of them accepts. */
function checkAllTags(common: Tagged, role: Tagged, at: string, findings: Findings): void {
    const [inherited, own] = [known(common.tags) ?? {}, known(role.tags) ?? {}];
    const most = Math.max(
        Object.keys(inherited).length,
        Object.keys({ ...own, ...acceptTags(acceptOf(role), "role") }).length,
    );
    const accepted = acceptTags([...acceptOf(common), ...acceptOf(role)], "role");
    const all = Object.keys({ ...inherited, ...own, ...accepted }).length;
    if (all > MOST_TAGS && most <= MOST_TAGS) {
        findings.add(
            "tags",
            at,
            `are ${String(all)} together with those of the component, and IAM accepts at most 50.`,
            "Use fewer tags.",
        );
    }
}

/** A role's own inputs with the component's inputs for all roles. */
function withCommonInputs(role: Exclude<MaybeUnknown<Role>, symbol>, view: GitLabOidcView): RoleInputs {
    const components = role.subClaimComponents ?? view.subClaimComponents;
    const { audiences, gitlabVersion } = view;
    return {
        ...role,
        providerArn: view.existingProviderArn ?? UNKNOWN,
        url: view.url ?? GITLAB_COM,
        ...(audiences !== undefined && { audiences }),
        ...(gitlabVersion !== undefined && { gitlabVersion }),
        ...(components !== undefined && { subClaimComponents: components }),
    };
}

function checkAdoption(view: GitLabOidcView, findings: Findings): void {
    const { existingProviderArn, adoptExisting } = view;
    const arn = known(existingProviderArn);
    if (arn !== undefined) {
        const isSound = !findings.errors.some(({ path }) => path === "url");
        findings.addAll(
            providerArnFindingsBeside(arn, { url: known(view.url ?? GITLAB_COM), isSound }, "existingProviderArn"),
        );
    }
    if (existingProviderArn !== undefined && adoptExisting === true) {
        findings.add(
            "adopt-conflict",
            "adoptExisting",
            "cannot be combined with `existingProviderArn`, which uses the identity provider without looking it up.",
            "Keep one of the two.",
        );
    }
    if (view.thumbprints !== undefined && (existingProviderArn !== undefined || adoptExisting === true)) {
        findings.add(
            "adopt-conflict",
            "thumbprints",
            "apply only to an identity provider that this component creates. An existing identity provider is not changed.",
            "Leave them out, or set them on the component that creates the provider.",
        );
    }
}

function checkDefaults(view: GitLabOidcView, findings: Findings): void {
    const arn = known(view.existingProviderArn);
    checkPath(known(view.path), "path", findings);
    checkDuration(known(view.maxSessionDuration), "maxSessionDuration", findings);
    const boundary = known(view.permissionsBoundary);
    if (boundary !== undefined) {
        checkPolicyArn(boundary, arn === undefined ? undefined : partitionOf(arn), "permissionsBoundary", findings);
    }
    checkSubClaimComponents(view, "", findings);
}

function checkRoleKeys(roles: Readonly<Record<string, MaybeUnknown<Role>>>, findings: Findings): void {
    if (Object.keys(roles).length === 0) {
        findings.add(
            "required",
            "roles",
            "is empty, so no job could use the identity provider.",
            'Add a role: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } }. To create only the identity provider, use `IdentityProvider`.',
        );
    }
    checkFormerKeys(
        Object.entries(roles).map(([name, maybe]) => ({
            claim: key("roles", name),
            at: property(key("roles", name), "formerKeys"),
            formerKeys: known(maybe)?.formerKeys,
        })),
        roles,
        "role",
        findings,
    );
    const names = new Map<string, string>();
    for (const [name, maybe] of Object.entries(roles)) {
        checkKey(name, key("roles", name), findings);
        const roleName = known(known(maybe)?.name);
        if (roleName !== undefined) {
            const other = names.get(roleName.toLowerCase());
            if (other !== undefined) {
                findings.add(
                    "duplicate-name",
                    property(key("roles", name), "name"),
                    `${quote(roleName)} is also the name of ${key("roles", other)}; IAM ignores the case of names.`,
                    "Choose another name.",
                );
            }
            names.set(roleName.toLowerCase(), name);
        }
    }
}
