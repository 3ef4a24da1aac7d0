import { parseArgs } from "node:util";
import { quote } from "../contract/quote";
import { optionGroups, optionLabel } from "./reference/help";
import type { CommandReference, Option, Options } from "./reference/reference";
import { suggestion } from "./suggestion";
import { UnusableInput } from "./unusable-input";

type Value<O extends Option> = O extends { readonly value: string }
    ? (O extends { readonly many: true } ? readonly string[] : string) | undefined
    : boolean;

/** The values of a command's options by their names. A flag that was not given is false. */
type Values<T extends Options> = { readonly [K in keyof T]: Value<T[K]> };

export interface Parsed<T extends Options> {
    readonly values: Values<T>;
    /** The arguments without an option's name. */
    readonly operands: readonly string[];
}

/** Reads the arguments of a command by its table of options. */
export function parse<T extends Options>(
    command: CommandReference & { readonly options: T },
    args: readonly string[],
): Parsed<T> {
    const options: Options = command.options;
    const operands: string[] = [];
    const values: Record<string, unknown> = {};
    for (const [name, { value }] of Object.entries(options)) {
        values[name] = value === undefined ? false : undefined;
    }
    for (const token of tokensOf(options, args)) {
        if (token.kind === "positional") {
            operands.push(token.value);
        } else if (token.kind === "option") {
            const { name, rawName, value, inlineValue } = token;
            if (!Object.hasOwn(options, name)) {
                throw unknownOption(command, rawName);
            }
            values[name] = valueOf(command, name, { value, isInline: inlineValue === true, before: values[name] });
        }
    }
    checkOperands(command, operands, values);
    return { values: values as Values<T>, operands };
}

function tokensOf(options: Options, args: readonly string[]): ReturnType<typeof tokenized> {
    return tokenized(
        [...args],
        Object.fromEntries(
            Object.entries(options).map(([name, { value }]) => [
                name,
                { type: value === undefined ? ("boolean" as const) : ("string" as const) },
            ]),
        ),
    );
}

function tokenized(args: string[], options: Record<string, { type: "boolean" | "string" }>) {
    return parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

interface Given {
    readonly value: string | undefined;
    /** Whether it is written as `--name=value`. */
    readonly isInline: boolean;
    readonly before: unknown;
}

function valueOf(command: CommandReference, name: string, { value, isInline, before }: Given): unknown {
    const option = command.options[name]!;
    if (option.value === undefined) {
        if (value !== undefined) {
            throw usageError(command, `--${name} does not accept a value.`);
        }
        return true;
    }
    // `--ca --json` is more likely a forgotten value than a file of that name.
    if (value === undefined || (!isInline && /^-./.test(value))) {
        throw usageError(command, `--${name} requires a value: ${optionLabel(name, option)}.`);
    }
    if (option.choices !== undefined && !option.choices.includes(value)) {
        throw usageError(
            command,
            `--${name} ${quote(value)} is not ${option.choices.join(" or ")}.${suggestion(value, option.choices)}`,
        );
    }
    if (option.many === true) {
        return [...((before as string[] | undefined) ?? []), value];
    }
    if (before !== undefined) {
        throw usageError(command, `--${name} is given twice, but accepts one value.`);
    }
    return value;
}

function unknownOption(command: CommandReference, rawName: string): UnusableInput {
    const names = optionGroups(command).flatMap(({ options }) => options.map(([name]) => name));
    const near = suggestion(rawName.replace(/^-+/, ""), names, "--");
    return usageError(command, `${command.name} does not have the option ${quote(rawName)}.${near}`);
}

function checkOperands(
    command: CommandReference,
    operands: readonly string[],
    values: Readonly<Record<string, unknown>>,
): void {
    const { operand } = command;
    if (operand === undefined) {
        if (operands.length > 0) {
            throw usageError(command, `${command.name} does not accept the argument ${quote(operands[0])}.`);
        }
        return;
    }
    const isReplaced = operand.unless !== undefined && values[operand.unless] === true;
    if (operand.missing !== undefined && operands.length === 0 && !isReplaced) {
        throw usageError(command, `${operand.name} is missing: ${operand.missing}.`);
    }
    if (!operand.isMany && operands.length > 1) {
        const given = operands.map((one) => quote(one)).join(", ");
        throw usageError(
            command,
            `${command.name} accepts one ${operand.name}, not ${String(operands.length)}: ${given}.`,
        );
    }
}

/** A mistake in the command line: one line, and the command that prints the help. */
export function usageError({ name }: Pick<CommandReference, "name">, message: string): UnusableInput {
    return new UnusableInput(`${message} Help: aws-gitlab-oidc help ${name}`);
}
