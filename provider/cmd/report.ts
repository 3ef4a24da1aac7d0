import { styleText } from "node:util";
import { documentationOf } from "../contract/documentation";
import { visible, withoutTokens } from "../contract/quote";
import type {
    ExplainTrustResult,
    Finding,
    LintTrustPolicyResult,
    StatementExplanation,
    UncheckedStatement,
} from "../contract/types";

export type Style = "green" | "red" | "yellow" | "cyan" | "bold";
export type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean): Paint {
    return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** The result of `explainTrust` for a person at a terminal. */
export function explanationText(result: ExplainTrustResult, colour: boolean): string {
    const { allowed, error, cause, fix, statements } = result;
    const paint = painter(colour);
    const head = allowed
        ? [paint("green", "Allowed: AWS would allow the job to assume the role.")]
        : [
              paint("red", "Denied: AWS would not allow the job to assume the role."),
              `  Error  ${visible(error ?? "")}`,
              `  Cause  ${visible(cause ?? "")}`,
              `  Fix    ${visible(fix ?? "")}`,
          ];
    return textOf([...head, ...statements.flatMap((s) => ["", ...statementLines(s, paint)])]);
}

function statementLines(statement: StatementExplanation, paint: Paint): string[] {
    const { path, sid, effect, applies, conditions, principalMatches, actionMatches, causes } = statement;
    const rows = [
        { met: principalMatches, what: "issuer", details: principalMatches ? [] : [causes[0]!.cause] },
        { met: actionMatches, what: "action", details: actionMatches ? [] : [causes[principalMatches ? 0 : 1]!.cause] },
        ...conditions.map(({ operator, key, met, expected, actual = "(not in the request)" }) => ({
            met,
            what: visible(`${operator} ${key}`),
            details: met
                ? [actual]
                : [...expected.map((e, i) => `${i === 0 ? "expected" : "      or"}  ${e}`), `  actual  ${actual}`],
        })),
    ];
    const width = Math.max(...rows.map((r) => r.what.length));
    const indent = " ".repeat(2 + "not met".length + 2 + width + 2);
    const name = visible(sid === undefined ? path : `${path} (${sid})`);
    return [
        paint("bold", `${name}: ${effect}, ${applies ? "applies" : "does not apply"}`),
        ...rows.map(({ met, what, details }) => {
            const mark = met ? paint("green", "met    ") : paint("red", "not met");
            return `  ${mark}  ${what.padEnd(width)}  ${details.map(visible).join(`\n${indent}`)}`.trimEnd();
        }),
    ];
}

/** A trust policy that was checked. */
export interface LintedFile {
    readonly name: string;
    readonly result: LintTrustPolicyResult;
    /** Whether the policy allows something, and nothing of it was checked. */
    readonly isUnchecked: boolean;
}

/** The result of `lintTrustPolicy` for a person at a terminal. */
export function findingsText(file: LintedFile, colour: boolean): string {
    return textOf(fileLines(file, painter(colour)));
}

/** The results for several files, below their names. */
export function filesText(files: readonly LintedFile[], colour: boolean): string {
    const paint = painter(colour);
    const findings = files.flatMap(({ result }) => result.findings);
    const unchecked = files.flatMap(({ result }) => result.unchecked);
    return textOf([
        ...files.flatMap((file) => [paint("bold", visible(file.name)), ...fileLines(file, paint), ""]),
        `${counted(files.length, "file")}: ${countsOf({ findings, unchecked }, paint)}`,
    ]);
}

const NOTHING_CHECKED =
    "Nothing was checked: no statement of this policy trusts a GitLab instance. If one should, add --url URL.";

function fileLines({ result, isUnchecked }: LintedFile, paint: Paint): readonly string[] {
    const { findings, unchecked } = result;
    return [
        ...findings.flatMap((f) => [...findingLines(f, paint), ""]),
        ...unchecked.flatMap((statement) => [...uncheckedLines(statement, paint), ""]),
        ...(isUnchecked && !findings.some((f) => f.severity === "error") ? [paint("yellow", NOTHING_CHECKED)] : []),
        findings.length + unchecked.length === 0 ? paint("green", "No problems found") : countsOf(result, paint),
    ];
}

function countsOf({ findings, unchecked }: LintTrustPolicyResult, paint: Paint): string {
    const errors = findings.filter((f) => f.severity === "error").length;
    const counts = [
        counted(errors, "error"),
        counted(findings.length - errors, "warning"),
        ...(unchecked.length > 0 ? [`${counted(unchecked.length, "statement")} not checked`] : []),
    ].join(", ");
    const style = errors > 0 ? "red" : findings.length + unchecked.length > 0 ? "yellow" : "green";
    return paint(style, counts);
}

function uncheckedLines({ path, reason }: UncheckedStatement, paint: Paint): string[] {
    return [
        `${paint("yellow", "skipped")}  ${paint("bold", "not checked")}  ${visible(path)}`,
        `         ${visible(reason)}`,
    ];
}

export function findingLines({ id, severity, path, message, fix }: Finding, paint: Paint): string[] {
    const mark = paint(severity === "error" ? "red" : "yellow", severity.padEnd("warning".length));
    return [
        `${mark}  ${paint("bold", id)}${path === "" ? "" : `  ${visible(path)}`}`,
        `         ${visible(message)}`,
        `         Fix: ${visible(fix)}`,
        `         Help: ${documentationOf(id)}`,
    ];
}

/** A unified diff for a person at a terminal. */
export function diffText(diff: string, colour: boolean): string {
    const paint = painter(colour);
    const shownLine = (line: string): string => {
        const shown = line.split("\t").map(visible).join("\t");
        const style = /^(?:---|\+\+\+) /.test(line)
            ? "bold"
            : ({ "+": "green", "-": "red", "@": "cyan" } as const)[line[0]!];
        return style === undefined ? shown : paint(style, shown);
    };
    return withoutTokens(diff).split("\n").map(shownLine).join("\n");
}

export function counted(count: number, what: string): string {
    return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}

export function textOf(lines: readonly string[]): string {
    return `${lines.join("\n")}\n`;
}
