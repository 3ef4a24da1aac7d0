import { Findings, key, property, quote, type Finding } from "./findings";
import { known, LATE, type MaybeLate } from "./late";
import { schema, token } from "./schema";
import { checkShape } from "./shape";
import { checkGitLabCi } from "./gitlab-ci/options";
import { parseProviderArn } from "./trust/arn";
import { checkAudiences } from "./trust/audiences";
import { checkIssuerUrl, GITLAB_COM } from "./trust/issuer-url";
import { WrittenPaths } from "./trust/path-case";
import {
    checkPathTrust,
    checkProviderArn,
    checkSubClaimComponents,
    checkSubjects,
    checkTrustPolicyInputs,
    pathsOf,
    urlOf,
    type TrustPolicyInputs,
} from "./trust/policy";
import {
    checkDuration,
    checkKey,
    checkPath,
    checkPolicyArn,
    checkRole,
    checkTags,
    checkAccept,
    containsLate,
    unusedAccepts,
} from "./trust/role";
import { checkVersion } from "./trust/version";
import type { GitLabCiOptions, IssuerCheckMode, Role } from "./types";

/** Inputs of a component as they stand: what is not known yet is LATE. */
export type InputsView = Readonly<Record<string, unknown>>;

/** The result of checking: errors are refused, warnings are said on the resource that they are about. */
export interface Checked {
    readonly errors: readonly Finding[];
    readonly warnings: readonly Finding[];
}

/** The inputs of a component as far as they have the types that schema.json gives them; reports the others. */
export function shapeOf(component: string, inputs: InputsView, path: string, findings: Findings): InputsView {
    const { inputProperties, requiredInputs } = schema().resources[token(component)]!;
    return checkShape(inputProperties, requiredInputs ?? [], inputs, path, findings);
}

interface ProviderView {
    readonly url?: MaybeLate<string>;
    readonly audiences?: MaybeLate<readonly string[]>;
    readonly thumbprints?: MaybeLate<readonly string[]>;
    readonly issuerCheck?: MaybeLate<string>;
    readonly tags?: MaybeLate<Readonly<Record<string, string>>>;
    readonly accept?: MaybeLate<readonly string[]>;
}

/** Checks the inputs of `IdentityProvider`. */
export function checkIdentityProvider(inputs: InputsView): Checked {
    const findings = new Findings();
    const provider: ProviderView = shapeOf("IdentityProvider", inputs, "", findings);
    checkProviderInputs(provider, findings);
    const warnings = withUnusedAccepts(findings.warnings, provider, "", !containsLate(provider));
    return { errors: findings.errors, warnings: withoutIds(warnings, acceptOf(provider)) };
}

function checkProviderInputs(provider: ProviderView, findings: Findings): void {
    const url = known(provider.url ?? GITLAB_COM);
    if (url !== undefined) {
        checkIssuerUrl(url, "url", findings);
    }
    checkAudiences(provider.audiences, url, "audiences", findings);
    checkThumbprints(provider.thumbprints, url, findings);
    checkMode(provider.issuerCheck, findings);
    checkTags(provider.tags, "tags", findings);
    checkAccept(provider.accept, "accept", findings);
}

interface Accepting {
    readonly accept?: MaybeLate<readonly string[]>;
}

function acceptOf({ accept }: Accepting): readonly string[] {
    return (known(accept) ?? []) as readonly string[];
}

function withoutIds(warnings: readonly Finding[], accept: readonly string[]): readonly Finding[] {
    return warnings.filter(({ id }) => !accept.includes(id));
}

