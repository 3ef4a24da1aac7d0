import type { Findings } from "../contract/findings";
import { key, property } from "../contract/paths";
import { quote } from "../contract/quote";
import { known } from "../contract/unknown";
import { ENVIRONMENT_ACTIONS, TIERS } from "../gitlab/environments";
import { gitLabPathFindings } from "../gitlab/paths";
import { partitionOf } from "../iam/arn";
import { isPattern } from "../iam/policy-text";
import { checkRoleArn } from "../iam/role-arn";
import type { GitLabCiAssumeRole, GitLabCiCredentials, GitLabCiEnvironment, GitLabCiForm } from "../contract/types";
import {
    ciFormOf,
    optionOf,
    secretsOf,
    type CiRole,
    type Conflict,
    type Given,
    type OptionName,
    type OptionValue,
} from "./given";
import { fault, jobVariable, line, LINE, oneOf, variable, type Look } from "./look";
import { isRegion, partitionOfRegion, regionIn } from "./region";
import { checkCiSecrets, regionsOfSecrets, secretsConflicts } from "./secrets";
import { isSessionName } from "./session-name";

export const FORMS: readonly GitLabCiForm[] = ["job", "template", "component", "secrets"];
export const CREDENTIALS: readonly GitLabCiCredentials[] = ["export", "web-identity", "profile"];

const TOKEN_VARIABLE = "GITLAB_OIDC_TOKEN";
export const DURATION = 3600;

/** Longest session of a role that another role assumes, in seconds. Source: AWS, "AssumeRole". */
const CHAINED_SESSION = 3600;

/** Valid values for the inputs of a component, as regular expressions of GitLab. Their defaults are our options. */
export const JOB_INPUT = "^[A-Za-z0-9_.][A-Za-z0-9_ ./-]*$";
export const STAGE_INPUT = "^[A-Za-z0-9_. -]+$";

/** Name of a role's job if none is given. */
export function defaultJobName(key: string, form: GitLabCiForm): string {
    switch (form) {
        case "job":
            return `assume role ${key}`;
        case "secrets":
            return `secrets ${key}`;
        default:
            return `.aws-${key}`;
    }
}

/** Variable of the ID token if none is given. The form `secrets` has the variable that GitLab uses by default. */
export function defaultTokenVariable(form: GitLabCiForm): string {
    return form === "secrets" ? "AWS_ID_TOKEN" : TOKEN_VARIABLE;
}

/** Reports options of the CI configuration that GitLab, the shell or STS would not accept, or that conflict. */
export function checkGitLabCi(common: Given, roles: readonly CiRole[], findings: Findings): void {
    checkValues(common, findings);
    checkComponent(common, findings);
    for (const { own } of roles) {
        if (own !== undefined) {
            checkValues(own, findings);
            checkOwn(own, findings);
        }
    }
    const form = ciFormOf(common);
    for (const role of roles) {
        checkTogether(role, common, findings);
    }
    if (form !== undefined && FORMS.includes(form)) {
        checkDistinct({ name: "jobName", otherwise: (key) => defaultJobName(key, form) }, roles, common, findings);
    }
    checkDistinct({ name: "roleArnVariable", otherwise: () => undefined }, roles, common, findings);
}

/** Names that GitLab CI has a meaning for at the top of a file. Source: GitLab, "CI/CD YAML syntax reference", "Jobs". */
const KEYWORDS = [
    "image",
    "services",
    "stages",
    "types",
    "before_script",
    "after_script",
    "variables",
    "cache",
    "include",
    "default",
    "workflow",
    "spec",
    "true",
    "false",
    "nil",
    "pages",
    "pages:deploy",
];

// eslint-disable-next-line no-control-regex
const COMMAND = /^(?=\s*\S)[^\u0000-\u0008\u000b-\u001f\u007f]*$/;

const jobName: Look<string> = (value, at, findings) => {
    line("the name of a job", '"deploy"')(value, at, findings);
    if (KEYWORDS.includes(value)) {
        const message = `${quote(value)} is a keyword of GitLab CI.`;
        fault(findings, at, message, `Choose another name: ${quote(`${value} job`)}.`);
    }
};

