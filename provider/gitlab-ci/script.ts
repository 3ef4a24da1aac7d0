import type { GitLabCiCredentials } from "../contract/types";

/** The parts of a job's script: shell words as the script has them, and names. */
export interface Exchange {
    readonly credentials: GitLabCiCredentials;
    /** Key of the role, which is the name of its profile. */
    readonly role: string;
    readonly roleArn: ShellWord;
    /** Variable that must hold the ARN. */
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
    /** Whether it may have characters that STS does not accept, or too many. */
    readonly isLoose: boolean;
}

/** A word that the shell reads literally. It never has `$[[`, which GitLab would read in a component. */
export function shellWord(text: string): ShellWord {
    return `'${text.replaceAll("'", "'\\''").replaceAll("$[[", () => "$''[[")}'`;
}

/** The POSIX shell script that gets the credentials of a role, and ends the job if AWS denies them. */
export function exchangeScript(exchange: Exchange): string {
    return [
        ...WHAT[exchange.credentials],
        "set +x # keep token and credentials out of the log, even with CI_DEBUG_TRACE",
        ...tokenLines(exchange.tokenVariable),
        ...(exchange.roleArnVariable === undefined ? [] : roleArnLines(exchange.roleArnVariable)),
        ...exchange.region,
        ...sessionLines(exchange.session),
        ...HOW[exchange.credentials](exchange),
    ].join("\n");
}

const WHAT: Readonly<Record<GitLabCiCredentials, readonly string[]>> = {
    export: [
        "# Exchange the ID token for credentials of the role. The job ends here if AWS denies the request.",
        '# Without "exit", the commands below would run with any other credentials that the runner has.',
    ],
    "web-identity": [
        "# Give the ID token to the AWS SDKs and the CLI: they exchange it for credentials of the role, and again before",
        "# those expire. The other credentials of the runner are unset, so nothing can fall back to them.",
    ],
    profile: [
        "# Give the ID token to the AWS SDKs and the CLI in a profile: they exchange it for credentials of the role, and again",
        "# before those expire. The other credentials of the runner are unset, so nothing can fall back to them.",
    ],
};

const HOW: Readonly<Record<GitLabCiCredentials, (exchange: Exchange) => readonly string[]>> = {
    export: exportLines,
    "web-identity": webIdentityLines,
    profile: profileLines,
};

/** Any CI/CD variable of the same name overrides the ID token, also one of the project, its groups or the instance. */
function tokenLines(variable: string): readonly string[] {
    return [
        `case \${${variable}-} in`,
        "  eyJ*.*.*) ;;",
        `  "") echo "${variable} is empty: the job lacks the id_tokens that this script needs" >&2; exit 1 ;;`,
        `  *) echo "${variable} is not an ID token: a CI/CD variable with this name overrides it. Rename or delete that variable" >&2; exit 1 ;;`,
        "esac",
    ];
}

/** GitLab leaves out a variable that the ref or the environment of the job may not have. */
function roleArnLines(variable: string): readonly string[] {
    const digits = "[0-9]".repeat(12);
    return [
        `case \${${variable}-} in`,
        `  arn:*:iam::${digits}:role/*[A-Za-z0-9_+=,.@-]) ;;`,
        `  "") echo "${variable} is empty: set it to the ARN of the role. Is it a protected or environment-scoped variable?" >&2; exit 1 ;;`,
        `  *) echo "${variable} is not the whole ARN of a role. Is it a protected or environment-scoped variable?" >&2; exit 1 ;;`,
        "esac",
    ];
}

function sessionLines({ word, isLoose }: SessionName): readonly string[] {
    return isLoose
        ? [
              `aws_oidc_session=$(printf %s ${word} | LC_ALL=C tr -c 'A-Za-z0-9_+=,.@-' '-' | cut -c 1-64) # characters that STS accepts`,
          ]
        : [];
}

function sessionWord({ word, isLoose }: SessionName): ShellWord {
    return isLoose ? '"$aws_oidc_session"' : word;
}

function exportLines(exchange: Exchange): readonly string[] {
    return [
        "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION # would mix with the new credentials",
        "aws_oidc_credentials=$(",
        // The runner's own configuration may have a region, or the CA of a proxy.
        ...call(exchange, 'export AWS_CONFIG_FILE="${AWS_CONFIG_FILE:-$HOME/.aws/config}" HOME=/dev/null', [
            `--duration-seconds ${exchange.duration}`,
            "--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'",
        ]).map((line) => `  ${line}`),
        ") || exit 1",
        "AWS_ACCESS_KEY_ID=$(printf '%s\\n' \"$aws_oidc_credentials\" | cut -s -f 1)",
        "AWS_SECRET_ACCESS_KEY=$(printf '%s\\n' \"$aws_oidc_credentials\" | cut -s -f 2)",
        "AWS_SESSION_TOKEN=$(printf '%s\\n' \"$aws_oidc_credentials\" | cut -s -f 3)",
        "unset aws_oidc_credentials",
        'case $AWS_SESSION_TOKEN in "" | None) echo "AWS STS returned no credentials" >&2; exit 1 ;; esac',
        "export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN",
    ];
}

