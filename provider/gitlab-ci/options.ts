import { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import { isComplete, known, type MaybeUnknown } from "../contract/unknown";
import { checkGitLabPath } from "../gitlab/paths";
import { isPattern } from "../iam/policy-text";
import type { GitLabCiCredentials, GitLabCiForm, GitLabCiOptions } from "../contract/types";
import { isRegion, partitionOfRegion, regionIn } from "./region";
import { isSessionName } from "./session-name";

export const FORMS: readonly GitLabCiForm[] = ["job", "template", "component"];
export const CREDENTIALS: readonly GitLabCiCredentials[] = ["export", "web-identity", "profile"];

export const TOKEN_VARIABLE = "GITLAB_OIDC_TOKEN";
export const DURATION = 3600;

/** What the inputs of a component take, as regular expressions of GitLab: their defaults are options of ours. */
export const JOB_INPUT = "^[A-Za-z0-9_.][A-Za-z0-9_ ./-]*$";
export const STAGE_INPUT = "^[A-Za-z0-9_. -]+$";

/** Options as they are given, and where. */
export interface Given {
    readonly options: MaybeUnknown<GitLabCiOptions> | undefined;
    readonly path: string;
}

/** What is known about a role whose job is written. */
export interface CiRole {
    readonly key: string;
    /** The role's own options, where they have a place beside those for all. */
    readonly own?: Given;
    readonly partition?: string | undefined;
    readonly maxSessionDuration?: MaybeUnknown<number | undefined>;
}

/** Name of a role's job where none is given. */
export function defaultJobName(key: string, form: GitLabCiForm): string {
    return form === "job" ? `assume role ${key}` : `.aws-${key}`;
}

/** Reports options of the CI configuration that GitLab, the shell or STS would not take, or that do not go together. */
export function checkGitLabCi(common: Given, roles: readonly CiRole[], findings: Findings): void {
    checkValues(common, findings);
    checkComponent(common, findings);
    for (const { own } of roles) {
        if (own !== undefined) {
            checkValues(own, findings);
            checkOwn(own, findings);
        }
    }
    const option = optionOf("form", common);
    const form = option === undefined ? "job" : option.value;
    for (const role of roles) {
        checkTogether(role, common, findings);
    }
    if (form !== undefined && FORMS.includes(form)) {
        checkDistinct("jobName", roles, common, (key) => defaultJobName(key, form), findings);
    }
    checkDistinct("roleArnVariable", roles, common, () => undefined, findings);
}

interface Option<T> {
    /** Undefined where it is not known yet. */
    readonly value: T | undefined;
    readonly at: string;
}

type Name = keyof GitLabCiOptions;
type Value<N extends Name> = Exclude<GitLabCiOptions[N], undefined>;

/** An option that is given: the first that has it. Undefined where nobody has it; without a value where that is not known. */
function optionOf<N extends Name>(name: N, ...given: readonly (Given | undefined)[]): Option<Value<N>> | undefined {
    for (const g of given) {
        if (g?.options !== undefined) {
            const options = known(g.options);
            const value = options?.[name];
            if (options === undefined || value !== undefined) {
                const at = property(g.path, name);
                const isKnown = value !== undefined && isComplete(value as MaybeUnknown<unknown>);
                return { value: isKnown ? (value as Value<N>) : undefined, at };
            }
        }
    }
    return undefined;
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

/** Names whose value the shell, the runner or the AWS SDKs take for something else. */
const TAKEN =
    /^(?:_|PATH|HOME|PWD|OLDPWD|E?UID|GROUPS|RANDOM|SECONDS|LINENO|BASH\w*|SHELLOPTS|IFS|ENV|PS[124]|SHELL|TMPDIR|LANG|LC_\w+|LD_\w+|OPTIND|OPTARG|PPID|CI|CI_\w+|aws_oidc_\w+|AWS_(?:ACCESS|SECRET|SESSION|SECURITY|CREDENTIAL|PROFILE|DEFAULT|REGION|WEB|ROLE_SESSION|CONFIG|SHARED|CONTAINER|EC2|ENDPOINT|SDK|CA|STS|PAGER)\w*)$/;

// eslint-disable-next-line no-control-regex
const LINE = /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,255}$/;
// eslint-disable-next-line no-control-regex
const COMMAND = /^(?=\s*\S)[^\u0000-\u0008\u000b-\u001f\u007f]*$/;

function checkValues(given: Given, findings: Findings): void {
    const check = <N extends Name>(name: N, look: (value: Value<N>, at: string) => void): void => {
        const option = optionOf(name, given);
        if (option?.value !== undefined) {
            look(option.value, option.at);
        }
    };
    const fault = (at: string, message: string, cure: string): void => findings.add("ci-option", at, message, cure);
    const oneOf = (values: readonly string[]) => (value: string, at: string) => {
        if (!values.includes(value)) {
            fault(at, `${quote(value)} is not known.`, `Write ${values.map(quote).join(" or ")}.`);
        }
    };
    const line = (what: string, example: string) => (value: string, at: string) => {
        if (!LINE.test(value) || value.trim() !== value) {
            fault(
                at,
                `${quote(value)} is not ${what}: 1 to 255 characters on one line.`,
                `Write for example ${example}.`,
            );
        }
    };
    const variable = (example: string) => (value: string, at: string) => {
        if (!/^[A-Za-z_]\w*$/.test(value)) {
            fault(
                at,
                `${quote(value)} is not the name of a variable.`,
                `Use letters, digits and _: ${quote(example)}.`,
            );
        } else if (TAKEN.test(value)) {
            fault(
                at,
                `${quote(value)} is a variable that the shell, the runner or AWS gives a meaning.`,
                `Choose another name: ${quote(example)}.`,
            );
        }
    };
    check("form", oneOf(FORMS));
    check("credentials", oneOf(CREDENTIALS));
    check("jobName", (value, at) => {
        line("the name of a job", '"deploy"')(value, at);
        if (KEYWORDS.includes(value)) {
            fault(at, `${quote(value)} is a keyword of GitLab CI.`, `Choose another name: ${quote(`${value} job`)}.`);
        }
    });
    check("stage", line("a stage", '"deploy"'));
    check("image", (value, at) => {
        if (!LINE.test(value) || /\s|\$\[\[/.test(value)) {
            fault(at, `${quote(value)} is not an image.`, 'Write for example "public.ecr.aws/aws-cli/aws-cli:2.31.0".');
        }
    });
    check("entrypoint", (value, at) => {
        if (value.length === 0 || !value.every((v) => v === "" || (LINE.test(v) && !v.includes("$[[")))) {
            fault(
                at,
                "is not a command: a list of words, each on one line, without `$[[`.",
                'Write [""] for a plain shell.',
            );
        }
    });
    check("environment", (value, at) => {
        if (!/^(?!\/)[\w /${}.-]{1,255}(?<!\/)$/.test(value)) {
            fault(
                at,
                `${quote(value)} is not the name of an environment.`,
                "Use up to 255 letters, digits, spaces and - _ / . $ { }, not / at the ends.",
            );
        }
    });
    check("tokenVariable", (value, at) => {
        variable(TOKEN_VARIABLE)(value, at);
        if (value === "AWS_ROLE_ARN") {
            fault(
                at,
                `${quote(value)} is where the AWS SDKs look for a role.`,
                `Choose another name: ${quote(TOKEN_VARIABLE)}.`,
            );
        }
    });
    check("roleArnVariable", variable("DEPLOY_ROLE_ARN"));
    check("region", (value, at) => {
        if (!isRegion(value)) {
            findings.add(
                "ci-region",
                at,
                `${quote(value)} is not the name of an AWS region.`,
                'Write for example "eu-central-1".',
            );
        }
    });
    check("duration", (value, at) => {
        if (value < 900 || value > 43_200) {
            findings.add(
                "ci-duration",
                at,
                `${String(value)} seconds is outside of what STS takes, 900 (15 minutes) to 43200 (12 hours).`,
                value < 900
                    ? "Write at least 900."
                    : "Write at most 43200, and let the role's `maxSessionDuration` be as long.",
            );
        }
    });
    check("sessionName", (value, at) => {
        if (!isSessionName(value)) {
            findings.add(
                "ci-session-name",
                at,
                `${quote(value)} is not a session name that STS takes: 2 to 64 letters, digits and + = , . @ - _, beside CI/CD variables.`,
                'Write for example "deploy-$CI_COMMIT_REF_SLUG".',
            );
        }
    });
    check("script", (value, at) => {
        if (value.length === 0) {
            fault(at, "is empty: GitLab wants a command.", "Write a command, or leave it out.");
        }
        value.forEach((command, i) => {
            if (!COMMAND.test(command)) {
                fault(
                    `${at}[${String(i)}]`,
                    `${quote(command)} is not a command.`,
                    "Write text without control characters.",
                );
            }
        });
    });
    check("componentProject", (value, at) => {
        checkGitLabPath("project", value, at, findings);
        if (isPattern(value) && !findings.errors.some((f) => f.path === at)) {
            fault(at, `${quote(value)} is a pattern.`, "Name the one project that has the component.");
        }
    });
    check("componentVersion", (value, at) => {
        if (!/^(?:~latest|[\w.+/-]{1,255})$/.test(value)) {
            fault(at, `${quote(value)} is not a version.`, 'Write a release, tag, commit or branch: "1.0.0".');
        }
    });
}

function checkComponent(common: Given, findings: Findings): void {
    const form = optionOf("form", common);
    if (form !== undefined && form.value === undefined) {
        return;
    }
    if (form?.value === "component") {
        if (optionOf("componentProject", common) === undefined) {
            findings.add(
                "ci-conflict",
                property(common.path, "componentProject"),
                "is missing: the `include` of a component names the project that it is in.",
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
                "belongs to the form `component`, which is not asked for.",
                'Leave it out, or add form: "component".',
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
                "stands at one role, but is one for the whole configuration.",
                "Move it to the `gitlabCi` for all roles.",
            );
        }
    }
}

function checkTogether({ own, partition, maxSessionDuration }: CiRole, common: Given, findings: Findings): void {
    // What stands for all roles is told once, not once a role.
    const conflict = (
        id: "ci-conflict" | "ci-duration" | "ci-region",
        at: string,
        message: string,
        cure: string,
    ): void => {
        if (!findings.errors.some((f) => f.path === at)) {
            findings.add(id, at, message, cure);
        }
    };
    const form = optionOf("form", common);
    const jobName = optionOf("jobName", own, common);
    if (jobName?.value !== undefined && (form === undefined || form.value !== undefined)) {
        const isTemplate = form !== undefined && form.value !== "job";
        if (jobName.value.startsWith(".") !== isTemplate) {
            conflict(
                "ci-conflict",
                jobName.at,
                isTemplate
                    ? `${quote(jobName.value)} does not begin with a dot: GitLab would run the template as a job.`
                    : `${quote(jobName.value)} begins with a dot: GitLab never runs such a job.`,
                isTemplate
                    ? `Write ${quote(`.${jobName.value}`)}.`
                    : `Write ${quote(jobName.value.replace(/^\.+/, "") || "deploy")}, or form: "template".`,
            );
        }
    }
    if (form?.value === "component") {
        const inputs = { jobName: JOB_INPUT, stage: STAGE_INPUT };
        for (const name of ["jobName", "stage"] as const) {
            const option = optionOf(name, own, common);
            if (option?.value !== undefined && !new RegExp(inputs[name]).test(option.value)) {
                conflict(
                    "ci-conflict",
                    option.at,
                    `${quote(option.value)} cannot be the default of the component's input: it takes ${inputs[name]}.`,
                    "Use letters, digits, spaces and _ . -, without others.",
                );
            }
        }
    }
    const entrypoint = optionOf("entrypoint", own, common);
    if (entrypoint !== undefined && optionOf("image", own, common) === undefined) {
        conflict(
            "ci-conflict",
            entrypoint.at,
            "stands without an image that it is of.",
            "Add `image`, or leave it out.",
        );
    }
    const token = optionOf("tokenVariable", own, common);
    const arn = optionOf("roleArnVariable", own, common);
    if (arn?.value !== undefined && arn.value === (token === undefined ? TOKEN_VARIABLE : token.value)) {
        conflict(
            "ci-conflict",
            arn.at,
            `${quote(arn.value)} is the variable of the ID token too.`,
            `Choose another name: "DEPLOY_ROLE_ARN".`,
        );
    }
    const credentials = optionOf("credentials", own, common);
    const duration = optionOf("duration", own, common);
    // A duration for all roles is for those without credentials of their own.
    const isForOthers = optionOf("credentials", own) !== undefined && optionOf("duration", own) === undefined;
    if (duration !== undefined && !isForOthers && (credentials?.value ?? "export") !== "export") {
        conflict(
            "ci-conflict",
            duration.at,
            `has no effect with ${quote(credentials!.value)}: the SDK chooses the length of a session and renews it.`,
            'Leave it out, or use credentials: "export".',
        );
    }
    const longest = known(maxSessionDuration);
    if (duration?.value !== undefined && longest !== undefined && duration.value > longest) {
        conflict(
            "ci-duration",
            duration.at,
            `${String(duration.value)} seconds is longer than the role's \`maxSessionDuration\`, ${String(longest)}: STS would refuse every job.`,
            `Write at most ${String(longest)}, or raise \`maxSessionDuration\`.`,
        );
    }
    const region = optionOf("region", own, common);
    if (region?.value !== undefined && partition !== undefined && partitionOfRegion(region.value) !== partition) {
        conflict(
            "ci-region",
            region.at,
            `${quote(region.value)} is a region of ${partitionOfRegion(region.value)}, the role is in ${partition}: STS there does not know it.`,
            `Write a region of ${partition}, such as ${quote(regionIn(partition))}.`,
        );
    }
}

/** Reports a name that two roles would have. */
function checkDistinct(
    name: "jobName" | "roleArnVariable",
    roles: readonly CiRole[],
    common: Given,
    otherwise: (key: string) => string | undefined,
    findings: Findings,
): void {
    const seen = new Map<string, { readonly key: string; readonly at: string }>();
    const told = new Set<string>();
    for (const { key, own } of roles) {
        const option = optionOf(name, own, common);
        const value = option === undefined ? otherwise(key) : option.value;
        const other = value === undefined ? undefined : seen.get(value);
        const at = option?.at ?? other?.at ?? common.path;
        if (other !== undefined && !told.has(at)) {
            told.add(at);
            findings.add(
                "ci-conflict",
                at,
                `${quote(value)} would be of the roles ${quote(other.key)} and ${quote(key)}: ${name === "jobName" ? "the later job would replace the earlier" : "one variable has one ARN"}.`,
                `Set \`${name}\` at each role.`,
            );
        }
        if (value !== undefined) {
            seen.set(value, { key, at });
        }
    }
}
