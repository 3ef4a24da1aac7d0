import { ACCEPT_TAG, acceptedBy } from "../contract/accept-tag";
import { Findings, InvalidInputsError } from "../contract/findings";
import { readJsonObject } from "../contract/json-document";
import { quote } from "../contract/quote";
import type { DescribeTrustPolicyResult, Finding, Role, Subject } from "../contract/types";
import type { PolicyFacts } from "../audit/account-facts";
import type { AccountProvider, JoinedRole } from "../audit/accounts";
import { DETAILS_CALL, providerCall, ROLES_CALL } from "../iam/aws-calls";
import { documentText } from "../iam/policies";
import { checkRole, DEFAULT_SESSION } from "../iam/role";
import { type AudiencesOf, describePolicy } from "../trust/describe";
import { checkTrustPolicyInputs, policySize, TRUST_POLICY_QUOTA, type TrustPolicyInputs } from "../trust/policy";
import { UniqueKeys } from "./words";

/** A role in the terms of this package. Its new trust policy decides the same as its old one. */
export interface AdoptableRole {
    readonly kind: "adoptable";
    readonly arn: string;
    readonly providerArn: string;
    readonly audiences: readonly string[];
    /** The new trust policy, as compact JSON. */
    readonly trustPolicy: string;
    /** The inputs of the role, with its name. */
    readonly inputs: Role & { readonly name: string };
}

/** A fact that no document has, and the call of the AWS CLI that prints it. */
export interface MissingFact {
    readonly what: string;
    readonly call: string;
}

/** A role of which no document has everything. */
export interface IncompleteRole {
    readonly kind: "incomplete";
    readonly arn: string;
    readonly missing: readonly MissingFact[];
}

/** A role that is left as it is. */
export interface LeftRole {
    readonly kind: "left";
    readonly arn: string;
    /** Why, each with the part of the trust policy or of the role. */
    readonly reasons: readonly string[];
    /** The jobs that the subjects do not express, in words. */
    readonly jobs: readonly string[];
    /** The subjects that express the other jobs. */
    readonly subjects: readonly Subject[];
}

/** The account of the role. */
export interface RoleSurroundings {
    /** URL of the GitLab instance. */
    readonly url: string;
    readonly providers: ReadonlyMap<string, AccountProvider>;
    /** Whether `providers` has all of the account. */
    readonly hasAllProviders: boolean;
}

/** The role in the terms of this package, the facts that are missing, or why it is left as it is. */
export function adoptRole(role: JoinedRole, around: RoleSurroundings): AdoptableRole | IncompleteRole | LeftRole {
    if (role.trustPolicy === undefined) {
        return { kind: "incomplete", arn: role.arn, missing: [{ what: "the trust policy", call: DETAILS_CALL }] };
    }
    const listed: AudiencesOf = (arn) => around.providers.get(arn)?.audiences;
    const trust = readTrust(role, around, listed);
    // With audiences that no document has, the trust policy may be one that the inputs express.
    const supposed = "reasons" in trust ? readTrust(role, around, (arn) => listed(arn) ?? [around.url]) : trust;
    if ("reasons" in supposed) {
        return { kind: "left", arn: role.arn, ...("reasons" in trust ? trust : supposed) };
    }
    const { providerArn, audiences, trustPolicy } = supposed;
    const missing = missingFacts(role, around.providers.get(providerArn), providerArn);
    if (missing.length > 0) {
        return { kind: "incomplete", arn: role.arn, missing };
    }
    const inputs = {
        name: role.name,
        ...without(supposed, "providerArn", "url", "audiences", "trustPolicy"),
        ...settingsOf(role),
    };
    const findings = new Findings();
    checkRole(inputs, { resourceName: "role", providerArn }, "", findings);
    const reasons = [...stackReasons(role), ...findings.errors.map(reasonOf)];
    return reasons.length > 0
        ? { kind: "left", arn: role.arn, reasons, jobs: [], subjects: [] }
        : { kind: "adoptable", arn: role.arn, providerArn, audiences, trustPolicy, inputs };
}

type Left = Pick<LeftRole, "reasons" | "jobs" | "subjects">;

type Trust = TrustPolicyInputs & Required<Pick<TrustPolicyInputs, "url" | "audiences">>;

