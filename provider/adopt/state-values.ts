import type { DocumentFacts, ProviderFacts, RoleFacts } from "../audit/account-facts";

/**
 * The facts without the values of states. A state is what a program wrote when it last looked, and the account may have changed. It shows
 * which program manages a resource, and that a role may be one of GitLab.
 */
export function withoutStateValues(facts: DocumentFacts): DocumentFacts {
    return { ...facts, roles: facts.roles.map(ofRole), providers: facts.providers.map(ofProvider) };
}

function ofRole(role: RoleFacts): RoleFacts {
    const { arn, trustPolicy, managed, source } = role;
    return source.isFromAws
        ? role
        : { arn, trustPolicy, policies: [], hasAllPolicies: false, ...(managed && { managed }), source };
}

function ofProvider(provider: ProviderFacts): ProviderFacts {
    const { arn, issuer, managed, source } = provider;
    return source.isFromAws
        ? provider
        : { ...(arn !== undefined && { arn }), issuer, ...(managed && { managed }), source };
}
