import { styleText } from "node:util";
import { withoutTokens } from "../contract/quote";
import type {
    ExplainTrustResult,
    Finding,
    LintTrustPolicyResult,
    StatementExplanation,
    UncheckedStatement,
} from "../contract/types";

type Style = "green" | "red" | "yellow" | "cyan" | "bold";
type Paint = (style: Style, text: string) => string;

export function painter(colour: boolean): Paint {
    return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

/** What a terminal would take for a command to itself, or that would turn its text around, made visible. */
export function visible(text: string): string {
    return text.replace(
        /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** The result of `explainTrust` for a person at a terminal. */
export function explanationText(result: ExplainTrustResult, colour: boolean): string {
    const { allowed, error, cause, fix, statements } = result;
    const paint = painter(colour);
    const head = allowed
        ? [paint("green", "Allowed: AWS would let the job have the role.")]
        : [
              paint("red", "Refused."),
              `  AWS says  ${visible(error ?? "")}`,
              `  Cause     ${visible(cause ?? "")}`,
              `  Fix      ${visible(fix ?? "")}`,
          ];
    return textOf([...head, ...statements.flatMap((s) => ["", ...statementLines(s, paint)])]);
}

function statementLines(statement: StatementExplanation, paint: Paint): string[] {
    const { path, sid, effect, applies, conditions, principalMatches, actionMatches, causes } = statement;
    const rows = [
        { met: principalMatches, what: "issuer", details: principalMatches ? [] : [causes[0]!.cause] },
        { met: actionMatches, what: "action", details: actionMatches ? [] : [causes[principalMatches ? 0 : 1]!.cause] },
        ...conditions.map(({ operator, key, met, expected, actual = "nothing" }) => ({
            met,
            what: visible(`${operator} ${key}`),
            details: met
                ? [actual]
                : [...expected.map((e, i) => `${i === 0 ? "expected" : "      or"}  ${e}`), `    came  ${actual}`],
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

/** The result of `lintTrustPolicy` for a person at a terminal. */
export function findingsText(result: LintTrustPolicyResult, colour: boolean): string {
    const { findings, unchecked } = result;
    const paint = painter(colour);
    return textOf([
        ...findings.flatMap((f) => [...findingLines(f, paint), ""]),
        ...unchecked.flatMap((statement) => [...uncheckedLines(statement, paint), ""]),
        summaryOf(result, paint),
    ]);
}

function summaryOf({ findings, unchecked }: LintTrustPolicyResult, paint: Paint): string {
    const errors = findings.filter((f) => f.severity === "error").length;
    const counts = [
        counted(errors, "error"),
        counted(findings.length - errors, "warning"),
        ...(unchecked.length > 0 ? [`${counted(unchecked.length, "statement")} not checked`] : []),
    ].join(", ");
    if (errors > 0) {
        return paint("red", counts);
    }
    if (unchecked.length > 0) {
        return paint("yellow", counts);
    }
    return paint("green", findings.length > 0 ? counts : `Nothing found: ${counts}`);
}

function uncheckedLines({ path, reason }: UncheckedStatement, paint: Paint): string[] {
    return [
        `${paint("yellow", "skipped")}  ${paint("bold", "not checked")}  ${visible(path)}`,
        `         ${visible(reason)}`,
    ];
}

function findingLines({ id, severity, path, message, fix }: Finding, paint: Paint): string[] {
    const mark = paint(severity === "error" ? "red" : "yellow", severity.padEnd("warning".length));
    return [
        `${mark}  ${paint("bold", id)}${path === "" ? "" : `  ${visible(path)}`}`,
        `         ${visible(message)}`,
        `         Fix: ${visible(fix)}`,
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

function counted(count: number, what: string): string {
    return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}

export function textOf(lines: readonly string[]): string {
    return `${lines.join("\n")}\n`;
}
