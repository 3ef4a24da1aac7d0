import { compareText } from "./accounts";
import type { AuditedRole, ProjectAccess, SubjectScope } from "./report";

/** The projects and groups with the roles that their jobs get. */
export function projectsOf(roles: readonly AuditedRole[]): readonly ProjectAccess[] {
    const found = new Map<string, Omit<ProjectAccess, "roles"> & { readonly roles: Set<string> }>();
    for (const { arn, subjects } of roles) {
        for (const { issuer, scope, reachable } of subjects) {
            const key = projectKey(issuer, scope);
            const entry = found.get(key) ?? { issuer, ...scope, roles: new Set<string>() };
            if (reachable !== false) {
                entry.roles.add(arn);
                found.set(key, entry);
            }
        }
    }
    return [...found]
        .sort(([a], [b]) => compareText(a, b))
        .map(([, { roles: arns, ...entry }]) => ({ ...entry, roles: [...arns].sort() }));
}

/** One text for the same projects. */
export function projectKey(issuer: string, { path, kind, projectIds }: SubjectScope): string {
    return JSON.stringify([issuer, path, kind, projectIds]);
}
