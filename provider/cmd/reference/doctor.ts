import type { CommandReference } from "./reference";

const PROJECT = "Options for projects";

export const DOCTOR = {
    name: "doctor",
    summary: "Check whether AWS can use a GitLab instance as an OIDC issuer",
    usage: "URL [OPTIONS]",
    description: [
        "Checks DNS, addresses, TLS, certificates, the discovery document, the JWKS and response times and, with --token, a job's ID token. Prints each check as it completes.",
        "With --project, --group, --inputs or --trust-policy, checks projects instead: path, ID, sub claim components, protected branches and tags, and environments, from GitLab's REST API. With --inputs or --trust-policy, compares them with the subjects of a role. The environment variable GITLAB_TOKEN is an access token with the scope `read_api`. It is sent to the host of URL only, and never printed. A public project needs no token for most checks.",
    ],
    operand: {
        name: "URL",
        help: "Address of the GitLab instance. `https://` is added if the scheme is missing",
        isMany: false,
        missing: "the address of the GitLab instance, for example https://gitlab.example.com",
    },
    options: {
        ca: { value: "FILE", help: "PEM file of additional CA certificates to trust" },
        "connect-to": {
            value: "HOST:PORT",
            help: "Connect to HOST:PORT instead of the address in DNS. TLS and HTTP still use the host of URL",
        },
        "allow-private": { help: "Allow connections to private addresses" },
        token: { value: "FILE", help: "ID token of a job to check. It is never printed" },
        audience: { value: "NAME", help: "Audience that the token must have. Requires --token" },
        timeout: { value: "SECONDS", help: "Time limit for the whole run (default: 30; for projects: 60)" },
        "request-timeout": {
            value: "SECONDS",
            help: "Time limit for each request (default: 6; for projects: 10). At most 60",
        },
        json: { help: "Print the result of `checkIssuer` as JSON. For a project: the result of `checkProject`" },
        project: { value: "PATH", help: "Project to check: GROUP/PROJECT", group: PROJECT },
        group: { value: "PATH", help: "Group to check: each project below it", group: PROJECT },
        inputs: {
            value: "FILE",
            help: "Inputs of `PipelineRole` as JSON: `subjects`, and if set `subClaimComponents` and `gitlabVersion`. Other properties are ignored",
            group: PROJECT,
        },
        "trust-policy": {
            value: "FILE",
            help: "Trust policy of the role as JSON, or the output of `aws iam get-role --role-name NAME`",
            group: PROJECT,
        },
    },
    examples: [
        { text: "Check an instance", command: "aws-gitlab-oidc doctor https://gitlab.example.com" },
        {
            text: "Check the instance and the token of the job that runs this",
            command: 'printf %s "$GITLAB_OIDC_TOKEN" | aws-gitlab-oidc doctor "$CI_SERVER_URL" --token -',
        },
        {
            text: "Check a project for the trust policy of a role",
            command: "aws-gitlab-oidc doctor https://gitlab.com --project mygroup/myproject --trust-policy role.json",
        },
    ],
    statuses: {
        0: "No check failed",
        1: "At least one check failed",
        2: "The command line or the input is invalid",
    },
} as const satisfies CommandReference;
