import { INVALID_INPUT, JSON_OPTION, type CommandReference } from "./reference";

const INSTANCE = {
    name: "URL",
    help: "Address of the GitLab instance",
    isMany: false,
    missing: "the address of the GitLab instance, for example https://gitlab.internal.example",
} as const;

const MIRROR = {
    value: "URL",
    help: "Address of the mirror: the output `issuerUrl` of IssuerMirror. Required",
} as const;

const OVERLAP = {
    value: "HOURS",
    help: "How long to keep publishing keys that the instance no longer has (default: 24)",
} as const;

/** Options of every command that connects to the instance and the mirror. */
const NETWORK = {
    ca: { value: "FILE", help: "PEM file of additional CA certificates to trust" },
    "connect-to": { value: "HOST:PORT", help: "Connect to HOST:PORT instead of the instance's address in DNS" },
    "mirror-connect-to": { value: "HOST:PORT", help: "Connect to HOST:PORT instead of the mirror's address in DNS" },
    timeout: { value: "SECONDS", help: "Time limit for each request (default: 10)" },
} as const;

export const MIRROR_FETCH = {
    name: "mirror fetch",
    summary: "Write the documents of a GitLab instance for IssuerMirror",
    usage: "URL --dir DIR [OPTIONS]",
    description: [
        "Writes the discovery document and the JWKS of an instance that AWS cannot reach. Keys that the instance no longer has stay in the JWKS for the time set with --overlap.",
    ],
    operand: INSTANCE,
    options: {
        dir: { value: "DIR", help: "Folder for openid-configuration.json and jwks.json. Required" },
        published: {
            value: "URL",
            help: "Mirror whose published keys to keep, or `none`. Required if DIR does not contain a JWKS",
        },
        overlap: OVERLAP,
        ...NETWORK,
        json: JSON_OPTION,
    },
    examples: [
        {
            text: "Fetch the documents for the first time",
            command: "aws-gitlab-oidc mirror fetch https://gitlab.internal.example --dir issuer --published none",
        },
    ],
    statuses: {
        0: "The files are written or up to date",
        1: "The AWS credentials of this process depend on the mirror",
        2: "The command line is invalid, or a document cannot be used",
    },
} as const satisfies CommandReference;

export const MIRROR_CHECK = {
    name: "mirror check",
    summary: "Check whether the published mirror is up to date",
    usage: "URL --mirror URL [OPTIONS]",
    description: ["Compares the published mirror with the documents of the instance."],
    operand: INSTANCE,
    options: {
        mirror: MIRROR,
        wait: { value: "SECONDS", help: "How long to wait until the two match (default: 0)" },
        ...NETWORK,
        json: JSON_OPTION,
    },
    examples: [
        {
            text: "Compare the mirror with the instance",
            command:
                "aws-gitlab-oidc mirror check https://gitlab.internal.example --mirror https://BUCKET.s3.REGION.amazonaws.com",
        },
    ],
    statuses: {
        0: "The mirror is up to date",
        1: "The mirror is not up to date, or the AWS credentials of this process depend on it",
        2: "The command line is invalid, or a document cannot be used",
    },
} as const satisfies CommandReference;

export const MIRROR_ADD_KEY = {
    name: "mirror add-key",
    summary: "Publish the next signing key before GitLab uses it",
    usage: "FILE --dir DIR [OPTIONS]",
    description: ["Adds the public part of a key to the JWKS that `mirror fetch` wrote."],
    operand: {
        name: "FILE",
        help: "Private or public RSA key in PEM",
        isMany: false,
        missing: "the private or public key in PEM",
    },
    options: {
        dir: { value: "DIR", help: "Folder that `mirror fetch` wrote. Required" },
        days: { value: "DAYS", help: "How long to keep the key if the instance never uses it (default: 30)" },
        json: JSON_OPTION,
    },
    examples: [{ text: "Add the next key", command: "aws-gitlab-oidc mirror add-key next.pem --dir issuer" }],
    statuses: { 0: "The key was added", 2: INVALID_INPUT },
} as const satisfies CommandReference;

export const MIRROR_JOB = {
    name: "mirror job",
    summary: "Print a scheduled CI/CD job that keeps the mirror up to date",
    usage: "URL --mirror URL --dir DIR --stack NAME [OPTIONS]",
    description: [
        "The job runs `mirror fetch`, `pulumi up` and `mirror check`. It needs AWS credentials that do not come from an ID token of the instance.",
    ],
    operand: INSTANCE,
    options: {
        mirror: MIRROR,
        dir: { value: "DIR", help: "Folder that the Pulumi program reads the documents from. Required" },
        stack: { value: "NAME", help: "Pulumi stack that contains the IssuerMirror. Required" },
        overlap: OVERLAP,
        wait: { value: "SECONDS", help: "How long `mirror check` waits for caches to expire (default: 600)" },
        ca: { value: "FILE", help: "PEM file of additional CA certificates to trust" },
        "job-name": { value: "NAME", help: "Name of the job (default: refresh issuer mirror)" },
        stage: { value: "NAME", help: "Stage of the job" },
        image: { value: "NAME", help: "Container image of the job" },
        role: { value: "ARN", help: "Not supported", isHidden: true },
    },
    examples: [
        {
            text: "Print the job",
            command:
                "aws-gitlab-oidc mirror job https://gitlab.internal.example --mirror https://BUCKET.s3.REGION.amazonaws.com --dir issuer --stack prod",
        },
    ],
    statuses: { 0: "The job was printed", 2: INVALID_INPUT },
} as const satisfies CommandReference;

export type NetworkOption = keyof typeof NETWORK;
