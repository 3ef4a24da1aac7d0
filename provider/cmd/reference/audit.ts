import { AWS_CLI_CALLS, AWS_CLI_OPTION } from "./account-option";
import type { CommandReference } from "./reference";

export const AUDIT = {
    name: "audit",
    summary: "List the roles of AWS accounts that GitLab jobs can assume",
    usage: "[FILE...] [OPTIONS]",
    description: [
        "Reports each role that a GitLab instance can reach: the jobs that can assume it, how much the role can do, and the errors and risks of its trust policy. Worst roles come first.",
        AWS_CLI_CALLS,
        "Give several files for one report: the output of `aws iam get-account-authorization-details`, `get-role`, `list-roles`, `get-open-id-connect-provider` and `list-open-id-connect-providers`, of `pulumi stack export` and `terraform show -json`, and CloudTrail events, as log files or as the output of `aws cloudtrail lookup-events`. The command recognizes them by their content.",
        "A file can be compressed with gzip. It can have up to 500 MB when it is uncompressed, not counting CloudTrail events: their number does not matter. An event that several files have counts once.",
        "CloudTrail records an event in the region of the STS endpoint that the job used, and `aws cloudtrail lookup-events` returns those of one region for 90 days. Give the files of all regions that your jobs use, and the period that they cover as `--period`. Results about events apply to that period and the regions that the report names.",
    ],
    operand: {
        name: "FILE",
        help: "Document that describes an account, or CloudTrail events",
        isMany: true,
        missing: "the output of `aws iam get-account-authorization-details`. Or use --aws-cli",
        unless: "aws-cli",
    },
    options: {
        "aws-cli": AWS_CLI_OPTION,
        url: {
            value: "URL",
            many: true,
            help: "GitLab instance, in addition to gitlab.com and those that the trust policies show. Can be repeated",
        },
        accept: { value: "ID", many: true, help: "Warning to suppress. Can be repeated" },
        guardrail: {
            value: "FILE",
            many: true,
            help: "Resource control policy that applies to the accounts: the output `policy` of OrganizationGuardrail, or of `aws organizations describe-policy`. The report shows which jobs it denies. Can be repeated",
        },
        period: {
            value: "PERIOD",
            help: "Period that the CloudTrail events cover, in UTC: FROM..TO with dates or times, such as 2026-01-01..2026-03-31, or a duration up to now, such as 90d or 12h. Calls outside of it do not count. Default: unknown, and all calls count",
        },
        baseline: {
            value: "FILE",
            help: "Earlier output of --json. Findings are compared with it: the table prints only those that are new or gone",
        },
        "fail-on": {
            value: "WHAT",
            choices: ["error", "warning", "new", "admin"],
            help: "Reason to fail: an error (default), an error or a warning, a finding that is not in the baseline, or a role with the power `administrator`",
        },
        json: { help: "Print the report as JSON" },
        sarif: { help: "Print the findings as SARIF 2.1.0" },
        html: {
            value: "FILE",
            help: "Also write the report as a page for a browser: one file, which loads nothing else. Overwrites only a page that this command wrote",
        },
    },
    examples: [
        {
            text: "Audit the account of the AWS CLI",
            command: "aws-gitlab-oidc audit --aws-cli",
        },
        {
            text: "Show which jobs used the roles, too",
            command: "aws-gitlab-oidc audit account.json cloudtrail/*.json.gz --period 90d",
        },
        {
            text: "Write a page for a browser",
            command: "aws-gitlab-oidc audit account.json --html audit.html",
        },
        {
            text: "Show what a guardrail for the organization would deny, before you attach it",
            command: "aws-gitlab-oidc audit account.json events.json --guardrail guardrail.json",
        },
        {
            text: "Fail if something is new since the last report",
            command: "aws-gitlab-oidc audit account.json --baseline baseline.json --fail-on new",
        },
    ],
    statuses: {
        0: "Nothing that `--fail-on` names",
        1: "At least one finding or role that `--fail-on` names",
        2: "The command line or a file is invalid, a call of the AWS CLI failed, or there is no role",
    },
} as const satisfies CommandReference;
