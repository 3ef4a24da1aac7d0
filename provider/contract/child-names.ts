/** Name of the `PipelineRole` of an entry of `roles`. */
export function roleResourceName(name: string, roleKey: string): string {
    return `${name}-${roleKey}`;
}

/** Name of a policy of a role, by the key of an inline policy, or by the key or the value of an attached one. */
export function policyResourceName(roleName: string, key: string): string {
    return `${roleName}:${key}`;
}
