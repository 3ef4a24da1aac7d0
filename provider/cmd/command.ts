import { closeSync, openSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { CALLS } from "../calls";
import { describe, InvalidInputsError, quote, withoutTokens } from "../findings";
import { isObject } from "../object";
import { packageJson } from "../schema";
import { readText } from "./read-text";
import { explanationText, findingsText } from "./report";

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

FILE is a path, or - for standard input (once). A role's trust policy comes from
  aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument
Exit status: 0 allowed or clean, 1 refused or an error was found, 2 unusable input.
NO_COLOR turns colour off.
`;

/** Input that a command cannot use; the message is for the user. */
class UnusableInput extends Error {}

/** Runs `aws-gitlab-oidc` with its arguments and gives back the exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): number {
    const [name, ...rest] = args;
    const discreet: Terminal = {
        out: (text) => terminal.out(withoutTokens(text)),
        err: (text) => terminal.err(withoutTokens(text)),
        stdin: () => terminal.stdin(),
        colour: terminal.colour,
    };
    try {
        return run(name, rest, discreet);
    } catch (error) {
        if (error instanceof InvalidInputsError) {
            discreet.err(`aws-gitlab-oidc: ${describe(error.findings)}\n`);
        } else if (error instanceof UnusableInput) {
            discreet.err(`aws-gitlab-oidc: ${error.message}\n`);
        } else {
            discreet.err(
                `aws-gitlab-oidc: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
            );
        }
        return UNUSABLE;
    }
}

function run(name: string | undefined, args: readonly string[], terminal: Terminal): number {
    if (name === "--help" || name === "-h" || args.includes("--help") || args.includes("-h")) {
        terminal.out(USAGE);
        return OK;
    }
    switch (name) {
        case "explain":
            return explain(args, terminal);
        case "lint":
            return lint(args, terminal);
        case "--version":
            terminal.out(`${packageJson().version}\n`);
            return OK;
        case undefined:
            throw new UnusableInput(`A command is missing.\n\n${USAGE.trimEnd()}`);
        default:
            throw new UnusableInput(`There is no command ${quote(name)}.\n\n${USAGE.trimEnd()}`);
    }
}

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean", default: false } as const;

const EXPLAIN = { "trust-policy": text, claims: text, token: text, context: list, json: flag } as const;
const LINT = { "trust-policy": text, url: text, accept: list, json: flag } as const;

type Values<T extends ParseArgsConfig["options"]> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

function parse<T extends NonNullable<ParseArgsConfig["options"]>>(
    name: string,
    args: readonly string[],
    options: T,
): Values<T> {
    try {
        return parseArgs({ args: [...args], options }).values;
    } catch (error) {
        const fault = (error as Error).message
            .split(/\.? To |\.? This |\n/, 1)[0]!
            .replace(/^Option '(--[\w-]+).* (?:missing|ambiguous)\.?$/, "$1 needs a value");
        const known = Object.keys(options).map((o) => `--${o}`);
        throw new UnusableInput(`${fault}. Options of ${name} are ${known.join(", ")}.`);
    }
}

function explain(args: readonly string[], terminal: Terminal): number {
    const values = parse("explain", args, EXPLAIN);
    const { claims, token } = values;
    if ((claims === undefined) === (token === undefined)) {
        throw new UnusableInput("explain takes one of --claims and --token.");
    }
    const files = new Files(terminal);
    const result = CALLS.explainTrust({
        trustPolicy: files.json("--trust-policy", values["trust-policy"]).content,
        ...(claims !== undefined && { claims: files.object("--claims", claims) }),
        ...(token !== undefined && { token: files.read("--token", token).trim() }),
        context: Object.fromEntries((values.context ?? []).map(pair)),
    });
    terminal.out(values.json ? json(result) : explanationText(result, terminal.colour));
    return result.allowed ? OK : REFUSED;
}

function lint(args: readonly string[], terminal: Terminal): number {
    const values = parse("lint", args, LINT);
    const { url, accept } = values;
    const result = CALLS.lintTrustPolicy({
        trustPolicy: new Files(terminal).json("--trust-policy", values["trust-policy"]).content,
        ...(url !== undefined && { url }),
        ...(accept !== undefined && { accept }),
    });
    terminal.out(values.json ? json(result) : findingsText(result, terminal.colour));
    return result.findings.some((f) => f.severity === "error") ? REFUSED : OK;
}

function pair(argument: string): [string, string] {
    const at = argument.indexOf("=");
    if (at < 1) {
        throw new UnusableInput(`--context ${quote(argument)} is not KEY=VALUE.`);
    }
    return [argument.slice(0, at), argument.slice(at + 1)];
}

/** The files that a command is given, of which one may be standard input. */
class Files {
    private stdinFor: string | undefined;

    constructor(private readonly terminal: Terminal) {}

    read(option: string, path: string | undefined): string {
        if (path === undefined) {
            throw new UnusableInput(`${option} FILE is missing.`);
        }
        if (path === "-") {
            if (this.stdinFor !== undefined) {
                throw new UnusableInput(`${this.stdinFor} and ${option} cannot both be standard input.`);
            }
            this.stdinFor = option;
        }
        try {
            return path === "-" ? this.terminal.stdin() : readFile(path);
        } catch (error) {
            const why = (error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?$/gs, "");
            const isContent = /^\s*[{[]|^eyJ/.test(path)
                ? " Give the name of a file, or - and the text on standard input."
                : "";
            throw new UnusableInput(`${nameOf(option, path)} cannot be read: ${why}.${isContent}`);
        }
    }

    /** A file of JSON: as it stands, for sizes and places, and what it says. */
    json(option: string, path: string | undefined): { readonly content: string; readonly value: unknown } {
        const content = this.read(option, path);
        try {
            return { content, value: JSON.parse(content) };
        } catch (error) {
            const name = nameOf(option, path);
            throw new UnusableInput(
                content.trim() === ""
                    ? `${name} is empty.`
                    : option === "--claims" && /^\s*eyJ/.test(content)
                      ? `${name} is not JSON, but may be an ID token: give it with --token.`
                      : `${name} is not JSON: ${(error as Error).message}.`,
            );
        }
    }

    object(option: string, path: string): Readonly<Record<string, unknown>> {
        const { value } = this.json(option, path);
        if (!isObject(value)) {
            throw new UnusableInput(`${nameOf(option, path)} is not an object of claims.`);
        }
        return value;
    }
}

function nameOf(option: string, path: string | undefined): string {
    return `${option} ${path === "-" ? "from standard input" : quote(path)}`;
}

function readFile(path: string): string {
    const file = openSync(path, "r");
    try {
        return readText(file);
    } finally {
        closeSync(file);
    }
}

function json(result: unknown): string {
    return `${JSON.stringify(result, null, 2)}\n`;
}
