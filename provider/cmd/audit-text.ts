import { findingKeyText } from "../audit/difference";
import { POWERS } from "../audit/power";
import type { AuditedRole, AuditFinding, AuditReport } from "../audit/report";
import { findingExample, subjectText, trustText } from "../audit/report-words";
import type { RoleEvents, SubjectCalls } from "../audit/role-events";
import { worstFirst } from "../audit/worst-first";
import { visible } from "../contract/quote";
import { counted, findingLines, type Paint, painter, textOf } from "./report";

/** Lines of a list. A longer list ends with the number of the others. */
const MOST_LISTED = 10;

/** The report for a person at a terminal: counts, then the worst roles first. */
export function auditText(report: AuditReport, colour: boolean): string {
    const paint = painter(colour);
    const { roles, difference, notes, events } = report;
    const added = difference && new Set(difference.new.map(findingKeyText));
    const shown = roles
        .map((role) => ({ ...role, findings: role.findings.filter((f) => added?.has(keyOf(role, f)) ?? true) }))
        .filter(({ findings }) => added === undefined || findings.length > 0);
    return textOf([
        ...headLines(report, paint),
        ...shown.sort(worstFirst).flatMap((role) => ["", ...roleLines(role, paint)]),
        ...(difference === undefined || difference.gone.length === 0
            ? []
            : [
                  "",
                  paint("bold", "Gone since the baseline"),
                  ...difference.gone.map(({ role, id, path }) => `  ${id}  ${visible(`${role}  ${path}`).trimEnd()}`),
              ]),
        ...(events === null || events.unreadable === 0
            ? []
            : [
                  "",
                  paint(
                      "yellow",
                      `${counted(events.unreadable, "event")} cannot be read. --json lists the first ones.`,
                  ),
              ]),
        ...(notes.length === 0
            ? []
            : ["", paint("bold", "Notes"), ...listed(notes).map((note) => `  ${visible(note)}`)]),
    ]);
}

function headLines({ accounts, roles, difference, events }: AuditReport, paint: Paint): readonly string[] {
    const all = accounts.reduce((sum, { roleCount }) => sum + roleCount, 0);
    const powers = POWERS.map((power) => [power, roles.filter((r) => r.power === power).length] as const);
    const findings = roles.flatMap((role) => role.findings);
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const style = errors > 0 ? "red" : findings.length > 0 ? "yellow" : "green";
    return [
        paint(
            "bold",
            `GitLab jobs can assume ${String(roles.length)} of ${counted(all, "role")} in ${counted(accounts.length, "account")}`,
        ),
        ...(roles.length === 0
            ? []
            : [`  Power     ${powers.flatMap(([power, n]) => (n > 0 ? [`${String(n)} ${power}`] : [])).join(", ")}`]),
        `  Findings  ${paint(style, `${counted(errors, "error")}, ${counted(findings.length - errors, "warning")}`)}`,
        ...(difference === undefined
            ? []
            : [`  Baseline  ${String(difference.new.length)} new, ${String(difference.gone.length)} gone`]),
        ...(events === null ? [] : [`  Events    ${counted(events.calls, "call")} of AssumeRoleWithWebIdentity`]),
    ];
}

function roleLines(role: AuditedRole, paint: Paint): readonly string[] {
    const { arn, trusts, subjects, findings, boundary, maxSessionDuration, lastUsed, events } = role;
    return [
        paint("bold", visible(arn)),
        ...field("Power", powerTexts(role)),
        ...field("GitLab", trusts.map(trustText)),
        ...field("Jobs", listed(subjects.map(subjectText))),
        ...(boundary === "none" || boundary === "unknown" ? [] : field("Boundary", [boundary])),
        ...(maxSessionDuration === "unknown" ? [] : field("Session", [`${String(maxSessionDuration)} seconds`])),
        ...(lastUsed === "unknown" ? [] : field("Last used", [lastUsed])),
        ...(events === null ? [] : eventLines(events)),
        ...findings
            .flatMap((finding) => findingLines(finding, paint).concat(exampleLines(role, finding)))
            .map(indented),
    ];
}

function field(name: string, texts: readonly string[]): readonly string[] {
    return texts.map((text, i) => `  ${(i === 0 ? name : "").padEnd(10)}${visible(text)}`.trimEnd());
}

function indented(line: string): string {
    return `  ${line}`;
}

function powerTexts({ power, powerComplete, powerReasons }: AuditedRole): readonly string[] {
    const reasons = powerReasons.map(({ kind, text }) => (kind === "unknown" ? `Not known: ${text}` : text));
    return [powerComplete ? power : `${power}, at least`, ...listed(reasons)];
}

function exampleLines(role: AuditedRole, finding: AuditFinding): readonly string[] {
    const example = findingExample(role, finding);
    return example === undefined ? [] : [`         Allows, for example: ${visible(example)}`];
}

function eventLines({ evidence, allowed, denied, unused, narrower }: RoleEvents): readonly string[] {
    const { count, first, last, regions } = evidence;
    const where = regions.length === 0 ? "an unknown region" : regions.join(", ");
    const period = ` from ${String(first)} to ${String(last)} in ${where}`;
    return [
        ...field("Calls", [count === 0 ? "none" : `${counted(count, "call")}${period}`]),
        ...field("Allowed", listed(allowed.map(callsText))),
        ...field("Denied", listed(denied.map((d) => `${callsText(d)}, ${d.errorCode}. ${d.cause}`))),
        ...(unused === "unknown" ? [] : field("Not seen", listed(unused.map(({ description }) => description)))),
        ...("summary" in narrower &&
        narrower.changes.some(({ change }) => change === "narrowed" || change === "removed")
            ? field("Narrower", [narrower.summary, "--json has the policy and the inputs, as `events.narrower`."])
            : []),
    ];
}

function callsText({ description, count, last, addresses }: SubjectCalls): string {
    const from = addresses.length === 0 ? "" : ` from ${addresses.join(", ")}`;
    return `${description}: ${counted(count, "call")}, last ${last}${from}`;
}

function listed(texts: readonly string[]): readonly string[] {
    const more = texts.length - MOST_LISTED;
    return more > 0 ? [...texts.slice(0, MOST_LISTED), `… and ${String(more)} more in --json`] : texts;
}

function keyOf({ arn }: AuditedRole, { id, path }: AuditFinding): string {
    return findingKeyText({ role: arn, id, path });
}
