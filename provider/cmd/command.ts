import { describe, InvalidInputsError } from "../contract/findings";
import { quote, withoutTokens } from "../contract/quote";
import { packageJson } from "../contract/schema";
import { adopt } from "./adopt";
import { audit } from "./audit";
import { doctor } from "./doctor";
import { explain } from "./explain";
import { lint } from "./lint";
import { mirror } from "./mirror";
import { COMMANDS, commandsOf } from "./reference/commands";
import { commandHelp, generalHelp, groupHelp } from "./reference/help";
import { snippet } from "./snippet";
import { unknownSubcommand } from "./subcommand";
import { suggestion } from "./suggestion";
import { OK, UNUSABLE, type ExitStatus, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** Runs `aws-gitlab-oidc` with its arguments and returns the exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): ExitStatus {
    const discreet: Terminal = {
        out: (text) => terminal.out(withoutTokens(text)),
        err: (text) => terminal.err(withoutTokens(text)),
        stdin: (megabytes) => terminal.stdin(megabytes),
        ...(terminal.stdinPieces && { stdinPieces: () => terminal.stdinPieces!() }),
        colour: terminal.colour,
    };
    const failed = (error: unknown): number => {
        discreet.err(`aws-gitlab-oidc: ${wordsOf(error)}\n`);
        return UNUSABLE;
    };
    try {
        const status = run(args, discreet, terminal);
        return typeof status === "number" ? status : status.catch(failed);
    } catch (error) {
        return failed(error);
    }
}

function wordsOf(error: unknown): string {
    if (error instanceof InvalidInputsError) {
        return describe(error.findings);
    }
    if (error instanceof UnusableInput) {
        return error.message;
    }
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function run(args: readonly string[], discreet: Terminal, exact: Terminal): ExitStatus {
    const [name, ...rest] = args;
    if (name === "help" || name === "--help" || name === "-h") {
        discreet.out(helpOf(rest));
        return OK;
    }
    if (asksForHelp(rest)) {
        discreet.out(helpOf(args));
        return OK;
    }
    switch (name) {
        case "explain":
            return explain(rest, discreet);
        case "lint":
            return lint(rest, discreet);
        case "audit":
            return audit(rest, discreet);
        case "adopt":
            return adopt(rest, discreet);
        case "mirror":
            return mirror(rest, discreet);
        case "doctor":
            return doctor(rest, discreet);
        case "snippet":
            // The output is a file, which must not be changed. It never contains a token.
            return snippet(rest, { ...discreet, out: (text) => exact.out(text) });
        case "version":
        case "--version":
        case "-V":
            discreet.out(`${packageJson().version}\n`);
            return OK;
        case undefined:
            throw new UnusableInput("The command is missing. Help: aws-gitlab-oidc help");
        default:
            throw unknownCommand(name);
    }
}

function asksForHelp(args: readonly string[]): boolean {
    const end = args.indexOf("--");
    return args.slice(0, end < 0 ? undefined : end).some((arg) => arg === "--help" || arg === "-h");
}

/** The help of the command that the words name; other arguments do not matter. */
function helpOf(words: readonly string[]): string {
    const [name, second] = words.filter((word) => !word.startsWith("-"));
    if (name === undefined || name === "help" || name === "version") {
        return generalHelp();
    }
    const found = commandsOf(name);
    if (found.length === 0) {
        throw unknownCommand(name);
    }
    const command = found.find((one) => one.name === name || one.name === `${name} ${second ?? ""}`);
    if (command !== undefined) {
        return commandHelp(command);
    }
    if (second !== undefined) {
        throw unknownSubcommand(name, second);
    }
    return groupHelp(name);
}

const WORDS = [...new Set([...COMMANDS.map(({ name }) => name.split(" ")[0]!), "help", "version"])];

function unknownCommand(name: string): UnusableInput {
    const isOption = name.startsWith("-");
    const near = isOption ? "" : suggestion(name, WORDS);
    return new UnusableInput(
        `${quote(name)} is not ${isOption ? "an option" : "a command"}.${near} Help: aws-gitlab-oidc help`,
    );
}
