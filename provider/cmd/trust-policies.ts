import type { InputFile } from "./input-files";
import { usageError } from "./options";
import type { CommandReference } from "./reference/reference";

/** The trust policies on a command line: its arguments, or the value of --trust-policy. */
export function policyFiles(
    command: CommandReference,
    operands: readonly string[],
    option: string | undefined,
): readonly InputFile[] {
    if (option === undefined) {
        return operands.map((path) => ({ path }));
    }
    if (operands.length > 0) {
        throw usageError(command, "FILE and --trust-policy FILE cannot be used together.");
    }
    return [{ option: "--trust-policy", path: option }];
}
