import { isObject } from "../contract/object";
import { property } from "../contract/paths";

/** The property of a role that has its trust policy, in IAM's API. */
export const TRUST_POLICY = "AssumeRolePolicyDocument";

/** A role in the output of IAM's API or of the AWS CLI. */
export interface ListedRole {
    readonly role: Readonly<Record<string, unknown>>;
    /** Property path of the role in the output; empty if the output is the role. */
    readonly path: string;
}

/** The roles in the output of `aws iam get-role`, `list-roles` or `get-account-authorization-details`, also after `--query`. */
export function rolesIn(output: unknown): readonly ListedRole[] {
    if (Array.isArray(output)) {
        return rolesInList(output, "");
    }
    if (!isObject(output)) {
        return [];
    }
    return [
        ...roleIn(output, ""),
        ...roleIn(output["Role"], "Role"),
        ...["Roles", "RoleDetailList"].flatMap((name) => rolesInList(output[name], name)),
    ];
}

function rolesInList(list: unknown, path: string): readonly ListedRole[] {
    return Array.isArray(list) ? list.flatMap((role, i) => roleIn(role, `${path}[${String(i)}]`)) : [];
}

function roleIn(role: unknown, path: string): readonly ListedRole[] {
    return isObject(role) && role[TRUST_POLICY] !== undefined ? [{ role, path }] : [];
}

/** Property path of the trust policy of a listed role. */
export function trustPolicyPath({ path }: ListedRole): string {
    return property(path, TRUST_POLICY);
}