/** The warnings, and one for each accepted id that does not occur; not before all is known, because what is still to come may yet be warned about. */
function withUnusedAccepts(
    warnings: readonly Finding[],
    accepting: Accepting,
    path: string,
    isWhole: boolean,
): readonly Finding[] {
    return isWhole ? [...warnings, ...unusedAccepts(warnings, acceptOf(accepting), path)] : warnings;
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

const MODES: readonly string[] = ["off", "warn", "error"] satisfies readonly IssuerCheckMode[];

function checkMode(late: ProviderView["issuerCheck"], findings: Findings): void {
    const mode = known(late);
    if (mode !== undefined && !MODES.includes(mode)) {
        findings.add(
            "issuer-check",
            "issuerCheck",
            `${quote(mode)} is not known.`,
            `Write ${MODES.map(quote).join(" or ")}.`,
        );
    }
}

type RoleInputs = Exclude<MaybeLate<TrustPolicyInputs & Omit<Role, "subjects">>, symbol>;

/** Checks the inputs of `PipelineRole`; `path` is where they stand in those of `GitLabOidc`. */
export function checkPipelineRole(resourceName: string, inputs: InputsView, path = ""): Checked {
    const findings = new Findings();
    const role = shapeOf("PipelineRole", inputs, path, findings) as unknown as RoleInputs;
    checkTrustPolicyInputs(role, path, findings);
    const providerArn = known(role.providerArn);
    checkRole(role, { resourceName, providerArn }, path, findings);
    checkGitLabCi(
        { options: role.gitlabCi, path: property(path, "gitlabCi") },
        [
            {
                key: resourceName,
                partition: partitionIn(providerArn),
                maxSessionDuration: role.maxSessionDuration ?? 3600,
            },
        ],
        findings,
    );
    const warnings = withUnusedAccepts(findings.warnings, role, path, isWhole(role));
    return { errors: findings.errors, warnings: withoutIds(warnings, acceptOf(role)) };
}

function isWhole(role: RoleInputs): boolean {
    return urlOf(role) !== undefined && !containsLate({ ...role, providerArn: undefined });
}

function partitionIn(providerArn: string | undefined): string | undefined {
    return providerArn === undefined ? undefined : parseProviderArn(providerArn)?.partition;
}

interface GitLabOidcView extends ProviderView {
    readonly existingProviderArn?: MaybeLate<string>;
    readonly adoptExisting?: MaybeLate<boolean>;
    readonly subClaimComponents?: TrustView["subClaimComponents"];
    readonly gitlabVersion?: TrustView["gitlabVersion"];
    readonly roles: MaybeLate<Readonly<Record<string, Role>>>;
    readonly path?: MaybeLate<string>;
    readonly permissionsBoundary?: MaybeLate<string>;
    readonly maxSessionDuration?: MaybeLate<number>;
    readonly gitlabCi?: MaybeLate<GitLabCiOptions>;
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
    const sound: GitLabOidcView = urlIsSound ? view : { ...view, url: LATE };
    checkVersion(view.gitlabVersion, known(sound.url ?? GITLAB_COM), "gitlabVersion", findings);
    checkDefaults(view, findings);
    const roles = known(view.roles);
    if (roles !== undefined) {
        checkRoleKeys(roles, findings);
    }
    const occurring: Finding[] = [];
    const ofRoles = new Map<string, readonly Finding[]>();
    const paths = new WrittenPaths();
    for (const [name, late] of Object.entries(roles ?? {})) {
        const role = known(late);
        if (role !== undefined) {
            const path = key("roles", name);
            const own = new Findings();
            const inputs = withPackageInputs(role, sound);
            checkSubClaimComponents({ ...inputs, subClaimComponents: role.subClaimComponents }, path, own);
            checkSubjects(inputs, path, own);
            checkPathTrust(inputs, "", own);
            paths.add(pathsOf(inputs, path), own);
            checkRole(
                role,
                { resourceName: roleResourceName(resourceName, name), providerArn: known(inputs.providerArn) },
                path,
                own,
            );
            checkAllTags(known(view.tags), known(role.tags), property(path, "tags"), own);
            findings.addAll(own.errors);
            const warnings = withUnusedAccepts(own.warnings, role, path, isWhole(inputs));
            occurring.push(...warnings);
            ofRoles.set(name, withoutIds(warnings, [...acceptOf(role), ...acceptOf(view)]));
        }
    }
    checkGitLabCi(
        { options: view.gitlabCi, path: "gitlabCi" },
        Object.entries(roles ?? {}).map(([name, late]) => ({
            key: name,
            own: { options: known(late)?.gitlabCi, path: property(key("roles", name), "gitlabCi") },
            partition: partitionIn(known(view.existingProviderArn)),
            maxSessionDuration: known(late)?.maxSessionDuration ?? view.maxSessionDuration ?? 3600,
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
    const isComplete = !containsLate({ ...view, existingProviderArn: undefined });
    return isComplete ? unusedAccepts(occurring, acceptOf(view), "") : [];
}

/** Warnings that subjects give rise to, but that are about the instance, and so said once for all roles. */
function isAboutInstance({ id }: Finding): boolean {
    return id === "self-managed-version";
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
    const { audiences, gitlabVersion } = view;
    return {
        ...role,
        providerArn: view.existingProviderArn ?? LATE,
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
    checkSubClaimComponents(view, "", findings);
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
