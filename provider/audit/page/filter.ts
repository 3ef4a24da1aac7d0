import { matchesGlob, patternGlob } from "../../iam/glob";
import { compareText } from "../accounts";
import type { AuditedRole, SubjectScope } from "../report";
import { worstFirst } from "../worst-first";
import { isWide, widthOf } from "./widths";

/** The fields of a filter. An empty one does not restrict the roles. */
export const FILTER_FIELDS = ["text", "account", "issuer", "project", "finding", "power", "width", "order"] as const;

/** Which roles are listed, and their order. */
export type Filter = Readonly<Record<(typeof FILTER_FIELDS)[number], string>>;

/** The roles of the filter, in its order. */
export function filteredRoles(roles: readonly AuditedRole[], filter: Filter): readonly AuditedRole[] {
    const found = roles.filter((role) => CHECKS.every((check) => check(role, filter)));
    return found.sort(ORDERS.get(filter.order)?.compare ?? worstFirst);
}

/** Orders of the list by ID. The first one is the usual one. */
export const ORDERS: ReadonlyMap<string, { readonly name: string; readonly compare: typeof worstFirst }> = new Map([
    ["", { name: "Worst first", compare: worstFirst }],
    ["name", { name: "Name", compare: (a, b) => compareText(a.name, b.name) || compareText(a.arn, b.arn) }],
    [
        "used",
        { name: "Last used, the oldest first", compare: (a, b) => compareText(ageOf(a), ageOf(b)) || worstFirst(a, b) },
    ],
]);

/** A text that sorts by age: never, then by time, then unknown. */
function ageOf({ lastUsed }: AuditedRole): string {
    return lastUsed === "never" ? "" : lastUsed;
}

type Check = (role: AuditedRole, filter: Filter) => boolean;

const CHECKS: readonly Check[] = [
    ({ arn }, { text }) => arn.toLowerCase().includes(text.trim().toLowerCase()),
    ({ account }, filter) => filter.account === "" || account === filter.account,
    ({ trusts }, filter) => filter.issuer === "" || trusts.some(({ issuer }) => issuer === filter.issuer),
    (role, { project }) => project.trim() === "" || isForProject(role, project.trim()),
    (role, { finding }) => finding === "" || hasFinding(role, finding),
    ({ power }, filter) => filter.power === "" || power === filter.power,
    (role, { width }) => width === "" || (width === "wide" ? isWide(role) : widthOf(role) === width),
];

/** `any`, `none`, a severity, or the ID of a rule. */
function hasFinding({ findings }: AuditedRole, wanted: string): boolean {
    switch (wanted) {
        case "any":
            return findings.length > 0;
        case "none":
            return findings.length === 0;
        default:
            return findings.some(({ id, severity }) => id === wanted || severity === wanted);
    }
}

/** Whether the role has a subject for a project, given by its ID, its path or a part of the path. */
export function isForProject({ subjects }: AuditedRole, project: string): boolean {
    return subjects.some(({ scope, reachable }) => reachable !== false && covers(scope, project));
}

function covers({ kind, path, projectIds }: SubjectScope, project: string): boolean {
    const [own, wanted] = [path.toLowerCase(), project.toLowerCase()];
    return (
        kind === "instance" ||
        own.includes(wanted) ||
        projectIds.includes(project) ||
        (kind === "group" && wanted.startsWith(`${own}/`)) ||
        (kind === "pattern" && matchesGlob(patternGlob(own), wanted))
    );
}
