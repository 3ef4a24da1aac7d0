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
    /** Length of the job's session with `export`. */
    readonly duration: string;
    /** The role that the job assumes with the first one. */
    readonly second: SecondRole | undefined;
    /** Lines that set the region. */
    readonly region: readonly string[];
}

/** A role that the job assumes with another role. */
export interface SecondRole {
    readonly roleArn: ShellWord;
    readonly externalId: string | undefined;
    /** Undefined if it has the name of the first session. */
    readonly session: SessionName | undefined;
    /** Length of the session where the SDK asks for it; undefined if the SDK decides. */
    readonly duration: string | undefined;
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
        ...sessionLines("aws_oidc_session", exchange.session),
        ...(exchange.second?.session === undefined
            ? []
            : sessionLines("aws_oidc_second_session", exchange.second.session)),
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
    // Variables can name one role only.
    "web-identity": (exchange) => (exchange.second === undefined ? webIdentityLines(exchange) : profileLines(exchange)),
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

function sessionLines(variable: string, { word, isLoose }: SessionName): readonly string[] {
    return isLoose
        ? [
              `${variable}=$(printf %s ${word} | LC_ALL=C tr -c 'A-Za-z0-9_+=,.@-' '-' | cut -c 1-64) # characters that STS accepts`,
          ]
        : [];
}

function sessionWord({ word, isLoose }: SessionName): ShellWord {
    return isLoose ? '"$aws_oidc_session"' : word;
}

function secondSessionWord({ session, second }: Exchange): ShellWord {
    return second?.session?.isLoose === true ? '"$aws_oidc_second_session"' : sessionWord(second?.session ?? session);
}

/** The shortest session that STS gives, in seconds: the first one of two is for one request. Source: AWS, "AssumeRoleWithWebIdentity". */
const SHORTEST = "900";

// The runner's own configuration may have a region, or the CA of a proxy.
const LEAVE_HOME = 'export AWS_CONFIG_FILE="${AWS_CONFIG_FILE:-$HOME/.aws/config}" HOME=/dev/null';

const QUERY = "--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'";

function exportLines(exchange: Exchange): readonly string[] {
    const { second, duration } = exchange;
    return [
        "unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION # would mix with the new credentials",
        ...(second === undefined
            ? take(call(exchange, LEAVE_HOME, [`--duration-seconds ${duration}`, QUERY]), "exit 1")
            : [
                  ...firstOfTwo(exchange, LEAVE_HOME),
                  ...take(
                      secondCall(exchange, second, LEAVE_HOME, [`--duration-seconds ${duration}`, QUERY]),
                      refused(2, exchange),
                  ),
              ]),
    ];
}

/** The first of two exchanges, into the variables of the shell. */
function firstOfTwo(exchange: Exchange, leaveHome: string): readonly string[] {
    return take(call(exchange, leaveHome, [`--duration-seconds ${SHORTEST}`, QUERY]), refused(1, exchange));
}

/** Ends the shell after a message about the exchange that failed. AWS's own message is above it in the log. */
function refused(hop: 1 | 2, { roleArn, second }: Exchange): string {
    const [text, ...roles] =
        hop === 1
            ? [
                  "Exchange 1 of 2 failed: the ID token gives no session of %s. Check the trust policy of that role",
                  roleArn,
              ]
            : [
                  "Exchange 2 of 2 failed: %s gives no session of %s. Check that a policy of the first role allows sts:AssumeRole on the second, and that the trust policy of the second allows the first, with the same external ID",
                  roleArn,
                  second!.roleArn,
              ];
    return `{ printf '${text}\\n' ${roles.join(" ")} >&2; exit 1; }`;
}

/** Puts the credentials that a call prints into the variables of the shell. */
function take(lines: readonly string[], otherwise: string): readonly string[] {
    return [
        "aws_oidc_credentials=$(",
        ...lines.map((line) => `  ${line}`),
        `) || ${otherwise}`,
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
    const { role, roleArn, tokenVariable, session, second } = exchange;
    // No key of a role has a dot.
    const first = second === undefined ? role : `${role}.first`;
    const lines: readonly ConfigLine[] = [
        ["[profile %s]", `'${first}'`],
        ["role_arn = %s", roleArn],
        ["role_session_name = %s", sessionWord(session)],
        ["web_identity_token_file = %s", '"$aws_oidc_folder/token"'],
        ...(second === undefined ? [] : secondProfile(first, second, exchange)),
    ];
    return [
        ...privateFolder(tokenVariable),
        ...attempt(exchange),
        `grep -qxF '[profile ${role}]' "$AWS_CONFIG_FILE" ||`,
        `  printf '${lines.map(([format]) => `${format}\\n`).join("")}' \\`,
        `    ${lines.map(([, word]) => word).join(" ")} >> "$AWS_CONFIG_FILE" || exit 1`,
        "unset AWS_ROLE_ARN # would override that of the profile",
        `export AWS_PROFILE='${role}' AWS_SDK_LOAD_CONFIG=1`,
    ];
}

/** A line of the configuration file as a format of `printf`, and the word in it. */
type ConfigLine = readonly [format: string, word: ShellWord];

/** The profile of the second role, with the one of the first as its source. */
function secondProfile(first: string, second: SecondRole, exchange: Exchange): readonly ConfigLine[] {
    return [
        ["[profile %s]", `'${exchange.role}'`],
        ["role_arn = %s", second.roleArn],
        ["role_session_name = %s", secondSessionWord(exchange)],
        ["source_profile = %s", `'${first}'`],
        ...(second.externalId === undefined ? [] : [["external_id = %s", `'${second.externalId}'`] as const]),
        ...(second.duration === undefined ? [] : [["duration_seconds = %s", second.duration] as const]),
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
    const { second } = exchange;
    const lines =
        second === undefined
            ? call(exchange, "HOME=/dev/null", [])
            : [
                  ...firstOfTwo(exchange, "HOME=/dev/null"),
                  ...orElse(secondCall(exchange, second, "HOME=/dev/null", []), refused(2, exchange)),
              ];
    return [
        "if command -v aws > /dev/null; then",
        "  (",
        ...lines.map((line) => `    ${line}`),
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
        ...cliSettings(leaveHome),
        `printf %s "$${tokenVariable}" | command aws sts assume-role-with-web-identity --no-sign-request \\`,
        `  --role-arn ${roleArn} \\`,
        `  --role-session-name=${sessionWord(session)} \\`,
        "  --web-identity-token file:///dev/stdin \\",
        ...options.map((option) => `  ${option} \\`),
        "  --output text",
    ];
}

/** The same for the second role, with the session of the first. The AWS CLI would read some external IDs as the address of a file, but none in JSON. */
function secondCall(
    exchange: Exchange,
    { roleArn, externalId }: SecondRole,
    leaveHome: string,
    options: readonly string[],
): readonly string[] {
    return [
        ...cliSettings(leaveHome),
        "command aws sts assume-role \\",
        `  --role-arn ${roleArn} \\`,
        `  --role-session-name=${secondSessionWord(exchange)} \\`,
        ...(externalId === undefined ? [] : [`  --cli-input-json '${JSON.stringify({ ExternalId: externalId })}' \\`]),
        ...options.map((option) => `  ${option} \\`),
        "  --output text",
    ];
}

function cliSettings(leaveHome: string): readonly string[] {
    return [
        "export AWS_CLI_AUTO_PROMPT=off AWS_CLI_FILE_ENCODING=UTF-8",
        `[ ! -e ~/.aws/cli/alias ] || ${leaveHome} # no alias for sts`,
    ];
}

/** The lines of one command, with another command for its failure. */
function orElse(lines: readonly string[], otherwise: string): readonly string[] {
    return [...lines.slice(0, -1), `${lines.at(-1)!} || ${otherwise}`];
}
