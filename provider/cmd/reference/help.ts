import { packageJson } from "../../contract/schema";
import { COMMANDS, commandsOf } from "./commands";
import type { CommandReference, Option } from "./reference";

const WIDTH = 80;
/** Longer names have their description on the next line. */
const LONGEST_NAME = 30;

const HELP_ROW = ["-h, --help", "Print this help"] as const;

/** The output of `aws-gitlab-oidc help`. */
export function generalHelp(): string {
    return page([
        [`aws-gitlab-oidc ${packageJson().version}: AWS roles for GitLab CI/CD jobs`],
        ["Usage:", "  aws-gitlab-oidc COMMAND [OPTIONS]"],
        [
            "Commands:",
            ...table([
                ...COMMANDS.map(({ name, summary }) => [name, summary] as const),
                ["help [COMMAND]", "Print this help, or the help of a command"],
                ["version", "Print the version"],
            ]),
        ],
        ["Options:", ...table([HELP_ROW, ["-V, --version", "Print the version"]])],
        [
            ...wrapped(
                "FILE is a path, or - for standard input. Set NO_COLOR to turn off colors. Help for a command: aws-gitlab-oidc help COMMAND",
                0,
            ),
        ],
    ]);
}

/** The output of `aws-gitlab-oidc help mirror`: the commands of a group. */
export function groupHelp(group: string): string {
    return page([
        ["Usage:", `  aws-gitlab-oidc ${group} COMMAND [OPTIONS]`],
        ["Commands:", ...table(commandsOf(group).map(({ name, summary }) => [name, summary]))],
        [`Help for a command: aws-gitlab-oidc help ${group} COMMAND`],
    ]);
}

/** The output of `aws-gitlab-oidc help COMMAND`. */
export function commandHelp(command: CommandReference): string {
    const { name, summary, usage, description, operand, examples, statuses } = command;
    return page([
        [`${summary}.`],
        ["Usage:", ...wrapped(`aws-gitlab-oidc ${name} ${usage}`, 2)],
        ...description.map((paragraph) => wrapped(paragraph, 0)),
        ...(operand === undefined ? [] : [["Arguments:", ...table([[operand.name, operand.help]])]]),
        ...optionGroups(command).map(({ heading, options }, i) => [
            `${heading}:`,
            ...table([
                ...options.map(([key, option]) => [optionLabel(key, option), option.help] as const),
                ...(i === 0 ? [HELP_ROW] : []),
            ]),
        ]),
        [
            "Examples:",
            ...examples.flatMap(({ text, command: line }) => [...wrapped(`# ${text}`, 2), ...continued(line)]),
        ],
        ["Exit status:", ...table(Object.entries(statuses))],
    ]);
}

interface OptionGroup {
    readonly heading: string;
    readonly options: readonly (readonly [name: string, option: Option])[];
}

/** The options of a command below their headings. */
export function optionGroups({ options }: CommandReference): readonly OptionGroup[] {
    const shown = Object.entries(options).filter(([, { isHidden }]) => isHidden !== true);
    const headings = [...new Set(shown.map(([, { group = "Options" }]) => group))];
    return headings.map((heading) => ({
        heading,
        options: shown.filter(([, { group = "Options" }]) => group === heading),
    }));
}

/** `--claims FILE`. */
export function optionLabel(name: string, { value, choices }: Option): string {
    return value === undefined ? `--${name}` : `--${name} ${choices?.join("|") ?? value}`;
}

function page(parts: readonly (readonly string[])[]): string {
    return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** Names and their descriptions in two columns. */
function table(rows: readonly (readonly [name: string, help: string])[]): readonly string[] {
    const width = Math.max(...rows.map(([name]) => name.length).filter((length) => length <= LONGEST_NAME));
    const indent = 2 + width + 2;
    return rows.flatMap(([name, help]) => {
        const [first, ...more] = wrapped(help, indent);
        return name.length > width
            ? [`  ${name}`, first!, ...more]
            : [`  ${name.padEnd(width)}  ${first!.trimStart()}`, ...more];
    });
}

/** The text in lines of at most 80 characters; a longer word has a line of its own. */
function wrapped(text: string, indent: number): readonly string[] {
    const margin = " ".repeat(indent);
    const lines: string[] = [];
    for (const word of text.split(" ")) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + 1 + word.length <= WIDTH) {
            lines[lines.length - 1] = `${last} ${word}`;
        } else {
            lines.push(margin + word);
        }
    }
    return lines;
}

/** A command in lines of at most 80 characters, as the shell accepts it. */
export function continued(command: string): readonly string[] {
    const lines: string[] = [];
    for (const part of command.split(/ (?=--|\| )/)) {
        const last = lines.at(-1);
        if (last !== undefined && last.length + 1 + part.length <= WIDTH - 2) {
            lines[lines.length - 1] = `${last} ${part}`;
        } else {
            lines.push(`${last === undefined ? "  " : "      "}${part}`);
        }
    }
    return lines.map((line, i) => (i < lines.length - 1 ? `${line} \\` : line));
}
