import { schema, token } from "../contract/schema";
import { checkAccept } from "../contract/accept";
import { acceptTags } from "../contract/accept-tag";
import { Findings } from "../contract/findings";
import type { DocumentFacts, ManagedResource } from "../audit/account-facts";
import { type Account, type AccountProvider, grouped, joinAccounts, type JoinedRole } from "../audit/accounts";
import { quote } from "../contract/quote";
import { isAboutIssuer } from "../audit/subjects";
import { checkAudiences } from "../iam/audiences";
import { checkTags } from "../iam/tags";
import { parseTrustPolicy, type Statement } from "../trust/document";
import { GitLabIssuers, issuersOf } from "../trust/gitlab-issuers";
import {
    type AdoptableRole,
    adoptRole,
    type IncompleteRole,
    type LeftRole,
    reasonOf,
    sameSet,
    tagInputs,
} from "./adopted-role";
import { withoutStateValues } from "./state-values";
import { type Narrowing, type PeriodEvents, tightenRole } from "./tighten";
import { UniqueKeys } from "./words";

/** A component of the program that takes over what exists. */
export interface AdoptedComponent {
    readonly type: "GitLabOidc" | "IdentityProvider";
    /** Its name in Pulumi. */
    readonly name: string;
    readonly url: string;
    readonly audiences: readonly string[];
    readonly tags: Readonly<Record<string, string>>;
    readonly accept: readonly string[];
    /** ARN of the identity provider that the component takes over; undefined if another component does. */
    readonly providerArn: string | undefined;
    /** Name of the `IdentityProvider` that it uses; undefined if it takes over one itself, or uses one that is left as it is. */
    readonly providerOf: string | undefined;
    /** ARN of an identity provider that is left as it is, and that it uses. */
    readonly existingProviderArn?: string;
    /** Its roles by their keys; none for an `IdentityProvider`. */
    readonly roles: Readonly<Record<string, AdoptedRole>>;
    /** The ARNs of its roles by their keys. */
    readonly roleArns: Readonly<Record<string, string>>;
}

/** The inputs of a role, with its name in IAM. */
export type AdoptedRole = AdoptableRole["inputs"];

/** The roles of one account that a program takes over, and those that it leaves. */
export interface Adoption {
    readonly account: string;
    readonly components: readonly AdoptedComponent[];
    /** Roles of which no document has everything. */
    readonly incomplete: readonly IncompleteRole[];
    /** Roles that are left as they are. */
    readonly left: readonly LeftRole[];
    /** Identity providers that are left as they are. Their roles are taken over. */
    readonly leftProviders: readonly LeftProvider[];
    /** Resources of the components that other programs have in their states. */
    readonly managed: readonly ManagedResource[];
    /** With events: the roles whose trust policies are narrower in the program, and those that keep theirs. */
    readonly narrowing?: Narrowing;
}

/** An identity provider that is left as it is. */
export interface LeftProvider {
    readonly arn: string;
    /** Why, each with the property of the identity provider. */
    readonly reasons: readonly string[];
}

/** The adoptions of all accounts. */
export interface Adoptions {
    readonly accounts: readonly Adoption[];
    /** Contradictions of the documents, and parts that are skipped. */
    readonly notes: readonly string[];
}

interface ReadRole {
    readonly role: JoinedRole;
    readonly statements: readonly Statement[];
}

/**
 * The roles that GitLab jobs can assume, and their identity providers, in the terms of this package. Nothing is guessed: a role that
 * the package cannot express exactly is left as it is, and a fact that no document has is listed with the call that prints it.
 *
 * @param facts The facts of all documents.
 * @param urls URLs of GitLab instances besides gitlab.com and those that the trust policies show.
 * @param events CloudTrail events. If given, the trust policies of the program allow only the jobs of the events.
 */
