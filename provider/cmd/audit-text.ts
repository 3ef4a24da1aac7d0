import { findingKeyText } from "../audit/difference";
import { POWERS } from "../audit/power";
import { regionsText } from "../audit/observed";
import type { AuditedRole, AuditFinding, AuditReport, ProjectAccess, RoleChain } from "../audit/report";
import { ACCEPTED, findingExample, subjectText, trustText } from "../audit/report-words";
import type { AllowedCalls, ReportedEvents, RoleEvents, SubjectCalls } from "../audit/role-events";
import { worstFirst } from "../audit/worst-first";
import { visible } from "../contract/quote";
import { counted, findingLines, type Paint, painter, textOf } from "./report";

/** Lines of a list. A longer list ends with the number of the others. */
const MOST_LISTED = 10;

/** Roles on the line of a project. */
const MOST_ROLES = 5;

/** The report for a person at a terminal: counts, then the worst roles first. */
export function auditText(report: AuditReport, colour: boolean): string {
    const paint = painter(colour);
    const { roles, chains, difference, notes, events } = report;
    const chainOf = new Map(chains.map((chain) => [chain.role, chain]));
    const added = difference && new Set(difference.new.map(findingKeyText));
    const shown = roles
        .map((role) => ({ ...role, findings: role.findings.filter((f) => added?.has(keyOf(role, f)) ?? true) }))
        .filter(({ findings }) => added === undefined || findings.length > 0);
    return textOf([
        ...headLines(report, paint),
        ...shown.sort(worstFirst).flatMap((role) => ["", ...roleLines(role, chainOf.get(role.arn), paint)]),
        ...(difference === undefined ? projectLines(report, paint) : []),
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
        ...guardrailLines(roles),
        ...(difference === undefined
            ? []
            : [`  Baseline  ${String(difference.new.length)} new, ${String(difference.gone.length)} gone`]),
        ...(events === null ? [] : evidenceLines(events)),
    ];
}

/** Which events the report is about, and what they cannot show. */
function evidenceLines({ calls, repeated, first, last, regions, period, outside }: ReportedEvents): readonly string[] {
    const where = first === undefined ? "" : ` from ${first} to ${last!} in ${regionsText(regions)}`;
    const more = repeated === 0 ? "" : `. ${counted(repeated, "repeated event")} not counted`;
    const left = outside === 0 ? "" : `. ${counted(outside, "call")} outside of it not counted`;
    return [
        ...field("Events", [`${counted(calls, "call")} of AssumeRoleWithWebIdentity${where}${more}`]),
        ...field("Period", [
            period === "unknown"
                ? "unknown. Use --period to state which period the events cover, for example --period 90d"
                : `${period.from} to ${period.to}${left}`,
        ]),
    ];
}

/** The jobs and calls that the guardrails of the audit deny, in one line; no line without any. */
function guardrailLines(roles: readonly AuditedRole[]): readonly string[] {
    const closed = roles.filter(
        ({ subjects }) =>
            subjects.some((s) => s.deniedBy !== undefined) && subjects.every((s) => s.reachable === false),
    );
    const calls = roles
        .flatMap(({ events }) => events?.allowed ?? [])
        .filter(({ underGuardrails }) => underGuardrails === "denied")
        .reduce((sum, { count }) => sum + count, 0);
    const denied = [
        ...(closed.length > 0 ? [`all jobs of ${counted(closed.length, "role")}`] : []),
        ...(calls > 0 ? [`${counted(calls, "call")} that AWS allowed`] : []),
    ];
    return denied.length === 0 ? [] : [`  Guardrails deny ${denied.join(", and ")}`];
}

/** Each project or group with the roles that its jobs get, the most powerful first. */
function projectLines({ projects, roles, accounts }: AuditReport, paint: Paint): readonly string[] {
    const powers = new Map(roles.map(({ arn, power }) => [arn, POWERS.indexOf(power)]));
    const instances = new Set(projects.map(({ issuer }) => issuer)).size;
    const rows = projects
        .map((project) => ({
            name: visible(`${projectText(project)}${instances > 1 ? ` on ${project.issuer}` : ""}`),
            power: Math.min(...project.roles.map((arn) => powers.get(arn)!)),
            roles: project.roles.map((arn) => roleText(arn, accounts.length > 1)),
        }))
        .sort((a, b) => a.power - b.power || b.roles.length - a.roles.length || (a.name < b.name ? -1 : 1));
    const shown = rows.slice(0, MOST_LISTED);
    const width = Math.max(...shown.map(({ name }) => name.length));
    const lines = shown.map(({ name, power, roles: all }) => {
        const more = all.length > MOST_ROLES ? ` and ${String(all.length - MOST_ROLES)} more` : "";
        const some = visible(all.slice(0, MOST_ROLES).join(", "));
        return `  ${name.padEnd(width)}  ${POWERS[power]!.padEnd("administrator".length)}  ${some}${more}`;
    });
    const rest = rows.length > lines.length ? [`  … and ${String(rows.length - lines.length)} more in --json`] : [];
    return rows.length === 0 ? [] : ["", paint("bold", "Roles by project and group"), ...lines, ...rest];
}

function projectText({ kind, path, projectIds }: ProjectAccess): string {
    const ids = projectIds.length === 0 ? "" : `ID ${projectIds.join(", ")}`;
    switch (kind) {
        case "project":
            return path === "" ? `project ${ids}` : `${path}${ids === "" ? "" : ` (${ids})`}`;
        case "group":
            return `group ${path}`;
        case "pattern":
            return `projects ${path}`;
        case "instance":
            return "every project";
        case "unknown":
            return "unknown projects";
    }
}

function roleText(arn: string, hasAccount: boolean): string {
    const name = arn.slice(arn.indexOf(":role/") + ":role/".length);
    return hasAccount ? `${arn.split(":", 5)[4]!}:${name}` : name;
}

function roleLines(role: AuditedRole, chain: RoleChain | undefined, paint: Paint): readonly string[] {
    const { arn, trusts, subjects, findings, boundary, maxSessionDuration, lastUsed, events } = role;
    return [
        paint("bold", visible(arn)),
        ...field("Power", powerTexts(role)),
        ...field("GitLab", trusts.map(trustText)),
        ...field("Jobs", listed(subjects.map(subjectText))),
        ...(chain === undefined ? [] : field("Can use", listed(chainTexts(chain)))),
        ...(boundary === "none" || boundary === "unknown" ? [] : field("Boundary", [boundary])),
        ...(maxSessionDuration === "unknown" ? [] : field("Session", [`${String(maxSessionDuration)} seconds`])),
        ...(lastUsed === "unknown" ? [] : field("Last used", [lastUsed])),
        ...(events === null ? [] : eventLines(events)),
        ...findings
            .flatMap((finding) => [
                ...findingLines(finding, paint),
                ...(finding.accepted ? [`         ${ACCEPTED}`] : []),
                ...exampleLines(role, finding),
            ])
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

/** The roles that a role can assume, then those that it can use through them or through a service. */
function chainTexts({ assumes, reaches }: RoleChain): readonly string[] {
    const further = reaches.filter((arn) => !assumes.includes(arn));
    return [...assumes, ...further.map((arn) => `${arn}, through another role or a service`)];
}

function exampleLines(role: AuditedRole, finding: AuditFinding): readonly string[] {
    const example = findingExample(role, finding);
    return example === undefined ? [] : [`         Allows, for example: ${visible(example)}`];
}

function eventLines({ evidence, allowed, denied, unused, narrower }: RoleEvents): readonly string[] {
    const { count, first, last, regions } = evidence;
    const period = ` from ${String(first)} to ${String(last)} in ${regionsText(regions)}`;
    return [
        ...field("Calls", [count === 0 ? "none" : `${counted(count, "call")}${period}`]),
        ...field(
            "Allowed",
            listed(allowed.map((calls) => `${callsText(calls)}${GUARDED[calls.underGuardrails ?? "allowed"]}`)),
        ),
        ...field("Denied", listed(denied.map((d) => `${callsText(d)}, ${d.errorCode}. ${d.cause}`))),
        ...(unused === "unknown" ? [] : field("Not seen", listed(unused.map(({ description }) => description)))),
        ...("summary" in narrower &&
        narrower.changes.some(({ change }) => change === "narrowed" || change === "removed")
            ? field("Narrower", [narrower.summary, "--json has the policy and the inputs, as `events.narrower`."])
            : []),
    ];
}

/** Remarks about calls that AWS allowed, by what the guardrails would do. */
const GUARDED: Readonly<Record<NonNullable<AllowedCalls["underGuardrails"]>, string>> = {
    allowed: "",
    denied: " (a resource control policy would deny them)",
    unknown: " (a resource control policy may deny them)",
};

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
