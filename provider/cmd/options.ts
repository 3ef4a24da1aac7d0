import { parseArgs, type ParseArgsConfig } from "node:util";
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