const image: Look<string> = (value, at, findings) => {
    if (!LINE.test(value) || /\s|\$\[\[/.test(value)) {
        const fix = 'Use, for example, "public.ecr.aws/aws-cli/aws-cli:2.31.0".';
        fault(findings, at, `${quote(value)} is not an image.`, fix);
    }
};

const entrypoint: Look<readonly string[]> = (value, at, findings) => {
    if (value.length === 0 || !value.every((v) => v === "" || (LINE.test(v) && !v.includes("$[[")))) {
        const message = "is not a command. Use an array of words, each on one line and without `$[[`.";
        fault(findings, at, message, 'For a plain shell, write [""].');
    }
};

const environmentName: Look<string> = (value, at, findings) => {
    if (value.trim() === "" || !/^(?!\/)[\w /${}.-]{1,255}(?<!\/)$/.test(value)) {
        const fix = "Use up to 255 letters, digits, spaces and - _ / . $ { }, not / at the ends.";
        fault(findings, at, `${quote(value)} is not the name of an environment.`, fix);
    }
};

const environmentUrl: Look<string> = (value, at, findings) => {
    if (!LINE.test(value) || !/^(?:https?:\/\/.|\$[A-Za-z])\S*$/.test(value) || value.includes("$[[")) {
        const fix =
            'Use up to 255 characters that begin with https://, http:// or a CI/CD variable: "https://$CI_ENVIRONMENT_SLUG.example.com".';
        fault(findings, at, `${quote(value)} is not the URL of an environment.`, fix);
    }
};

const environment: Look<string | GitLabCiEnvironment> = (value, at, findings) => {
    if (typeof value === "string") {
        environmentName(value, at, findings);
        return;
    }
    const { name, tier, url, action } = value;
    environmentName(name, property(at, "name"), findings);
    if (tier !== undefined) {
        oneOf(TIERS)(tier, property(at, "tier"), findings);
    }
    if (url !== undefined) {
        environmentUrl(url, property(at, "url"), findings);
    }
    if (action !== undefined) {
        oneOf(ENVIRONMENT_ACTIONS)(action, property(at, "action"), findings);
    }
};

const region: Look<string> = (value, at, findings) => {
    if (!isRegion(value)) {
        const message = `${quote(value)} is not the name of an AWS region.`;
        findings.add("ci-region", at, message, 'Use, for example, "eu-central-1".');
    }
};

const duration: Look<number> = (value, at, findings) => {
    if (value < 900 || value > 43_200) {
        findings.add(
            "ci-duration",
            at,
            `${String(value)} seconds is outside the range that STS accepts: 900 (15 minutes) to 43200 (12 hours).`,
            value < 900
                ? "Write at least 900."
                : "Write at most 43200, and set the role's `maxSessionDuration` to at least the same value.",
        );
    }
};

const sessionName: Look<string> = (value, at, findings) => {
    if (!isSessionName(value)) {
        findings.add(
            "ci-session-name",
            at,
            `${quote(value)} is not a session name that STS accepts: 2 to 64 letters, digits and + = , . @ - _, and CI/CD variables.`,
            'Use, for example, "deploy-$CI_COMMIT_REF_SLUG".',
        );
    }
};

const assumeRole: Look<GitLabCiAssumeRole> = (value, at, findings) => {
    checkRoleArn(value.roleArn, property(at, "roleArn"), findings);
    const { externalId, duration: length, sessionName: session } = value;
    if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
        const fix = "Use 2 to 1224 letters, digits and _ + = , . @ : / -, as in the trust policy of the second role.";
        fault(findings, property(at, "externalId"), `${quote(externalId)} is not an external ID.`, fix);
    }
    if (length !== undefined && (length < 900 || length > CHAINED_SESSION)) {
        findings.add(
            "ci-duration",
            property(at, "duration"),
            `${String(length)} seconds is outside the range that STS accepts for a role that is assumed with another role: 900 (15 minutes) to ${String(CHAINED_SESSION)} (1 hour).`,
            length < 900
                ? "Write at least 900."
                : `Write at most ${String(CHAINED_SESSION)}. For a longer session, let the second role trust GitLab itself.`,
        );
    }
    if (session !== undefined) {
        sessionName(session, property(at, "sessionName"), findings);
    }
};

const script: Look<readonly string[]> = (value, at, findings) => {
    if (value.length === 0) {
        fault(findings, at, "is empty, but GitLab requires a command.", "Write a command, or leave it out.");
    }
    value.forEach((command, i) => {
        if (!COMMAND.test(command)) {
            const message = `${quote(command)} is not a command.`;
            fault(findings, `${at}[${String(i)}]`, message, "Use a string without control characters.");
        }
    });
};

const componentProject: Look<string> = (value, at, findings) => {
    const ofPath = gitLabPathFindings("project", value, at);
    findings.addAll(ofPath);
    if (isPattern(value) && ofPath.length === 0) {
        fault(
            findings,
            at,
            `${quote(value)} is a pattern.`,
            "Write the path of the one project that has the component.",
        );
    }
};

const componentVersion: Look<string> = (value, at, findings) => {
    if (!/^(?:~latest|[\w.+/-]{1,255})$/.test(value)) {
        const fix = 'Write a release, tag, commit or branch: "1.0.0".';
        fault(findings, at, `${quote(value)} is not a version.`, fix);
    }
};

/** The check of each option by itself, in the order of the findings. */
const LOOKS: { readonly [N in Exclude<OptionName, "rules" | "secrets">]-?: Look<OptionValue<N>> } = {
    form: oneOf(FORMS),
    credentials: oneOf(CREDENTIALS),
    jobName,
    stage: line("a stage", '"deploy"'),
    image,
    entrypoint,
    environment,
    assumeRole,
    tokenVariable: jobVariable(TOKEN_VARIABLE),
    roleArnVariable: variable("DEPLOY_ROLE_ARN"),
    region,
    duration,
    sessionName,
    script,
    componentProject,
    componentVersion,
};

function checkValues(given: Given, findings: Findings): void {
    for (const name of Object.keys(LOOKS) as (keyof typeof LOOKS)[]) {
        checkValue(name, given, findings);
    }
    checkCiSecrets(given, findings);
}

function checkValue(name: keyof typeof LOOKS, given: Given, findings: Findings): void {
    const option = optionOf(name, given);
    if (option?.value !== undefined) {
        (LOOKS[name] as Look<unknown>)(option.value, option.at, findings);
    }
}

function checkComponent(common: Given, findings: Findings): void {
    const form = ciFormOf(common);
    if (form === undefined) {
        return;
    }
    if (form === "component") {
        if (optionOf("componentProject", common) === undefined) {
            findings.add(
                "ci-conflict",
                property(common.path, "componentProject"),
                "is missing, but the `include` of a component requires the project that has it.",
                'Add componentProject: "mygroup/aws-roles".',
            );
        }
        return;
    }
    for (const name of ["componentProject", "componentVersion"] as const) {
        const option = optionOf(name, common);
        if (option !== undefined) {
            findings.add(
                "ci-conflict",
                option.at,
                'applies only to form: "component".',
                'Remove it, or add form: "component".',
            );
        }
    }
}

function checkOwn(own: Given, findings: Findings): void {
    for (const name of ["form", "componentProject", "componentVersion"] as const) {
        const option = known(own.options)?.[name];
        if (option !== undefined) {
            findings.add(
                "ci-conflict",
                property(own.path, name),
                "is set for one role, but applies to the whole configuration.",
                "Move it to the `gitlabCi` of all roles.",
            );
        }
    }
}

/** Reports conflicts. A conflict of options for all roles is reported once, not once for each role. */
function checkTogether(role: CiRole, common: Given, findings: Findings): void {
    const conflicts = [
        ...secretsConflicts(role, common),
        ...nameConflicts(role, common),
        ...componentConflicts(role, common),
        ...entrypointConflicts(role, common),
        ...variableConflicts(role, common),
        ...durationConflicts(role, common),
        ...assumeRoleConflicts(role, common),
        ...regionConflicts(role, common),
    ];
    for (const { id, at, message, fix } of conflicts) {
        if (!findings.errors.some((f) => f.path === at)) {
            findings.add(id, at, message, fix);
        }
    }
}

/** GitLab runs jobs, and never what begins with a dot. */
function nameConflicts({ own }: CiRole, common: Given): readonly Conflict[] {
    const form = ciFormOf(common);
    const name = optionOf("jobName", own, common);
    const isTemplate = form !== "job";
    if (
        name?.value === undefined ||
        form === undefined ||
        form === "secrets" ||
        name.value.startsWith(".") === isTemplate
    ) {
        return [];
    }
    const written = quote(name.value);
    return [
        isTemplate
            ? {
                  id: "ci-conflict",
                  at: name.at,
                  message: `${written} does not begin with a dot: GitLab would run the template as a job.`,
                  fix: `Write ${quote(`.${name.value}`)}.`,
              }
            : {
                  id: "ci-conflict",
                  at: name.at,
                  message: `${written} begins with a dot: GitLab never runs such a job.`,
                  fix: `Write ${quote(name.value.replace(/^\.+/, "") || "deploy")}, or form: "template".`,
              },
    ];
}

function componentConflicts({ own }: CiRole, common: Given): readonly Conflict[] {
    if (ciFormOf(common) !== "component") {
        return [];
    }
    const inputs = { jobName: JOB_INPUT, stage: STAGE_INPUT };
    return (["jobName", "stage"] as const).flatMap((name) => {
        const option = optionOf(name, own, common);
        return option?.value === undefined || new RegExp(inputs[name]).test(option.value)
            ? []
            : {
                  id: "ci-conflict",
                  at: option.at,
                  message: `${quote(option.value)} cannot be the default of the component's input, which must match ${inputs[name]}.`,
                  fix: "Use only letters, digits, spaces and _ . -.",
              };
    });
}

function entrypointConflicts({ own }: CiRole, common: Given): readonly Conflict[] {
    const option = optionOf("entrypoint", own, common);
    return option === undefined || optionOf("image", own, common) !== undefined
        ? []
        : [
              {
                  id: "ci-conflict",
                  at: option.at,
                  message: "is set without an image.",
                  fix: "Add an image, or remove the entrypoint.",
              },
          ];
}

function variableConflicts({ own }: CiRole, common: Given): readonly Conflict[] {
    const form = ciFormOf(common);
    const token = optionOf("tokenVariable", own, common);
    const arn = optionOf("roleArnVariable", own, common);
    const secrets = secretsOf(own, common);
    const tokenName = token === undefined ? form && defaultTokenVariable(form) : token.value;
    const ofSecrets = (secrets?.names ?? []).map((name) => ({ name, at: key(secrets!.at, name) }));
    const ofArn = arn?.value === undefined ? [] : [{ name: arn.value, at: arn.at }];
    return [
        ...[...ofArn, ...ofSecrets].filter(({ name }) => name === tokenName).map((v) => ({ ...v, use: "ID token" })),
        ...ofSecrets.filter(({ name }) => name === arn?.value).map((v) => ({ ...v, use: "role's ARN" })),
    ].map(({ name, at, use }) => ({
        id: "ci-conflict",
        at,
        message: `${quote(name)} is also the variable of the ${use}.`,
        fix: `Choose another name: ${at === arn?.at ? '"DEPLOY_ROLE_ARN"' : '"DATABASE_PASSWORD"'}.`,
    }));
}

function durationConflicts({ own, maxSessionDuration }: CiRole, common: Given): readonly Conflict[] {
    const option = optionOf("duration", own, common);
    if (option === undefined) {
        return [];
    }
    const credentials = optionOf("credentials", own, common);
    // A duration for all roles is for those without credentials of their own.
    const isForOthers = optionOf("credentials", own) !== undefined && optionOf("duration", own) === undefined;
    const conflicts: Conflict[] = [];
    if (!isForOthers && (credentials?.value ?? "export") !== "export") {
        conflicts.push({
            id: "ci-conflict",
            at: option.at,
            message: `has no effect with ${quote(credentials!.value)}: the SDK chooses the length of a session and renews it.`,
            fix: 'Leave it out, or use credentials: "export".',
        });
    }
    const longest = known(maxSessionDuration);
    if (option.value !== undefined && longest !== undefined && option.value > longest) {
        conflicts.push({
            id: "ci-duration",
            at: option.at,
            message: `${String(option.value)} seconds is longer than the role's \`maxSessionDuration\` of ${String(longest)}, so STS would deny every job.`,
            fix: `Write at most ${String(longest)}, or raise \`maxSessionDuration\`.`,
        });
    }
    return conflicts;
}

function assumeRoleConflicts({ own, partition }: CiRole, common: Given): readonly Conflict[] {
    const second = optionOf("assumeRole", own, common);
    if (second === undefined) {
        return [];
    }
    const conflicts: Conflict[] = [];
    const length = optionOf("duration", own, common);
    if (length?.value !== undefined && length.value > CHAINED_SESSION) {
        conflicts.push({
            id: "ci-duration",
            at: length.at,
            message: `${String(length.value)} seconds is longer than a session of \`assumeRole\` can be: AWS limits a role that is assumed with another role to ${String(CHAINED_SESSION)} (1 hour).`,
            fix: `Write at most ${String(CHAINED_SESSION)}, or let the second role trust GitLab itself.`,
        });
    }
    const other = second.value === undefined ? undefined : partitionOf(second.value.roleArn);
    if (other !== undefined && partition !== undefined && other !== partition) {
        conflicts.push({
            id: "ci-conflict",
            at: property(second.at, "roleArn"),
            message: `${quote(second.value!.roleArn)} is in the partition ${other}, but the first role is in ${partition}. Roles cannot be assumed across partitions.`,
            fix: `Use a role of ${partition}.`,
        });
    }
    return conflicts;
}

function regionConflicts({ own, partition }: CiRole, common: Given): readonly Conflict[] {
    const option = optionOf("region", own, common);
    const secrets = secretsOf(own, common);
    const ofSecrets = secrets === undefined ? [] : regionsOfSecrets(secrets.value, secrets.at);
    return [...(option === undefined ? [] : [option]), ...ofSecrets].flatMap(({ value, at }) =>
        value === undefined || partition === undefined || partitionOfRegion(value) === partition
            ? []
            : {
                  id: "ci-region",
                  at,
                  message: `${quote(value)} is a region of ${partitionOfRegion(value)}, but the role is in ${partition}, whose STS does not know that region.`,
                  fix: `Write a region of ${partition}, such as ${quote(regionIn(partition))}.`,
              },
    );
}

/** An option whose value must be different for each role. */
interface Distinct {
    readonly name: "jobName" | "roleArnVariable";
    /** Its default. */
    readonly otherwise: (key: string) => string | undefined;
}

/** Reports a name that two roles would have. */
function checkDistinct(
    { name, otherwise }: Distinct,
    roles: readonly CiRole[],
    common: Given,
    findings: Findings,
): void {
    const seen = new Map<string, { readonly key: string; readonly at: string }>();
    const reported = new Set<string>();
    for (const { key, own } of roles) {
        const option = optionOf(name, own, common);
        const value = option === undefined ? otherwise(key) : option.value;
        const other = value === undefined ? undefined : seen.get(value);
        const at = option?.at ?? other?.at ?? common.path;
        if (other !== undefined && !reported.has(at)) {
            reported.add(at);
            findings.add(
                "ci-conflict",
                at,
                `${quote(value)} is used by the roles ${quote(other.key)} and ${quote(key)}, but ${name === "jobName" ? "the later job would replace the earlier one" : "one variable holds one ARN"}.`,
                `Set a different \`${name}\` for each role.`,
            );
        }
        if (value !== undefined) {
            seen.set(value, { key, at });
        }
    }
}