export function adoptFacts(facts: DocumentFacts, urls: readonly string[] = [], events?: PeriodEvents): Adoptions {
    // The notes name what a state and the account disagree about, although only the values of the account count.
    const { notes } = joinAccounts(facts);
    const { accounts } = joinAccounts(withoutStateValues(facts));
    const issuers = new GitLabIssuers(urls);
    const read = accounts.map((account) => ({
        account,
        roles: account.roles.map((role): ReadRole => ({
            role,
            statements: parseTrustPolicy(role.trustPolicy).statements,
        })),
    }));
    for (const { statements } of read.flatMap(({ roles }) => roles)) {
        issuers.learnFrom(statements);
    }
    return { accounts: read.map(({ account, roles }) => adoptAccount(account, roles, { issuers, events })), notes };
}

interface AdoptContext {
    readonly issuers: GitLabIssuers;
    readonly events: PeriodEvents | undefined;
}

function adoptAccount(account: Account, roles: readonly ReadRole[], { issuers, events }: AdoptContext): Adoption {
    const { providers, hasAllProviders } = account;
    const known = new Set(
        [...[...providers.values()].map(({ issuer }) => issuer), ...roles.flatMap(namedIssuers)].filter(
            (issuer) => issuers.evidenceOf(issuer) !== undefined,
        ),
    );
    const tightened = roles.flatMap(({ role, statements }) => {
        const [issuer] = [...known].filter((each) => statements.some((s) => isAboutIssuer(s, each)));
        // A role whose trust policy is not known may be one of GitLab.
        if (issuer === undefined && role.trustPolicy !== undefined) {
            return [];
        }
        if (account.hasAllRoles && !role.isFromAws) {
            return [{ read: goneRole(role, account) }];
        }
        const around = { url: `https://${issuer ?? ""}`, providers, hasAllProviders };
        return [events === undefined ? { read: adoptRole(role, around) } : tightenRole(role, around, events)];
    });
    const read = tightened.map((each) => each.read);
    const narrowing = tightened.flatMap((each) => each.narrowing ?? []);
    const names = new UniqueKeys();
    const adoptable = read.filter((role) => role.kind === "adoptable");
    const byProvider = [...grouped(adoptable, ({ providerArn }) => providerArn)].map(([arn, ofProvider]) => ({
        provider: providers.get(arn)!,
        reasons: providerReasons(providers.get(arn)!),
        roles: ofProvider,
    }));
    const adopted = new Set(adoptable.map(({ arn }) => arn));
    return {
        account: account.id,
        components: byProvider.flatMap((each) =>
            each.reasons.length === 0
                ? componentsOf(each.provider, each.roles, names)
                : roleComponents(each.provider, each.roles, names),
        ),
        leftProviders: byProvider.flatMap(({ provider: { arn }, reasons }) =>
            reasons.length === 0 ? [] : [{ arn, reasons }],
        ),
        managed: [
            ...byProvider.flatMap(({ provider, reasons }) => (reasons.length === 0 ? [provider] : [])),
            ...account.roles.filter(({ arn }) => adopted.has(arn)),
        ].flatMap(({ managed }) => managed),
        incomplete: read.filter((role) => role.kind === "incomplete"),
        left: read.filter((role) => role.kind === "left"),
        ...(events !== undefined && {
            narrowing: {
                period: events.period,
                narrowed: narrowing.filter((each) => "summary" in each),
                kept: narrowing.filter((each) => "reason" in each),
            },
        }),
    };
}

/** A role that only states have. */
function goneRole({ arn, name, sources }: JoinedRole, { roles }: Account): LeftRole {
    const other = roles.find((role) => role.name === name && role.isFromAws);
    const reason = `${sources.map(quote).join(", ")} has this role, but the account does not${other === undefined ? "" : `: its role of that name is ${quote(other.arn)}`}. Refresh the state, and run the command again.`;
    return { kind: "left", arn, reasons: [reason], jobs: [], subjects: [] };
}

function namedIssuers({ statements }: ReadRole): readonly string[] {
    return statements.flatMap(issuersOf);
}

/**
 * The components for the roles of one identity provider. Roles that accept its audiences and have its tags share a component with it.
 * Otherwise it has a component of its own, because a `GitLabOidc` has the same audiences for all its roles, and gives them its tags.
 */
