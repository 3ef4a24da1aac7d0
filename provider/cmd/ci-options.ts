import { quote } from "../contract/quote";
import type { GitLabCiOptions } from "../contract/types";
import { list, text } from "./options";
import { UnusableInput } from "./unusable-input";

/** How each option of the CI configuration is given on a command line; `no` is a flag `--no-NAME`. */
const KINDS = {
    form: "text",
    credentials: "text",
    jobName: "text",
    stage: "text",
    image: "text",
    entrypoint: "list",
    environment: "text",
    tokenVariable: "text",
    roleArnVariable: "text",
    region: "text",
    duration: "number",
    sessionName: "text",
    rules: "no",
    script: "list",
    componentProject: "text",
    componentVersion: "text",
} as const satisfies Record<keyof GitLabCiOptions, "text" | "list" | "number" | "no">;

type OptionName = keyof typeof KINDS;
type FlagValue = string | boolean | readonly (string | boolean)[];

/** The values of a command line by the names of its options. */
export type FlagValues = Readonly<Record<string, FlagValue | undefined>>;

const NAMES = Object.keys(KINDS) as readonly OptionName[];

/** The name of an option on the command line: `jobName` is `job-name`. */
function flagOf(name: OptionName): string {
    const words = name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
    return KINDS[name] === "no" ? `no-${words}` : words;
}

/** The options of the command line that are options of the CI configuration. */
export const CI_FLAGS = Object.fromEntries(
    NAMES.map((name) => [flagOf(name), { text, number: text, list, no: { type: "boolean" } as const }[KINDS[name]]]),
);

/** The options of the CI configuration that were given on the command line. */
export function ciOptions(values: FlagValues): GitLabCiOptions {
    return Object.fromEntries(
        NAMES.flatMap((name) => {
            const value = values[flagOf(name)];
            return value === undefined ? [] : [[name, ciValue(name, value)]];
        }),
    );
}

function ciValue(name: OptionName, value: FlagValue): unknown {
    switch (KINDS[name]) {
        case "number":
            if (!/^\d{1,9}$/.test(String(value))) {
                throw new UnusableInput(`--${flagOf(name)} ${quote(value)} is not a whole number of seconds.`);
            }
            return Number(value);
        case "no":
            return false;
        default:
            return value;
    }
}

/** What stands for a property path `gitlabCi.jobName` on the command line, or undefined for another path. */
export function flagOfPath(path: string): string | undefined {
    const name = NAMES.find((n) => new RegExp(`^gitlabCi\\.${n}(?!\\w)`).test(path));
    return name && `--${flagOf(name)}`;
}
