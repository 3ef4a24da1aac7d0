import { expect } from "chai";
import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditReport } from "../../provider/audit/report";
import { environmentWith, startAccountProxy, type AccountProxy } from "../../tools/emulator";
import { awsEnvironment } from "../../tools/emulator/environment";
import { listenLocally } from "../../tools/emulator/local-server";
import { projectRoot } from "../../tools/setup/cache";
import { pythonTools } from "../../tools/setup/python";
import { trustPolicy } from "../support/policies";
import { iam } from "./account";
import { emptyAccount, engine } from "./engine";

const ACCOUNT = "111122223333";
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com`;

/** Roles of more than two pages of the account. */
const ROLES = Array.from({ length: 70 }, (_, i) => `deploy-${String(i).padStart(2, "0")}`);

const trust = (branch: string): string =>
    JSON.stringify(
        trustPolicy({
            StringEquals: {
                "gitlab.com:aud": "https://gitlab.com",
                "gitlab.com:sub": `project_path:acme/app:ref_type:branch:ref:${branch}`,
            },
        }),
    );

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

describe("engine: --aws-cli reads the account with the AWS CLI", () => {
    emptyAccount();
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "aws-cli-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** The built command, with the variables and the folders of PATH. */
    async function ran(
        command: string,
        variables: Readonly<Record<string, string>>,
        path?: readonly string[],
    ): Promise<Ran> {
        const { bin } = await pythonTools();
        const PATH = [...(path ?? [bin]), process.env["PATH"]!].join(":");
        const env = environmentWith(variables, { ...process.env, PATH });
        const args = [join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"), ...command.split(" ")];
        return new Promise((resolve) => {
            execFile(process.execPath, args, { cwd: folder, env, maxBuffer: 1e9 }, (error, out, err) =>
                resolve({ status: error === null ? 0 : Number(error.code), out, err }),
            );
        });
    }

    describe("of an account", () => {
        let proxy: AccountProxy;

        beforeEach(async () => {
            const { emulator } = (await engine()).workspace;
            proxy = await startAccountProxy({ upstream: emulator });
            const aws = await iam();
            await aws.createOpenIDConnectProvider({ Url: "https://gitlab.com", ClientIDList: ["https://gitlab.com"] });
            for (const RoleName of ROLES) {
                await aws.createRole({
                    RoleName,
                    AssumeRolePolicyDocument: trust(RoleName),
                    MaxSessionDuration: 7200,
                    Description: `Deploys ${RoleName}`,
                });
            }
        });
        afterEach(() => proxy.stop());

        it("audit has the roles of all pages, with calls that only read", async () => {
            // The reader's own settings, which the calls have to override.
            const { status, out, err } = await ran("audit --aws-cli --json", {
                ...proxy.env,
                AWS_DEFAULT_OUTPUT: "text",
                AWS_PAGER: "cat",
            });
            expect({ status, err }).to.deep.equal({ status: 0, err: "" });
            const { roles, accounts, notes } = JSON.parse(out) as AuditReport;
            expect(roles.map(({ name }) => name)).to.deep.equal(ROLES);
            expect(roles.map(({ maxSessionDuration }) => maxSessionDuration)).to.deep.equal(ROLES.map(() => 7200));
            expect(roles.flatMap(({ trusts }) => trusts.map((t) => [t.providerExists, t.listsAudience]))).to.deep.equal(
                ROLES.map(() => [true, true]),
            );
            expect({ accounts, notes }).to.deep.equal({
                accounts: [{ account: ACCOUNT, roleCount: ROLES.length, gitLabRoleCount: ROLES.length }],
                notes: [],
            });
            expect([...new Set(proxy.calls.map(({ action }) => action))]).to.deep.equal([
                "iam:GetAccountAuthorizationDetails",
                "iam:ListRoles",
                "iam:ListOpenIDConnectProviders",
                "iam:GetOpenIDConnectProvider",
            ]);
        });

        it("adopt asks for nothing more, and a file can be given too", async () => {
            writeFileSync(join(folder, "events.json"), JSON.stringify({ Events: [] }));
            const { status, out, err } = await ran(
                "adopt events.json --aws-cli --language yaml --out program",
                proxy.env,
            );
            expect({ status, err }).to.deep.equal({ status: 0, err: "" });
            expect(out).to.contain(`The program has 70 roles and 1 identity provider of account ${ACCOUNT}\n`);
            expect(readFileSync(join(folder, "program/Pulumi.yaml"), "utf8")).to.contain(
                "description: Deploys deploy-69",
            );
        });

        it("adopt leaves the roles of an identity provider that was deleted, and names no call that would fail", async () => {
            await (await iam()).deleteOpenIDConnectProvider({ OpenIDConnectProviderArn: PROVIDER });
            const { status, out, err } = await ran("adopt --aws-cli --language yaml --out program", proxy.env);
            expect({ status, err }).to.deep.equal({ status: 1, err: "" });
            expect(out).to.contain(`Left as they are: ${String(ROLES.length)} roles\n`);
            expect(out).to.contain(
                `The account has no identity provider "${PROVIDER}", so no job can assume the role.\n`,
            );
            expect(out).not.to.contain("Add the output of");
        });
    });

    it("an account without roles is reported", async () => {
        const { emulator } = (await engine()).workspace;
        expect(await ran("audit --aws-cli", emulator.env)).to.deep.equal({
            status: 2,
            out: "",
            err: "aws-gitlab-oidc: The account of the AWS CLI has no role. Help: aws-gitlab-oidc help audit\n",
        });
    });

    const answers: readonly (readonly [what: string, status: number, code: string, message: string, fix: string])[] = [
        [
            "expired credentials",
            403,
            "ExpiredToken",
            "The security token included in the request is expired",
            "Get new credentials, for example with `aws sso login`, and run the command again.",
        ],
        [
            "unknown credentials",
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            "AWS does not accept the credentials. Check AWS_PROFILE, and the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which come before it.",
        ],
        [
            "missing permissions",
            403,
            "AccessDenied",
            `User: arn:aws:iam::${ACCOUNT}:user/ann is not authorized to perform: iam:GetAccountAuthorizationDetails on resource: *`,
            "Allow this action for these credentials, or use other ones.",
        ],
        [
            "throttling",
            400,
            "Throttling",
            "Rate exceeded",
            "AWS limits the rate of calls. Run the command again later, or set AWS_RETRY_MODE=adaptive and AWS_MAX_ATTEMPTS=10.",
        ],
    ];
    for (const [what, status, code, message, fix] of answers) {
        it(`${what}: one message, without a stack`, async () => {
            const server = createServer((_, response) => {
                response
                    .writeHead(status, { "content-type": "text/xml" })
                    .end(
                        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
                    );
            });
            const { endpoint, close } = await listenLocally(server);
            try {
                const result = await ran("audit --aws-cli", {
                    ...awsEnvironment(endpoint),
                    AWS_MAX_ATTEMPTS: "1",
                    AWS_RETRY_MODE: "standard",
                });
                expect(result).to.include({ status: 2, out: "" });
                expect(result.err.replace(/ \(reached max retries: \d+\)/, "")).to.equal(
                    `aws-gitlab-oidc: \`aws iam get-account-authorization-details\` failed: An error occurred (${code}) when calling the GetAccountAuthorizationDetails operation: ${message.replace(/\.?$/, ".")} ${fix}\n`,
                );
            } finally {
                await close();
            }
        });
    }

    const environments: readonly (readonly [what: string, variables: Readonly<Record<string, string>>, err: RegExp])[] =
        [
            [
                "no credentials",
                {
                    AWS_EC2_METADATA_DISABLED: "true",
                    AWS_CONFIG_FILE: "/dev/null",
                    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
                },
                /failed: Unable to locate credentials\..* Set AWS_PROFILE to a profile with credentials, /,
            ],
            [
                "an unknown profile",
                {
                    AWS_PROFILE: "acme",
                    AWS_CONFIG_FILE: "/dev/null",
                    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
                },
                /failed: The config profile \(acme\) could not be found\. Set AWS_PROFILE to a profile with credentials, /,
            ],
            [
                "no connection",
                { ...awsEnvironment("http://127.0.0.1:9"), AWS_MAX_ATTEMPTS: "1", AWS_RETRY_MODE: "standard" },
                /failed: Could not connect to the endpoint URL: "http:\/\/127\.0\.0\.1:9\/"\. Check the network, the proxy, /,
            ],
        ];
    for (const [what, variables, err] of environments) {
        it(`${what}: one message, without a stack`, async () => {
            const result = await ran("audit --aws-cli", variables);
            expect(result).to.include({ status: 2, out: "" });
            expect(result.err).to.match(err);
            expect(result.err.trimEnd().split("\n")).to.have.length(1);
        });
    }

    /** A script `aws` before the AWS CLI on PATH: "$cli" is the AWS CLI. */
    async function withScript(lines: string): Promise<Ran> {
        const { bin } = await pythonTools();
        const { emulator } = (await engine()).workspace;
        writeFileSync(join(folder, "aws"), `#!/bin/sh\ncli='${join(bin, "aws")}'\n${lines}\n`);
        chmodSync(join(folder, "aws"), 0o755);
        return ran("audit --aws-cli", emulator.env, [folder]);
    }

    it("warnings on standard error do not matter, and the AWS CLI asks no questions", async () => {
        const script = 'echo "Deprecated: error" >&2; [ "$AWS_CLI_AUTO_PROMPT" = off ] && exec "$cli" "$@"';
        const { status, err } = await withScript(script);
        expect({ status, err }).to.deep.equal({
            status: 2,
            err: "aws-gitlab-oidc: The account of the AWS CLI has no role. Help: aws-gitlab-oidc help audit\n",
        });
    });

    it("output that is cut off is an error", async () => {
        expect(await withScript('"$cli" "$@" | head -c 100')).to.deep.equal({
            status: 2,
            out: "",
            err: 'aws-gitlab-oidc: The output of "aws iam get-account-authorization-details" is cut off: it ends in the middle of the JSON. Run `aws iam get-account-authorization-details --filter Role LocalManagedPolicy AWSManagedPolicy --output json`, and check that it prints JSON without an error.\n',
        });
    });

    it("a call that is ended is an error, and so is output of another kind", async () => {
        expect((await withScript("kill -9 $$")).err).to.equal(
            "aws-gitlab-oidc: `aws iam get-account-authorization-details` failed: it was ended by SIGKILL.\n",
        );
        expect((await withScript('"$cli" "$@" | tr "{}" "  "')).err).to.contain(
            'The output of "aws iam get-account-authorization-details" is not JSON. Run `aws iam ',
        );
    });

    it("without the AWS CLI on PATH, it is named", async () => {
        const env = environmentWith({}, { PATH: folder });
        const { err } = await new Promise<Ran>((resolve) => {
            const args = [join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"), "audit", "--aws-cli"];
            execFile(process.execPath, args, { cwd: folder, env }, (error, out, text) =>
                resolve({ status: Number(error?.code ?? 0), out, err: text }),
            );
        });
        expect(err).to.equal(
            "aws-gitlab-oidc: The AWS CLI is not on PATH. Install it, or run its calls elsewhere and give their output as files.\n",
        );
    });
});
