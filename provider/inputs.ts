import { Findings, key, property, quote, type Finding } from "./findings";
import { known, LATE, type MaybeLate } from "./late";
import { schema, token } from "./schema";
import { checkShape } from "./shape";
import { checkAudiences } from "./trust/audiences";
import { checkComponents } from "./trust/subject";
import { checkIssuerUrl, GITLAB_COM } from "./trust/issuer-url";
import { checkProviderArn, checkSubjects, checkTrustPolicyInputs, urlOf, type TrustPolicyInputs } from "./trust/policy";
import {
    checkDuration,
    checkKey,
    checkPath,
    checkPolicyArn,
    checkRole,
    checkTags,
    containsLate,
    withoutAccepted,
} from "./trust/role";
import type { Role } from "./types";

/** Inputs of a component as they stand: what is not known yet is LATE. */
export type InputsView = Readonly<Record<string, unknown>>;

/** The result of checking: errors are refused, warnings are said on the resource that they are about. */
export interface Checked {
    readonly errors: readonly Finding[];
    readonly warnings: readonly Finding[];
}

function shapeOf(component: string, inputs: InputsView, path: string, findings: Findings): InputsView {
    const { inputProperties, requiredInputs } = schema().resources[token(component)]!;
    return checkShape(inputProperties, requiredInputs ?? [], inputs, path, findings);
}

interface ProviderView {
    readonly url?: MaybeLate<string>;
    readonly audiences?: MaybeLate<readonly string[]>;
    readonly thumbprints?: MaybeLate<readonly string[]>;
    readonly tags?: MaybeLate<Readonly<Record<string, string>>>;
}

/** Checks the inputs of `IdentityProvider`. */
export function checkIdentityProvider(inputs: InputsView): Checked {
    const findings = new Findings();
    checkProviderInputs(shapeOf("IdentityProvider", inputs, "", findings), findings);
    return findings;
}

function checkProviderInputs(provider: ProviderView, findings: Findings): void {
    const url = known(provider.url ?? GITLAB_COM);
    if (url !== undefined) {
        checkIssuerUrl(url, "url", findings);
    }
    checkAudiences(provider.audiences, url, "audiences", findings);
    checkThumbprints(provider.thumbprints, url, findings);
    checkTags(provider.tags, "tags", findings);
}

function checkThumbprints(late: ProviderView["thumbprints"], url: string | undefined, findings: Findings): void {
    const thumbprints = known(late);
    if (thumbprints === undefined) {
        return;
    }
    if (thumbprints.length > 5) {
        findings.add(
            "thumbprint",
            "thumbprints",
            `has ${String(thumbprints.length)} values: IAM takes 5.`,
            "Keep those of the chain in use and of its successor.",
        );
    }
    thumbprints.forEach((value, i) => {
        const thumbprint = known(value);
        if (thumbprint !== undefined && !/^[0-9a-fA-F]{40}$/.test(thumbprint)) {
            findings.add(
                "thumbprint",
                `thumbprints[${String(i)}]`,
                `${quote(thumbprint)} is not a SHA-1 fingerprint.`,
                "Write its 40 hexadecimal digits without colons.",
            );
        }
    });
    if (url === GITLAB_COM && thumbprints.length > 0) {
        findings.add(
            "redundant-thumbprints",
            "thumbprints",
            "AWS trusts the authority of gitlab.com by itself and ignores thumbprints; they only go stale.",
            "Leave them out.",
        );
    }
}

type RoleInputs = Exclude<MaybeLate<TrustPolicyInputs & Omit<Role, "subjects">>, symbol>;

/** Checks the inputs of `PipelineRole`; `path` is where they stand in those of `GitLabOidc`. */
export function checkPipelineRole(resourceName: string, inputs: InputsView, path = ""): Checked {
    const findings = new Findings();
    const role = shapeOf("PipelineRole", inputs, path, findings) as unknown as RoleInputs;
    checkTrustPolicyInputs(role, path, findings);
    checkRole(role, { resourceName, providerArn: known(role.providerArn) }, path, findings);
    return { errors: findings.errors, warnings: remaining(findings, role, path) };
}

function remaining(findings: Findings, role: RoleInputs, path: string): readonly Finding[] {
    const accept = (known(role.accept) ?? []) as readonly string[];
    const remain = withoutAccepted(findings.warnings, accept, path);
    // What is still to come may yet be warned about.
    const isWhole = urlOf(role) !== undefined && !containsLate({ ...role, providerArn: undefined });
    return isWhole ? remain : remain.filter(({ id }) => id !== "unused-accept");
}

interface GitLabOidcView extends ProviderView {
    readonly existingProviderArn?: MaybeLate<string>;
    readonly adoptExisting?: MaybeLate<boolean>;
    readonly subClaimComponents?: TrustView["subClaimComponents"];
    readonly roles: MaybeLate<Readonly<Record<string, Role>>>;
    readonly path?: MaybeLate<string>;
    readonly permissionsBoundary?: MaybeLate<string>;
    readonly maxSessionDuration?: MaybeLate<number>;
}

type TrustView = Exclude<MaybeLate<TrustPolicyInputs>, symbol>;

/** The result of checking `GitLabOidc`: its own warnings, and those of each role. */
export interface CheckedGitLabOidc extends Checked {
    readonly roleWarnings: ReadonlyMap<string, readonly Finding[]>;
}

/** Name of the `PipelineRole` that stands for an entry of `roles`. */
export function roleResourceName(name: string, roleKey: string): string {
    return `${name}-${roleKey}`;
}

