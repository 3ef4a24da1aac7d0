import type { AuditedRole, ScopeKind, SubjectScope } from "../report";

/** How many projects the subjects of a role cover, the most first. */
export const WIDTHS: Readonly<Record<ScopeKind, string>> = {
    instance: "All projects of the instance",
    pattern: "Projects that match a pattern",
    group: "All projects of a group",
    project: "Named projects",
    unknown: "No project that is known",
};

/** The widths, the widest first. */
export const KINDS = Object.keys(WIDTHS) as readonly ScopeKind[];

/** The width of the widest subject that a job can have. */
export function widthOf({ subjects }: AuditedRole): ScopeKind {
    const kinds = subjects.filter(({ reachable }) => reachable !== false).map(({ scope }) => scope.kind);
    return KINDS.find((kind) => kinds.includes(kind)) ?? "unknown";
}

/** Whether the role trusts more than projects that it names. */
export function isWide(role: AuditedRole): boolean {
    return KINDS.indexOf(widthOf(role)) < KINDS.indexOf("project");
}

/** The projects of a subject, as short as possible. */
export function scopeText({ kind, path, projectIds }: SubjectScope): string {
    switch (kind) {
        case "instance":
            return "All projects";
        case "group":
            return `${path}/…`;
        case "project":
            return path === "" ? `ID ${projectIds.join(", ")}` : path;
        default:
            return path === "" ? "Unknown" : path;
    }
}
