import { readJson } from "../contract/json-document";
import { quote } from "../contract/quote";
import { decoded } from "../trust/role-output";
import {
    type DocumentFacts,
    type LoosePolicy,
    type ManagedResource,
    type PolicyFacts,
    type ProviderFacts,
    type RoleFacts,
    type AuditSource,
} from "./account-facts";
import { accountOfRole, nameOfRole } from "./iam-output";

/** A role as all documents together describe it. A property that is undefined is one that no document has. */
export interface JoinedRole {
    readonly arn: string;
    readonly account: string;
    readonly name: string;
    readonly path: string | undefined;
    readonly trustPolicy: unknown;
    readonly description: string | undefined;
    /** Seconds. */
    readonly maxSessionDuration: number | undefined;
    /** ISO 8601 in UTC, or `never`. */
    readonly lastUsed: string | undefined;
    readonly tags: ReadonlyMap<string, string> | undefined;
    /** ARN of the permissions boundary, or `none`. */
    readonly boundary: string | undefined;
    readonly policies: readonly PolicyFacts[];
    /** Whether the role may have policies that no document has. */
    readonly mayHaveMorePolicies: boolean;
    /** Names of the documents that have the role. */
    readonly sources: readonly string[];
    /** Whether output of AWS has the role. States can have roles that no longer exist. */
    readonly isFromAws: boolean;
    /** The role and its policies in the states of programs. */
    readonly managed: readonly ManagedResource[];
}

/** An identity provider as all documents together describe it. */
export interface AccountProvider {
    readonly arn: string;
    readonly account: string;
    readonly issuer: string;
    /** Undefined if no document has them. */
    readonly audiences: readonly string[] | undefined;
    /** Undefined if no document has them. */
    readonly tags: ReadonlyMap<string, string> | undefined;
    /** The identity provider in the states of programs. */
    readonly managed: readonly ManagedResource[];
}

/** One account as all documents together describe it. */
export interface Account {
    readonly id: string;
    /** By ARN. */
    readonly roles: readonly JoinedRole[];
    /** Whether the authorization details have all roles of the account. */
    readonly hasAllRoles: boolean;
    /** By ARN. */
    readonly providers: ReadonlyMap<string, AccountProvider>;
    /** Whether `providers` has all of them. */
    readonly hasAllProviders: boolean;
}

export interface Accounts {
    /** By ID. */
    readonly accounts: readonly Account[];
    /** Documents of managed policies by ARN. */
    readonly managedPolicies: ReadonlyMap<string, unknown>;
    readonly notes: readonly string[];
}

/** Joins the facts of all documents. They are in the order of the documents. */
export function joinAccounts(facts: DocumentFacts): Accounts {
    const notes = new Notes(facts.notes);
    const byRole = grouped(facts.roles, ({ arn }) => arn);
    const loose = loosePolicies(facts, notes);
    const roles = [...byRole].map(([arn, ofRole]) => joinRole(arn, ofRole, loose.get(arn) ?? [], notes));
    const accountsOfRoles = new Set(roles.map(({ account }) => account));
    const partitions = new Map(roles.map(({ account, arn }) => [account, arn.split(":")[1]!]));
    const providers = joinProviders(facts.providers, { accounts: accountsOfRoles, partitions }, notes);
    notePages(facts, notes);
    const ids = [...new Set([...accountsOfRoles, ...providers.map(({ account }) => account)])].sort();
    return {
        accounts: ids.map((id) => ({
            id,
            roles: roles.filter(({ account }) => account === id).sort((a, b) => compareText(a.arn, b.arn)),
            providers: new Map(
                providers
                    .filter(({ account }) => account === id)
                    .sort((a, b) => compareText(a.arn, b.arn))
                    .map((provider) => [provider.arn, provider]),
            ),
            // Details with a filter for users have a last page, but no roles.
            hasAllRoles:
                roles.some(({ account, isFromAws }) => isFromAws && account === id) &&
                facts.pages.some(({ account, isLast }) => isLast && account === id),
            hasAllProviders: facts.accountsWithAllProviders.includes(id),
        })),
        managedPolicies: facts.managedPolicies,
        notes: notes.texts,
    };
}

/** Compares texts by their code units, the same in every locale. */
export function compareText(a: string, b: string): number {
    return a < b ? -1 : a > b ? 1 : 0;
}

