/** Input that a command cannot use; the message is for the user. */
export class UnusableInput extends Error {}

/** Why the system refused a file, without the code, the call and the path that Node.js puts around it. */
export function systemReason(error: unknown): string {
    return (error as Error).message.replace(/^[A-Z]+: |, \w+( '.*')?$/gs, "");
}
