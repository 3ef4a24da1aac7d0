import type { Findings } from "../contract/findings";

/** Input that a command cannot use; the message is for the user. */
export class UnusableInput extends Error {}

/** The same with everything that is wrong, a line each. */
export function unusable(message: string, { errors }: Findings): UnusableInput {
    return new UnusableInput([message, ...errors.map((f) => `  - ${f.path}: ${f.message} ${f.cure}`)].join("\n"));
}

/** Why the system refused a file, without the code, the call and the path that Node.js puts around it. */
export function systemReason(error: unknown): string {
    return (error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?$/gs, "");
}
