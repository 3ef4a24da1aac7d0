import { InvalidInputsError } from "../contract/findings";
import { nameOf, type InputFile } from "./input-files";

/** The same error with the options of a command in place of the properties of a function. */
export function withOptions(error: unknown, options: Readonly<Record<string, string>>): unknown {
    return error instanceof InvalidInputsError
        ? new InvalidInputsError(
              error.findings.map((f) => ({ ...f, path: placeOf(f.path, options), fix: optionText(f.fix, options) })),
          )
        : error;
}

/** The text of a function with the options of a command in place of its properties. */
export function optionText(text: string, options: Readonly<Record<string, string>>): string {
    return text.replace(/`(\w+)`/g, (whole, name: string) => (Object.hasOwn(options, name) ? options[name]! : whole));
}

/** The result of a function whose errors name the options of a command in place of its properties. */
export function naming<T>(options: Readonly<Record<string, string>>, result: () => T): T {
    try {
        return result();
    } catch (error) {
        throw withOptions(error, options);
    }
}

/** The names of the files of `--guardrail`, by the properties that they become. */
export function guardrailNames(files: readonly InputFile[]): Readonly<Record<string, string>> {
    return Object.fromEntries(files.map((file, i) => [`guardrails[${String(i)}]`, nameOf(file)]));
}

/** The start of the cause of a denial by a resource control policy, with the path of the statement. */
const BY_GUARDRAIL =
    /^(The resource control policy [^.]*\. Its statement (?:"(?:[^"\\]|\\.)*" \()?)(guardrails\[\d+\][\w.[\]]*)/;

/** The explanation of a denial with the names of the files of `--guardrail` in place of the properties that they became. */
export function namingGuardrail<T extends { readonly cause?: string; readonly deniedBy?: string }>(
    explanation: T,
    names: Readonly<Record<string, string>>,
): T {
    const { cause, deniedBy } = explanation;
    return {
        ...explanation,
        ...(cause !== undefined && {
            cause: cause.replace(BY_GUARDRAIL, (_, start: string, path: string) => start + placeOf(path, names)),
        }),
        ...(deniedBy !== undefined && { deniedBy: placeOf(deniedBy, names) }),
    };
}

/** The option, with the rest of the path if it is about a part of the value. */
function placeOf(path: string, options: Readonly<Record<string, string>>): string {
    const whole = options[path] ?? options[path.replace(/\[\d+\]$/, "")];
    const outer = Object.keys(options).find((name) => path.startsWith(`${name}.`));
    return whole ?? (outer === undefined ? path : `${options[outer]!} ${path.slice(outer.length + 1)}`);
}
