import { execFile, spawn } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { buildGitLabCi, type GitLabCiOptions } from "pulumi-aws-gitlab-oidc/gitlab-ci";
import type { GitLabCiCredentials } from "../../provider/contract/types";
import {
    createIssuer,
    environmentWith,
    signExpired,
    startEmulator,
    startGate,
    type Emulator,
    type Gate,
    type Issuer,
} from "../../tools/emulator";
import { which } from "../../tools/setup/cache";
import { debianTools, type DebianTool, type DebianTools } from "../../tools/setup/debian";
import { pythonTools } from "../../tools/setup/python";
import { skip, skipWithout } from "../support/skip";
import { createProvider, createRole } from "./account";
import { jobsOf, scriptOf, withInputs } from "./job";
import { SAYS } from "../support/wording";

const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
const TOKEN = "eyJ.the-id.token";
const SESSION = "GitLabRunner-20-574-9";
const EVERYTHING_PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join("");

const WAYS: readonly GitLabCiCredentials[] = ["export", "web-identity", "profile"];
const WAYS_OF_THE_SDK: readonly GitLabCiCredentials[] = ["web-identity", "profile"];

function jobFor(credentials: GitLabCiCredentials, options: GitLabCiOptions = {}, roleArn = ROLE): string {
    const { yaml } = buildGitLabCi({ roleArns: { deploy: roleArn }, gitlabCi: { credentials, ...options } });
    return scriptOf(yaml, "assume role deploy");
}

/** What a user wrote below the exchange: it tells that it ran, and as whom. */
const OWN_COMMANDS = `
echo "the next command ran"
env > "$AFTER"
if [ -f "\${AWS_CONFIG_FILE-}" ]; then cat "$AWS_CONFIG_FILE" > "$CONFIG"; fi
ls -A "$TMPDIR" > "$FOLDERS"
`;

