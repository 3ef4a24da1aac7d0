/** An option of a command. The parser, the help and docs/reference/commands.md read it from here. */
export interface Option {
    /** The placeholder for the value in the help: FILE, SECONDS. A flag has none. */
    readonly value?: string;
    /** Whether the option can be repeated. */
    readonly many?: true;
    /** The only values that the option accepts. */
    readonly choices?: readonly string[];
    readonly help: string;
    /** Heading that the option is listed under. Default: "Options". */
    readonly group?: string;
    /** Whether the help leaves the option out: it exists for its error message. */
    readonly isHidden?: true;
}

/** The options of a command by name, in the order of the help. */
export type Options = Readonly<Record<string, Option>>;

/** The argument of a command that has no option's name. */
export interface Operand {
    readonly name: string;
    readonly help: string;
    readonly isMany: boolean;
    /** The description in the message that the argument is missing; left out if the argument is optional. */
    readonly missing?: string;
    /** The flag that replaces the argument. */
    readonly unless?: string;
}

interface Example {
    readonly text: string;
    readonly command: string;
}

/** Everything that the help of a command describes. */
export interface CommandReference {
    /** `lint`, `mirror fetch`. */
    readonly name: string;
    /** One line for the list of commands. */
    readonly summary: string;
    /** Arguments as the usage line has them. */
    readonly usage: string;
    /** Paragraphs below the summary. */
    readonly description: readonly string[];
    readonly operand?: Operand;
    readonly options: Options;
    readonly examples: readonly Example[];
    /** The meaning of the exit statuses 0, 1 and 2. Some commands never end with 1. */
    readonly statuses: { readonly 0: string; readonly 1?: string; readonly 2: string };
}

export const JSON_OPTION = { help: "Print the result as JSON" } as const;

/** The option `--json` of a command that prints the result of a function. */
export const jsonOf = <const Name extends string>(name: Name) =>
    ({ help: `Print the result of \`${name}\` as JSON` }) as const;

/** Status 2 of a command without a meaning of its own for it. */
export const INVALID_INPUT = "The command line or the input is invalid";
