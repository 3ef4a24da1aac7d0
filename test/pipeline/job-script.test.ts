import { execFile, spawnSync } from "node:child_process";
import {
    chmodSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { buildGitLabCi } from "../../provider/gitlab-ci";
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
import { scriptOf } from "./job";

const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
const EVERYTHING_PRINTABLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).join("");

/** What a user wrote below the exchange: it tells that it ran, and as whom. */
const OWN_COMMANDS = `
echo "the next command ran"
env > "$AFTER"
`;

function jobFor(roleArn: string): string {
    return scriptOf(buildGitLabCi({ roleArns: { deploy: roleArn } }), "assume role deploy");
}

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
    "set -eux",
    "IFS=",
    "IFS=AEe1",
    "IFS='\t'; set -- one two",
];

/** What GitLab Runner puts around a job's script. */
const RUNNER = "GitLab Runner's frame";

function framed(before: string, script: string): string {
    if (before === RUNNER) {
        return `if set -o | grep pipefail >/dev/null; then set -o pipefail; fi; set -o errexit
set +o noclobber
: | eval '${script.replaceAll("'", "'\\''")}'
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

/** Credentials of others, by every way that has a variable. */
const AMBIENT = {
    AWS_ACCESS_KEY_ID: "AKIASOMEBODY",
    AWS_SECRET_ACCESS_KEY: "somebodys-secret",
    AWS_SESSION_TOKEN: "somebodys-token",
    AWS_SECURITY_TOKEN: "somebodys-old-token",
    AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z",
    AWS_PROFILE: "somebody",
    AWS_DEFAULT_PROFILE: "somebody",
    AWS_ROLE_ARN: "arn:aws:iam::444455556666:role/somebody",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/nonexistent/token",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
    AWS_DEFAULT_REGION: "eu-central-1",
};
const AMBIENT_AFTERWARDS = {
    ...FRESH,
    AWS_ROLE_ARN: AMBIENT.AWS_ROLE_ARN,
    AWS_WEB_IDENTITY_TOKEN_FILE: AMBIENT.AWS_WEB_IDENTITY_TOKEN_FILE,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: AMBIENT.AWS_CONTAINER_CREDENTIALS_FULL_URI,
    AWS_DEFAULT_REGION: AMBIENT.AWS_DEFAULT_REGION,
};

const REFUSAL =
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: " +
    "Not authorized to perform sts:AssumeRoleWithWebIdentity";
const WITHOUT_CREDENTIALS = "AWS STS answered without credentials\n";

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
    { title: "nothing", stdout: "", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "tabs", stdout: "\t\t\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "None None None", stdout: "None None None\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "None by tabs", stdout: "None\tNone\tNone\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "two of three", stdout: "ASIAEXAMPLE1\tsecret\n", status: 0, log: WITHOUT_CREDENTIALS },
    { title: "one word", stdout: "ASIAEXAMPLE1\n", status: 0, log: WITHOUT_CREDENTIALS },
];

describe("job script, with a recording aws", function () {
    this.timeout(300_000);

    let folder: string;
    let tools: DebianTools;
    const commands = new Map<string, string>();

    before(async function () {
        this.timeout(600_000); // on a machine's first run the tools are fetched here
        folder = mkdtempSync(join(tmpdir(), "job-script-"));
        tools = await debianTools(["dash", "busybox"]);
        // A PATH with little on it: an aws of the machine must not answer.
        mkdirSync(join(folder, "tools"));
        mkdirSync(join(folder, "aws"));
        const path = [...tools.bin, process.env.PATH].join(delimiter);
        for (const name of ["sh", "dash", "bash", "busybox", "cut", "env", "grep", "cat"]) {
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
    assume-role-with-web-identity) printf %s "$ANSWER"; printf %s "$COMPLAINT" >&2; exit "$STATUS" ;;
    get-caller-identity) env > "$IDENTITY" ;;
esac
`,
        );
        chmodSync(join(folder, "aws", "aws"), 0o755);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    interface Outcome {
        readonly status: number | null;
        /** Standard output and error. */
        readonly log: string;
        /** Whether a command after the exchange ran. */
        readonly wentOn: boolean;
        /** The AWS variables of \`aws sts get-caller-identity\`, and of the user's own commands. */
        readonly identity: Readonly<Record<string, string>> | undefined;
        readonly after: Readonly<Record<string, string>> | undefined;
        /** The arguments of each call of aws. */
        readonly calls: readonly (readonly string[])[];
    }

    function run(
        [shell = "", ...args]: readonly string[],
        script: string,
        answer: Pick<Answer, "stdout" | "stderr" | "status"> | "missing",
        env: Readonly<Record<string, string>> = AMBIENT,
    ): Outcome {
        const home = mkdtempSync(join(folder, "home-"));
        const recorded = (name: string) => {
            const file = join(home, name);
            return existsSync(file) ? readFileSync(file, "utf8") : undefined;
        };
        const { status, stdout, stderr } = spawnSync(commands.get(shell)!, [...args, "-c", script], {
            encoding: "utf8",
            cwd: home,
            timeout: 20_000,
            env: {
                PATH: answer === "missing" ? join(folder, "tools") : `${join(folder, "aws")}:${join(folder, "tools")}`,
                HOME: home,
                CALLS: join(home, "calls"),
                IDENTITY: join(home, "identity"),
                AFTER: join(home, "after"),
                ...(answer !== "missing" && {
                    ANSWER: answer.stdout,
                    COMPLAINT: answer.stderr ?? "",
                    STATUS: String(answer.status),
                }),
                ROLE_ARN: "arn:aws:iam::666677778888:role/variable-of-the-group",
                GITLAB_OIDC_TOKEN: "eyJ.the-id.token",
                CI_PROJECT_ID: "20",
                CI_PIPELINE_ID: "574",
                ...env,
            },
        });
        const log = stdout + stderr;
        const calls = (recorded("calls") ?? "").split("\n\n").slice(0, -1);
        return {
            status,
            log,
            wentOn: log.includes("the next command ran"),
            identity: awsVariables(recorded("identity")),
            after: awsVariables(recorded("after")),
            calls: calls.map((call) => call.split("\n")),
        };
    }

    const accepted = { stdout: `${ANSWER}\n`, status: 0 };

    it("would catch the job of GitLab's page: it goes on as somebody else", () => {
        const { status, wentOn, identity } = run(["sh"], PAGE_SCRIPT + OWN_COMMANDS, REFUSALS[0]!, {
            ...AMBIENT,
            ROLE_ARN: ROLE,
        });
        expect({ status, wentOn }).to.deep.equal({ status: 0, wentOn: true });
        expect(identity).to.include({ AWS_ROLE_ARN: AMBIENT.AWS_ROLE_ARN, AWS_PROFILE: "somebody" });
    });

    for (const { title, command, needs } of SHELLS) {
        describe(title, () => {
            for (const before of [...BEFORE, RUNNER]) {
                it(before === "" ? "as it is" : `after ${before}`.replace("\t", "\\t"), function () {
                    if (needs !== undefined) {
                        skipWithout(this, tools, needs);
                    }
                    const shell = command[0]!;
                    if (!commands.has(shell)) {
                        skip(this, `${shell} is not on PATH`);
                    }
                    if (before.includes("pipefail") && run(command, before, "missing").status !== 0) {
                        skip(this, `${title} has no pipefail here`);
                    }
                    const script = framed(before, jobFor(ROLE) + OWN_COMMANDS);

                    for (const refusal of REFUSALS) {
                        const { status, log, wentOn, identity, calls } = run(command, script, refusal);
                        expect(
                            { status, wentOn, identity, calls: calls.length },
                            `${refusal.title}\n${log}`,
                        ).to.deep.equal({ status: 1, wentOn: false, identity: undefined, calls: 1 });
                        expect(log).to.contain(refusal.log);
                        expectNoSecret(log);
                    }

                    const missing = run(command, script, "missing");
                    expect(missing, missing.log).to.include({ status: 1, wentOn: false });
                    expect(missing.log).to.match(/aws: (?:command )?not found/);

                    const fresh = run(command, script, accepted);
                    expect(fresh, fresh.log).to.include({ status: 0, wentOn: true });
                    expect(fresh.identity).to.deep.equal(AMBIENT_AFTERWARDS);
                    expect(fresh.after).to.deep.equal(AMBIENT_AFTERWARDS);
                    expectNoSecret(fresh.log);

                    const alone = run(command, script, accepted, {});
                    expect(alone, alone.log).to.include({ status: 0, wentOn: true });
                    expect(alone.after).to.deep.equal(FRESH);
                });
            }

            it("stops at a token or an id that is missing under set -u", function () {
                if (needs !== undefined) {
                    skipWithout(this, tools, needs);
                }
                const script = `unset GITLAB_OIDC_TOKEN; set -u\n${jobFor(ROLE)}${OWN_COMMANDS}`;
                const { log, status, wentOn, calls } = run(command, script, accepted);
                expect({ status, wentOn, calls }, log).to.deep.equal({ status: 1, wentOn: false, calls: [] });
                expect(log).to.contain("GITLAB_OIDC_TOKEN");
            });

            it("hands every argument over as it is, whatever the path of the role holds", function () {
                if (needs !== undefined) {
                    skipWithout(this, tools, needs);
                }
                const hostile = `${EVERYTHING_PRINTABLE}$(touch>pwned)\`touch>pwned\`\${HOME}$HOME'"';touch>pwned;'\\`;
                const roleArn = `arn:aws-us-gov:iam::111122223333:role/${hostile}/deploy`;
                const { calls, log } = run(command, jobFor(roleArn), accepted);
                expect(calls, log).to.deep.equal([
                    [
                        "sts",
                        "assume-role-with-web-identity",
                        "--region",
                        "us-gov-west-1",
                        "--no-sign-request",
                        "--role-arn",
                        roleArn,
                        "--role-session-name",
                        "GitLabRunner-20-574",
                        "--web-identity-token",
                        "eyJ.the-id.token",
                        "--duration-seconds",
                        "3600",
                        "--query",
                        "Credentials.[AccessKeyId,SecretAccessKey,SessionToken]",
                        "--output",
                        "text",
                    ],
                    ["sts", "get-caller-identity", "--region", "us-gov-west-1"],
                ]);
                expect(log).to.equal("");
            });
        });
    }

    it("hands any ARN over byte by byte and runs nothing else", () => {
        const path = fc.stringMatching(/^(?:[!-~]{1,40}\/)?$/);
        const shellCharacters = fc.stringMatching(/^[$'"`\\(){};&|<>*?#!~-]{1,12}\/$/);
        const name = fc.stringMatching(/^[A-Za-z0-9_+=,.@-]{1,64}$/);
        fc.assert(
            fc.property(fc.oneof(path, shellCharacters), name, (at, role) => {
                const roleArn = `arn:aws:iam::111122223333:role/${at}${role}`;
                const { calls, log } = run(["sh"], jobFor(roleArn), accepted);
                expect(calls[0]?.[4]).to.equal(roleArn);
                expect(calls[1]).to.deep.equal(["sts", "get-caller-identity"]);
                expect(log).to.equal("");
            }),
            { numRuns: 50 },
        );
    });
});

describe("job script, with the AWS CLI on the emulator", function () {
    this.timeout(300_000);

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
    /** Credentials of others by the way they come, and who a job would be that went on with them. */
    let ambients: Record<string, { readonly env: Record<string, string>; readonly identity?: string }>;

    const root = "arn:aws:iam::111122223333:root";
    const rootKeys = { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" };

    before(async function () {
        this.timeout(600_000); // on a machine's first run the tools are installed here
        ({ bin } = await pythonTools());
        folder = mkdtempSync(join(tmpdir(), "job-script-"));
        gitlab = await createIssuer(GITLAB);
        emulator = await startEmulator({ bin });
        gate = await startGate({ emulator, issuers: [gitlab] });
        await createProvider(emulator.endpoint);
        await createRole(emulator.endpoint, { RoleName: "deploy", Path: "/ci/" });
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
            "no others": { env: {} },
            keys: { env: rootKeys, identity: root },
            "a credentials file": { env: { AWS_SHARED_CREDENTIALS_FILE: credentials }, identity: root },
            "a profile": {
                env: { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_PROFILE: "somebody" },
                identity: root,
            },
            "a web identity": {
                env: {
                    AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/somebody",
                    AWS_WEB_IDENTITY_TOKEN_FILE: token,
                    AWS_ROLE_SESSION_NAME: "somebody",
                },
                identity: "arn:aws:sts::111122223333:assumed-role/somebody/somebody",
            },
            "a container": {
                env: {
                    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(container.address() as AddressInfo).port}/`,
                },
                identity: root,
            },
            // Of no use to anybody, and no harm either.
            "remains of a session": {
                env: {
                    ...rootKeys,
                    AWS_SECURITY_TOKEN: "old",
                    AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z",
                    AWS_DEFAULT_PROFILE: "gone",
                },
            },
            "a container and a web identity that are gone": {
                env: {
                    AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/somebody",
                    AWS_WEB_IDENTITY_TOKEN_FILE: "/nonexistent/token",
                    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
                },
            },
        };
    });
    after(async () => {
        container.close();
        await gate.stop();
        await emulator.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    interface Outcome {
        readonly status: number;
        readonly stdout: string;
        readonly stderr: string;
    }

    /** As GitLab Runner runs it: stopping at errors, with nothing on standard input. */
    function run(script: string, token: string, ambient: Readonly<Record<string, string>>): Promise<Outcome> {
        const connection = Object.fromEntries(Object.entries(gate.env).filter(([name]) => !(name in rootKeys)));
        const env = environmentWith({ ...connection, HOME: folder, ...ambient, GITLAB_OIDC_TOKEN: token });
        Object.assign(env, { CI_PROJECT_ID: "20", CI_PIPELINE_ID: "574", PATH: `${bin}:${env.PATH}` });
        return new Promise((resolve) => {
            execFile("sh", ["-e", "-c", script], { env, encoding: "utf8" }, (error, stdout, stderr) =>
                resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
            );
        });
    }

    const marked = `${jobFor(ROLE)}echo "the next command ran"\n`;
    const titles = [
        "no others",
        "keys",
        "a credentials file",
        "a profile",
        "a web identity",
        "a container",
        "remains of a session",
        "a container and a web identity that are gone",
    ];

    for (const title of titles) {
        it(`becomes the role on the admitted branch and nobody on another one, beside credentials of ${title}`, async () => {
            const { env, identity } = ambients[title]!;
            const [without, admitted, refused] = await Promise.all([
                identity === undefined ? undefined : run("aws sts get-caller-identity --output json", "", env),
                run(marked, await gitlab.sign({ ref: "main" }), env),
                run(marked, await gitlab.sign({ ref: "feature" }), env),
            ]);
            if (without !== undefined) {
                // They are good: a job that went on would be somebody.
                expect(arnIn(without.stdout), without.stderr).to.equal(identity);
            }
            expect(admitted, admitted.stderr).to.include({ status: 0, stderr: "" });
            expect(arnIn(admitted.stdout)).to.equal(
                "arn:aws:sts::111122223333:assumed-role/deploy/GitLabRunner-20-574",
            );
            expect(admitted.stdout).to.contain("the next command ran");
            expect(refused).to.deep.equal({ status: 1, stdout: "", stderr: `\n${NOT_AUTHORIZED}\n` });
        });
    }

    it("shows AWS's words also for other faults of a token", async () => {
        const tokens = {
            InvalidIdentityToken: await gitlab.sign({ aud: "https://gitlab.example.com" }),
            ExpiredTokenException: await signExpired(gitlab),
            "Parameter validation failed": "",
        };
        await Promise.all(
            Object.entries(tokens).map(async ([words, token]) => {
                const { status, stdout, stderr } = await run(marked, token, rootKeys);
                expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
                expect(stderr).to.contain(words);
            }),
        );
    });
});

function expectNoSecret(log: string): void {
    for (const secret of [FRESH.AWS_SECRET_ACCESS_KEY, FRESH.AWS_SESSION_TOKEN, "eyJ.the-id.token", "somebodys-"]) {
        expect(log).not.to.contain(secret);
    }
}

function awsVariables(environment: string | undefined): Record<string, string> | undefined {
    const lines = environment?.split("\n").filter((line) => line.startsWith("AWS_"));
    return lines && Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

function arnIn(stdout: string): string | undefined {
    return /"Arn": "([^"]*)"/.exec(stdout)?.[1];
}
