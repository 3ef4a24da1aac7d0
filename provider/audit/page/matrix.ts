import { projectKey } from "../projects";
import { compareText } from "../accounts";
import type { AuditedRole, AuditedSubject, SubjectScope } from "../report";
import { KINDS } from "./widths";

/** Projects of one subject or of several, with the roles that their jobs get. */
export interface MatrixRow {
    readonly issuer: string;
    readonly scope: SubjectScope;
    /** The most branches and tags that one subject has, by the ARN of the role. */
    readonly cells: ReadonlyMap<string, AuditedSubject["refs"]>;
}

const REFS: readonly AuditedSubject["refs"][] = ["any", "some", "one", "unknown"];

/** The projects of the roles, the widest first, then by path. */
export function matrixOf(roles: readonly AuditedRole[]): readonly MatrixRow[] {
    const rows = new Map<string, { issuer: string; scope: SubjectScope; cells: Map<string, AuditedSubject["refs"]> }>();
    for (const { arn, subjects } of roles) {
        for (const { issuer, scope, refs, reachable } of subjects) {
            if (reachable !== false) {
                const key = projectKey(issuer, scope);
                const row = rows.get(key) ?? { issuer, scope, cells: new Map<string, AuditedSubject["refs"]>() };
                const before = row.cells.get(arn) ?? "unknown";
                row.cells.set(arn, REFS.indexOf(refs) < REFS.indexOf(before) ? refs : before);
                rows.set(key, row);
            }
        }
    }
    return [...rows]
        .map(([key, row]) => ({ key, row, place: KINDS.indexOf(row.scope.kind) }))
        .sort(
            (a, b) => a.place - b.place || compareText(a.row.scope.path, b.row.scope.path) || compareText(a.key, b.key),
        )
        .map(({ row }) => row);
}
