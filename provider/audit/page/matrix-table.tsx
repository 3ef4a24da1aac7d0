import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { visible } from "../../contract/quote";
import type { AuditedRole, AuditedSubject } from "../report";
import { Mark } from "./marks";
import { matrixOf, type MatrixRow } from "./matrix";
import { amountOf, Pager, pageOf, Range, RoleLink, Scrolled } from "./parts";
import { scopeText } from "./widths";

/** Columns of the matrix: more are not readable. */
const MOST_ROLES = 30;

const REFS: Readonly<Record<AuditedSubject["refs"], string>> = {
    one: "Named branch or tag",
    some: "Branches or tags by pattern",
    any: "Any branch or tag",
    unknown: "Unknown branches or tags",
};

/** Which projects get which roles. */
export function Matrix({
    roles,
    page: wanted,
    onPage,
}: {
    roles: readonly AuditedRole[];
    page: number;
    onPage: (page: number) => void;
}): JSX.Element {
    const columns = roles.slice(0, MOST_ROLES);
    const rows = useMemo(() => matrixOf(columns), [roles]);
    const { page, items } = pageOf(rows, wanted);
    return (
        <>
            {roles.length > MOST_ROLES && (
                <p class="note">
                    The matrix has the first {MOST_ROLES} of {amountOf(roles.length, "role")}. To see others, narrow the
                    filter.
                </p>
            )}
            <ul class="legend" aria-label="Marks">
                {(Object.keys(REFS) as AuditedSubject["refs"][]).map((refs) => (
                    <li key={refs}>
                        <Mark shape={refs} /> {REFS[refs]}
                    </li>
                ))}
            </ul>
            <Scrolled label="Matrix of projects and roles">
                <table class="matrix">
                    <Range total={rows.length} page={page} noun="row" />
                    <thead>
                        <tr>
                            <th scope="col">Project or group</th>
                            {columns.map((role) => (
                                <th key={role.arn} scope="col" class="turned">
                                    <span>
                                        <RoleLink role={role} />
                                    </span>
                                </th>
                            ))}
                        </tr>
                    </thead>
                    <tbody>
                        {items.map((row) => (
                            <Row key={JSON.stringify([row.issuer, row.scope])} row={row} columns={columns} />
                        ))}
                    </tbody>
                </table>
            </Scrolled>
            <Pager total={rows.length} page={page} what="projects" onPage={onPage} />
        </>
    );
}

function Row({ row, columns }: { row: MatrixRow; columns: readonly AuditedRole[] }): JSX.Element {
    const { issuer, scope } = row;
    return (
        <tr>
            <th scope="row">
                {visible(scopeText(scope))}
                <span class="muted below">
                    {visible(issuer)}
                    {scope.path !== "" && scope.projectIds.length > 0 && `, ID ${visible(scope.projectIds.join(", "))}`}
                </span>
            </th>
            {columns.map(({ arn }) => (
                <Cell key={arn} refs={row.cells.get(arn)} />
            ))}
        </tr>
    );
}

function Cell({ refs }: { refs: AuditedSubject["refs"] | undefined }): JSX.Element {
    if (refs === undefined) {
        return <td />;
    }
    return (
        <td class="cell">
            <Mark shape={refs} />
            <span class="sr-only">{REFS[refs]}</span>
        </td>
    );
}
