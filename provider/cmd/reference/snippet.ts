import type { GitLabCiOptions } from "../../contract/types";
import { INVALID_INPUT, JSON_OPTION, type CommandReference, type Option } from "./reference";

/** The option `no-rules` is the flag that turns `rules` off. */
type OptionName<Name extends string> = Name extends "rules"
    ? "no-rules"
    : Name extends `${infer Head}${infer Tail}`
      ? `${Head extends Lowercase<Head> ? Head : `-${Lowercase<Head>}`}${OptionName<Tail>}`
      : Name;

const REBUILD = "Options that generate the configuration again from the role ARNs";

const option = <const T extends Omit<Option, "group">>(given: T): T & { readonly group: string } => ({
    ...given,
    group: REBUILD,
});

/** One option for each property of `GitLabCiOptions`. */
const CI_OPTIONS = {
    form: option({ value: "NAME", help: "job (default), template, component or secrets" }),
    credentials: option({ value: "NAME", help: "export (default), web-identity or profile" }),
    "job-name": option({ value: "NAME", help: "Name of the job" }),
    stage: option({ value: "NAME", help: "Stage of the job" }),
    image: option({ value: "NAME", help: "Container image of the job" }),
    entrypoint: option({ value: "WORD", many: true, help: "Entrypoint of the image. Can be repeated" }),
    environment: option({ value: "NAME", help: "Environment that the job deploys to" }),
    "assume-role": option({ value: "ARN", help: "Second role, which the job assumes with the first" }),
    "token-variable": option({
        value: "NAME",
        help: "Variable for the ID token (default: GITLAB_OIDC_TOKEN, in the form secrets AWS_ID_TOKEN)",
    }),
    "role-arn-variable": option({
        value: "NAME",
        help: "CI/CD variable that contains the role's ARN, to keep the ARN out of the file",
    }),
    region: option({ value: "NAME", help: "AWS region of the job" }),
    duration: option({ value: "SECONDS", help: "Session duration, from 900 (default: 3600)" }),
    "session-name": option({ value: "NAME", help: "Session name, which CloudTrail shows" }),
    "no-rules": option({ help: "Leave out the `rules` of the job" }),
    script: option({ value: "LINE", many: true, help: "Line of the job's `script`. Can be repeated" }),
    secrets: option({
        value: "VARIABLE=SECRET",
        many: true,
        help: "Secret for the form secrets, SECRET#FIELD for one field of it. Can be repeated",
    }),
    "component-project": option({
        value: "PATH",
        help: "Project of the CI/CD component. Required for the form component",
    }),
    "component-version": option({
        value: "NAME",
        help: "Version of the component in the `include` (default: 1.0.0)",
    }),
} as const satisfies Record<OptionName<keyof GitLabCiOptions>, Option>;

/** Names of the options that are properties of `GitLabCiOptions`. */
export const CI_OPTION_NAMES = Object.keys(CI_OPTIONS) as readonly (keyof typeof CI_OPTIONS)[];

export const SNIPPET = {
    name: "snippet",
    summary: "Print or write the CI/CD configuration of a Pulumi stack",
    usage: "[OPTIONS]",
    description: [
        "Reads the outputs of a Pulumi stack and prints the CI/CD configuration in them, such as the output `gitlabCiYml`. With an option that changes the configuration, generates it again from the role ARNs, such as the output `roleArns`. The new configuration does not contain the `rules` that are derived from the roles' subjects.",
        "--write and --dir replace only files that this command wrote.",
    ],
    options: {
        "stack-outputs": {
            value: "FILE",
            help: "Outputs of the stack as JSON (default: standard input)",
        },
        "output-name": { value: "NAME", help: "Output to use, if there are several" },
        write: { value: "FILE", help: "Write the configuration to FILE, for an `include: local`" },
        dir: { value: "DIR", help: "Write the files of a CI/CD component below DIR" },
        check: { help: "Write nothing. Show what would change" },
        json: JSON_OPTION,
        role: option({ value: "KEY", many: true, help: "Role to include. Can be repeated. Default: all roles" }),
        url: option({ value: "URL", help: "GitLab instance" }),
        audience: option({ value: "NAME", help: "Audience of the ID token" }),
        ...CI_OPTIONS,
    },
    examples: [
        {
            text: "Write the configuration to a file in the repository",
            command: "pulumi stack output --json | aws-gitlab-oidc snippet --write .gitlab/aws.yml",
        },
        {
            text: "Fail a pipeline if that file is out of date",
            command: "pulumi stack output --json | aws-gitlab-oidc snippet --write .gitlab/aws.yml --check",
        },
    ],
    statuses: {
        0: "The configuration was printed or written, or is up to date",
        1: "With --check: a file would change",
        2: INVALID_INPUT,
    },
} as const satisfies CommandReference;
