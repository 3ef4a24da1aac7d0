import type { GitLabCiCredentials } from "../contract/types";

/** What the script of a job is made of: shell words as they stand in it, and names. */
export interface Exchange {
    readonly credentials: GitLabCiCredentials;
    /** Key of the role, which is the name of its profile. */
    readonly role: string;
    readonly roleArn: ShellWord;
    /** Variable that has to have the ARN. */
    readonly roleArnVariable: string | undefined;
    readonly tokenVariable: string;
    readonly session: SessionName;
    readonly duration: string;
    /** Lines that set the region. */
    readonly region: readonly string[];
}

/** Text as the shell reads it, quotes included. */
type ShellWord = string;

export interface SessionName {
    readonly word: ShellWord;
    /** Whether it may have characters that STS does not take, or too many. */
    readonly isLoose: boolean;
}

/** A word that the shell takes as it is. It never has `$[[`, which GitLab would read in a component. */
export function shellWord(text: string): ShellWord {
    return `'${text.replaceAll("'", "'\\''").replaceAll("$[[", () => "$''[[")}'`;
}

/** The POSIX shell script that takes the credentials of a role, and ends the job where AWS refuses them. */
export function exchangeScript(exchange: Exchange): string {
    return [
        ...WHAT[exchange.credentials],
        "set +x # token and credentials stay out of the log, with CI_DEBUG_TRACE too",
        ...required(exchange.tokenVariable, "the job lacks the id_tokens that go with this script"),
        ...(exchange.roleArnVariable === undefined
            ? []
            : required(exchange.roleArnVariable, "set it to the ARN of the role")),
        ...exchange.region,
        ...sessionLines(exchange.session),
        ...HOW[exchange.credentials](exchange),
    ].join("\n");
}

const WHAT: Readonly<Record<GitLabCiCredentials, readonly string[]>> = {
    export: [
        "# Exchange the ID token for credentials of the role. The job ends here if AWS refuses.",
        '# Without "exit", the commands below would run with whatever other credentials the runner has.',
    ],
    "web-identity": [
        "# Give the ID token to the AWS SDKs and the CLI: they exchange it for credentials of the role, and again before",
        "# those expire. No other credentials of the runner are left for them to go on with.",
    ],
    profile: [
        "# Give the ID token to the AWS SDKs and the CLI in a profile: they exchange it for credentials of the role, and again",
        "# before those expire. No other credentials of the runner are left for them to go on with.",
    ],
};

const HOW: Readonly<Record<GitLabCiCredentials, (exchange: Exchange) => readonly string[]>> = {
    export: exportLines,
    "web-identity": webIdentityLines,
    profile: profileLines,
};

function required(variable: string, otherwise: string): readonly string[] {
    return [`[ -n "\${${variable}-}" ] || { echo "${variable} is empty: ${otherwise}" >&2; exit 1; }`];
}

function sessionLines({ word, isLoose }: SessionName): readonly string[] {
    return isLoose
        ? [
              `aws_oidc_session=$(printf %s ${word} | LC_ALL=C tr -c 'A-Za-z0-9_+=,.@-' '-' | cut -c 1-64) # what STS takes`,
          ]
        : [];
}

function sessionWord({ word, isLoose }: SessionName): ShellWord {
    return isLoose ? '"$aws_oidc_session"' : word;
}

