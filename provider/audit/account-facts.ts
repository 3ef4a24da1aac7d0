/** A policy of a role. The same as `PolicyDocument` of the power judge. */
export interface PolicyFacts {
    /** The name that people use. */
    readonly name: string;
    /** ARN of a managed policy. */
    readonly arn?: string;
    /** JSON text or an object; undefined if no source has it. */
    readonly document: unknown;
}

/** A resource of AWS in the state of a program that manages it. */
export interface ManagedResource {
    readonly program: "pulumi" | "terraform";
    /** URN, or address of Terraform. */
    readonly address: string;
    /** Type in the program. */
    readonly type: string;
    /** ID for `pulumi import`. */
    readonly id: string;
    /** URN of the Pulumi provider, if the program has one for the resource. */
    readonly provider?: string;
    /** Name of the document. */
    readonly source: string;
}

/** The facts of one document about a role. A property is absent if the document does not have it. */
export interface RoleFacts {
    readonly arn: string;
    readonly path?: string;
    readonly trustPolicy?: unknown;
    readonly description?: string;
    /** Seconds. */
    readonly maxSessionDuration?: number;
    /** When the role was last used, as ISO 8601 in UTC; `never` if not within the period that IAM tracks. */
    readonly lastUsed?: string;
    readonly tags?: ReadonlyMap<string, string>;
    /** ARN of the permissions boundary, or `none`. */
    readonly boundary?: string;
    /** Inline policies and attached managed policies, as far as the document has them. */
    readonly policies: readonly PolicyFacts[];
    /** Whether `policies` has all of them. */
    readonly hasAllPolicies: boolean;
    /** Left out if no program manages it, as far as the document shows. */
    readonly managed?: ManagedResource;
    readonly source: AuditSource;
}

/** The document that facts come from. */
export interface AuditSource {
    /** Its name, which is the name of a file or `-`. */
    readonly name: string;
    /** Whether it is output of AWS. A state is what a program wrote when it last looked. */
    readonly isFromAws: boolean;
}

/** The facts of one document about an identity provider. */
export interface ProviderFacts {
    /** Left out if the document does not have it: the output of `get-open-id-connect-provider` does not. */
    readonly arn?: string;
    /** The account that the document was given for, if it has no ARN. */
    readonly account?: string;
    /** The URL without its scheme. */
    readonly issuer: string;
    /** Left out if the document does not have them. */
    readonly audiences?: readonly string[];
    /** Left out if the document does not have them. */
    readonly tags?: ReadonlyMap<string, string>;
    /** Left out if no program manages it, as far as the document shows. */
    readonly managed?: ManagedResource;
    readonly source: AuditSource;
}

/** A policy that a state adds to a role which another state may have. */
export interface LoosePolicy {
    readonly roleName: string;
    readonly policy: PolicyFacts;
    /** Left out if no program manages it, as far as the document shows. */
    readonly managed?: ManagedResource;
    readonly source: AuditSource;
}

/** A page of authorization details. */
export interface Page {
    /** The account of its roles; undefined if it has none. */
    readonly account: string | undefined;
    readonly isLast: boolean;
    readonly source: AuditSource;
}

/** All facts of one document. */
export interface DocumentFacts {
    readonly roles: readonly RoleFacts[];
    readonly providers: readonly ProviderFacts[];
    /** Accounts whose identity providers the document lists, all of them. */
    readonly accountsWithAllProviders: readonly string[];
    /** Documents of managed policies by ARN. */
    readonly managedPolicies: ReadonlyMap<string, unknown>;
    readonly loosePolicies: readonly LoosePolicy[];
    /** Pages of authorization details. */
    readonly pages: readonly Page[];
    /** Whether the document is a list of CloudTrail events, which can be empty. */
    readonly hasEvents: boolean;
    readonly notes: readonly string[];
}

export const NO_FACTS: DocumentFacts = {
    roles: [],
    providers: [],
    accountsWithAllProviders: [],
    managedPolicies: new Map(),
    loosePolicies: [],
    pages: [],
    hasEvents: false,
    notes: [],
};

/** The facts of several documents, in their order. */
export function joinFacts(facts: readonly DocumentFacts[]): DocumentFacts {
    return {
        roles: facts.flatMap((f) => f.roles),
        providers: facts.flatMap((f) => f.providers),
        accountsWithAllProviders: facts.flatMap((f) => f.accountsWithAllProviders),
        managedPolicies: new Map(facts.flatMap((f) => [...f.managedPolicies])),
        loosePolicies: facts.flatMap((f) => f.loosePolicies),
        pages: facts.flatMap((f) => f.pages),
        hasEvents: facts.some((f) => f.hasEvents),
        notes: facts.flatMap((f) => f.notes),
    };
}
