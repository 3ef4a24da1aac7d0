import { InvalidInputsError } from "../contract/findings";

/** The same error with the options of a command in place of the properties of a function. */
export function withOptions(error: unknown, options: Readonly<Record<string, string>>): unknown {
    return error instanceof InvalidInputsError
        ? new InvalidInputsError(
              error.findings.map((f) => ({ ...f, path: options[f.path.replace(/\[\d+\]$/, "")] ?? f.path })),
          )
        : error;
}
