/** Input that a command cannot use; the message is for the user. */
export class UnusableInput extends Error {}

/** Why the system did not open a file, without the code, the call and the path that Node.js adds. */
export function systemReason(error: unknown): string {
    return (error as NodeJS.ErrnoException).code === "EISDIR"
        ? "it is a directory"
        : (error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?$/gs, "");
}
