import { isWarning } from "./accept";

/** The tag of a resource that lists the accepted warnings. The components write it, the audit and the policy pack read it. */
export const ACCEPT_TAG = "gitlab-oidc:accept";

/** Kinds of resources that have the tag. */
export type Tagged = "role" | "identity provider";

/** Warnings that are not about a role. An identity provider's tag lists only its own, the others are about inputs of a component. */
const ABOUT: Readonly<Record<string, Tagged | "inputs">> = {
    "redundant-thumbprints": "identity provider",
    "self-managed-version": "inputs",
    "merge-requests-unchecked": "inputs",
    "other-principal": "inputs",
    "secret-suffix": "inputs",
    "ci-environment": "inputs",
    "ci-private-image": "inputs",
    "ci-network": "inputs",
    "ci-secret": "inputs",
    "guardrail-project-ids": "inputs",
    "guardrail-issuers": "inputs",
    "unused-accept": "inputs",
};

/** The tag for accepted IDs, as an entry of the tags. Without an ID that is about such a resource, there is none. The separator is a space, because IAM accepts no comma in a value. */
export function acceptTags(accept: readonly unknown[], tagged: Tagged): Readonly<Record<string, string>> {
    const ids = [...new Set(accept)]
        .filter(isWarning)
        .filter((id) => (ABOUT[id] ?? "role") === tagged)
        .sort();
    return ids.length === 0 ? {} : { [ACCEPT_TAG]: ids.join(" ") };
}

/** The warnings that a resource's tag accepts. The tag cannot accept an error. */
export function acceptedBy(tag: string | undefined): ReadonlySet<string> {
    return new Set((tag ?? "").split(/\s+/).filter(isWarning));
}
