import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { visible } from "../../contract/quote";
import type { AuditedRole, AuditedSubject } from "../report";
import { matrixOf, type MatrixRow } from "./matrix";
import { counted, Pager, pageOf, rangeText, RoleLink, Scrolled } from "./parts";
import { scopeText } from "./widths";

/** Columns of the matrix: more are not readable. */
const MOST_ROLES = 30;

const REFS: Readonly<Record<AuditedSubject["refs"], readonly [mark: string, meaning: string]>> = {
    one: ["●", "a named branch or tag"],
    some: ["◆", "branches or tags that match a pattern"],
    any: ["■", "any branch or tag"],
    unknown: ["?", "unknown branches or tags"],
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
                    The matrix has the first {MOST_ROLES} of {counted(roles.length, "role")}. To see others, narrow the
                    filter.
                </p>
            )}
            <dl class="legend">
                {Object.entries(REFS).map(([refs, [mark, meaning]]) => (
                    <div key={refs}>
                        <dt aria-hidden="true">{mark}</dt>
                        <dd>{meaning}</dd>
                    </div>
                ))}
            </dl>
            <Scrolled label="Matrix of projects and roles">
                <table class="matrix">
                    <caption>
                        {rangeText(rows.length, page, "row")}, {counted(columns.length, "role")}
                    </caption>
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
    return (
        <tr>
            <th scope="row">
                {visible(scopeText(row.scope))}
                <span class="muted below">{visible(row.issuer)}</span>
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
    const [mark, meaning] = REFS[refs];
    return (
        <td class={`cell cell-${refs}`}>
            <span aria-hidden="true">{mark}</span>
            <span class="sr-only">{meaning}</span>
        </td>
    );
}