/** The trust policy as inputs that compile to one which decides the same, with that policy. */
function readTrust(
    { arn, trustPolicy }: JoinedRole,
    { url, providers, hasAllProviders }: RoleSurroundings,
    audiencesOf: AudiencesOf,
): (Trust & Pick<AdoptableRole, "trustPolicy">) | Left {
    const described = describedOr(trustPolicy, url, audiencesOf);
    if ("reasons" in described) {
        return described;
    }
    const { providerArn, audiences, unexplained } = described;
    const { subjects } = trustInputs(described);
    const left = (reasons: readonly string[]): Left => ({
        reasons,
        jobs: unexplained.flatMap(({ jobs }) => jobs),
        subjects,
    });
    if (unexplained.length > 0) {
        return left(unexplained.map(({ path, reason }) => `${path}: ${reason}`));
    }
    if (providerArn === undefined || audiences === undefined || subjects.length === 0) {
        return left([`No statement allows jobs of ${url}.`]);
    }
    const account = (ofArn: string): string => ofArn.split(":")[4]!;
    if (account(providerArn) !== account(arn)) {
        return left([`The trust policy names the identity provider ${quote(providerArn)} of another account.`]);
    }
    if (hasAllProviders && !providers.has(providerArn)) {
        return left([`The account has no identity provider ${quote(providerArn)}, so no job can assume the role.`]);
    }
    const inputs: Trust = { ...trustInputs(described), providerArn, url, audiences };
    const findings = new Findings();
    const compiled = checkTrustPolicyInputs(inputs, "", findings);
    if (compiled === undefined) {
        return left(findings.errors.map(reasonOf));
    }
    if (!decidesTheSame(compiled, inputs)) {
        return left(["The inputs of this package lead to a trust policy that may decide differently."]);
    }
    const size = policySize(compiled);
    return size > TRUST_POLICY_QUOTA && size > policySize(documentText(trustPolicy))
        ? left([
              `The trust policy of this package has ${String(size)} characters, more than the present one and than the quota of ${String(TRUST_POLICY_QUOTA)}.`,
          ])
        : { ...inputs, trustPolicy: compiled };
}

function describedOr(trustPolicy: unknown, url: string, audiencesOf: AudiencesOf): DescribeTrustPolicyResult | Left {
    try {
        return describePolicy({ trustPolicy, url }, audiencesOf);
    } catch (error) {
        if (!(error instanceof InvalidInputsError)) {
            throw error;
        }
        return { reasons: error.findings.map(reasonOf), jobs: [], subjects: [] };
    }
}

/** The inputs of a description, all of them, without its words. */
function trustInputs(described: DescribeTrustPolicyResult): Partial<TrustPolicyInputs> & Pick<Role, "subjects"> {
    return {
        ...without(described, "description", "notes", "unexplained"),
        subjects: described.subjects.map((subject) => without(subject, "description")),
    };
}

function without<T extends object, K extends keyof T & string>(object: T, ...names: readonly K[]): Omit<T, K> {
    const kept = Object.entries(object).filter(([name]) => !names.some((other) => other === name));
    return Object.fromEntries(kept) as unknown as Omit<T, K>;
}

/** Whether the compiled policy is explained by the same inputs, all of it. The old policy was, so both decide the same. */
function decidesTheSame(compiled: string, inputs: Trust): boolean {
    const { url, subClaimComponents } = inputs;
    const again = describePolicy({
        trustPolicy: compiled,
        url,
        ...(subClaimComponents !== undefined && { subClaimComponents }),
    });
    return again.unexplained.length === 0 && comparable(trustInputs(again)) === comparable(inputs);
}

/** The same text for inputs that mean the same: values of a list are alternatives, except for components of the `sub` claim. */
function comparable(inputs: Partial<TrustPolicyInputs>): string {
    const { audiences = [], subjects = [], conditions, additionalPrincipals = [], ...others } = inputs;
    return textOf([
        sortedTexts(audiences),
        sortedTexts(subjects),
        conditionTexts(conditions),
        sortedTexts(additionalPrincipals.map((each) => [each.arn, conditionTexts(each.conditions)])),
        sortedTexts(Object.entries(others)),
    ]);
}

function sortedTexts(values: readonly unknown[]): readonly string[] {
    return [...new Set(values.map(textOf))].sort();
}