function componentsOf(
    provider: AccountProvider,
    roles: readonly AdoptableRole[],
    names: UniqueKeys,
): readonly AdoptedComponent[] {
    const url = `https://${provider.issuer}`;
    const audiences = provider.audiences!;
    const { tags, accept } = tagInputs(provider.tags!);
    const name = names.add(nameOfIssuer(provider.issuer));
    const owner = { name, url, audiences, tags, accept, providerArn: provider.arn, providerOf: undefined };
    const fits = ({ audiences: own, inputs }: AdoptableRole): boolean =>
        sameSet(own, audiences) &&
        accept.length === 0 &&
        Object.entries(tags).every(([tag, value]) => inputs.tags?.[tag] === value);
    if (roles.every(fits)) {
        return [{ ...owner, type: "GitLabOidc", ...byKey(roles, tags) }];
    }
    return [
        { ...owner, type: "IdentityProvider", roles: {}, roleArns: {} },
        ...roleComponents(provider, roles, names, name),
    ];
}

/** A component for each list of audiences. They use the identity provider of a component, or one that is left as it is. */
function roleComponents(
    { arn, issuer }: AccountProvider,
    roles: readonly AdoptableRole[],
    names: UniqueKeys,
    providerOf?: string,
): readonly AdoptedComponent[] {
    const groups = [...grouped(roles, (role) => JSON.stringify([...role.audiences].sort())).values()];
    return groups.map((group) => ({
        type: "GitLabOidc",
        name: names.add(`${providerOf ?? nameOfIssuer(issuer)}-roles`),
        url: `https://${issuer}`,
        audiences: group[0]!.audiences,
        tags: {},
        accept: [],
        providerArn: undefined,
        providerOf,
        ...(providerOf === undefined && { existingProviderArn: arn }),
        ...byKey(group, {}),
    }));
}

/** Why the inputs cannot express an identity provider. */
function providerReasons({ issuer, audiences, tags }: AccountProvider): readonly string[] {
    const findings = new Findings();
    checkAudiences(audiences, `https://${issuer}`, "audiences", findings);
    const inputs = tagInputs(tags!);
    checkTags(inputs.tags, "tags", findings, acceptTags(inputs.accept, "identity provider"));
    checkAccept(inputs.accept, "accept", findings);
    return findings.errors.map(reasonOf);
}

/** The inputs and the ARNs of roles by their keys. The inputs are without the tags that the component gives them. */
function byKey(
    roles: readonly AdoptableRole[],
    common: Readonly<Record<string, string>>,
): Pick<AdoptedComponent, "roles" | "roleArns"> {
    const keys = new UniqueKeys();
    const keyed = roles.map(({ arn, inputs: { tags = {}, ...inputs } }) => {
        const own = Object.entries(tags).filter(([tag]) => !Object.hasOwn(common, tag));
        const role = own.length > 0 ? { ...inputs, tags: Object.fromEntries(own) } : inputs;
        return { key: keys.add(isProperty(inputs.name) ? `${inputs.name}-role` : inputs.name), role, arn };
    });
    return {
        roles: Object.fromEntries(keyed.map(({ key, role }) => [key, role])),
        roleArns: Object.fromEntries(keyed.map(({ key, arn }) => [key, arn])),
    };
}

/** Whether a role or a subject has an input of that name. Pulumi's YAML host mixes up the types if such a key is above it. */
function isProperty(name: string): boolean {
    return ["Role", "Subject"].some((type) => Object.hasOwn(schema().types[token(type)]?.properties ?? {}, name));
}

/** Longer names of components are cut: the name is part of the names of all resources. */
const LONGEST_NAME = 30;

/** `gitlab` for gitlab.com, and for other instances their address. */
function nameOfIssuer(issuer: string): string {
    const name = issuer === "gitlab.com" ? "gitlab" : issuer.replace(/[^A-Za-z0-9]+/g, "-").slice(0, LONGEST_NAME);
    return /^[A-Za-z]/.test(name) ? name : `gitlab-${name}`;
}