function webIdentityLines(exchange: Exchange): readonly string[] {
    return [
        ...privateFolder(exchange.tokenVariable),
        `AWS_ROLE_ARN=${exchange.roleArn}`,
        `AWS_ROLE_SESSION_NAME=${sessionWord(exchange.session)}`,
        "AWS_WEB_IDENTITY_TOKEN_FILE=$aws_oidc_folder/token",
        "export AWS_ROLE_ARN AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE",
        ...attempt(exchange),
    ];
}

/** The exchange is tried before the profile is chosen: the AWS CLI finds no profile in a folder with `$` in its path. */
function profileLines(exchange: Exchange): readonly string[] {
    const { role, roleArn, tokenVariable, session } = exchange;
    return [
        ...privateFolder(tokenVariable),
        ...attempt(exchange),
        `grep -qxF '[profile ${role}]' "$AWS_CONFIG_FILE" ||`,
        "  printf '[profile %s]\\nrole_arn = %s\\nrole_session_name = %s\\nweb_identity_token_file = %s\\n' \\",
        `    '${role}' ${roleArn} ${sessionWord(session)} "$aws_oidc_folder/token" >> "$AWS_CONFIG_FILE" || exit 1`,
        "unset AWS_ROLE_ARN # would override that of the profile",
        `export AWS_PROFILE='${role}' AWS_SDK_LOAD_CONFIG=1`,
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
        "  trap 'exit 1' HUP INT TERM",
        '  trap > "$aws_oidc_folder/traps" # keep an EXIT trap that is already set: it is listed first',
        '  aws_oidc_keep() { aws_oidc_trap=; [ "${4-}" != EXIT ] || aws_oidc_trap=$3; }',
        '  eval "aws_oidc_keep $(cat "$aws_oidc_folder/traps")"',
        '  aws_oidc_end() { set -- "$?"; rm -rf "$aws_oidc_folder"; return "$1"; }',
        '  trap \'if aws_oidc_end; then eval "$aws_oidc_trap"; else eval "$aws_oidc_trap"; fi\' EXIT',
        "fi",
        `(umask 077 && printf %s "$${tokenVariable}" >| "$aws_oidc_folder/token") || exit 1`,
        ': >> "$aws_oidc_folder/config"',
        ': >> "$aws_oidc_folder/credentials"',
        'export AWS_CONFIG_FILE="$aws_oidc_folder/config" AWS_SHARED_CREDENTIALS_FILE="$aws_oidc_folder/credentials"',
    ];
}

/**
 * If the image has the CLI, a denial ends the job here and not in the middle of it. The command names the exchange itself:
 * older CLIs cache credentials by role and session name, and could return those of an earlier job.
 */
function attempt(exchange: Exchange): readonly string[] {
    return [
        "if command -v aws > /dev/null; then",
        "  (",
        ...call(exchange, "HOME=/dev/null", []).map((line) => `    ${line}`),
        "  ) > /dev/null || exit 1",
        "fi",
    ];
}

/**
 * The exchange by the AWS CLI, for a subshell. It ignores settings of the job and of the runner's user for the CLI, but keeps
 * the home folder if it can: a CLI that is installed there would not start without it. The token goes through a pipe: everybody can read the
 * arguments of a process, and the CLI expands variables in the path of a file.
 */
function call(
    { roleArn, session, tokenVariable }: Exchange,
    leaveHome: string,
    options: readonly string[],
): readonly string[] {
    return [
        "export AWS_CLI_AUTO_PROMPT=off AWS_CLI_FILE_ENCODING=UTF-8",
        `[ ! -e ~/.aws/cli/alias ] || ${leaveHome} # no alias for sts`,
        `printf %s "$${tokenVariable}" | command aws sts assume-role-with-web-identity --no-sign-request \\`,
        `  --role-arn ${roleArn} \\`,
        `  --role-session-name=${sessionWord(session)} \\`,
        "  --web-identity-token file:///dev/stdin \\",
        ...options.map((option) => `  ${option} \\`),
        "  --output text",
    ];
}
