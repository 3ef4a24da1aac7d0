import { findingOf, Findings, InvalidInputsError } from "../contract/findings";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import { isComplete, known, UNKNOWN, type MaybeUnknown } from "../contract/unknown";
import type { AdditionalPrincipal, Finding, SubClaimComponent, Subject } from "../contract/types";
import { exampleProviderArn, parseProviderArn } from "../iam/arn";
import { checkAudiences } from "../iam/audiences";
import { GITLAB_COM_KEYS, isClaimKey } from "../iam/condition-keys";
import { oneOrMany } from "../iam/policy-text";
import { ASSUME_ROLE, checkAdditionalPrincipals } from "./additional-principals";
import { checkConditions, checkWeakConditions, excludeEachOther, type Conditions } from "./conditions";
import { issuerUrlFindings, GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { WrittenPaths, type WrittenPath } from "../gitlab/path-case";
import { withSourceClaim } from "./merge-requests";
import { componentFindings, DEFAULT_COMPONENTS, pathOf } from "../gitlab/sub-claim";
import { checkSubjectList, compileSubject, longSubFindings, type CompiledSubject } from "./subject";
import { checkOffered, checkSelfManaged, checkVersion } from "../gitlab/version";

/** The inputs of a trust policy. */
export interface TrustPolicyInputs {
    /** ARN of the IAM OIDC identity provider. */
    readonly providerArn: string;
    /** Url of the GitLab instance. Default: the url in the ARN. */
    readonly url?: string;
    /** Audiences that are allowed. Default: the url. */
    readonly audiences?: readonly string[];
    /** Who may assume the role: alternatives to each other. */
    readonly subjects: readonly Subject[];
    /** Further conditions, which every subject has to meet. */
    readonly conditions?: Conditions;
    /** Principals of AWS that may assume the role too. */
    readonly additionalPrincipals?: readonly AdditionalPrincipal[];
    /** The sub claim as the projects' setting declares it. Default: GitLab's. */
    readonly subClaimComponents?: readonly SubClaimComponent[];
    /** Version of a self-managed instance. Default: not known. */
    readonly gitlabVersion?: string;
}

/** Characters of a trust policy, without white space, that an account allows by default. Source: AWS, "IAM and AWS STS quotas". */
export const TRUST_POLICY_QUOTA = 2048;

/** The most that the quota can be raised to. */
export const TRUST_POLICY_MAXIMUM = 8192;

/** The url that a trust policy is about: `url` if given, else the url in the ARN. */
export function urlOf(inputs: {
    readonly providerArn?: MaybeUnknown<string>;
    readonly url?: MaybeUnknown<string>;
}): string | undefined {
    if (inputs.url !== undefined) {
        return known(inputs.url);
    }
    const arn = known(inputs.providerArn);
    const issuer = arn === undefined ? undefined : parseProviderArn(arn)?.issuer;
    return issuer === undefined ? undefined : `https://${issuer}`;
}

/**
 * Reports everything that is wrong with the inputs of a trust policy, or risky but valid.
 *
 * @returns The trust policy, compiled once; undefined if there are errors or something is not known yet.
 */
export function checkTrustPolicyInputs(
    inputs: MaybeUnknown<TrustPolicyInputs>,
    path: string,
    findings: Findings,
): string | undefined {
    const given = known(inputs);
    if (given === undefined) {
        return undefined;
    }
    const before = findings.errors.length;
    checkProvider(given, path, findings);
    const sound: TrustView = findings.errors.length === before ? given : { ...given, url: UNKNOWN };
    const url = urlOf(sound);
    checkVersion(given.gitlabVersion, url, property(path, "gitlabVersion"), findings);
    checkSubClaimComponents(given, path, findings);
    checkAudiences(given.audiences, url, property(path, "audiences"), findings);
    const json = checkSubjects(sound, path, findings);
    checkPathTrust(sound, path, findings);
    new WrittenPaths().add(pathsOf(given, path), findings);
    return given.providerArn === UNKNOWN || findings.errors.length > 0 ? undefined : json;
}

/** The inputs of a trust policy as far as they are known. */
export type TrustView = Exclude<MaybeUnknown<TrustPolicyInputs>, symbol>;

/** Reports sub claim components that GitLab does not offer, or not in this version. */
export function checkSubClaimComponents(
    { subClaimComponents, gitlabVersion }: Pick<TrustView, "subClaimComponents" | "gitlabVersion">,
    path: string,
    findings: Findings,
): void {
    const at = property(path, "subClaimComponents");
    findings.addAll(componentFindings(subClaimComponents, at));
    checkOffered(subClaimComponents, gitlabVersion, at, findings);
}

/** Warns about subjects on a self-managed instance whose path can also be in other projects' tokens. */
export function checkPathTrust(inputs: TrustView, path: string, findings: Findings): void {
    if (known(inputs.subjects)?.some((s) => s !== UNKNOWN) === true) {
        const { gitlabVersion } = inputs;
        const components = knownComponents(inputs.subClaimComponents);
        checkSelfManaged({ url: urlOf(inputs), components, gitlabVersion }, path, findings);
    }
}

/** The paths that the subjects name, each with its property path. */
export function pathsOf({ subjects, subClaimComponents }: TrustView, path: string): readonly WrittenPath[] {
    const components = knownComponents(subClaimComponents);
    return (known(subjects) ?? []).flatMap((subject, i) => {
        const named = pathOf(subject, components);
        return named === undefined
            ? []
            : [{ path: named.path, at: property(`${property(path, "subjects")}[${String(i)}]`, named.field) }];
    });
}

/** The part of the checks that is about who may assume the role, for a provider that was checked before; returns the policy if it can be compiled. */
export function checkSubjects(inputs: TrustView, path: string, findings: Findings): string | undefined {
    const at = (name: keyof TrustPolicyInputs): string => property(path, name);
    const url = urlOf(inputs);
    const components = knownComponents(inputs.subClaimComponents);
    const subjects = known(inputs.subjects);
    if (subjects !== undefined) {
        checkSubjectList(subjects, () => ({ url, components }), at("subjects"), findings);
    }
    checkConditions(inputs.conditions, url === undefined ? undefined : issuerOf(url), at("conditions"), findings);
    checkAdditionalPrincipals(inputs, url, at("additionalPrincipals"), findings);
    if (url === GITLAB_COM) {
        const context = { issuer: issuerOf(url), subjects: subjects ?? [] };
        checkWeakConditions(inputs.conditions, context, at("conditions"), findings);
    }
    if (findings.errors.length > 0 || url === undefined || components === undefined) {
        return undefined;
    }
    const whole = withProvider(inputs, url);
    if (!isComplete<TrustPolicyInputs>(whole)) {
        return undefined;
    }
    const compiled = compileAll(whole);
    checkLength(compiled, at("subjects"), findings);
    checkConflicts(whole, compiled, at("conditions"), findings);
    if (findings.errors.length > 0) {
        return undefined;
    }
    const json = policyText(whole, compiled);
    checkSize(policySize(json), whole, at, findings);
    return json;
}

/** The inputs of a trust policy, from the inputs of a role. An ARN of the same length replaces that of a provider that does not exist yet. */
function withProvider(
    { providerArn, audiences, subjects, conditions, additionalPrincipals, subClaimComponents }: TrustView,
    url: string,
): MaybeUnknown<TrustPolicyInputs> {
    return {
        providerArn: known(providerArn) ?? exampleProviderArn(issuerOf(url), { account: "000000000000" }),
        url,
        audiences,
        subjects,
        conditions,
        additionalPrincipals,
        subClaimComponents,
    };
}

/** The sub claim components of the inputs, or the default; undefined if they are not known or not valid. */
export function knownComponents(
    maybe: MaybeUnknown<TrustPolicyInputs["subClaimComponents"]>,
): readonly SubClaimComponent[] | undefined {
    if (maybe === undefined) {
        return DEFAULT_COMPONENTS;
    }
    const components = known(maybe);
    return componentFindings(maybe, "").length === 0 && components?.every((c) => c !== UNKNOWN) === true
        ? components
        : undefined;
}

function checkProvider(given: TrustView, path: string, findings: Findings): void {
    const url = known(given.url);
    const ofUrl = url === undefined ? [] : issuerUrlFindings(url, property(path, "url"));
    findings.addAll(ofUrl);
    const arn = known(given.providerArn);
    if (arn !== undefined) {
        const isSound = ofUrl.length === 0;
        findings.addAll(providerArnFindingsBeside(arn, { url, isSound }, property(path, "providerArn")));
    }
}

/** The same as `providerArnFindings`, with a url that was already checked. If the url is not sound, only the form of the ARN is checked. */
export function providerArnFindingsBeside(
    arn: string,
    { url, isSound }: { readonly url: string | undefined; readonly isSound: boolean },
    path: string,
): readonly Finding[] {
    return isSound || parseProviderArn(arn) === undefined
        ? providerArnFindings(arn, isSound ? url : undefined, path)
        : [];
}

/** Findings about an ARN that is not one of an OIDC identity provider, or of the provider of another url. */
export function providerArnFindings(arn: string, url: string | undefined, path: string): readonly Finding[] {
    const fault = (message: string, fix: string): Finding =>
        findingOf("provider-arn", path, `${quote(arn)} ${message}`, fix);
    const parsed = parseProviderArn(arn);
    if (parsed === undefined) {
        const example = exampleProviderArn(issuerOf(url ?? GITLAB_COM), { account: "111122223333" });
        return [fault("is not the ARN of an IAM OIDC identity provider.", `It looks like "${example}".`)];
    }
    if (url === undefined) {
        return issuerUrlFindings(`https://${parsed.issuer}`, path).map(({ message }) =>
            fault(
                `belongs to no GitLab instance: ${message}`,
                "Create an identity provider with the URL of the instance, and use its ARN.",
            ),
        );
    }
    return parsed.issuer === issuerOf(url)
        ? []
        : [
              fault(
                  `is the identity provider of "https://${parsed.issuer}", but the URL is ${quote(url)}: no token would match.`,
                  "Use the ARN and the URL of the same instance.",
              ),
          ];
}

function checkLength(subjects: readonly CompiledSubject[], path: string, findings: Findings): void {
    subjects.forEach(({ sub }, i) => {
        findings.addAll(longSubFindings("Its", sub, `${path}[${String(i)}]`));
    });
}

/** A condition on the same operator and key would replace the subject's. */
function checkConflicts(
    inputs: TrustPolicyInputs,
    subjects: readonly CompiledSubject[],
    path: string,
    findings: Findings,
): void {
    const issuer = issuerOf(urlOf(inputs)!);
    const used = new Set(
        subjects.flatMap((s) => Object.keys(s.claims).map((claim) => `${issuer}:${claim}`.toLowerCase())),
    );
    for (const name of Object.keys(inputs.conditions?.["StringEquals"] ?? {})) {
        if (used.has(name.toLowerCase())) {
            reportConflict("StringEquals", name, path, findings);
        }
    }
    if (issuer === issuerOf(GITLAB_COM)) {
        checkContradictions(inputs.conditions ?? {}, subjects, path, findings);
    }
}

/** Reports conditions on a claim that exclude what a subject requires of it, or that exclude each other. */
function checkContradictions(
    conditions: Conditions,
    subjects: readonly CompiledSubject[],
    path: string,
    findings: Findings,
): void {
    const further = Object.entries(conditions).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([name, values]) => ({ operator, key: name, values })),
    );
    for (const claim of GITLAB_COM_KEYS) {
        const isOfSubjects = subjects.some(({ claims }) => claims[claim] !== undefined);
        const together = further.filter(
            (test) =>
                isClaimKey(test.key, issuerOf(GITLAB_COM), claim) &&
                // A condition with the subjects' operator is already reported.
                !(isOfSubjects && test.operator === "StringEquals"),
        );
        const last = together.at(-1);
        if (last === undefined) {
            continue;
        }
        const ofSubjects = subjects.map(({ claims }) =>
            claims[claim] === undefined ? [] : [{ ...last, operator: "StringEquals", values: claims[claim] }],
        );
        const i = ofSubjects.findIndex((own) => excludeEachOther(claim, [...own, ...together]));
        if (i >= 0) {
            findings.add(
                "condition-conflict",
                key(key(path, last.operator), last.key),
                `leaves no value of ${quote(last.key)} that ${ofSubjects[i]!.length > 0 ? `\`subjects[${String(i)}]\` allows` : "the other conditions on it allow"}: no job can meet both.`,
                "Remove one of the two.",
            );
        }
    }
}

function reportConflict(operator: string, name: string, path: string, findings: Findings): void {
    findings.add(
        "condition-conflict",
        key(key(path, operator), name),
        `The subjects also set ${quote(name)}, and one of the two would be lost.`,
        "Set it only in the subjects.",
    );
}

function checkSize(
    size: number,
    inputs: TrustPolicyInputs,
    at: (name: "subjects" | "additionalPrincipals") => string,
    findings: Findings,
): void {
    if (size <= TRUST_POLICY_QUOTA) {
        return;
    }
    const fits = inputs.subjects.findIndex(
        (_, i) =>
            policySize(compileTrustPolicy({ ...inputs, subjects: inputs.subjects.slice(0, i + 1) })) >
            TRUST_POLICY_QUOTA,
    );
    const ofPrincipals =
        fits === 0 && policySize(compileTrustPolicy({ ...inputs, additionalPrincipals: [] })) <= TRUST_POLICY_QUOTA;
    const path = at(ofPrincipals ? "additionalPrincipals" : "subjects");
    const fix = ofPrincipals
        ? "Use fewer principals, or let them assume another role: they leave no room for a subject."
        : fits === 0
          ? "Shorten the conditions and the list of audiences: they leave no room for a subject."
          : `The first ${String(fits)} of ${String(inputs.subjects.length)} subjects fit into ${String(TRUST_POLICY_QUOTA)} characters. Create more roles for the others, or trust a group.`;
    if (size > TRUST_POLICY_MAXIMUM) {
        findings.add(
            "trust-policy-size",
            path,
            `The trust policy has ${String(size)} characters without white space. AWS accepts at most ${String(TRUST_POLICY_MAXIMUM)}.`,
            fix,
        );
    } else {
        findings.add(
            "trust-policy-quota",
            path,
            `The trust policy has ${String(size)} characters without white space: more than the quota "Role trust policy length" of ${String(TRUST_POLICY_QUOTA)}, unless yours was raised.`,
            fix,
        );
    }
}

/** Characters of a policy as AWS counts them, which is without white space. Source: AWS, "IAM and AWS STS quotas". */
export function policySize(json: string): number {
    return json.replace(/\s/g, "").length;
}

type ConditionBlock = Record<string, Record<string, string | readonly string[]>>;

function compileAll(inputs: TrustPolicyInputs): readonly CompiledSubject[] {
    const { subjects, subClaimComponents = DEFAULT_COMPONENTS } = inputs;
    return subjects.map((s) => compileSubject(withSourceClaim(s, urlOf(inputs)!), subClaimComponents));
}

/** The trust policy of inputs that are known to be right. */
export function compileTrustPolicy(inputs: TrustPolicyInputs): string {
    return policyText(inputs, compileAll(inputs));
}

/**
 * One statement for all subjects that ask for the same claims, because values of one key are alternatives and keys are not, and then
 * one for each additional principal.
 */
function policyText(inputs: TrustPolicyInputs, compiled: readonly CompiledSubject[]): string {
    const url = urlOf(inputs)!;
    const groups = new Map<string, CompiledSubject[]>();
    for (const subject of compiled) {
        const claims = Object.entries(subject.claims).sort(([a], [b]) => (a < b ? -1 : 1));
        const id = JSON.stringify([claims, subject.except]);
        groups.set(id, [...(groups.get(id) ?? []), subject]);
    }
    const statements = [...groups.keys()].sort().map((id) => ({
        Effect: "Allow",
        Principal: { Federated: inputs.providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: merge(
            conditionsOf(groups.get(id)!, issuerOf(url), inputs.audiences ?? [url]),
            inputs.conditions ?? {},
        ),
    }));
    const ofPrincipals = (inputs.additionalPrincipals ?? []).map(principalStatement);
    return JSON.stringify({ Version: "2012-10-17", Statement: [...statements, ...ofPrincipals] });
}

function principalStatement({ arn, conditions = {} }: AdditionalPrincipal): object {
    const block = merge({}, conditions);
    return {
        Effect: "Allow",
        Principal: { AWS: arn },
        Action: ASSUME_ROLE,
        ...(Object.keys(block).length > 0 && { Condition: block }),
    };
}

function conditionsOf(
    subjects: readonly CompiledSubject[],
    issuer: string,
    audiences: readonly string[],
): ConditionBlock {
    const subs = oneOrMany(subjects.map((s) => s.sub));
    const { claims, except } = subjects[0]!;
    const patterns = subjects.some((s) => s.isPattern);
    const exact: ConditionBlock[string] = { [`${issuer}:aud`]: oneOrMany(audiences) };
    if (!patterns) {
        exact[`${issuer}:sub`] = subs;
    }
    for (const claim of Object.keys(claims).sort()) {
        exact[`${issuer}:${claim}`] = oneOrMany(claims[claim]!);
    }
    return {
        StringEquals: exact,
        ...(patterns && { StringLike: { [`${issuer}:sub`]: subs } }),
        ...(except.length > 0 && { StringNotLike: { [`${issuer}:sub`]: oneOrMany(except) } }),
    };
}

/** The conditions of the subjects and the further ones; none of the subjects' is ever replaced. */
function merge(block: ConditionBlock, more: Conditions): ConditionBlock {
    const merged = { ...block };
    for (const operator of Object.keys(more).sort()) {
        const keys = Object.entries(more[operator]!).sort(([a], [b]) => (a < b ? -1 : 1));
        const taken = new Set(Object.keys(merged[operator] ?? {}).map((k) => k.toLowerCase()));
        for (const [name] of keys.filter(([k]) => taken.has(k.toLowerCase()))) {
            const findings = new Findings();
            reportConflict(operator, name, "conditions", findings);
            throw new InvalidInputsError(findings.errors);
        }
        if (keys.length > 0) {
            merged[operator] = {
                ...merged[operator],
                ...Object.fromEntries(keys.map(([k, values]) => [k, oneOrMany(values)])),
            };
        }
    }
    return merged;
}
