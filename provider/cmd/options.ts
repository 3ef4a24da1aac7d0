import { parseArgs, type ParseArgsConfig } from "node:util";
import { UnusableInput } from "./unusable-input";

export const text = { type: "string" } as const;
export const list = { type: "string", multiple: true } as const;
export const flag = { type: "boolean", default: false } as const;

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>["values"];

/** The options of the command of that name among its arguments. */
export function parse<T extends Options>(name: string, args: readonly string[], options: T): Values<T> {
    return parseAll(name, args, options, false).values;
}

/** The same for a command that takes one argument without an option's name, which the message calls by its own. */
export function parseWithOperand<T extends Options>(
    name: string,
    args: readonly string[],
    options: T,
    operand: string,
): { readonly values: Values<T>; readonly operand: string } {
    const { values, positionals } = parseAll(name, args, options, true);
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0) {
        throw new UnusableInput(
            `${name} takes one ${operand}, not ${given === undefined ? "none" : String(positionals.length)}.`,
        );
    }
    return { values, operand: given };
}

function parseAll<T extends Options>(
    name: string,
    args: readonly string[],
    options: T,
    allowPositionals: boolean,
): { readonly values: Values<T>; readonly positionals: readonly string[] } {
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