function exportLines({ roleArn, tokenVariable, session, duration }: Exchange): readonly string[] {
    return [
        "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION # would mix with the new ones",
        "aws_oidc_credentials=$(aws sts assume-role-with-web-identity \\",
        "  --no-sign-request \\",
        `  --role-arn ${roleArn} \\`,
        `  --role-session-name=${sessionWord(session)} \\`,
        `  --web-identity-token "$${tokenVariable}" \\`,
        `  --duration-seconds ${duration} \\`,
        "  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \\",
        "  --output text) || exit 1",
        "AWS_ACCESS_KEY_ID=$(printf '%s\\n' \"$aws_oidc_credentials\" | cut -s -f 1)",
        "AWS_SECRET_ACCESS_KEY=$(printf '%s\\n' \"$aws_oidc_credentials\" | cut -s -f 2)",
        "AWS_SESSION_TOKEN=$(printf '%s\\n' \"$aws_oidc_credentials\" | cut -s -f 3)",
        "unset aws_oidc_credentials",
        'case $AWS_SESSION_TOKEN in "" | None) echo "AWS STS answered without credentials" >&2; exit 1 ;; esac',
        "export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
    ];
}

function webIdentityLines({ roleArn, tokenVariable, session }: Exchange): readonly string[] {
    return [
        ...privateFolder(tokenVariable),
        `AWS_ROLE_ARN=${roleArn}`,
        `AWS_ROLE_SESSION_NAME=${sessionWord(session)}`,
        "AWS_WEB_IDENTITY_TOKEN_FILE=$aws_oidc_folder/token",
        "export AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE",
        ...attempt('"$AWS_ROLE_ARN"', '"$AWS_ROLE_SESSION_NAME"'),
    ];
}

function profileLines({ role, roleArn, tokenVariable, session }: Exchange): readonly string[] {
    return [
        ...privateFolder(tokenVariable),
        `grep -qxF '[profile ${role}]' "$AWS_CONFIG_FILE" ||`,
        "  printf '[profile %s]\\nrole_arn = %s\\nrole_session_name = %s\\nweb_identity_token_file = %s\\n' \\",
        `    '${role}' ${roleArn} ${sessionWord(session)} "$aws_oidc_folder/token" >> "$AWS_CONFIG_FILE" || exit 1`,
        "unset AWS_ROLE_ARN # would go before that of the profile",
        `export AWS_PROFILE='${role}' AWS_SDK_LOAD_CONFIG=1`,
        ...attempt(roleArn, sessionWord(session)),
    ];
}

/** Without these, and without the runner's own files and metadata, an SDK has the ID token or nothing. */
const OTHER_CREDENTIALS = [
    "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION \\",
    "  AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE \\",
    "  AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "export AWS_EC2_METADATA_DISABLED=true",
];

/** A folder that only this user can read, one for each shell, gone when it ends. */
function privateFolder(tokenVariable: string): readonly string[] {
    return [
        ...OTHER_CREDENTIALS,
        'if [ "${aws_oidc_shell-}" != "$$" ]; then',
        '  aws_oidc_folder=$(umask 077 && mktemp -d "${TMPDIR:-/tmp}/aws-oidc.XXXXXX") || exit 1',
        "  aws_oidc_shell=$$",
        "  trap 'rm -rf \"$aws_oidc_folder\"' EXIT",
        "  trap 'exit 1' HUP INT TERM",
        "fi",
        `(umask 077 && printf %s "$${tokenVariable}" >| "$aws_oidc_folder/token") || exit 1`,
        ': >> "$aws_oidc_folder/config"',
        ': >> "$aws_oidc_folder/credentials"',
        'export AWS_CONFIG_FILE="$aws_oidc_folder/config" AWS_SHARED_CREDENTIALS_FILE="$aws_oidc_folder/credentials"',
    ];
}

/**
 * Where the image has the CLI, a refusal ends the job here and not in the middle of it. The exchange is asked for by its
 * name: older CLIs keep credentials by role and session name, and would take those of an earlier job for an answer.
 */
function attempt(roleArn: ShellWord, session: ShellWord): readonly string[] {
    return [
        "if command -v aws > /dev/null; then",
        "  aws sts assume-role-with-web-identity --no-sign-request \\",
        `    --role-arn ${roleArn} --role-session-name=${session} \\`,
        '    --web-identity-token "file://$aws_oidc_folder/token" > /dev/null || exit 1',
        "fi",
    ];
}
