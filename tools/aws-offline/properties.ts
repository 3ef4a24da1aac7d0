import { normalizePolicy, policyProblem, samePolicy } from "./policies";
import type { Property } from "./resource";
import type { Value } from "./values";

/** Properties that resources of several services have. */
export const arn: Property = { kind: "string", description: "The ARN assigned by AWS." };
export const tags: Property = {
    kind: "tags",
    description: "Key-value map of tags, beside those of the provider's `defaultTags`.",
    input: "optional",
};
export const tagsAll: Property = {
    kind: "tags",
    description: "All tags, those of the provider included.",
    derived: true,
};

/** A policy that has to be given. */
export function policyText(description: string, normalize = normalizePolicy): Property {
    return { kind: "policy", description, input: "required", problem: isPolicy, normalize, same: samePolicy };
}

function isPolicy(value: Value): string | undefined {
    const problem = policyProblem(value as string);
    return problem && `"%" ${problem}`;
}

export function oneOf(...allowed: readonly string[]) {
    return (value: Value): string | undefined =>
        allowed.includes(value as string)
            ? undefined
            : `expected % to be one of [${allowed.map((a) => `"${a}"`).join(" ")}], got ${value as string}`;
}
