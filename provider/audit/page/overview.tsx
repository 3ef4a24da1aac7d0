import type { JSX } from "preact";
import { capitalized, visible } from "../../contract/quote";
import { POWERS, type PowerLevel } from "../power";
import type { AuditedRole, AuditReport } from "../report";
import { subjectText } from "../report-words";
import { countsOf, type Model } from "./model";
import { amountOf, FindingCounts, number, PowerBadge, Prose, RoleLink, RuleLink, Section, SeverityMark } from "./parts";
import { rolesHash } from "./route";
import { isWide } from "./widths";

/** Roles that the first view shows. */
const WORST = 5;

/** Items of a list that the first view shows. */
const MOST_LISTED = 20;

export function Overview({ model }: { model: Model }): JSX.Element {
    const { report, roles } = model;
    return (
        <>
            <Tiles roles={roles} />
            <Section id="worst" title={roles.length > WORST ? "Worst roles" : "Roles"}>
                {roles.length === 0 ? (
                    <p>No role of these accounts trusts a GitLab instance.</p>
                ) : (
                    <ol class="worst">
                        {roles.slice(0, WORST).map((role) => (
                            <li key={role.arn}>
                                <WorstRole role={role} />
                            </li>
                        ))}
                    </ol>
                )}
                {roles.length > WORST && (
                    <p>
                        <a href={rolesHash({})}>All {amountOf(roles.length, "role")}</a>
                    </p>
                )}
            </Section>
            <div class="columns">
                <Powers roles={roles} />
                <Rules roles={roles} />
                <Accounts report={report} />
            </div>
            <Baseline model={model} />
            <Remarks report={report} />
        </>
    );
}

function Tiles({ roles }: { roles: readonly AuditedRole[] }): JSX.Element {
    const having = (check: (role: AuditedRole) => boolean): number => roles.filter(check).length;
    const withSeverity = (wanted: string): number =>
        having(({ findings }) => findings.some(({ severity }) => severity === wanted));
    const tiles = [
        {
            name: "Administrators",
            tone: "bad",
            count: having((r) => r.power === "administrator"),
            filter: { power: "administrator" },
        },
        {
            name: "Can escalate",
            tone: "bad",
            count: having((r) => r.power === "escalation"),
            filter: { power: "escalation" },
        },
        { name: "With errors", tone: "bad", count: withSeverity("error"), filter: { finding: "error" } },
        { name: "With warnings", tone: "fair", count: withSeverity("warning"), filter: { finding: "warning" } },
        { name: "Trust more than named projects", tone: "fair", count: having(isWide), filter: { width: "wide" } },
    ];
    return (
        <ul class="tiles" aria-label="Roles that need attention">
            {tiles.map(({ name, tone, count, filter }) => (
                <li key={name}>
                    <a class={`tile tile-${count > 0 ? tone : "zero"}`} href={rolesHash(filter)}>
                        <span class="tile-count">{number(count)}</span> <span>{name}</span>
                    </a>
                </li>
            ))}
        </ul>
    );
}

function WorstRole({ role }: { role: AuditedRole }): JSX.Element {
    const { account, power, powerComplete, findings, subjects } = role;
    const [first] = [...findings].sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error"));
    return (
        <article class="card">
            <h3>
                <RoleLink role={role} />
            </h3>
            <p class="facts">
                <PowerBadge power={power} isAtLeast={!powerComplete} />
                <FindingCounts findings={findings} />
                <span class="muted">Account {visible(account)}</span>
            </p>
            {first !== undefined && (
                <p>
                    <Prose text={capitalized(first.message)} />
                </p>
            )}
            {subjects[0] !== undefined && (
                <p class="muted">
                    {visible(subjectText(subjects[0]))}
                    {subjects.length > 1 && `, and ${amountOf(subjects.length - 1, "other")}`}
                </p>
            )}
        </article>
    );
}

const MEANINGS: Readonly<Record<PowerLevel, string>> = {
    administrator: "Can do everything",
    escalation: "Can get more permissions",
    write: "Can change or delete something",
    read: "Can only read and list",
    none: "Cannot do anything",
};

