import { parseArgs, type ParseArgsConfig } from "node:util";
import { quote } from "../findings";
import { UnusableInput } from "./unusable-input";

export const text = { type: "string" } as const;
export const list = { type: "string", multiple: true } as const;
export const flag = { type: "boolean", default: false } as const;

type Values<T extends ParseArgsConfig["options"]> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

/** The options of the command of that name among its arguments. */
export function parse<T extends NonNullable<ParseArgsConfig["options"]>>(
    name: string,
    args: readonly string[],
    options: T,
): Values<T> {
    return parsed(name, args, options, false).values;
}

/** The options of a command that takes one argument beside them. */
export function parseWithArgument<T extends NonNullable<ParseArgsConfig["options"]>>(
    name: string,
    args: readonly string[],
    options: T,
): { readonly values: Values<T>; readonly argument: string | undefined } {
    const { values, positionals } = parsed(name, args, options, true);
    if (positionals.length > 1) {
        throw new UnusableInput(`${name} takes one argument, and there are ${positionals.map(quote).join(", ")}.`);
    }
    return { values, argument: positionals[0] };
}

interface Parsed<T extends ParseArgsConfig["options"]> {
    readonly values: Values<T>;
    readonly positionals: readonly string[];
}

function parsed<T extends NonNullable<ParseArgsConfig["options"]>>(
    name: string,
    args: readonly string[],
    options: T,
    allowPositionals: boolean,
): Parsed<T> {
    try {
        return parseArgs({ args: [...args], options, allowPositionals });
    } catch (error) {
        const fault = (error as Error).message
            .split(/\.? To |\.? This |\n/, 1)[0]!
            .replace(/^Option '(--[\w-]+).* (?:missing|ambiguous)\.?$/, "$1 needs a value");
        const known = Object.keys(options).map((o) => `--${o}`);
        throw new UnusableInput(`${fault}. Options of ${name} are ${known.join(", ")}.`);
    }
}
