import { quote } from "../contract/quote";
import type { GitLabCiOptions } from "../contract/types";
import { commandOption } from "./command-line";
import { CI_OPTION_NAMES } from "./reference/snippet";
import { UnusableInput } from "./unusable-input";

type FlagValue = string | boolean | readonly (string | boolean)[];

/** The values of a command line by the names of its options. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;

type PropertyName = keyof GitLabCiOptions;

/** The property that an option sets: `--job-name` is `jobName`, `--no-rules` is `rules`. */
function propertyOf(option: string): PropertyName {
    return option.replace(/^no-/, "").replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) as PropertyName;
}

/** Whether an option was given: a flag that was not is false. */
export function isGiven(value: FlagValue | undefined): value is FlagValue {
    return value !== undefined && value !== false;
}

/** The options of the CI configuration that were given on the command line. */
export function ciOptions(values: FlagValues): GitLabCiOptions {
    return Object.fromEntries(
        CI_OPTION_NAMES.flatMap((name) => {
            const value = values[name];
            return isGiven(value) ? [[propertyOf(name), ciValue(name, value)]] : [];
        }),
    );
}

function ciValue(name: (typeof CI_OPTION_NAMES)[number], value: FlagValue): unknown {
    switch (name) {
        case "duration":
            if (!/^\d{1,9}$/.test(String(value))) {
                throw new UnusableInput(`--${name} ${quote(value)} is not a whole number of seconds.`);
            }
            return Number(value);
        case "assume-role":
            return { roleArn: String(value) };
        case "secrets":
            return secretsOf(value as readonly string[]);
        case "no-rules":
            return false;
        default:
            return value;
    }
}

/** Secrets in GitLab's short form, behind the variable for each. */
function secretsOf(values: readonly string[]): GitLabCiOptions["secrets"] {
    const secrets = values.map((value) => {
        const [, name, secretId, field] = /^([^=]+)=([^#]+)(?:#(.+))?$/.exec(value) ?? [];
        if (name === undefined) {
            throw new UnusableInput(`--secrets ${quote(value)} is not VARIABLE=SECRET or VARIABLE=SECRET#FIELD.`);
        }
        return [name, { secretId: secretId!, ...(field !== undefined && { field }) }] as const;
    });
    const twice = secrets.find(([name], i) => secrets.findIndex(([other]) => other === name) !== i);
    if (twice !== undefined) {
        throw new UnusableInput(`--secrets names the variable ${quote(twice[0])} twice.`);
    }
    return Object.fromEntries(secrets);
}

/** The option for a property path such as `gitlabCi.jobName`, or undefined for another path. */
export function flagOfPath(path: string): string | undefined {
    const name = CI_OPTION_NAMES.find((option) => new RegExp(`^gitlabCi\\.${propertyOf(option)}(?!\\w)`).test(path));
    return name && `--${name}`;
}

/** A text about properties, such as `form: "component"`, with the options of the command instead: `--form component`. */
export function withFlags(text: string): string {
    const withSecrets = text.replace(
        /\bsecrets: \{ (\w+): \{ secretId: "([^"]+)", field: "([^"]+)" \} \}/,
        "--secrets $1=$2#$3",
    );
    return withSecrets.replace(/\b(\w+): "([\w./:-]+)"/g, (assignment, property: string, value: string) => {
        const name = CI_OPTION_NAMES.find((option) => option !== "no-rules" && propertyOf(option) === property);
        return name === undefined ? assignment : commandOption(name, value);
    });
}
