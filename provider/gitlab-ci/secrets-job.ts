import type { GitLabCiSecret } from "../contract/types";
import { jobText, type Job } from "./job";
import { defaultTokenVariable } from "./options";
import { regionOf } from "./secrets";
import { DEFAULT_SESSION_NAME } from "./session-name";
import { indent, scalar, scriptItem } from "./yaml";

/** A job whose runner reads secrets with the role. Source: GitLab, "Use AWS Secrets Manager secrets in GitLab CI/CD". */
export function renderSecretsJob(job: Job): string {
    const { name, roleArn, options } = job;
    const { tokenVariable = defaultTokenVariable("secrets"), roleArnVariable, sessionName, region } = options;
    const secrets = Object.entries(options.secrets!).sort(([a], [b]) => (a < b ? -1 : 1));
    const isTemplate = name.startsWith(".");
    const script = options.script?.map(scriptItem) ?? (isTemplate ? [] : secrets.map(isThere));
    const needsRegion = secrets.some(([, secret]) => regionOf(secret, region) === undefined);
    return jobText(
        job,
        {
            comments: needsRegion ? ["The CI/CD variable AWS_REGION must contain the region of the secrets."] : [],
            stage: options.stage,
            tokenVariable,
        },
        [
            "secrets:",
            ...secrets.flatMap(([variable, secret]) => [
                `  ${scalar(variable)}:`,
                "    aws_secrets_manager:",
                ...keysOf({
                    secret_id: secret.secretId,
                    field: literal(secret.field),
                    version_id: secret.versionId,
                    version_stage: literal(secret.versionStage),
                    region: regionOf(secret, region),
                    role_arn: roleArnVariable === undefined ? literal(roleArn) : `$${roleArnVariable}`,
                    role_session_name: sessionName ?? DEFAULT_SESSION_NAME,
                }),
                `    token: $${tokenVariable}`,
                `    file: ${String(isFile(secret))}`,
            ]),
            ...(script.length === 0 ? [] : ["script:", ...script.map((item) => indent(item, 2))]),
        ],
    );
}

/** GitLab's default. Source: GitLab, "CI/CD YAML syntax reference: secrets:file". */
function isFile({ file = true }: GitLabCiSecret): boolean {
    return file;
}

/** A list item of the script: a command that fails without the secret, and does not print it. */
function isThere([variable, secret]: readonly [string, GitLabCiSecret]): string {
    return `- test ${isFile(secret) ? "-s" : "-n"} "$${variable}"`;
}

function keysOf(keys: Readonly<Record<string, string | undefined>>): readonly string[] {
    return Object.entries(keys).flatMap(([name, value]) =>
        value === undefined ? [] : [`      ${name}: ${scalar(value)}`],
    );
}

/** Text that the runner does not read as a variable: it expands every value of a secret. */
function literal<T extends string | undefined>(text: T): T {
    return text?.replaceAll("$", () => "$$") as T;
}