export function grouped<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const value of values) {
        const key = keyOf(value);
        const group = groups.get(key);
        if (group === undefined) {
            groups.set(key, [value]);
        } else {
            group.push(value);
        }
    }
    return groups;
}

/** Contradictions that are listed; of more, only their number. */
const MOST_CONTRADICTIONS = 50;

class Notes {
    private readonly listed: string[];
    private contradictions = 0;

    constructor(first: readonly string[]) {
        this.listed = [...first];
    }

    add(text: string): void {
        this.listed.push(text);
    }

    addContradiction(text: string): void {
        this.contradictions += 1;
        if (this.contradictions <= MOST_CONTRADICTIONS) {
            this.listed.push(text);
        }
    }

    get texts(): readonly string[] {
        const more = this.contradictions - MOST_CONTRADICTIONS;
        return more > 0
            ? [...this.listed, `Documents contradict each other in ${String(more)} more places.`]
            : this.listed;
    }
}

function joinRole(arn: string, facts: readonly RoleFacts[], loose: readonly LoosePolicy[], notes: Notes): JoinedRole {
    const best = [...facts].reverse().sort(byTrust);
    const one = <K extends keyof RoleFacts>(name: K, what: string): RoleFacts[K] | undefined =>
        chosen(best, name, (used, other) => {
            notes.addContradiction(
                `${arn}: ${quote(used.name)} and ${quote(other.name)} have different values for ${what}. The audit uses ${quote(used.name)}.`,
            );
        });
    const complete = best.find((f) => f.hasAllPolicies);
    const policies =
        complete?.policies ?? uniquePolicies([...best.flatMap((f) => f.policies), ...loose.map((l) => l.policy)]);
    const uses = facts.flatMap(({ lastUsed }) => lastUsed ?? []).sort();
    return {
        arn,
        account: accountOfRole(arn),
        name: nameOfRole(arn),
        path: one("path", "its path"),
        trustPolicy: one("trustPolicy", "the trust policy"),
        description: one("description", "the description"),
        maxSessionDuration: one("maxSessionDuration", "the maximum session duration"),
        // A time sorts before `never`.
        lastUsed: uses.filter((time) => time !== "never").at(-1) ?? uses[0],
        tags: one("tags", "the tags"),
        boundary: one("boundary", "the permissions boundary"),
        policies,
        mayHaveMorePolicies: complete === undefined,
        sources: [...new Set([...facts, ...loose].map(({ source }) => source.name))],
        isFromAws: facts.some(({ source }) => source.isFromAws),
        managed: [...facts, ...loose].flatMap(({ managed }) => managed ?? []),
    };
}

/** Output of AWS comes before states, then what saw the role used later, then what has more. */
function byTrust(a: RoleFacts, b: RoleFacts): number {
    const used = ({ lastUsed = "" }: RoleFacts): string => (lastUsed === "never" ? "0" : lastUsed);
    return (
        Number(b.source.isFromAws) - Number(a.source.isFromAws) ||
        compareText(used(b), used(a)) ||
        Object.keys(b).length - Object.keys(a).length
    );
}

/** The first value of a property. Calls back for each document that has another one. */
function chosen<K extends keyof RoleFacts>(
    facts: readonly RoleFacts[],
    name: K,
    onContradiction: (used: AuditSource, other: AuditSource) => void,
): RoleFacts[K] | undefined {
    const [first, ...others] = facts.filter((f) => f[name] !== undefined);
    if (first !== undefined && others.length > 0) {
        const text = comparable(first[name]);
        for (const other of others.filter((f) => comparable(f[name]) !== text)) {
            onContradiction(first.source, other.source);
        }
    }
    return first?.[name];
}

/** The same text for values that mean the same. */
function comparable(value: unknown): string {
    const policy = typeof value === "string" ? readJson(decoded(value)) : { value };
    return JSON.stringify(policy.fault === undefined ? sorted(policy.value) : value);
}

function sorted(value: unknown): unknown {
    if (value instanceof Map) {
        return [...(value as Map<string, string>)].sort(([a], [b]) => compareText(a, b));
    }
    if (Array.isArray(value)) {
        return value.length === 1 ? sorted(value[0]) : value.map(sorted);
    }
    return typeof value === "object" && value !== null
        ? Object.entries(value)
              .sort(([a], [b]) => compareText(a, b))
              .map(([name, inner]) => [name, sorted(inner)])
        : value;
}

