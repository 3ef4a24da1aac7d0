import { shellWord } from "../gitlab-ci/script";

/** A word of a command, quoted for the shell if necessary. */
export function commandWord(value: string): string {
    return /^[\w./:@%+=-]+$/.test(value) ? value : shellWord(value);
}

/** An option with its value or values, quoted for the shell. */
export function commandOption(name: string, value: string | boolean | readonly (string | boolean)[]): string {
    if (typeof value === "boolean") {
        return `--${name}`;
    }
    return typeof value === "string"
        ? `--${name}${value.startsWith("-") ? "=" : " "}${commandWord(value)}`
        : value.map((one) => commandOption(name, one)).join(" ");
}