/** The same job as GitLab's page has it. */
const PAGE_SCRIPT = `export $(printf "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_SESSION_TOKEN=%s"
$(aws sts assume-role-with-web-identity
--role-arn \${ROLE_ARN}
--role-session-name "GitLabRunner-\${CI_PROJECT_ID}-\${CI_PIPELINE_ID}"
--web-identity-token \${GITLAB_OIDC_TOKEN}
--duration-seconds 3600
--query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'
--output text))
aws sts get-caller-identity
`.replace(/\n(?=\$\(aws|--)/g, " ");

const SHELLS: readonly { readonly title: string; readonly command: readonly string[]; readonly needs?: DebianTool }[] =
    [
        { title: "sh", command: ["sh"] },
        { title: "dash", command: ["dash"], needs: "dash" },
        { title: "bash", command: ["bash"] },
        { title: "bash --posix", command: ["bash", "--posix"] },
        { title: "busybox ash", command: ["busybox", "ash"], needs: "busybox" },
    ];

/** What may stand before the job's script, in a `before_script` or in the runner. */
const BEFORE: readonly string[] = [
    "",
    "set -e",
    "set -u",
    "set -o pipefail",
    "set -x",
    "set -a",
    "set -f",
    "set -C",
    "set -eux",
    "umask 0",
    "IFS=",
    "IFS=AEe1",
    "IFS='\t'; set -- one two",
];

/** What GitLab Runner puts around a job's script. */
const RUNNER = "GitLab Runner's frame";

/** Text between single quotes. */
function quoted(text: string): string {
    return text.replaceAll("'", "'\\''");
}

function framed(before: string, script: string): string {
    if (before === RUNNER) {
        return `if set -o | grep pipefail >/dev/null; then set -o pipefail; fi; set -o errexit
set +o noclobber
: | eval '${quoted(script)}'
echo "the next command ran"
exit 0`;
    }
    return `${before}\n${script}`;
}

const FRESH = {
    AWS_ACCESS_KEY_ID: "ASIAEXAMPLE1",
    AWS_SECRET_ACCESS_KEY: "New/Secret+Key=",
    AWS_SESSION_TOKEN: "NewToken//AEe1+NoneNone==",
};
const ANSWER = Object.values(FRESH).join("\t");

/** What others left that is not for credentials, and what a session of theirs would come from. */
const AMBIENT_RUNNER = { AWS_DEFAULT_REGION: "eu-central-1" };
const AMBIENT_SOURCES = {
    AWS_ROLE_ARN: "arn:aws:iam::444455556666:role/somebody",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/nonexistent/token",
    AWS_ROLE_SESSION_NAME: "somebody",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/somebody",
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};
/** Credentials of others, by every way that has a variable. */
const AMBIENT = {
    ...AMBIENT_RUNNER,
    ...AMBIENT_SOURCES,
    AWS_ACCESS_KEY_ID: "AKIASOMEBODY",
    AWS_SECRET_ACCESS_KEY: "somebodys-secret",
    AWS_SESSION_TOKEN: "somebodys-token",
    AWS_SECURITY_TOKEN: "somebodys-old-token",
    AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z",
    AWS_PROFILE: "somebody",
    AWS_DEFAULT_PROFILE: "somebody",
};

/** The files of a job, in the folder of its own. */
const FILES = {
    AWS_CONFIG_FILE: "FOLDER/config",
    AWS_SHARED_CREDENTIALS_FILE: "FOLDER/credentials",
    AWS_EC2_METADATA_DISABLED: "true",
};
const WEB_IDENTITY = {
    ...FILES,
    AWS_ROLE_ARN: ROLE,
    AWS_ROLE_SESSION_NAME: SESSION,
    AWS_WEB_IDENTITY_TOKEN_FILE: "FOLDER/token",
};
const PROFILE = { ...FILES, AWS_PROFILE: "deploy", AWS_SDK_LOAD_CONFIG: "1" };

/** All the AWS variables of the commands after the exchange: on a runner without credentials, and beside those of others. */
const AFTERWARDS: Readonly<Record<GitLabCiCredentials, Readonly<Record<"alone" | "beside", object>>>> = {
    // Keys in the environment go before all sources.
    export: { alone: FRESH, beside: { ...AMBIENT_RUNNER, ...AMBIENT_SOURCES, ...FRESH } },
    "web-identity": { alone: WEB_IDENTITY, beside: { ...AMBIENT_RUNNER, ...WEB_IDENTITY } },
    profile: { alone: PROFILE, beside: { ...AMBIENT_RUNNER, ...PROFILE } },
};

const REFUSAL =
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: " +
    "Not authorized to perform sts:AssumeRoleWithWebIdentity";
const WITHOUT_CREDENTIALS = "AWS STS returned no credentials\n";

interface Answer {
    readonly title: string;
    readonly stdout: string;
    readonly stderr?: string;
    readonly status: number;
    /** In the job's log. */
    readonly log: string;
}

const REFUSALS: readonly Answer[] = [
    { title: "refused by AWS", stdout: "", stderr: REFUSAL, status: 254, log: REFUSAL },
    { title: "refused after an answer", stdout: ANSWER, stderr: REFUSAL, status: 1, log: REFUSAL },
];
/** Answers that a job has to read credentials from. */
const NO_CREDENTIALS: readonly Answer[] = [
    { title: "nothing", stdout: "", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "tabs", stdout: "\t\t\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "None None None", stdout: "None None None\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "None by tabs", stdout: "None\tNone\tNone\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "two of three", stdout: "ASIAEXAMPLE1\tsecret\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "one word", stdout: "ASIAEXAMPLE1\n", status: 0, log: WITHOUT_CREDENTIALS },
];

/** Arguments of the exchange: that of `export`, and that of the others, which ask for it to see a refusal early. */
function exchangeCall(way: GitLabCiCredentials, roleArn = ROLE, session = SESSION): readonly string[] {
    const call = [
        "sts",
        "assume-role-with-web-identity",
        "--no-sign-request",
        "--role-arn",
        roleArn,
        `--role-session-name=${session}`,
        "--web-identity-token",
        "file:///dev/stdin",
    ];
    const asked = ["--duration-seconds", "3600", "--query", "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]"];
    return [...call, ...(way === "export" ? asked : []), "--output", "text"];
}
const IDENTITY_CALL = ["sts", "get-caller-identity"];

const TARGET = "arn:aws:iam::444455556666:role/target";
const ASKED = ["--query", "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]", "--output", "text"];
/** The configuration file of a job that assumes a second role. */
const TWO_PROFILES = `[profile deploy.first]
role_arn = ${ROLE}
role_session_name = ${SESSION}
web_identity_token_file = FOLDER/token
[profile deploy]
role_arn = ${TARGET}
role_session_name = s-a-b
source_profile = deploy.first
external_id = https://x/y
duration_seconds = 1200
`;

/** Session names by CI variables: what stands in the job, the variable's value, what STS gets. */
const SESSION_NAMES: readonly [name: string, value: string, session: string][] = [
    ["deploy-$REF", "main", "deploy-main"],
    ["deploy-${REF}", "feature/a b", "deploy-feature-a-b"],
    ["$REF", "-x", "-x"],
    ["$REF", "=,.@+_-", "=,.@+_-"],
    ["deploy-$REF", 'it\'s "q" $HOME `id` $(id) \\ ;&|<>*?', "deploy-it-s--q---HOME--id----id-----------"],
    ["deploy-$REF", "é", "deploy---"],
    ["deploy-$REF", "a\nb\tc", "deploy-a-b-c"],
    ["deploy-$REF", "%s%n\\n", "deploy--s-n-n"],
    ["deploy-$REF", "", "deploy-"],
    ["$REF", "x".repeat(70), "x".repeat(64)],
    ["a$REF", "é".repeat(40), `a${"-".repeat(63)}`],
];

describe("job script, with a recording aws", function () {
    let folder: string;
    let tools: DebianTools;
    const commands = new Map<string, string>();

    before(async function () {
        folder = mkdtempSync(join(tmpdir(), "job-script-"));
        tools = await debianTools(["dash", "busybox"]);
        // A PATH with little on it: an aws of the machine must not answer.
        mkdirSync(join(folder, "tools"));
        mkdirSync(join(folder, "aws"));
        const path = [...tools.bin, process.env.PATH].join(delimiter);
        const shells = ["sh", "dash", "bash", "busybox"];
        for (const name of [...shells, "cat", "cut", "env", "grep", "ls", "mktemp", "rm", "sleep", "tr"]) {
            const command = await which(name, path);
            if (command !== undefined) {
                commands.set(name, command);
                symlinkSync(command, join(folder, "tools", name));
            }
        }
        writeFileSync(
            join(folder, "aws", "aws"),
            `#!/bin/sh
{ printf '%s\\n' "$@"; echo; } >> "$CALLS"
case $2 in
    assume-role-with-web-identity)
        {
            cat
            for folder in "$TMPDIR"/aws-oidc.*; do
                if [ -d "$folder" ]; then echo; ls -ld "$folder" "$folder/token" | cut -c 1-10; cat "$folder/token"; fi
            done
        } > "$TOKEN"
        printf %s "$ANSWER"; printf %s "$COMPLAINT" >&2; exit "$STATUS" ;;
    assume-role) env > "$IDENTITY-second"; printf %s "$SECOND_ANSWER"; exit "$SECOND_STATUS" ;;
    get-caller-identity) env > "$IDENTITY" ;;
esac
`,
        );
        chmodSync(join(folder, "aws", "aws"), 0o755);
        mkdirSync(join(folder, "any"));
        writeFileSync(
            join(folder, "any", "aws"),
            `#!/bin/sh
{ printf '%s\\n' "$@"; echo; } >> "$CALLS"
cat > "$CALLS.token"
printf 'a\\tb\\tc\\n'
`,
        );
        chmodSync(join(folder, "any", "aws"), 0o755);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    type Shell = (typeof SHELLS)[number];
    type Given = Pick<Answer, "stdout" | "stderr" | "status"> | "missing";

    /** The shell's file and options. Skips the test where the machine has no such shell. */
    function shellOf(context: Mocha.Context, { command: [name = "", ...options], needs }: Shell): readonly string[] {
        if (needs !== undefined) {
            skipWithout(context, tools, needs);
        }
        return [commands.get(name) ?? skip(context, `${name} is not on PATH`), ...options];
    }

    /** A home for one job, and the environment that it has there. */
    function createHome(answer: Given, env: Readonly<Record<string, string>>) {
        const home = mkdtempSync(join(folder, "home-"));
        const recorded = join(home, "recorded");
        const temporary = join(home, "tmp");
        const cwd = join(home, "project");
        [recorded, temporary, cwd].forEach((name) => mkdirSync(name));
        const jobsFolder = new RegExp(`${temporary.replaceAll(".", "\\.")}/aws-oidc\\.\\w{6}`, "g");
        return {
            cwd,
            temporary,
            env: {
                PATH: answer === "missing" ? join(folder, "tools") : `${join(folder, "aws")}:${join(folder, "tools")}`,
                HOME: home,
                TMPDIR: temporary,
                ...Object.fromEntries(
                    ["CALLS", "IDENTITY", "AFTER", "TOKEN", "CONFIG", "FOLDERS"].map((name) => [
                        name,
                        join(recorded, name),
                    ]),
                ),
                ...(answer !== "missing" && {
                    ANSWER: answer.stdout,
                    COMPLAINT: answer.stderr ?? "",
                    STATUS: String(answer.status),
                }),
                ROLE_ARN: "arn:aws:iam::666677778888:role/variable-of-the-group",
                GITLAB_OIDC_TOKEN: TOKEN,
                CI_PROJECT_ID: "20",
                CI_PIPELINE_ID: "574",
                CI_JOB_ID: "9",
                ...env,
            },
            /** What was written there; the job's own folder is called FOLDER. */
            read(name: string): string | undefined {
                const file = join(recorded, name);
                return existsSync(file) ? readFileSync(file, "utf8").replaceAll(jobsFolder, "FOLDER") : undefined;
            },
        };
    }

    interface Outcome extends End {
        /** Whether a command after the exchange ran. */
        readonly wentOn: boolean;
        /** The AWS variables of `aws sts get-caller-identity`, and of the user's own commands. */
        readonly identity: Readonly<Record<string, string>> | undefined;
        readonly after: Readonly<Record<string, string>> | undefined;
        /** The AWS variables of the exchange for a second role. */
        readonly second: Readonly<Record<string, string>> | undefined;
        /** The arguments of each call of aws. */
        readonly calls: readonly (readonly string[])[];
        /** The token that the CLI got, then the modes of the job's folder and of the token's file, and the token there. */
        readonly token: readonly string[] | undefined;
        /** The AWS config file of the user's own commands. */
        readonly config: string | undefined;
        /** Folders under TMPDIR: during the user's own commands, and after the job. */
        readonly folders: readonly string[];
        readonly left: readonly string[];
        /** What the job wrote into the project's folder. */
        readonly written: readonly string[];
    }

    async function run(
        shell: readonly string[],
        script: string,
        answer: Given,
        env: Readonly<Record<string, string>> = AMBIENT,
    ): Promise<Outcome> {
        const home = createHome(answer, env);
        const { status, log } = await endOf(shell, script, home);
        const calls = (home.read("CALLS") ?? "").split("\n\n").slice(0, -1);
        return {
            status,
            log,
            wentOn: log.includes("the next command ran"),
            identity: awsVariables(home.read("IDENTITY")),
            after: awsVariables(home.read("AFTER")),
            second: awsVariables(home.read("IDENTITY-second")),
            calls: calls.map((call) => call.split("\n")),
            token: home.read("TOKEN")?.split("\n"),
            config: home.read("CONFIG"),
            folders: (home.read("FOLDERS") ?? "").split("\n").filter((line) => line !== ""),
            left: readdirSync(home.temporary),
            written: readdirSync(home.cwd),
        };
    }

    const accepted = { stdout: `${ANSWER}\n`, status: 0 };
    const sh = ["/bin/sh"];

    it("would catch the job of GitLab's page: it goes on as someone else", async () => {
        const { status, wentOn, identity } = await run(sh, PAGE_SCRIPT + OWN_COMMANDS, REFUSALS[0]!, {
            ...AMBIENT,
            ROLE_ARN: ROLE,
        });
        expect({ status, wentOn }).to.deep.equal({ status: 0, wentOn: true });
        expect(identity).to.include({ AWS_ROLE_ARN: AMBIENT.AWS_ROLE_ARN, AWS_PROFILE: "somebody" });
    });

    for (const shell of SHELLS) {
        describe(shell.title, () => {
            for (const before of [...BEFORE, RUNNER]) {
                for (const way of WAYS) {
                    it(`${way} ${before === "" ? "as it is" : `after ${before}`.replace("\t", "\\t")}`, async function () {
                        const command = shellOf(this, shell);
                        if (before.includes("pipefail") && (await run(command, before, "missing")).status !== 0) {
                            skip(this, `${shell.title} has no pipefail here`);
                        }
                        const script = framed(before, jobFor(way) + OWN_COMMANDS);
                        // A token in a file that only the user can read, and that is gone after the job.
                        const token = way === "export" ? [TOKEN] : [TOKEN, "drwx------", "-rw-------", TOKEN];

                        const refusals = way === "export" ? [...REFUSALS, ...NO_CREDENTIALS] : REFUSALS;
                        const isUsual = before === "" || before === RUNNER;
                        const refusedWith = async (refusal: Answer): Promise<void> => {
                            const refused = await run(command, script, refusal);
                            const { status, log, wentOn, identity, calls, left } = refused;
                            expect(
                                { status, wentOn, identity, calls, token: refused.token, left },
                                `${refusal.title}\n${log}`,
                            ).to.deep.equal({
                                status: 1,
                                wentOn: false,
                                identity: undefined,
                                calls: [exchangeCall(way)],
                                token,
                                left: [],
                            });
                            expect(log).to.contain(refusal.log);
                            expectNoSecret(log);
                        };
                        const besideOthers = async (): Promise<void> => {
                            const fresh = await run(command, script, accepted);
                            expect(fresh, fresh.log).to.include({ status: 0, wentOn: true });
                            expect(fresh.identity).to.deep.equal(AFTERWARDS[way].beside);
                            expect(fresh.after).to.deep.equal(AFTERWARDS[way].beside);
                            expect(fresh.calls).to.deep.equal([exchangeCall(way), IDENTITY_CALL]);
                            expect(fresh.token).to.deep.equal(token);
                            expect(fresh.folders).to.have.length(way === "export" ? 0 : 1);
                            expect(fresh.left).to.deep.equal([]);
                            expectNoSecret(fresh.log);
                        };
                        const withoutOthers = async (): Promise<void> => {
                            const alone = await run(command, script, accepted, {});
                            expect(alone, alone.log).to.include({ status: 0, wentOn: true });
                            expect(alone.after).to.deep.equal(AFTERWARDS[way].alone);
                            expect(alone.left).to.deep.equal([]);
                        };
                        // Without the CLI, the SDK of the commands below is left to ask, and has nobody else to be.
                        const withoutCli = async (): Promise<void> => {
                            const own = jobFor(way, { script: ["true"] }) + OWN_COMMANDS;
                            const missing = await run(command, framed(before, own), "missing");
                            expect(missing.left).to.deep.equal([]);
                            expectNoSecret(missing.log);
                            if (way === "export") {
                                expect(missing, missing.log).to.include({ status: 1, wentOn: false });
                                expect(missing.log).to.match(/aws: (?:command )?not found/);
                            } else {
                                expect(missing, missing.log).to.include({ status: 0, wentOn: true });
                                expect(missing.after).to.deep.equal(AFTERWARDS[way].beside);
                            }
                        };
                        await Promise.all([
                            besideOthers(),
                            ...(isUsual ? refusals : refusals.slice(0, 1)).map(refusedWith),
                            ...(isUsual ? [withoutOthers(), withoutCli()] : []),
                        ]);
                    });
                }
            }

            for (const way of WAYS) {
                it(`${way} stops where the token, the ARN or an id is missing`, async function () {
                    const command = shellOf(this, shell);
                    const script = jobFor(way, { roleArnVariable: "DEPLOY_ROLE" }) + OWN_COMMANDS;
                    const env = { ...AMBIENT, DEPLOY_ROLE: ROLE };
                    const cases: readonly [before: string, log: string][] = [
                        ["GITLAB_OIDC_TOKEN=", `GITLAB_OIDC_TOKEN is empty: ${SAYS.lacksIdTokens}\n`],
                        ["unset GITLAB_OIDC_TOKEN; set -u", `GITLAB_OIDC_TOKEN is empty: ${SAYS.lacksIdTokens}\n`],
                        ...["glpat-1", "eyJ", "eyJ.one-dot", "{}", "*"].map((value): [string, string] => [
                            `GITLAB_OIDC_TOKEN='${value}'`,
                            `GITLAB_OIDC_TOKEN is not an ID token: ${SAYS.overridden}\n`,
                        ]),
                        ["DEPLOY_ROLE=", `DEPLOY_ROLE is empty: ${SAYS.setToRole}\n`],
                        ["unset DEPLOY_ROLE; set -u", `DEPLOY_ROLE is empty: ${SAYS.setToRole}\n`],
                        ...[
                            "arn:aws:iam::1111",
                            "arn:aws:iam::111122223333:role/",
                            "arn:aws:iam::111122223333:role/ci/",
                            "arn:aws:iam::111122223333:user/deploy",
                            "arn:aws:iam::111122223333:role/deploy ",
                            "deploy",
                            "*",
                        ].map((value): [string, string] => [
                            `DEPLOY_ROLE='${value}'`,
                            `DEPLOY_ROLE ${SAYS.notAnArn}\n`,
                        ]),
                    ];
                    const stops = async ([before, message]: (typeof cases)[number]): Promise<void> => {
                        const { log, status, wentOn, calls, left } = await run(
                            command,
                            `${before}\n${script}`,
                            accepted,
                            env,
                        );
                        expect({ log, status, wentOn, calls, left }).to.deep.equal({
                            log: message,
                            status: 1,
                            wentOn: false,
                            calls: [],
                            left: [],
                        });
                    };
                    await Promise.all(cases.map(stops));
                    const [present, noId] = await Promise.all([
                        run(command, script, accepted, env),
                        run(command, `unset CI_JOB_ID; set -u\n${script}`, accepted, env),
                    ]);
                    expect(present.calls, present.log).to.deep.equal([exchangeCall(way), IDENTITY_CALL]);
                    expect(noId.status).not.to.equal(0);
                    expect(noId).to.deep.include({ wentOn: false, calls: [], left: [] });
                    expect(noId.log).to.contain("CI_JOB_ID");
                });

                it(`${way} assumes the second role with the first, or stops`, async function () {
                    const command = shellOf(this, shell);
                    const assumeRole = {
                        roleArn: TARGET,
                        externalId: "https://x/y",
                        sessionName: "s-$REF",
                        duration: 1200,
                    };
                    const script = jobFor(way, { assumeRole }) + OWN_COMMANDS;
                    const env = {
                        ...AMBIENT,
                        REF: "a b",
                        SECOND_ANSWER: "ASIA2\tsecret-2\ttoken-2\n",
                        SECOND_STATUS: "0",
                    };
                    const first = [...exchangeCall("web-identity").slice(0, -2), "--duration-seconds", "900", ...ASKED];
                    const second = [
                        ...["sts", "assume-role", "--role-arn", TARGET, "--role-session-name=s-a-b"],
                        ...["--cli-input-json", '{"ExternalId":"https://x/y"}'],
                        ...(way === "export" ? ["--duration-seconds", "1200", ...ASKED] : ["--output", "text"]),
                    ];
                    const [allowed, refused, unanswered, denied] = await Promise.all([
                        run(command, script, accepted, env),
                        run(command, script, accepted, { ...env, SECOND_ANSWER: "", SECOND_STATUS: "254" }),
                        run(command, script, { stdout: "", status: 0 }, env),
                        run(command, script, REFUSALS[0]!, env),
                    ]);
                    expect(allowed, allowed.log).to.include({ status: 0, wentOn: true });
                    expect(allowed.calls).to.deep.equal([first, second, IDENTITY_CALL]);
                    expect(allowed.second).to.include(FRESH);
                    expect(allowed.after).to.deep.equal(
                        way === "export"
                            ? {
                                  ...AMBIENT_RUNNER,
                                  ...AMBIENT_SOURCES,
                                  AWS_ACCESS_KEY_ID: "ASIA2",
                                  AWS_SECRET_ACCESS_KEY: "secret-2",
                                  AWS_SESSION_TOKEN: "token-2",
                              }
                            : { ...AMBIENT_RUNNER, ...PROFILE },
                    );
                    expect(allowed.config).to.equal(way === "export" ? undefined : TWO_PROFILES);
                    for (const [{ status, wentOn, identity, calls, left, log }, made, text] of [
                        [refused, [first, second], `Exchange 2 of 2 failed: ${ROLE} gives no session of ${TARGET}.`],
                        [unanswered, [first], WITHOUT_CREDENTIALS],
                        [denied, [first], `Exchange 1 of 2 failed: the ID token gives no session of ${ROLE}.`],
                    ] as const) {
                        expect({ status, wentOn, identity, calls, left }, log).to.deep.equal({
                            status: 1,
                            wentOn: false,
                            identity: undefined,
                            calls: made,
                            left: [],
                        });
                        expect(log).to.contain(text);
                        expect(log.split("Exchange")).to.have.length(text.startsWith("Exchange") ? 2 : 1);
                        expectNoSecret(log);
                    }
                });

                it(`${way} writes the profiles of two roles once, if the script runs twice`, async function () {
                    const job = jobFor(way, { assumeRole: { roleArn: TARGET }, script: ["true"] });
                    const env = { SECOND_ANSWER: "ASIA2\tsecret-2\ttoken-2\n", SECOND_STATUS: "0" };
                    const { config, status, log } = await run(
                        shellOf(this, shell),
                        job + job + OWN_COMMANDS,
                        accepted,
                        env,
                    );
                    expect(status, log).to.equal(0);
                    expect((config ?? "").split("[profile").length - 1).to.equal(way === "export" ? 0 : 2);
                });

                it(`${way} hands every argument over as it is, whatever the path of the role holds`, async function () {
                    const hostile = `${EVERYTHING_PRINTABLE}$(touch>pwned)\`touch>pwned\`\${HOME}$HOME'"';touch>pwned;'\\$[[`;
                    const roleArn = `arn:aws-us-gov:iam::111122223333:role/${hostile}/deploy`;
                    const job = jobFor(way, {}, roleArn) + OWN_COMMANDS;
                    const { calls, log, after, config, written } = await run(shellOf(this, shell), job, accepted);
                    expect(calls, log).to.deep.equal([exchangeCall(way, roleArn), IDENTITY_CALL]);
                    expect({ log, written }).to.deep.equal({ log: "the next command ran\n", written: [] });
                    expect(after).to.include({ AWS_REGION: "us-gov-west-1", AWS_DEFAULT_REGION: "us-gov-west-1" });
                    if (way === "web-identity") {
                        expect(after).to.include({ AWS_ROLE_ARN: roleArn });
                    } else if (way === "profile") {
                        expect(sectionsOf(config!)).to.deep.equal({
                            "profile deploy": {
                                role_arn: roleArn,
                                role_session_name: SESSION,
                                web_identity_token_file: "FOLDER/token",
                            },
                        });
                    }
                });
            }

            SESSION_NAMES.forEach(([name, value, session], i) => {
                const way = WAYS[i % WAYS.length]!;
                it(`${way} is ${JSON.stringify(session)} where ${name} is ${JSON.stringify(value)}`, async function () {
                    const job = jobFor(way, { sessionName: name }) + OWN_COMMANDS;
                    const env = { ...AMBIENT, REF: value };
                    const { calls, log, after, config, written } = await run(shellOf(this, shell), job, accepted, env);
                    expect(calls, log).to.deep.equal([exchangeCall(way, ROLE, session), IDENTITY_CALL]);
                    expect({ log, written }).to.deep.equal({ log: "the next command ran\n", written: [] });
                    if (way === "web-identity") {
                        expect(after).to.include({ AWS_ROLE_SESSION_NAME: session });
                    } else if (way === "profile") {
                        expect(sectionsOf(config!)["profile deploy"]).to.include({ role_session_name: session });
                    }
                });
            });

            for (const way of WAYS_OF_THE_SDK) {
                it(`${way} leaves no token behind where a later command fails`, async function () {
                    const command = shellOf(this, shell);
                    const job = jobFor(way) + OWN_COMMANDS;
                    const cases = [
                        [`${job}exit 3`, 3],
                        [`set -e\n${job}false\n`, 1],
                        [framed(RUNNER, `${job}false\n`), 1],
                        [`${job}cd /\nexit 0`, 0],
                    ] as const;
                    const ends = async ([script, code]: (typeof cases)[number]): Promise<void> => {
                        const { status, folders, left, log } = await run(command, script, accepted);
                        expect({ status, folders: folders.length, left }, log).to.deep.equal({
                            status: code,
                            folders: 1,
                            left: [],
                        });
                    };
                    await Promise.all(cases.map(ends));
                });

                it(`${way} ends the job where there is no place for the token`, async function () {
                    const command = shellOf(this, shell);
                    for (const env of [
                        { ...AMBIENT, TMPDIR: "/nonexistent" },
                        { ...AMBIENT, TMPDIR: "/dev/null" },
                    ]) {
                        const script = `${jobFor(way)}echo "the next command ran"\n`;
                        const { status, wentOn, calls, log } = await run(command, script, accepted, env);
                        expect({ status, wentOn, calls }, log).to.deep.equal({ status: 1, wentOn: false, calls: [] });
                        expectNoSecret(log);
                    }
                });

                for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
                    it(`${way} leaves no token behind on ${signal}`, async function () {
                        const [file = "", ...options] = shellOf(this, shell);
                        const isStopped = async (frame: string): Promise<void> => {
                            const home = createHome(accepted, AMBIENT);
                            const job = `${jobFor(way)}${OWN_COMMANDS}while :; do sleep 1; done\n`;
                            const child = spawn(file, [...options, "-c", framed(frame, job)], {
                                cwd: home.cwd,
                                env: home.env,
                                detached: true,
                                stdio: "ignore",
                            });
                            const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
                            await until(() => (home.read("FOLDERS") ?? "") !== "");
                            expect(readdirSync(home.temporary)).to.have.length(1);
                            process.kill(-child.pid!, signal);
                            expect(await ended).not.to.equal(0);
                            await until(() => readdirSync(home.temporary).length === 0);
                        };
                        await Promise.all(["", RUNNER].map(isStopped));
                    });
                }
            }

            for (const way of WAYS) {
                it(`${way} keeps an EXIT trap that the job set before, and its status`, async function () {
                    const command = shellOf(this, shell);
                    const job = jobFor(way, { script: ["true"] }) + OWN_COMMANDS;
                    const trap = `trap 'code=$?; echo "the job'\\''s own trap: $code
of two lines"; [ "$code" != 5 ] || exit 0' EXIT\n`;
                    const says = (status: number) => `the job's own trap: ${String(status)}\nof two lines\n`;
                    const rows: readonly [script: string, status: number, log: string][] = [
                        [`${trap}${job}`, 0, says(0)],
                        [`${trap}${job}exit 3`, 3, says(3)],
                        [`${trap}${job}exit 5`, 0, says(5)],
                        [`set -eu\n${trap}${job}false\n`, 1, says(1)],
                        [`trap : USR1\n${trap}trap '' USR2\n${job}(exit 4); exit`, 4, says(4)],
                        [`${trap}${job}${job}exit 3`, 3, says(3)],
                        // The traps of the shell around a subshell are not those of the subshell.
                        [`trap 'echo around' EXIT\n(\n${job})\n`, 0, "around\n"],
                        [`trap 'echo around' EXIT\n(\n${trap}${job}exit 3\n)\n`, 3, `${says(3)}around\n`],
                        [`trap 'echo around; exit 0' EXIT\n${framed(RUNNER, `${job}false\n`)}`, 0, "around\n"],
                        [`trap - EXIT\n${job}exit 3`, 3, ""],
                        // The documented line of a trap that is set after the exchange.
                        [`${job}trap 'rm -rf "$aws_oidc_folder"; echo after' EXIT\nexit 3`, 3, "after\n"],
                    ];
                    const isKept = async ([script, status, log]: (typeof rows)[number]): Promise<void> => {
                        const end = await run(command, script, accepted);
                        const own = end.log.replaceAll("the next command ran\n", "");
                        expect({ status: end.status, log: own, left: end.left }, script).to.deep.equal({
                            status,
                            log,
                            left: [],
                        });
                        expect(end.wentOn, end.log).to.equal(true);
                    };
                    await Promise.all(rows.map(isKept));
                    const refused = await run(command, `${trap}${job}`, REFUSALS[0]!);
                    expect(refused).to.deep.include({ status: 1, log: says(1) + REFUSAL, wentOn: false, left: [] });
                });

                it(`${way} is not misled by what is called aws in the shell`, async function () {
                    const command = shellOf(this, shell);
                    const job = jobFor(way, { script: ["true"] }) + OWN_COMMANDS;
                    const others = [
                        "aws() { echo a function; }\n",
                        "shopt -s expand_aliases 2> /dev/null || :\nalias aws='echo an alias'\n",
                    ];
                    const isNot = async (before: string): Promise<void> => {
                        const { calls, log, status } = await run(command, `${before}eval '${quoted(job)}'`, accepted);
                        expect({ calls, log, status }).to.deep.equal({
                            calls: [exchangeCall(way)],
                            log: "the next command ran\n",
                            status: 0,
                        });
                    };
                    await Promise.all(others.map(isNot));
                });
            }

            it("has several profiles in one job, in one folder", async function () {
                const command = shellOf(this, shell);
                const { yaml } = buildGitLabCi({
                    roleArns: { plan: "arn:aws:iam::111122223333:role/plan", "de-ploy_2": ROLE },
                    gitlabCi: { form: "template", credentials: "profile" },
                });
                const [deploy, plan] = [scriptOf(yaml, ".aws-de-ploy_2"), scriptOf(yaml, ".aws-plan")];
                const hasBoth = async (before: string): Promise<void> => {
                    const script = framed(before, plan + deploy + plan + OWN_COMMANDS);
                    const { calls, after, config, folders, left, log } = await run(command, script, accepted);
                    expect(sectionsOf(config ?? ""), log).to.deep.equal({
                        "profile plan": {
                            role_arn: "arn:aws:iam::111122223333:role/plan",
                            role_session_name: SESSION,
                            web_identity_token_file: "FOLDER/token",
                        },
                        "profile de-ploy_2": {
                            role_arn: ROLE,
                            role_session_name: SESSION,
                            web_identity_token_file: "FOLDER/token",
                        },
                    });
                    expect(after).to.deep.equal({ ...AMBIENT_RUNNER, ...PROFILE, AWS_PROFILE: "plan" });
                    expect(calls.map((call) => call[4])).to.deep.equal([
                        "arn:aws:iam::111122223333:role/plan",
                        ROLE,
                        "arn:aws:iam::111122223333:role/plan",
                    ]);
                    expect({ folders: folders.length, left }).to.deep.equal({ folders: 1, left: [] });
                };
                await Promise.all(["", "set -eu", "set -C", RUNNER].map(hasBoth));
            });

            it("is the last role, whatever way the one before was taken by", async function () {
                const command = shellOf(this, shell);
                const rows: readonly [first: GitLabCiCredentials, second: GitLabCiCredentials, after: object][] = [
                    ["export", "web-identity", WEB_IDENTITY],
                    ["export", "profile", PROFILE],
                    ["web-identity", "profile", PROFILE],
                    ["web-identity", "export", { ...WEB_IDENTITY, ...FRESH }],
                    ["profile", "web-identity", { ...WEB_IDENTITY, AWS_SDK_LOAD_CONFIG: "1" }],
                    ["profile", "export", { ...FILES, AWS_SDK_LOAD_CONFIG: "1", ...FRESH }],
                ];
                const isLast = async ([first, second, expected]: (typeof rows)[number]): Promise<void> => {
                    const job =
                        jobFor(first, { script: ["true"] }) + jobFor(second, { script: ["true"] }) + OWN_COMMANDS;
                    const { after, left, log } = await run(command, job, accepted, {});
                    expect(after, `${first}, ${second}: ${log}`).to.deep.equal(expected);
                    expect(left).to.deep.equal([]);
                };
                await Promise.all(rows.map(isLast));
            });

            it("takes the inputs of a component", async function () {
                const command = shellOf(this, shell);
                const takesInputs = async (way: GitLabCiCredentials): Promise<void> => {
                    const { files } = buildGitLabCi({
                        roleArns: { deploy: ROLE },
                        gitlabCi: { form: "component", componentProject: "mygroup/aws-roles", credentials: way },
                    });
                    const template = files["templates/deploy.yml"]!;
                    const inputs = {
                        job: "deploy",
                        region: "eu-west-1",
                        "session-name": "x-$REF",
                        script: ["echo 'a: b'"],
                    };
                    const job = scriptOf(withInputs(template, inputs), "deploy") + OWN_COMMANDS;
                    const { calls, after, log } = await run(command, job, accepted, { REF: "a/b" });
                    expect(calls, log).to.deep.equal([exchangeCall(way, ROLE, "x-a-b")]);
                    expect(after).to.include({ AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1" });
                    expect(log).to.equal("a: b\nthe next command ran\n");
                    const plain = scriptOf(withInputs(template), ".aws-deploy") + OWN_COMMANDS;
                    const { calls: usual, after: env } = await run(command, plain, accepted, {});
                    expect(usual).to.deep.equal([exchangeCall(way), IDENTITY_CALL]);
                    expect(env).to.deep.equal(AFTERWARDS[way].alone);
                };
                await Promise.all(WAYS.map(takesInputs));
            });

            it("hands any names over byte by byte and runs nothing else", async function () {
                const command = shellOf(this, shell);
                await fc.assert(
                    fc.asyncProperty(fc.array(anyJob, { minLength: 25, maxLength: 25 }), async (jobs) => {
                        const home = createHome("missing", { PATH: `${folder}/any:${folder}/tools` });
                        const script = jobs.map((job, i) =>
                            recordedCase(job, join(home.cwd, "..", "recorded", String(i))),
                        );
                        const ended = await endOf(command, script.join("\n"), home);
                        expect(ended).to.deep.equal({ status: 0, log: "" });
                        expect(readdirSync(home.cwd)).to.deep.equal([]);
                        expect(readdirSync(home.temporary)).to.deep.equal([]);
                        jobs.forEach((job, i) => {
                            expect(home.read(String(i))?.split("\n\n")).to.deep.equal([
                                exchangeCall(job.way, job.roleArn, job.session).join("\n"),
                                "end",
                            ]);
                            if (job.way === "profile") {
                                expect(sectionsOf(home.read(`${i}.config`)!)).to.deep.equal({
                                    [`profile ${job.key}`]: {
                                        role_arn: job.roleArn,
                                        role_session_name: job.session,
                                        web_identity_token_file: "FOLDER/token",
                                    },
                                });
                            }
                            expect(home.read(`${i}.token`)).to.equal(job.token);
                            expect(home.read(`${i}.file`)).to.equal(job.way === "export" ? undefined : job.token);
                        });
                    }),
                    { numRuns: 2, interruptAfterTimeLimit: 60_000 },
                );
            });
        });
    }
});

interface End {
    readonly status: number | null;
    /** Standard output and error. */
    readonly log: string;
}

/** What comes of a script, with nothing on standard input. */
function endOf(
    [shell = "", ...options]: readonly string[],
    script: string,
    { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<End> {
    return new Promise((resolve) => {
        const settings = { cwd, env, encoding: "utf8" } as const;
        const child = execFile(shell, [...options, "-c", script], settings, (_, stdout, stderr) =>
            resolve({ status: child.exitCode, log: stdout + stderr }),
        );
        child.stdin!.end();
    });
}

interface AnyJob {
    readonly way: GitLabCiCredentials;
    readonly key: string;
    readonly jobName: string;
    readonly roleArn: string;
    /** Where the ARN and the token stand. */
    readonly roleArnVariable: string | undefined;
    readonly tokenVariable: string;
    readonly token: string;
    readonly session: string;
}

const TRAP = [
    "$(touch>pwned)",
    "`touch>pwned`",
    ";touch>pwned;",
    "'$(touch>pwned)'",
    '"$(touch>pwned)"',
    "'\\''",
    "$[[",
];

const anyJob: fc.Arbitrary<AnyJob> = fc.record({
    way: fc.constantFrom(...WAYS),
    key: fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter((key) => key !== "__proto__"),
    jobName: fc.stringMatching(/^[$'"`\\(){};&|<>*?#!~: -]{1,8}x$/).filter((name) => name.trim() === name),
    roleArn: fc
        .tuple(
            fc.oneof(
                fc.stringMatching(/^(?:[!-~]{1,40}\/)?$/),
                fc.stringMatching(/^[$'"`\\(){};&|<>*?#!~-]{1,12}\/$/),
                fc.array(fc.constantFrom(...TRAP), { minLength: 1, maxLength: 4 }).map((traps) => `${traps.join("")}/`),
            ),
            fc.stringMatching(/^[A-Za-z0-9_+=,.@-]{1,64}$/),
        )
        .map(([path, name]) => `arn:aws:iam::111122223333:role/${path}${name}`),
    roleArnVariable: fc.constantFrom(undefined, "DEPLOY_ROLE"),
    tokenVariable: fc.stringMatching(/^T[A-Z_]{0,5}$/).filter((name) => name !== "TMPDIR"),
    token: fc
        .oneof(fc.stringMatching(/^[!-~]{1,30}$/), fc.constantFrom(...TRAP))
        .map((text) => `eyJ${text}.${text}.${text}`),
    session: fc.stringMatching(/^[\w+=,.@-]{2,64}$/),
});

/** Runs the job, as read from its YAML, in a shell of its own. */
function recordedCase({ key, jobName, roleArn, ...job }: AnyJob, calls: string): string {
    const { way, roleArnVariable, tokenVariable, token, session } = job;
    const { yaml } = buildGitLabCi({
        roleArns: Object.fromEntries([[key, roleArn]]),
        gitlabCi: {
            credentials: way,
            jobName,
            tokenVariable,
            sessionName: session,
            script: [
                'printf end >> "$CALLS"',
                `if [ -f "\${AWS_CONFIG_FILE-}" ]; then cat "$AWS_CONFIG_FILE" > "$CALLS.config"; cat "$aws_oidc_folder/token" > "$CALLS.file"; fi`,
            ],
            ...(roleArnVariable !== undefined && { roleArnVariable }),
        },
    });
    const inQuotes = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;
    const variables = [`CALLS=${calls}`, `${tokenVariable}=${inQuotes(token)}`];
    if (roleArnVariable !== undefined) {
        variables.push(`${roleArnVariable}=${inQuotes(roleArn)}`);
    }
    expect(Object.keys(jobsOf(yaml))).to.deep.equal([jobName]);
    return `(\n${variables.join("\n")}\n${scriptOf(yaml, jobName)})`;
}

describe("job script, with the AWS CLI on the emulator", function () {
    const GITLAB = "https://gitlab.com";
    const NOT_AUTHORIZED =
        "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: " +
        "Not authorized to perform sts:AssumeRoleWithWebIdentity";

    let folder: string;
    let bin: string;
    let emulator: Emulator;
    let gate: Gate;
    let gitlab: Issuer;
    let container: Server;
    /** Credentials of others by the way they come. */
    let ambients: Readonly<Record<string, Readonly<Record<string, string>>>>;

    const root = "arn:aws:iam::111122223333:root";
    /** Who a job would be that went on with them. */
    const IDENTITIES: Readonly<Record<string, string>> = {
        keys: root,
        "a credentials file": root,
        "a profile": root,
        "a web identity": "arn:aws:sts::111122223333:assumed-role/somebody/somebody",
        "a container": root,
    };
    /** Of no use to anybody, and no harm either. */
    const USELESS = ["remains of a session", "a container and a web identity that are gone"];
    const rootKeys = { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" };

    before(async function () {
        ({ bin } = await pythonTools());
        folder = mkdtempSync(join(tmpdir(), "job-script-"));
        mkdirSync(join(folder, "tmp"));
        gitlab = await createIssuer(GITLAB);
        emulator = await startEmulator({ bin });
        gate = await startGate({ emulator, issuers: [gitlab] });
        await createProvider(emulator.endpoint);
        await createRole(emulator.endpoint, { RoleName: "deploy", Path: "/ci/" });
        await createRole(emulator.endpoint, { RoleName: "plan" });
        await createRole(emulator.endpoint, { RoleName: "somebody" });
        const Expiration = new Date(Date.now() + 3_600_000).toISOString();
        container = createServer((_, response) => {
            response.setHeader("content-type", "application/json");
            response.end(
                JSON.stringify({ AccessKeyId: "testing", SecretAccessKey: "testing", Token: "t", Expiration }),
            );
        });
        await new Promise<void>((resolve) => container.listen(0, "127.0.0.1", resolve));
        const keys = "aws_access_key_id = testing\naws_secret_access_key = testing\n";
        const credentials = join(folder, "credentials");
        writeFileSync(credentials, `[default]\n${keys}[somebody]\n${keys}`);
        const token = join(folder, "token");
        writeFileSync(token, await gitlab.sign());
        ambients = {
            "no others": {},
            keys: rootKeys,
            "a credentials file": { AWS_SHARED_CREDENTIALS_FILE: credentials },
            "a profile": { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_PROFILE: "somebody" },
            "a web identity": {
                AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/somebody",
                AWS_WEB_IDENTITY_TOKEN_FILE: token,
                AWS_ROLE_SESSION_NAME: "somebody",
            },
            "a container": {
                AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(container.address() as AddressInfo).port}/`,
            },
            "remains of a session": {
                ...rootKeys,
                AWS_SECURITY_TOKEN: "old",
                AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z",
                AWS_DEFAULT_PROFILE: "gone",
            },
            "a container and a web identity that are gone": {
                AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/somebody",
                AWS_WEB_IDENTITY_TOKEN_FILE: "/nonexistent/token",
                AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
            },
        };
    });
    after(async () => {
        container.close();
        await gate.stop();
        await emulator.stop();
        rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => {
        expect(readdirSync(join(folder, "tmp"))).to.deep.equal([]);
    });

    interface Outcome {
        readonly status: number;
        readonly stdout: string;
        readonly stderr: string;
    }

    /** As GitLab Runner runs it: stopping at errors, with nothing on standard input. */
    function run(script: string, token: string, ambient: Readonly<Record<string, string>>): Promise<Outcome> {
        const connection = Object.fromEntries(Object.entries(gate.env).filter(([name]) => !(name in rootKeys)));
        const env = environmentWith({
            ...connection,
            CI_PROJECT_ID: "20",
            CI_PIPELINE_ID: "574",
            CI_JOB_ID: "9",
            GITLAB_OIDC_TOKEN: token,
            HOME: folder,
            PATH: [bin, process.env.PATH].join(delimiter),
            TMPDIR: join(folder, "tmp"),
            ...ambient,
        });
        return new Promise((resolve) => {
            execFile("sh", ["-e", "-c", script], { env, encoding: "utf8" }, (error, stdout, stderr) =>
                resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
            );
        });
    }

    const marked = (way: GitLabCiCredentials): string => `${jobFor(way)}echo "the next command ran"\n`;
    for (const title of ["no others", ...Object.keys(IDENTITIES), ...USELESS]) {
        const identity = IDENTITIES[title];
        if (identity !== undefined) {
            it(`credentials of ${title} are good: a job that went on with them would be somebody`, async () => {
                const { stdout, stderr } = await run("aws sts get-caller-identity --output json", "", ambients[title]!);
                expect(arnIn(stdout), stderr).to.equal(identity);
            });
        }

        // Those that are of no use do not differ for an SDK that has none of them.
        for (const way of title === "no others" || identity !== undefined ? WAYS : (["export"] as const)) {
            it(`${way} becomes the role on the allowed branch and nobody on another one, beside credentials of ${title}`, async () => {
                const env = ambients[title]!;
                const [admitted, refused] = await Promise.all([
                    run(marked(way), await gitlab.sign({ ref: "main" }), env),
                    run(marked(way), await gitlab.sign({ ref: "feature" }), env),
                ]);
                expect(admitted, admitted.stderr).to.include({ status: 0, stderr: "" });
                expect(arnIn(admitted.stdout)).to.equal(
                    "arn:aws:sts::111122223333:assumed-role/deploy/GitLabRunner-20-574-9",
                );
                expect(admitted.stdout).to.contain("the next command ran");
                expect(refused).to.deep.equal({ status: 1, stdout: "", stderr: `\n${NOT_AUTHORIZED}\n` });
            });
        }
    }

    for (const way of WAYS) {
        it(`${way} shows AWS's words also for other faults of a token`, async () => {
            const tokens = {
                InvalidIdentityToken: await gitlab.sign({ aud: "https://gitlab.example.com" }),
                ExpiredTokenException: await signExpired(gitlab),
                "GITLAB_OIDC_TOKEN is empty": "",
            };
            await Promise.all(
                Object.entries(tokens).map(async ([words, token]) => {
                    const { status, stdout, stderr } = await run(marked(way), token, rootKeys);
                    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
                    expect(stderr).to.contain(words);
                }),
            );
        });

        it(`${way} has the session that it is given, a dash first`, async () => {
            const job = jobFor(way, { sessionName: "-$CI_JOB_ID-$CI_JOB_ID" });
            const { stdout, stderr } = await run(job, await gitlab.sign(), {});
            expect(arnIn(stdout), stderr).to.equal("arn:aws:sts::111122223333:assumed-role/deploy/-9-9");
        });
    }

    describe("whatever is set for the CLI", () => {
        const OWN_FILES = { ".aws/cli/alias": "[toplevel]\nsts = !echo an alias\n" };
        /** What a job, a project or the user of a shell executor may have set, by what it is called here. */
        const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
            nothing: {},
            "AWS_DEFAULT_OUTPUT=yaml-stream": { AWS_DEFAULT_OUTPUT: "yaml-stream" },
            "AWS_CLI_FILE_ENCODING=UTF-16": { AWS_CLI_FILE_ENCODING: "UTF-16" },
            "AWS_CLI_AUTO_PROMPT=on": { AWS_CLI_AUTO_PROMPT: "on" },
            "AWS_PAGER=false": { AWS_PAGER: "false" },
            "an alias of sts": { HOME: "aliases" },
            "a dollar sign in TMPDIR": { TMPDIR: "tmp of $HOME" },
        };
        const CLIS = ["AWS CLI 1", "AWS CLI 2"] as const;
        const paths = new Map<string, string>();
        let why: string;

        before(async () => {
            mkdirSync(join(folder, "tmp of $HOME"));
            for (const [name, text] of Object.entries(OWN_FILES)) {
                mkdirSync(join(folder, "aliases", name, ".."), { recursive: true });
                writeFileSync(join(folder, "aliases", name), text);
            }
            paths.set("AWS CLI 1", bin);
            const tools = await debianTools(["awscli"]);
            const awscli = await which("awscli", [...tools.bin, process.env.PATH].join(delimiter));
            const version = awscli === undefined ? tools.reason("awscli") : await versionOf(awscli);
            why = `no AWS CLI 2: ${version}`;
            if (awscli !== undefined && version.startsWith("aws-cli/2.")) {
                const cli = join(folder, "cli-2");
                mkdirSync(cli);
                // Debian 12 has a version from before AWS_ENDPOINT_URL.
                writeFileSync(
                    join(cli, "aws"),
                    `#!/bin/sh\nexec '${awscli}' "$@" --endpoint-url "$AWS_ENDPOINT_URL"\n`,
                );
                chmodSync(join(cli, "aws"), 0o755);
                paths.set("AWS CLI 2", cli);
            }
        });

        function versionOf(awscli: string): Promise<string> {
            return new Promise((resolve) => execFile(awscli, ["--version"], (_, stdout) => resolve(stdout.trim())));
        }

        function skipWithoutCli(context: Mocha.Context, cli: string): void {
            if (!paths.has(cli)) {
                skip(context, why);
            }
        }

        /** Runs the exchange, and tells what AWS was asked and answered. */
        async function exchange(cli: string, script: string, branch: string, setting: string) {
            const { HOME, TMPDIR, ...variables } = SETTINGS[setting]!;
            const asked = gate.log.length;
            const outcome = await run(script, await gitlab.sign({ ref: branch }), {
                ...variables,
                ...(HOME !== undefined && { HOME: join(folder, HOME) }),
                ...(TMPDIR !== undefined && { TMPDIR: join(folder, TMPDIR) }),
                PATH: [paths.get(cli), process.env.PATH].join(delimiter),
            });
            expect(readdirSync(join(folder, "tmp of $HOME"))).to.deep.equal([]);
            return { ...outcome, answers: gate.log.slice(asked).map((decision) => decision.outcome) };
        }

        for (const cli of CLIS) {
            for (const way of WAYS) {
                const job = jobFor(way, { script: ["echo the next command ran"] });
                for (const setting of Object.keys(SETTINGS)) {
                    it(`${cli}: ${way} takes the role beside ${setting}`, async function () {
                        skipWithoutCli(this, cli);
                        expect(await exchange(cli, job, "main", setting)).to.deep.equal({
                            status: 0,
                            stdout: "the next command ran\n",
                            stderr: "",
                            answers: ["accepted"],
                        });
                    });
                }

                it(`${cli}: ${way} ends where AWS refuses`, async function () {
                    skipWithoutCli(this, cli);
                    expect(await exchange(cli, job, "feature", "nothing")).to.deep.equal({
                        status: 1,
                        stdout: "",
                        stderr: `\n${NOT_AUTHORIZED}\n`,
                        answers: ["refused"],
                    });
                });
            }
        }

        it("export reads the runner's configuration beside an alias", async () => {
            const config = join(folder, "aliases", ".aws", "config");
            writeFileSync(config, `[default]\nendpoint_url = ${gate.endpoint}\n`);
            const job = `unset AWS_ENDPOINT_URL AWS_CONFIG_FILE\n${jobFor("export", { script: ["echo the next command ran"] })}`;
            const { stdout, stderr } = await exchange("AWS CLI 1", job, "main", "an alias of sts");
            rmSync(config);
            expect({ stdout, stderr }).to.deep.equal({ stdout: "the next command ran\n", stderr: "" });
        });
    });

    it("is two roles in one job by their profiles", async () => {
        const { yaml } = buildGitLabCi({
            roleArns: { deploy: ROLE, plan: "arn:aws:iam::111122223333:role/plan" },
            gitlabCi: { form: "template", credentials: "profile" },
        });
        const profile = (name: string): string =>
            `aws sts get-caller-identity --profile ${name} --query Arn --output text\n`;
        const job = scriptOf(yaml, ".aws-deploy") + scriptOf(yaml, ".aws-plan") + profile("deploy") + profile("plan");
        const { stdout, stderr } = await run(job, await gitlab.sign(), rootKeys);
        expect({ stdout, stderr }).to.deep.equal({
            stdout: [
                "arn:aws:sts::111122223333:assumed-role/deploy/GitLabRunner-20-574-9\n",
                "arn:aws:sts::111122223333:assumed-role/plan/GitLabRunner-20-574-9\n",
            ].join(""),
            stderr: "",
        });
    });
});

function expectNoSecret(log: string): void {
    for (const secret of [FRESH.AWS_SECRET_ACCESS_KEY, FRESH.AWS_SESSION_TOKEN, TOKEN, "somebodys-"]) {
        expect(log).not.to.contain(secret);
    }
}

async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
        await wait(20);
    }
}

function awsVariables(environment: string | undefined): Record<string, string> | undefined {
    const lines = environment?.split("\n").filter((line) => line.startsWith("AWS_"));
    return lines && Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

/** An AWS config file, as the SDKs read it. */
function sectionsOf(config: string): Record<string, Record<string, string>> {
    const sections: Record<string, Record<string, string>> = {};
    let section: Record<string, string> | undefined;
    for (const line of config.split("\n").filter((l) => l !== "")) {
        const [, name] = /^\[(.*)\]$/.exec(line) ?? [];
        const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
        if (name !== undefined && !Object.hasOwn(sections, name)) {
            sections[name] = section = {};
        } else if (section !== undefined && key !== undefined && !Object.hasOwn(section, key)) {
            section[key] = value!;
        } else {
            throw new Error(`unexpected in a config file: ${line}`);
        }
    }
    return sections;
}

function arnIn(stdout: string): string | undefined {
    return /"Arn": "([^"]*)"/.exec(stdout)?.[1];
}