function Powers({ roles }: { roles: readonly AuditedRole[] }): JSX.Element {
    return (
        <Section id="powers" title="Power">
            <table>
                <caption class="sr-only">Roles by power</caption>
                <thead>
                    <tr>
                        <th scope="col">Power</th>
                        <th scope="col">Meaning</th>
                        <th scope="col" class="numeric">
                            Roles
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {POWERS.map((power) => (
                        <tr key={power}>
                            <th scope="row">
                                <PowerBadge power={power} />
                            </th>
                            <td>{MEANINGS[power]}</td>
                            <td class="numeric">
                                <CountLink count={roles.filter((r) => r.power === power).length} filter={{ power }} />
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </Section>
    );
}

function CountLink({ count, filter }: { count: number; filter: Parameters<typeof rolesHash>[0] }): JSX.Element {
    return count === 0 ? <span class="muted">0</span> : <a href={rolesHash(filter)}>{number(count)}</a>;
}

function Rules({ roles }: { roles: readonly AuditedRole[] }): JSX.Element {
    const severities = new Map(roles.flatMap(({ findings }) => findings.map(({ id, severity }) => [id, severity])));
    const counts = countsOf(roles.flatMap(({ findings }) => [...new Set(findings.map(({ id }) => id))]));
    return (
        <Section id="rules" title="Findings">
            {counts.length === 0 ? (
                <p>No errors or warnings.</p>
            ) : (
                <table>
                    <caption class="sr-only">Roles by finding</caption>
                    <thead>
                        <tr>
                            <th scope="col">Rule</th>
                            <th scope="col">Severity</th>
                            <th scope="col" class="numeric">
                                Roles
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {counts.map(({ value, count }) => (
                            <tr key={value}>
                                <th scope="row">
                                    <RuleLink id={value} />
                                </th>
                                <td>
                                    <SeverityMark severity={severities.get(value)!} />
                                </td>
                                <td class="numeric">
                                    <CountLink count={count} filter={{ finding: value }} />
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            )}
        </Section>
    );
}

function Accounts({ report }: { report: AuditReport }): JSX.Element {
    return (
        <Section id="accounts" title="Accounts">
            <table>
                <caption class="sr-only">Roles by account</caption>
                <thead>
                    <tr>
                        <th scope="col">Account</th>
                        <th scope="col" class="numeric">
                            Roles
                        </th>
                        <th scope="col" class="numeric">
                            For GitLab
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {report.accounts.map(({ account, roleCount, gitLabRoleCount }) => (
                        <tr key={account}>
                            <th scope="row">{visible(account)}</th>
                            <td class="numeric">{number(roleCount)}</td>
                            <td class="numeric">
                                <CountLink count={gitLabRoleCount} filter={{ account }} />
                            </td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </Section>
    );
}

function Baseline({ model }: { model: Model }): JSX.Element | null {
    const { difference } = model.report;
    if (difference === undefined) {
        return null;
    }
    return (
        <Section id="baseline" title="Since the baseline">
            {(["new", "gone"] as const).map((kind) => (
                <div key={kind}>
                    <h3>{amountOf(difference[kind].length, `${kind} finding`)}</h3>
                    <ul>
                        {difference[kind].slice(0, MOST_LISTED).map(({ role, id, path }) => (
                            <li key={role + id + path}>
                                <RuleLink id={id} />{" "}
                                {model.byArn.has(role) ? <RoleLink role={model.byArn.get(role)!} /> : visible(role)}{" "}
                                <span class="muted">{visible(path)}</span>
                            </li>
                        ))}
                    </ul>
                    <More of={difference[kind]} />
                </div>
            ))}
        </Section>
    );
}

function Remarks({ report: { notes, events } }: { report: AuditReport }): JSX.Element | null {
    const remarks = [
        ...(events === null
            ? []
            : [
                  `CloudTrail: ${amountOf(events.calls, "call")} of AssumeRoleWithWebIdentity in ${amountOf(events.total, "event")}.`,
              ]),
        ...(events === null || events.unreadable === 0
            ? []
            : [`${amountOf(events.unreadable, "event")} cannot be read.`]),
        ...notes,
    ];
    if (remarks.length === 0) {
        return null;
    }
    return (
        <Section id="notes" title="Notes">
            <ul>
                {remarks.slice(0, MOST_LISTED).map((note) => (
                    <li key={note}>{visible(note)}</li>
                ))}
            </ul>
            <More of={remarks} />
        </Section>
    );
}

function More({ of }: { of: readonly unknown[] }): JSX.Element | null {
    return of.length > MOST_LISTED ? (
        <p>
            And {amountOf(of.length - MOST_LISTED, "other")}. <code>--json</code> lists all.
        </p>
    ) : null;
}
