import { AWS_CLI_CALLS, AWS_CLI_OPTION } from "./account-option";
import { type CommandReference } from "./reference";

export const ADOPT = {
    name: "adopt",
    summary: "Write a Pulumi program for the roles that an AWS account already has",
    usage: "[FILE...] --language LANGUAGE --out DIR [OPTIONS]",
    description: [
        "Writes a Pulumi program with `GitLabOidc` and an entry for each role that GitLab jobs can assume, and a file for `pulumi import`. The roles and the identity provider keep their names and ARNs. The command does not run Pulumi.",
        AWS_CLI_CALLS,
        "Give the same files as for `audit`; CloudTrail events count only with `--tighten`. The files are the output of `aws iam get-account-authorization-details`, `list-roles` and `get-open-id-connect-provider`, of `pulumi stack export` and `terraform show -json`. All values come from AWS, because a state can be older than the account: it only shows which program manages a resource. If no output of AWS has a fact, such as the maximum session duration, the command leaves the role out and prints the call of the AWS CLI that shows it.",
        "The new trust policy of a role allows exactly the jobs that the present one allows. If the present one does not check the audience, the new one lists the audiences of the identity provider: AWS STS rejects tokens for any other. If the inputs of this package cannot express the trust policy, or if the role is open to jobs of everybody, the command leaves the role out and prints the reason.",
        "With `--tighten`, the program narrows each role to the jobs that used it, as the CloudTrail events show them, and the command prints both trust policies. A role without such an event keeps its trust policy, and is listed with the reason. All other jobs lose access with the first `pulumi up`.",
        "It overwrites only files that it wrote. The other languages of Pulumi: write YAML, then run `pulumi convert`.",
    ],
    operand: {
        name: "FILE",
        help: "Document that describes an account",
        isMany: true,
        missing: "the output of `aws iam get-account-authorization-details`. Or use --aws-cli",
        unless: "aws-cli",
    },
    options: {
        "aws-cli": AWS_CLI_OPTION,
        language: {
            value: "LANGUAGE",
            choices: ["typescript", "yaml"],
            help: "Language of the program: `index.ts` for typescript, `Pulumi.yaml` for yaml. Required",
        },
        out: { value: "DIR", help: "Folder for the program and `import.json`. Required" },
        url: {
            value: "URL",
            many: true,
            help: "GitLab instance, in addition to gitlab.com and those that the trust policies show. Can be repeated",
        },
        account: {
            value: "ID",
            help: "Account whose roles the program has. Required if the files describe roles of several accounts",
        },
        tighten: {
            help: "Narrow the trust policy of each role to the jobs of the CloudTrail events. Requires events among the files, and --period",
        },
        period: {
            value: "PERIOD",
            help: "Period that the CloudTrail events cover, in UTC, as for `audit`: FROM..TO, such as 2026-01-01..2026-03-31, or a duration up to now, such as 90d. Only with --tighten",
        },
        json: {
            help: "Print as JSON which roles the program has, which ones are left out and why, and what to do with other states",
        },
    },
    examples: [
        {
            text: "Write a program in TypeScript from the files of `collect.sh`",
            command: "aws-gitlab-oidc adopt account/*.json --language typescript --out gitlab-oidc",
        },
        {
            text: "Write a program in YAML for roles that Terraform manages",
            command: "aws-gitlab-oidc adopt terraform.json account/*.json --language yaml --out gitlab-oidc",
        },
        {
            text: "Narrow the roles to the jobs that used them",
            command:
                "aws-gitlab-oidc adopt account/*.json cloudtrail/*.json.gz --language yaml --out gitlab-oidc --tighten --period 90d",
        },
    ],
    statuses: {
        0: "The program has every role that GitLab jobs can assume",
        1: "At least one such role is left out, or there is none",
        2: "The command line or a file is invalid, or a call of the AWS CLI failed",
    },
} as const satisfies CommandReference;