/** Checks the inputs of `GitLabOidc`, those of all its roles included. */
export function checkGitLabOidc(resourceName: string, inputs: InputsView): CheckedGitLabOidc {
    const findings = new Findings();
    const view = shapeOf("GitLabOidc", inputs, "", findings) as unknown as GitLabOidcView;
    checkProviderInputs(view, findings);
    checkAdoption(view, findings);
    const urlIsSound = !findings.errors.some(({ path }) => path === "url" || path === "existingProviderArn");
    checkDefaults(view, findings);
    const roles = known(view.roles);
    if (roles !== undefined) {
        checkRoleKeys(roles, findings);
    }
    const roleWarnings = new Map<string, readonly Finding[]>();
    for (const [name, late] of Object.entries(roles ?? {})) {
        const role = known(late);
        if (role !== undefined) {
            const path = key("roles", name);
            const own = new Findings();
            const inputs = withPackageInputs(role, urlIsSound ? view : { ...view, url: LATE });
            checkComponents(role.subClaimComponents, property(path, "subClaimComponents"), own);
            checkSubjects(inputs, path, own);
            checkRole(
                role,
                { resourceName: roleResourceName(resourceName, name), providerArn: known(inputs.providerArn) },
                path,
                own,
            );
            checkAllTags(known(view.tags), known(role.tags), property(path, "tags"), own);
            findings.addAll(own.errors);
            roleWarnings.set(name, remaining(own, inputs, path));
        }
    }
    return { errors: findings.errors, warnings: findings.warnings, roleWarnings };
}

/** A role gets the tags of the package too. */
function checkAllTags(common: object = {}, own: object = {}, at: string, findings: Findings): void {
    const most = Math.max(Object.keys(common).length, Object.keys(own).length);
    const all = Object.keys({ ...common, ...own }).length;
    if (all > 50 && most <= 50) {
        findings.add("tags", at, `make ${String(all)} tags with those of the package: IAM takes 50.`, "Use fewer.");
    }
}

/** A role's own inputs with what the package gives to all. */
function withPackageInputs(role: Exclude<MaybeLate<Role>, symbol>, view: GitLabOidcView): RoleInputs {
    const components = role.subClaimComponents ?? view.subClaimComponents;
    return {
        ...role,
        providerArn: view.existingProviderArn ?? LATE,
        url: view.url ?? GITLAB_COM,
        ...(view.audiences !== undefined && { audiences: view.audiences }),
        ...(components !== undefined && { subClaimComponents: components }),
    };
}

function checkAdoption(view: GitLabOidcView, findings: Findings): void {
    const { existingProviderArn, adoptExisting } = view;
    const arn = known(existingProviderArn);
    if (arn !== undefined) {
        checkProviderArn(arn, known(view.url ?? GITLAB_COM), "existingProviderArn", findings);
    }
    if (existingProviderArn !== undefined && adoptExisting === true) {
        findings.add(
            "adopt-conflict",
            "adoptExisting",
            "stands beside `existingProviderArn`, which names the provider without looking it up.",
            "Keep one of the two.",
        );
    }
    if (view.thumbprints !== undefined && (existingProviderArn !== undefined || adoptExisting === true)) {
        findings.add(
            "adopt-conflict",
            "thumbprints",
            "belong to a provider that is made here; an adopted one is left as it is.",
            "Leave them out, or set them where the provider is made.",
        );
    }
}

function checkDefaults(view: GitLabOidcView, findings: Findings): void {
    const arn = known(view.existingProviderArn);
    checkPath(known(view.path), "path", findings);
    checkDuration(known(view.maxSessionDuration), "maxSessionDuration", findings);
    const boundary = known(view.permissionsBoundary);
    if (boundary !== undefined) {
        checkPolicyArn(boundary, arn?.split(":")[1], "permissionsBoundary", findings);
    }
    checkComponents(view.subClaimComponents, "subClaimComponents", findings);
}

function checkRoleKeys(roles: Readonly<Record<string, MaybeLate<Role>>>, findings: Findings): void {
    if (Object.keys(roles).length === 0) {
        findings.add(
            "required",
            "roles",
            "is empty: a provider that nobody uses.",
            "Add a role: { deploy: { subjects: [...] } }; for the provider alone use `IdentityProvider`.",
        );
    }
    const former = new Map<string, string>();
    const names = new Map<string, string>();
    for (const [name, late] of Object.entries(roles)) {
        checkKey(name, key("roles", name), findings);
        const role = known(late);
        (known(role?.formerKeys) ?? []).forEach((lateKey, i) => {
            const old = known(lateKey);
            if (old === undefined) {
                return;
            }
            const at = `${property(key("roles", name), "formerKeys")}[${String(i)}]`;
            if (Object.hasOwn(roles, old)) {
                findings.add(
                    "former-key",
                    at,
                    `${quote(old)} is the key of a present entry, which has that role.`,
                    "Name a key that is no longer used.",
                );
            } else if (former.has(old)) {
                findings.add(
                    "former-key",
                    at,
                    `${quote(old)} is claimed by ${key("roles", former.get(old)!)} too: one role cannot become two.`,
                    "Keep it at one of them.",
                );
            }
            former.set(old, name);
        });
        const roleName = known(role?.name);
        if (roleName !== undefined) {
            const other = names.get(roleName.toLowerCase());
            if (other !== undefined) {
                findings.add(
                    "duplicate-name",
                    property(key("roles", name), "name"),
                    `${quote(roleName)} is the name of ${key("roles", other)} too; IAM does not tell names apart by case.`,
                    "Choose another name.",
                );
            }
            names.set(roleName.toLowerCase(), name);
        }
    }
}
