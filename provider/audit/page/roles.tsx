import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { capitalized, visible } from "../../contract/quote";
import type { AuditedRole } from "../report";
import { subjectText } from "../report-words";
import { type Filter, filteredRoles } from "./filter";
import { Filters } from "./filters";
import { Matrix } from "./matrix-table";
import type { Model } from "./model";
import {
    amountOf,
    FindingCounts,
    number,
    Pager,
    pageOf,
    PowerBadge,
    Range,
    RoleLink,
    Scrolled,
    timeText,
} from "./parts";

/** The roles of a filter, as a list or as a matrix with their projects. */
export function Roles({
    model,
    filter,
    page: wanted,
    isMatrix,
    onChange,
}: {
    model: Model;
    filter: Filter;
    page: number;
    isMatrix: boolean;
    onChange: (filter: Filter, page: number) => void;
}): JSX.Element {
    const roles = useMemo(() => filteredRoles(model.roles, filter), [model, filter]);
    return (
        <>
            <Filters model={model} filter={filter} onFilter={(changed) => onChange(changed, 1)} />
            <p class="result" role="status">
                {roles.length === model.roles.length
                    ? amountOf(roles.length, "role")
                    : `${number(roles.length)} of ${amountOf(model.roles.length, "role")}`}
            </p>
            {roles.length === 0 ? (
                <p>No role matches the filter.</p>
            ) : isMatrix ? (
                <Matrix roles={roles} page={wanted} onPage={(page) => onChange(filter, page)} />
            ) : (
                <RoleTable roles={roles} page={wanted} onPage={(page) => onChange(filter, page)} />
            )}
        </>
    );
}

function RoleTable({
    roles,
    page: wanted,
    onPage,
}: {
    roles: readonly AuditedRole[];
    page: number;
    onPage: (page: number) => void;
}): JSX.Element {
    const { page, items } = pageOf(roles, wanted);
    return (
        <>
            <Scrolled label="Table of roles">
                <table class="roles">
                    <Range total={roles.length} page={page} noun="role" />
                    <thead>
                        <tr>
                            <th scope="col">Role</th>
                            <th scope="col" class="only-wide">
                                Power
                            </th>
                            <th scope="col" class="only-wide">
                                Findings
                            </th>
                            <th scope="col" class="only-wide">
                                Jobs
                            </th>
                            <th scope="col" class="only-wide">
                                Last used
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {items.map((role) => (
                            <RoleRow key={role.arn} role={role} />
                        ))}
                    </tbody>
                </table>
            </Scrolled>
            <Pager total={roles.length} page={page} what="roles" onPage={onPage} />
        </>
    );
}

/** On a narrow screen the first column has everything. */
function RoleRow({ role }: { role: AuditedRole }): JSX.Element {
    const power = <PowerBadge power={role.power} isAtLeast={!role.powerComplete} />;
    const findings = <FindingCounts findings={role.findings} />;
    return (
        <tr>
            <th scope="row">
                <RoleLink role={role} />
                <span class="muted below">{visible(role.account)}</span>
                <span class="only-narrow">
                    <span class="facts">
                        {power}
                        {role.findings.length > 0 && findings}
                    </span>
                    <span class="muted below">{jobsText(role)}</span>
                </span>
            </th>
            <td class="only-wide">{power}</td>
            <td class="only-wide">{findings}</td>
            <td class="only-wide">{jobsText(role)}</td>
            <td class="only-wide nowrap">{capitalized(timeText(role.lastUsed))}</td>
        </tr>
    );
}

function jobsText({ subjects: [first, ...others] }: AuditedRole): string {
    const jobs = first === undefined ? "None" : visible(subjectText(first));
    return others.length === 0 ? jobs : `${jobs}, and ${amountOf(others.length, "other")}`;
}
