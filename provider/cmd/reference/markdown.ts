import { COMMANDS } from "./commands";
import { continued, optionGroups, optionLabel } from "./help";
import type { CommandReference } from "./reference";

const INTRODUCTION = `# Commands

The npm package contains the command \`aws-gitlab-oidc\`. This page is generated from the same source as the command's help.

In a folder without the npm package, write \`npx --package=pulumi-aws-gitlab-oidc aws-gitlab-oidc\`. \`npx aws-gitlab-oidc\` would download another package.

- \`FILE\` is a path, or \`-\` for standard input. Only one \`FILE\` of a command can be \`-\`.
- \`aws-gitlab-oidc help COMMAND\` or \`aws-gitlab-oidc COMMAND --help\` prints the help of a command.
- \`aws-gitlab-oidc --version\` or the command \`version\` prints the version.
- Set the environment variable \`NO_COLOR\` to turn off colors.`;

/** The page docs/reference/commands.md: every command with its usage, options, examples and exit statuses. */
export function commandsPage(): string {
    return `${[INTRODUCTION, ...COMMANDS.map(section)].join("\n\n")}\n`;
}

function section(command: CommandReference): string {
    const { name, summary, usage, description, operand, examples, statuses } = command;
    return [
        `## ${name}`,
        `${summary}.`,
        fenced("text", [`aws-gitlab-oidc ${name} ${usage}`]),
        ...description.map(plain),
        ...(operand === undefined ? [] : [rows("Argument", [[`\`${operand.name}\``, operand.help]])]),
        ...optionGroups(command).flatMap(({ heading, options }) => [
            ...(heading === "Options" ? [] : [`${heading}:`]),
            rows(
                "Option",
                options.map(([key, option]) => [`\`${optionLabel(key, option)}\``, option.help]),
            ),
        ]),
        ...examples.flatMap(({ text, command: line }) => [
            `${text}:`,
            fenced(
                "sh",
                continued(line.replace(/(?=aws-gitlab-oidc )/g, "npx ")).map((part) => part.slice(2)),
            ),
        ]),
        rows(
            "Exit status",
            Object.entries(statuses).map(([status, meaning]) => [status, meaning]),
        ),
    ].join("\n\n");
}

function fenced(language: string, lines: readonly string[]): string {
    return ["```" + language, ...lines, "```"].join("\n");
}

function rows(head: string, cells: readonly (readonly [string, string])[]): string {
    return [
        `| ${head} | Meaning |`,
        "| --- | --- |",
        ...cells.map(([name, help]) => `| ${name.replaceAll("|", "\\|")} | ${plain(help).replaceAll("|", "\\|")} |`),
    ].join("\n");
}

/** The text with options as code. */
function plain(text: string): string {
    return text
        .split(/(`[^`]*`)/)
        .map((part) => (part.startsWith("`") ? part : part.replace(/(?<![\w-])--[a-z][a-z-]*/g, "`$&`")))
        .join("");
}