/** Operators and keys are looked up without regard to case; values are alternatives. */
function conditionTexts(conditions: TrustPolicyInputs["conditions"] = {}): readonly string[] {
    return sortedTexts(
        Object.entries(conditions).flatMap(([operator, keys]) =>
            Object.entries(keys).map(([key, values]) => [operator, key.toLowerCase(), [...values].sort()]),
        ),
    );
}

function textOf(value: unknown): string {
    return JSON.stringify(value);
}

export function sameSet(a: readonly string[], b: readonly string[]): boolean {
    return textOf(sortedTexts(a)) === textOf(sortedTexts(b));
}

/** A finding in one line. */
export function reasonOf({ path, message, fix }: Finding): string {
    return [...(path === "" ? [] : [`${path}:`]), message, fix].join(" ");
}

/** The facts about the role that no document has. */
function missingFacts(
    role: JoinedRole,
    provider: AccountProvider | undefined,
    providerArn: string,
): readonly MissingFact[] {
    const facts: readonly (readonly [isMissing: boolean, what: string, call: string])[] = [
        [role.description === undefined, "the description", ROLES_CALL],
        [role.maxSessionDuration === undefined, "the maximum session duration", ROLES_CALL],
        [role.tags === undefined, "the tags", DETAILS_CALL],
        [role.boundary === undefined, "the permissions boundary", DETAILS_CALL],
        [role.mayHaveMorePolicies, "all policies", DETAILS_CALL],
        ...role.policies.flatMap((policy) =>
            policy.arn === undefined && documentOf(policy) === undefined
                ? [[true, `the document of the inline policy ${quote(policy.name)}`, DETAILS_CALL] as const]
                : [],
        ),
        [provider?.audiences === undefined, "the audiences of the identity provider", providerCall(providerArn)],
        [provider?.tags === undefined, "the tags of the identity provider", providerCall(providerArn)],
    ];
    return facts.flatMap(([isMissing, what, call]) => (isMissing ? [{ what, call }] : []));
}

/** The document of an inline policy; undefined if it is not known, or is not JSON. */
function documentOf({ document }: PolicyFacts): unknown {
    return typeof document === "string" ? readJsonObject(document).object : document;
}

/** Everything that the role has, besides its name and its trust policy. Defaults of IAM are left out. */
function settingsOf(role: JoinedRole): Omit<Role, "subjects" | "name"> {
    const { path, description, boundary, maxSessionDuration } = role;
    const keys = new UniqueKeys();
    const managed = role.policies.flatMap(({ arn }) =>
        arn === undefined ? [] : [[keys.add(arn.slice(arn.lastIndexOf("/") + 1)), arn] as const],
    );
    const inline = role.policies.flatMap((policy) =>
        policy.arn === undefined ? [[policy.name, documentOf(policy)] as const] : [],
    );
    const { tags, accept } = tagInputs(role.tags!);
    return {
        ...(path !== undefined && path !== "/" && { path }),
        ...(description !== "" && { description: description! }),
        ...(managed.length > 0 && { managedPolicies: Object.fromEntries(managed) }),
        ...(inline.length > 0 && { inlinePolicies: Object.fromEntries(inline) }),
        ...(boundary !== "none" && { permissionsBoundary: boundary! }),
        ...(maxSessionDuration !== DEFAULT_SESSION && { maxSessionDuration: maxSessionDuration! }),
        ...(Object.keys(tags).length > 0 && { tags }),
        ...(accept.length > 0 && { accept }),
    };
}

/** The tags of a resource as inputs. The tag for accepted warnings is the input `accept`, and AWS writes those that begin with `aws:` itself. */
export function tagInputs(all: ReadonlyMap<string, string>): {
    readonly tags: Readonly<Record<string, string>>;
    readonly accept: readonly string[];
} {
    return {
        tags: Object.fromEntries([...all].filter(([name]) => name !== ACCEPT_TAG && !/^aws:/i.test(name))),
        accept: [...acceptedBy(all.get(ACCEPT_TAG))],
    };
}

/** Tags of AWS show that another program manages the role. */
function stackReasons({ tags }: JoinedRole): readonly string[] {
    const stack = tags?.get("aws:cloudformation:stack-name");
    return stack === undefined
        ? []
        : [
              `The CloudFormation stack ${quote(stack)} manages the role. Remove the role from the stack first, and retain it.`,
          ];
}
