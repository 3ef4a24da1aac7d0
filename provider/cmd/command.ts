import { readFileSync } from "node:fs";
import { parseArgs, styleText } from "node:util";
import { CALLS } from "../calls";
import { describe, InvalidInputsError, reasonText } from "../findings";
import { packageJson } from "../schema";
import type { ExplainTrustResult, LintTrustPolicyResult, StatementExplanation } from "../types";

/** What a command reads and writes. */
export interface Terminal {
    out(text: string): void;
    err(text: string): void;
    stdin(): string;
    /** Whether the output is read by a person at a terminal that wants colour. */
    readonly colour: boolean;
}

/** Exit statuses: fine, a finding or a refusal, input that cannot be used. */
const OK = 0;
const REFUSED = 1;
const UNUSABLE = 2;

const USAGE = `aws-gitlab-oidc ${packageJson().version}: GitLab CI/CD jobs and AWS roles

  aws-gitlab-oidc explain --trust-policy FILE (--claims FILE | --token FILE) [--context KEY=VALUE]... [--json]
      Whether AWS would let the job have the role, and if not, why.
  aws-gitlab-oidc lint --trust-policy FILE [--url URL] [--accept ID]... [--json]
      What is wrong with a trust policy, or allowed but worth knowing.

FILE is a path, or - for standard input (once). Exit status: 0 allowed or clean, 1 refused or an error was found, 2 unusable input.
NO_COLOR turns colour off.
`;

/** Input that a command cannot use; the message is for the user. */
class UnusableInput extends Error {}

/** Runs `aws-gitlab-oidc` with its arguments and gives back the exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): number {
    const [name, ...rest] = args;
    try {
        switch (name) {
            case "explain":
                return explain(rest, terminal);
            case "lint":
                return lint(rest, terminal);
            case "--help":
            case "-h":
                terminal.out(USAGE);
                return OK;
            case "--version":
                terminal.out(`${packageJson().version}\n`);
                return OK;
            default:
                throw new UnusableInput(
                    name === undefined ? USAGE.trimEnd() : `There is no command ${name}.\n\n${USAGE.trimEnd()}`,
                );
        }
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            terminal.err(`aws-gitlab-oidc: ${describe(error.findings)}\n`);
        } else if (error instanceof UnusableInput || isArgumentError(error)) {
            terminal.err(`aws-gitlab-oidc: ${error.message}\n`);
        } else {
            throw error;
        }
        return UNUSABLE;
    }
}

function isArgumentError(error: unknown): error is Error {
    return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean", default: false } as const;

function explain(args: readonly string[], terminal: Terminal): number {
    const { values } = parseArgs({
        args: [...args],
        options: { "trust-policy": text, claims: text, token: text, context: list, json: flag },
    });
    const files = new Files(terminal);
    if ((values.claims === undefined) === (values.token === undefined)) {
        throw new UnusableInput("explain takes one of --claims and --token.");
    }
    const result = CALLS.explainTrust({
        trustPolicy: files.json("--trust-policy", values["trust-policy"]),
        ...(values.claims !== undefined && {
            claims: files.json("--claims", values.claims) as Readonly<Record<string, unknown>>,
        }),
        ...(values.token !== undefined && { token: files.read("--token", values.token).trim() }),
        context: Object.fromEntries((values.context ?? []).map(pair)),
    });
    terminal.out(values.json ? json(result) : explanation(result, terminal));
    return result.allowed ? OK : REFUSED;
}

function lint(args: readonly string[], terminal: Terminal): number {
    const { values } = parseArgs({
        args: [...args],
        options: { "trust-policy": text, url: text, accept: list, json: flag },
    });
    const result = CALLS.lintTrustPolicy({
        trustPolicy: new Files(terminal).json("--trust-policy", values["trust-policy"]),
        ...(values.url !== undefined && { url: values.url }),
        ...(values.accept !== undefined && { accept: values.accept }),
    });
    terminal.out(values.json ? json(result) : findings(result, terminal));
    return result.findings.some((f) => f.severity === "error") ? REFUSED : OK;
}

function pair(argument: string): [string, string] {
    const at = argument.indexOf("=");
    if (at < 1) {
        throw new UnusableInput(`--context ${argument} is not KEY=VALUE.`);
    }
    return [argument.slice(0, at), argument.slice(at + 1)];
}

/** The files that a command is given, of which one may be standard input. */
class Files {
    private stdinFor: string | undefined;

