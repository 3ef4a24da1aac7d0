import { jsonOf, type CommandReference } from "./reference";

export const DOCTOR = {
    name: "doctor",
    summary: "Check whether AWS can use a GitLab instance as an OIDC issuer",
    usage: "URL [OPTIONS]",
    description: [
        "Checks DNS, addresses, TLS, certificates, the discovery document, the JWKS and response times and, with --token, a job's ID token. Prints each check as it completes.",
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
        timeout: { value: "SECONDS", help: "Time limit for the whole run (default: 30)" },
        json: jsonOf("checkIssuer"),
    },
    examples: [
        { text: "Check an instance", command: "aws-gitlab-oidc doctor https://gitlab.example.com" },
        {
            text: "Check the instance and the token of the job that runs this",
            command: 'printf %s "$GITLAB_OIDC_TOKEN" | aws-gitlab-oidc doctor "$CI_SERVER_URL" --token -',
        },
    ],
    statuses: {
        0: "No check failed",
        1: "At least one check failed",
        2: "The command line or the input is invalid",
    },
} as const satisfies CommandReference;
