import { jsonOf, type CommandReference } from "./reference";

export const LINT = {
    name: "lint",
    summary: "Check trust policies for errors and risks",
    usage: "FILE... [OPTIONS]",
    description: [
        "Reports what is wrong with a trust policy for GitLab CI/CD jobs, and what is valid but risky. Statements that trust another identity provider are listed as skipped. They are not checked.",
        "With several files, each entry of `findings` and `unchecked` in the JSON output has a `file`, and the exit status is the highest of all files. A file that cannot be read is reported on standard error.",
    ],
    operand: {
        name: "FILE",
        help: "Trust policy as JSON, or the output of `aws iam get-role --role-name NAME`",
        isMany: true,
    },
    options: {
        "trust-policy": { value: "FILE", help: "Trust policy, instead of the argument FILE" },
        url: { value: "URL", help: "GitLab instance that the policies must trust" },
        accept: { value: "ID", many: true, help: "Warning that is not reported. Can be repeated" },
        "fail-on": {
            value: "SEVERITY",
            choices: ["error", "warning"],
            help: "Lowest severity that fails the command: error (default) or warning",
        },
        json: jsonOf("lintTrustPolicy"),
    },
    examples: [
        { text: "Check every policy of a folder", command: "aws-gitlab-oidc lint policies/*.json" },
        {
            text: "Fail a pipeline on warnings too",
            command: "aws-gitlab-oidc lint policy.json --fail-on warning",
        },
        {
            text: "Check a role of the AWS account",
            command: "aws iam get-role --role-name deploy | aws-gitlab-oidc lint -",
        },
    ],
    statuses: {
        0: "No errors. With `--fail-on warning`: no warnings either",
        1: "At least one error. With `--fail-on warning`: at least one error or warning",
        2: "The command line or the input is invalid, or no statement of a policy was checked",
    },
} as const satisfies CommandReference;