    constructor(private readonly terminal: Terminal) {}

    read(option: string, path: string | undefined): string {
        if (path === undefined) {
            throw new UnusableInput(`${option} is missing.`);
        }
        if (path === "-") {
            if (this.stdinFor !== undefined) {
                throw new UnusableInput(`${this.stdinFor} and ${option} cannot both be standard input.`);
            }
            this.stdinFor = option;
            return this.terminal.stdin();
        }
        try {
            return readFileSync(path, "utf8");
        } catch (error) {
            throw new UnusableInput(`${option} ${path} cannot be read: ${(error as Error).message}`);
        }
    }

    json(option: string, path: string | undefined): unknown {
        const content = this.read(option, path);
        try {
            return JSON.parse(content.replace(/^\uFEFF/, ""));
        } catch (error) {
            throw new UnusableInput(`${option} ${path ?? ""} is not JSON: ${(error as Error).message}`);
        }
    }
}

function json(result: unknown): string {
    return `${JSON.stringify(result, null, 2)}\n`;
}

type Style = "green" | "red" | "yellow" | "bold" | "dim";

function styled(style: Style, content: string, terminal: Terminal): string {
    return terminal.colour ? styleText(style, content, { validateStream: false }) : content;
}

function explanation(result: ExplainTrustResult, terminal: Terminal): string {
    const { allowed, error, cause, cure, statements } = result;
    const head = allowed
        ? [styled("green", "Allowed: AWS would let the job have the role.", terminal)]
        : [
              styled("red", "Refused.", terminal),
              `  AWS says:  ${error ?? ""}`,
              `  Cause:     ${cause ?? ""}`,
              `  Cure:      ${cure ?? ""}`,
          ];
    return `${[...head, "", ...statements.flatMap((s) => statementLines(s, terminal))].join("\n")}\n`;
}

function statementLines(statement: StatementExplanation, terminal: Terminal): string[] {
    const { path, sid, effect, applies, conditions, principalMatches, actionMatches } = statement;
    const name = sid === undefined ? path : `${path} (${sid})`;
    const rows = [
        { met: principalMatches, what: "issuer", detail: "" },
        { met: actionMatches, what: "action", detail: "" },
        ...conditions.map((c) => ({
            met: c.met,
            what: `${c.operator} ${c.key}`,
            detail: `expected ${c.expected.join(" | ")}, came ${c.actual ?? "nothing"}`,
        })),
    ];
    const width = Math.max(...rows.map((r) => r.what.length));
    return [
        styled("bold", `${name}: ${effect}, ${applies ? "applies" : "does not apply"}`, terminal),
        ...rows.map(({ met, what, detail }) => {
            const mark = met ? styled("green", "met", terminal) : styled("red", "NOT", terminal);
            return `  ${mark}  ${what.padEnd(width)}  ${detail}`.trimEnd();
        }),
    ];
}

function findings({ findings: found }: LintTrustPolicyResult, terminal: Terminal): string {
    const lines = found.map((f) => {
        const severity = styled(f.severity === "error" ? "red" : "yellow", f.severity.padEnd(7), terminal);
        return `${severity}  ${f.path === "" ? "" : `${f.path}: `}${reasonText(f)}`;
    });
    const errors = found.filter((f) => f.severity === "error").length;
    const count = `${String(errors)} error${errors === 1 ? "" : "s"}, ${String(found.length - errors)} warning${found.length - errors === 1 ? "" : "s"}`;
    return `${[...lines, errors === 0 ? styled("green", count, terminal) : styled("red", count, terminal)].join("\n")}\n`;
}
