import type { GitLabCiAssumeRole, GitLabCiOptions, Subject } from "../contract/types";
import { partitionOf } from "../iam/arn";
import { environmentOf } from "./environment";
import { defaultTokenVariable, DURATION } from "./options";
import { partitionLines, regionLines } from "./region";
import { needsEnvironment, rulesOf, tierOf } from "./rules";
import { exchangeScript, shellWord, type SecondRole, type SessionName } from "./script";
import { sessionNameOf } from "./session-name";
import { indent, quoted, scalar, scriptItem, singleQuoted } from "./yaml";

/** A job to write. */
export interface Job {
    /** Key of its role. */
    readonly role: string;
    readonly roleArn: string;
    readonly name: string;
    readonly audience: string;
    readonly subjects: readonly Subject[] | undefined;
    readonly options: Omit<GitLabCiOptions, "form" | "jobName" | "componentProject" | "componentVersion">;
}

/** Parts of a job that come from the inputs of a CI/CD component, as the file has them. */
export interface Inputs {
    readonly stage: string;
    readonly script: string;
    readonly session: SessionName;
    readonly duration: string;
    readonly region: readonly string[];
}

/** The place of the exchange: in the job's own script, or before a script that others write. */
export type Place = "script" | "before_script";

export function renderJob(job: Job, place: Place, inputs?: Inputs): string {
    const { role, roleArn, options } = job;
    const { credentials = "export", tokenVariable = defaultTokenVariable("job"), roleArnVariable } = options;
    const { assumeRole: second } = options;
    const exchange = exchangeScript({
        credentials,
        role,
        roleArn: roleArnVariable === undefined ? shellWord(roleArn) : `"$${roleArnVariable}"`,
        roleArnVariable,
        tokenVariable,
        session: inputs?.session ?? sessionNameOf(options.sessionName),
        duration: inputs?.duration ?? String(sessionLength(options)),
        second: second === undefined ? undefined : secondRole(second),
        region: [
            ...(inputs?.region ?? (options.region === undefined ? [] : regionLines(options.region))),
            ...(options.region === undefined || inputs !== undefined ? partitionLines(partitionOf(roleArn)!) : []),
        ],
    });
    const commands = (options.script ?? (place === "script" ? [GET_CALLER_IDENTITY] : [])).map(scriptItem);
    const script = inputs?.script === undefined ? commands : [];
    return jobText(
        job,
        {
            comments: second === undefined || second.roleArn.includes(INPUT) ? [] : [`Second role: ${second.roleArn}`],
            stage: inputs?.stage ?? options.stage,
            tokenVariable,
        },
        [
            `${place}:`,
            indent(`- |\n${indent(exchange, 2)}`, 2),
            ...(place === "script" ? script.map((item) => indent(item, 2)) : []),
            ...(place === "before_script" && script.length > 0
                ? ["script:", ...script.map((item) => indent(item, 2))]
                : []),
            ...(inputs === undefined ? [] : [`script: ${inputs.script}`]),
        ],
    );
}

/** Parts of a job that its form decides. */
interface Head {
    readonly comments: readonly string[];
    readonly stage: string | undefined;
    readonly tokenVariable: string;
}

/** A job with the lines that its form adds to the place where it runs, its rules and its ID token. */
export function jobText(job: Job, { comments, stage: name, tokenVariable }: Head, body: readonly string[]): string {
    const { role, roleArn, options } = job;
    const isShown = options.roleArnVariable === undefined && !roleArn.includes(INPUT);
    return [
        `# Role ${role}${isShown ? `: ${roleArn}` : ""}`,
        ...comments.map((comment) => `# ${comment}`),
        `${scalar(job.name)}:`,
        indent(
            [
                ...stage(name),
                ...image(options),
                ...environment(job),
                ...rules(job),
                "id_tokens:",
                `  ${scalar(tokenVariable)}:`,
                `    aud: ${quoted(job.audience)}`,
                ...body,
            ].join("\n"),
            2,
        ),
        "",
    ].join("\n");
}

/** Length of the session that the commands of a job with `export` run in, in seconds. */
export function sessionLength({ assumeRole, duration }: Job["options"]): number {
    return assumeRole?.duration ?? duration ?? DURATION;
}

function secondRole({ roleArn, externalId, sessionName, duration }: GitLabCiAssumeRole): SecondRole {
    return {
        roleArn: shellWord(roleArn),
        externalId,
        session: sessionName === undefined ? undefined : sessionNameOf(sessionName),
        duration: duration === undefined ? undefined : String(duration),
    };
}

/** Begins an input of a component: GitLab would look for one in a comment too. */
const INPUT = "$[[";

/** Prints the identity of the job in its log. */
export const GET_CALLER_IDENTITY = "aws sts get-caller-identity";

function stage(name: string | undefined): readonly string[] {
    return name === undefined ? [] : [`stage: ${scalar(name)}`];
}

/** Images whose entrypoint is the tool itself: the runner's shell would become its arguments. */
const STARTS_A_COMMAND =
    /(?:^|\/)(?:(?:amazon\/|aws-cli\/)aws-cli|hashicorp\/(?:terraform|packer)|opentofu\/opentofu|pulumi\/pulumi[\w-]*|kaniko-project\/executor)(?:[:@]|$)/;

function image({ image: name, entrypoint }: Job["options"]): readonly string[] {
    if (name === undefined) {
        return [];
    }
    const start = entrypoint ?? (STARTS_A_COMMAND.test(name) ? [""] : undefined);
    return start === undefined
        ? [`image: ${scalar(name)}`]
        : ["image:", `  name: ${scalar(name)}`, `  entrypoint: [${start.map(quoted).join(", ")}]`];
}

function environment({ options, subjects = [] }: Job): readonly string[] {
    if (options.environment === undefined) {
        return subjects.length > 0 && needsEnvironment(subjects)
            ? ["# The role allows only jobs with an `environment` of the tier and protection that its subjects name."]
            : [];
    }
    const { name, tier = tierOf(subjects), url, action } = environmentOf(options.environment);
    return [
        "environment:",
        `  name: ${scalar(name)}`,
        ...(tier === undefined ? [] : [`  deployment_tier: ${scalar(tier)}`]),
        ...(url === undefined ? [] : [`  url: ${scalar(url)}`]),
        ...(action === undefined ? [] : [`  action: ${scalar(action)}`]),
    ];
}

function rules({ options, subjects = [] }: Job): readonly string[] {
    const conditions = options.rules === false ? undefined : rulesOf(subjects);
    return conditions === undefined
        ? []
        : [
              "rules: # run only if the role trusts the job; AWS would deny it otherwise",
              ...conditions.map((condition) => `  - if: ${singleQuoted(condition)}`),
          ];
}
