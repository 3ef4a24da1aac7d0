import { jsonOf, type CommandReference } from "./reference";

export const LINT = {
    name: "lint",
    summary: "Check trust policies for errors and risks",
    usage: "FILE... [OPTIONS]",
    description: [
        "Reports errors in a trust policy for GitLab CI/CD jobs, and settings that are valid but risky. Statements that trust another identity provider are not checked, and are listed as skipped.",
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
        accept: { value: "ID", many: true, help: "Warning to suppress. Can be repeated" },
        "fail-on": {
            value: "SEVERITY",
            choices: ["error", "warning"],
            help: "Lowest severity that fails the command: error (default) or warning",
        },
        json: jsonOf("lintTrustPolicy"),
    },
    examples: [
        { text: "Check all policies in a folder", command: "aws-gitlab-oidc lint policies/*.json" },
        {
            text: "Also fail a pipeline on warnings",
            command: "aws-gitlab-oidc lint policy.json --fail-on warning",
        },
        {
            text: "Check a role in the AWS account",
            command: "aws iam get-role --role-name deploy | aws-gitlab-oidc lint -",
        },
    ],
    statuses: {
        0: "No errors. With `--fail-on warning`: no warnings either",
        1: "At least one error. With `--fail-on warning`: at least one error or warning",
        2: "The command line or the input is invalid, or no statement of a policy was checked",
    },
} as const satisfies CommandReference;