/** Each policy once, by its ARN or else by its name. */
function uniquePolicies(policies: readonly PolicyFacts[]): readonly PolicyFacts[] {
    const unique = new Map<string, PolicyFacts>();
    for (const policy of policies) {
        const key = policy.arn ?? `inline ${policy.name}`;
        if (!unique.has(key)) {
            unique.set(key, policy);
        }
    }
    return [...unique.values()];
}

/** The role of each policy that a state adds to a role by name: one of the same state, else the only one with that name. */
function loosePolicies(
    { loosePolicies: policies, roles }: DocumentFacts,
    notes: Notes,
): ReadonlyMap<string, readonly LoosePolicy[]> {
    const byName = grouped(policies.length === 0 ? [] : roles, ({ arn }) => nameOfRole(arn));
    const found = new Map<string, LoosePolicy[]>();
    for (const loose of policies) {
        const named = byName.get(loose.roleName) ?? [];
        const beside = named.filter(({ source }) => source.name === loose.source.name);
        const [arn, ...more] = new Set((beside.length > 0 ? beside : named).map((role) => role.arn));
        if (arn === undefined || more.length > 0) {
            notes.add(
                `${quote(loose.source.name)} adds the policy ${quote(loose.policy.name)} to the role ${quote(loose.roleName)}, and ${arn === undefined ? "no document has a role of that name" : "several accounts have a role of that name"}. The audit skips this policy.`,
            );
        } else {
            found.set(arn, [...(found.get(arn) ?? []), loose]);
        }
    }
    return found;
}

interface Known {
    readonly accounts: ReadonlySet<string>;
    /** Partitions of accounts, by their roles. */
    readonly partitions: ReadonlyMap<string, string>;
}

function joinProviders(facts: readonly ProviderFacts[], known: Known, notes: Notes): readonly AccountProvider[] {
    const placed = facts.flatMap((provider) => {
        const arn = arnOf(provider, known, notes);
        return arn === undefined ? [] : [{ ...provider, arn }];
    });
    return [...grouped(placed, ({ arn }) => arn)].map(([arn, ofProvider]) => {
        const best = [...ofProvider]
            .reverse()
            .sort((a, b) => Number(b.source.isFromAws) - Number(a.source.isFromAws))
            .filter(({ audiences }) => audiences !== undefined);
        const text = (p: ProviderFacts | undefined): string => [...(p?.audiences ?? [])].sort().join("\n");
        const other = best.find((p) => text(p) !== text(best[0]));
        if (other !== undefined) {
            notes.addContradiction(
                `${arn}: ${quote(best[0]!.source.name)} and ${quote(other.source.name)} have different audiences. The audit uses ${quote(best[0]!.source.name)}.`,
            );
        }
        const [{ issuer }] = ofProvider as [ProviderFacts];
        return {
            arn,
            account: accountOfRole(arn),
            issuer,
            audiences: best[0]?.audiences,
            tags: best[0]?.tags,
            managed: ofProvider.flatMap(({ managed }) => managed ?? []),
        };
    });
}

/** The ARN of a provider. A document without one belongs to the account that it was given for, or to the only account. */
function arnOf(provider: ProviderFacts, { accounts, partitions }: Known, notes: Notes): string | undefined {
    if (provider.arn !== undefined) {
        return provider.arn;
    }
    const [only, ...more] = accounts;
    const account = provider.account ?? (more.length === 0 ? only : undefined);
    if (account === undefined) {
        notes.add(
            `${quote(provider.source.name)} has the identity provider ${quote(provider.issuer)} without its account, so the audit skips it. To include it, write { "ACCOUNT_ID": … } around it.`,
        );
        return undefined;
    }
    return `arn:${partitions.get(account) ?? "aws"}:iam::${account}:oidc-provider/${provider.issuer}`;
}

/** Adds a note if the last page of authorization details is missing. */
function notePages({ pages }: DocumentFacts, notes: Notes): void {
    const isEnded = pages.some((page) => page.isLast && page.account === undefined);
    for (const [account, ofAccount] of grouped(pages, (page) => page.account ?? "")) {
        if (!isEnded && ofAccount.every((page) => !page.isLast)) {
            const names = [...new Set(ofAccount.map(({ source }) => quote(source.name)))].join(", ");
            notes.add(
                `${names}: the last page of the authorization details${account === "" ? "" : ` of account ${account}`} is missing, so roles may be missing.`,
            );
        }
    }
}
