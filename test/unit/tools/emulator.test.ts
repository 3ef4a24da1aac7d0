import { spawn, execFile, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
    AssumeRoleWithWebIdentityCommand,
    GetCallerIdentityCommand,
    STSClient,
    STSServiceException,
    type AssumeRoleWithWebIdentityCommandOutput,
} from "@aws-sdk/client-sts";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { decodeJwt } from "jose";
import {
    createIssuer,
    environmentWith,
    signExpired,
    signWithAlgorithm,
    signWithForgedKey,
    signWithUnknownKey,
    startEmulator,
    startGate,
    startOnLeash,
    subjectOf,
    type ClaimOverrides,
    type Emulator,
    type Gate,
    type Issuer,
} from "../../../tools/emulator";
import { pythonTools } from "../../../tools/setup/python";
import { trustPolicy } from "../../support/policies";

const GITLAB = "https://gitlab.com";
const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
const SUBJECT = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const NOT_AUTHORIZED = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
const NOT_A_JWT = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)";
const NOT_VALIDATED =
    "The web identity token that was passed could not be validated by AWS. " +
    "Get a new identity token from the identity provider and then retry the request.";
const NO_KEY =
    "Couldn't retrieve verification key from your identity provider,  " +
    "please reference AssumeRoleWithWebIdentity documentation for requirements";

const rootKeys = { accessKeyId: "testing", secretAccessKey: "testing" };

describe("ID tokens", () => {
    it("carry the claims of a GitLab job", async () => {
        const issuer = await createIssuer("https://gitlab.example.com");
        const claims = decodeJwt(await issuer.sign({ project_path: "a/b/c", ref_type: "tag", ref: "1.0", jti: "x" }));
        const { exp = 0, nbf = 0, iat = 0, ...rest } = claims;
        expect([exp - iat, nbf - iat]).to.deep.equal([3600, -5]);
        expect(rest).to.deep.equal({
            iss: "https://gitlab.example.com",
            aud: "https://gitlab.example.com",
            sub: "project_path:a/b/c:ref_type:tag:ref:1.0",
            jti: "x",
            namespace_id: "72",
            namespace_path: "a/b",
            project_id: "20",
            project_path: "a/b/c",
            user_id: "1",
            user_login: "sample-user",
            user_email: "sample-user@example.com",
            user_access_level: "owner",
            job_project_id: "20",
            job_project_path: "a/b/c",
            job_namespace_id: "72",
            job_namespace_path: "a/b",
            pipeline_id: "574",
            pipeline_source: "push",
            job_id: "302",
            ref: "1.0",
            ref_type: "tag",
            ref_path: "refs/tags/1.0",
            ref_protected: "true",
            sha: "714a629c0b401fdce83e847fc9589983fc6f46bc",
            runner_id: 1,
            runner_environment: "gitlab-hosted",
            ci_config_ref_uri: "gitlab.example.com/a/b/c//.gitlab-ci.yml@refs/tags/1.0",
            ci_config_sha: "714a629c0b401fdce83e847fc9589983fc6f46bc",
            project_visibility: "public",
            job_source: "push",
        });
    });

    it("add the environment's claims to a job that has one", async () => {
        const issuer = await createIssuer(GITLAB);
        expect(decodeJwt(await issuer.sign({ environment: "prod", environment_protected: "true" }))).to.include({
            environment: "prod",
            environment_protected: "true",
            deployment_tier: "production",
            environment_action: "start",
        });
    });

    it("take the subject's components from the project's setting, without absent ones", () => {
        const claims = { project_id: "20", ref_type: "branch", ref: "main" };
        expect(subjectOf(claims, ["project_id", "deployment_tier", "ref_type", "ref"])).to.equal(
            "project_id:20:ref_type:branch:ref:main",
        );
    });
});

describe("emulator and gate", function () {
    let bin: string;
    let emulator: Emulator;
    let gate: Gate;
    let gitlab: Issuer;
    let unreachable: Issuer;
    let unregistered: Issuer;

    before(async function () {
        ({ bin } = await pythonTools());
        [gitlab, unreachable, unregistered] = await Promise.all([
            createIssuer(GITLAB),
            createIssuer("https://gitlab.internal"),
            createIssuer("https://gitlab.example.com"),
        ]);
        emulator = await startEmulator({ bin });
        gate = await startGate({ emulator, issuers: [gitlab, unregistered] });
        await createRoleAndProviders(emulator.endpoint);
    });

    after(async () => {
        await gate.stop();
        await emulator.stop();
    });

    interface Exchange {
        token?: string;
        role?: string;
        session?: string;
        seconds?: number;
    }

    async function exchange(request: Exchange): Promise<AssumeRoleWithWebIdentityCommandOutput> {
        const sts = new STSClient({ endpoint: gate.endpoint, region: "us-east-1", maxAttempts: 1 });
        return sts.send(
            new AssumeRoleWithWebIdentityCommand({
                RoleArn: request.role ?? ROLE,
                RoleSessionName: request.session ?? "job-1",
                WebIdentityToken: request.token ?? (await gitlab.sign()),
                DurationSeconds: request.seconds,
            }),
        );
    }

    async function refusal(request: Exchange): Promise<string> {
        try {
            await exchange(request);
        } catch (error) {
            if (error instanceof STSServiceException) {
                const status = error.$metadata.httpStatusCode ?? 0;
                const code = error.name.replace(/^(InvalidIdentityToken)Exception$/, "$1");
                return `${status} ${code}: ${error.message.replace(/\b\d{10}\b/g, "N")}`;
            }
            throw error;
        }
        return "accepted";
    }

    describe("accepts", () => {
        const tokens: Record<string, ClaimOverrides> = {
            "the named branch": {},
            "an audience in a list": { aud: [GITLAB] },
            "the authorized party of several audiences": { aud: ["x", GITLAB], azp: GITLAB },
        };
        for (const [name, claims] of Object.entries(tokens)) {
            it(name, async () => {
                const answer = await exchange({ token: await gitlab.sign(claims) });
                expect(answer.AssumedRoleUser?.Arn).to.equal("arn:aws:sts::111122223333:assumed-role/deploy/job-1");
                expect(answer.SubjectFromWebIdentityToken).to.equal(SUBJECT);
                expect(answer.Audience).to.equal(GITLAB);
                expect(answer.Provider).to.equal("arn:aws:iam::111122223333:oidc-provider/gitlab.com");
                expect(gate.log.at(-1)).to.deep.include({ outcome: "accepted", roleArn: ROLE, subject: SUBJECT });
            });
        }

        it("hands out credentials of the role, which work through the gate too", async () => {
            const { Credentials: keys } = await exchange({ seconds: 7200 });
            for (const { endpoint } of [emulator, gate]) {
                const sts = new STSClient({
                    endpoint,
                    region: "us-east-1",
                    credentials: {
                        accessKeyId: keys?.AccessKeyId ?? "",
                        secretAccessKey: keys?.SecretAccessKey ?? "",
                        sessionToken: keys?.SessionToken,
                    },
                });
                const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
                expect(Arn).to.equal("arn:aws:sts::111122223333:assumed-role/deploy/job-1");
            }
        });
    });

    describe("refuses, in AWS's words", () => {
        const cases: [string, () => Promise<Exchange> | Exchange, string][] = [
            [
                "another branch",
                async () => ({ token: await gitlab.sign({ ref: "other" }) }),
                `403 AccessDenied: ${NOT_AUTHORIZED}`,
            ],
            [
                "a role that does not exist",
                () => ({ role: "arn:aws:iam::111122223333:role/missing" }),
                `403 AccessDenied: ${NOT_AUTHORIZED}`,
            ],
            [
                "a role's name without its path",
                () => ({ role: "arn:aws:iam::111122223333:role/deploy" }),
                `403 AccessDenied: ${NOT_AUTHORIZED}`,
            ],
            [
                "a role in another account",
                () => ({ role: "arn:aws:iam::444455556666:role/ci/deploy" }),
                `400 InvalidIdentityToken: No OpenIDConnect provider found in your account for ${GITLAB}`,
            ],
            [
                "an issuer without provider",
                async () => ({ token: await unregistered.sign() }),
                "400 InvalidIdentityToken: No OpenIDConnect provider found in your account for https://gitlab.example.com",
            ],
            [
                "an issuer with a trailing slash",
                async () => ({ token: await gitlab.sign({ iss: `${GITLAB}/` }) }),
                `400 InvalidIdentityToken: No OpenIDConnect provider found in your account for ${GITLAB}/`,
            ],
            [
                "an audience that is not registered",
                async () => ({ token: await gitlab.sign({ aud: "sts.amazonaws.com" }) }),
                "400 InvalidIdentityToken: Incorrect token audience",
            ],
            [
                "several audiences",
                async () => ({ token: await gitlab.sign({ aud: [GITLAB, "sts.amazonaws.com"] }) }),
                "400 InvalidIdentityToken: Token audience contains more than one audience while authorized party is not present",
            ],
            ...["iss", "sub", "aud", "exp", "iat"].map((claim): [string, () => Promise<Exchange>, string] => [
                `a token without ${claim}`,
                async () => ({ token: await gitlab.sign({ [claim]: undefined }) }),
                `400 InvalidIdentityToken: Missing a required claim: ${claim}`,
            ]),
            [
                "an issuer whose keys cannot be had",
                async () => ({ token: await unreachable.sign() }),
                `400 InvalidIdentityToken: ${NO_KEY}`,
            ],
            [
                "a key that the issuer does not publish",
                async () => ({ token: await signWithUnknownKey(gitlab) }),
                `400 InvalidIdentityToken: ${NO_KEY}`,
            ],
            [
                "a forged signature",
                async () => ({ token: await signWithForgedKey(gitlab) }),
                `400 InvalidIdentityToken: ${NOT_VALIDATED}`,
            ],
            [
                "changed claims",
                async () => {
                    const [header, , signature] = (await gitlab.sign({ ref: "other" })).split(".");
                    const [, claims] = (await gitlab.sign()).split(".");
                    return { token: [header, claims, signature].join(".") };
                },
                `400 InvalidIdentityToken: ${NOT_VALIDATED}`,
            ],
            [
                "another algorithm",
                async () => ({ token: await signWithAlgorithm(gitlab, "RS512") }),
                `400 InvalidIdentityToken: ${NOT_A_JWT}`,
            ],
            [
                "the public key as a secret",
                async () => ({ token: await signWithAlgorithm(gitlab, "HS256") }),
                `400 InvalidIdentityToken: ${NOT_A_JWT}`,
            ],
            ["what is no token", () => ({ token: "glpat-1234" }), `400 InvalidIdentityToken: ${NOT_A_JWT}`],
            [
                "an expired token",
                async () => ({ token: await signExpired(gitlab) }),
                "400 ExpiredTokenException: Token expired: current date/time N must be before the expiration date/time N",
            ],
            [
                "a token that is not valid yet",
                async () => ({ token: await gitlab.sign({ nbf: Math.floor(Date.now() / 1000) + 600 }) }),
                `400 InvalidIdentityToken: ${NOT_VALIDATED}`,
            ],
            [
                "a session longer than the role's maximum",
                () => ({ seconds: 7201 }),
                "400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            ],
            [
                "a session under 15 minutes",
                () => ({ seconds: 899 }),
                "400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' " +
                    "failed to satisfy constraint: Member must have value greater than or equal to 900",
            ],
            [
                "a session over 12 hours",
                () => ({ seconds: 43201 }),
                "400 ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' " +
                    "failed to satisfy constraint: Member must have value less than or equal to 43200",
            ],
            [
                "a session name of one character",
                () => ({ session: "x" }),
                "400 ValidationError: 1 validation error detected: Value 'x' at 'roleSessionName' " +
                    "failed to satisfy constraint: Member must have length greater than or equal to 2",
            ],
            [
                "a session name of 65 characters with a space",
                () => ({ session: `${"x".repeat(63)} x` }),
                `400 ValidationError: 2 validation errors detected: Value '${"x".repeat(63)} x' at 'roleSessionName' ` +
                    "failed to satisfy constraint: Member must have length less than or equal to 64; " +
                    `Value '${"x".repeat(63)} x' at 'roleSessionName' ` +
                    "failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
            ],
            [
                "the provider's ARN as the role's",
                () => ({ role: "arn:aws:iam::111122223333:oidc-provider/gitlab.com" }),
                "400 ValidationError: Request ARN is invalid",
            ],
            [
                "a role name alone, without repeating the token",
                () => ({ role: "deploy", token: "x" }),
                "400 ValidationError: 2 validation errors detected: Value 'deploy' at 'roleArn' " +
                    "failed to satisfy constraint: Member must have length greater than or equal to 20; " +
                    "Value at 'webIdentityToken' " +
                    "failed to satisfy constraint: Member must have length greater than or equal to 4",
            ],
        ];
        for (const [name, request, expected] of cases) {
            it(name, async () => {
                expect(await refusal(await request())).to.equal(expected);
                expect(gate.log.at(-1)?.outcome).to.equal("refused");
            });
        }

        it("tells in the log who refused", async () => {
            await refusal({ token: await gitlab.sign({ ref: "other" }) });
            expect(gate.log.at(-1)).to.deep.equal({
                outcome: "refused",
                by: "emulator",
                roleArn: ROLE,
                sessionName: "job-1",
                subject: "project_path:mygroup/myproject:ref_type:branch:ref:other",
                code: "AccessDenied",
                reason: NOT_AUTHORIZED,
            });
            await refusal({ token: "glpat-1234" });
            expect(gate.log.at(-1)).to.deep.include({ by: "gate", code: "InvalidIdentityToken", reason: NOT_A_JWT });
        });

        it("also when the request is a GET", async () => {
            const query = new URLSearchParams({
                Action: "AssumeRoleWithWebIdentity",
                Version: "2011-06-15",
                RoleArn: ROLE,
                RoleSessionName: "job-1",
                WebIdentityToken: await signWithForgedKey(gitlab),
            });
            const response = await fetch(`${gate.endpoint}/?${query.toString()}`);
            expect(response.status).to.equal(400);
            expect(await response.text()).to.contain("<Code>InvalidIdentityToken</Code>");
        });
    });

    it("gives the AWS CLI the same", async () => {
        const { stdout } = await promisify(execFile)(
            join(bin, "aws"),
            ["sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
            { env: environmentWith(gate.env, { ...process.env, AWS_PROFILE: "nobody" }) },
        );
        expect(stdout.trim()).to.equal("arn:aws:iam::111122223333:root");
    });

    it("passes other services on, in both directions as they come", async () => {
        const url = `${gate.endpoint}/a-bucket`;
        const headers = { authorization: "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request" };
        const body = Buffer.alloc(3_000_000, "0123456789");
        await fetch(url, { method: "PUT", headers });
        await fetch(`${url}/key`, { method: "PUT", headers: { ...headers, "x-amz-meta-a": "b" }, body });
        const answer = await fetch(`${url}/key`, { headers });
        expect(answer.headers.get("x-amz-meta-a")).to.equal("b");
        expect(Buffer.from(await answer.arrayBuffer()).equals(body)).to.equal(true);
    });

    it("runs beside another one, which can be emptied alone", async () => {
        const other = await startEmulator({ bin, accountId: "444455556666" });
        try {
            expect(other.endpoint).not.to.equal(emulator.endpoint);
            await createRoleAndProviders(other.endpoint);
            await other.reset();
            await createRoleAndProviders(other.endpoint);
            expect(await refusal({})).to.equal("accepted");
        } finally {
            await other.stop();
        }
        expect(await fetch(other.endpoint).catch(() => "gone")).to.equal("gone");
    });

    it("shows the log of a server that does not start", async () => {
        const broken = await startEmulator({ bin: "/nonexistent" }).catch((error: unknown) => String(error));
        expect(broken).to.match(/ended at once with status 127:\n.*ministack.*not found/);
    });
});

describe("leash", function () {
    let folder: string;
    let compiled: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "leash-"));
        compiled = join(folder, "leash.cjs");
        buildSync({ entryPoints: ["tools/emulator/leash.ts"], outfile: compiled, platform: "node", format: "cjs" });
    });
    after(() => rmSync(folder, { recursive: true }));

    /** A process that starts a server on a leash, prints the server's id, and then does `ending`. */
    async function parentOfServer(ending: string, server: string): Promise<{ parent: ChildProcess; pid: number }> {
        const program = `
            const { startOnLeash } = require(${JSON.stringify(compiled)});
            const options = { env: process.env, cwd: ".", log: ${JSON.stringify(join(folder, "log"))} };
            const { pid } = startOnLeash("/bin/sh", ["-c", ${JSON.stringify(server)}], options);
            require("node:fs").writeSync(1, pid + "\\n");
            ${ending}`;
        const parent = spawn(process.execPath, ["--eval", program], { stdio: ["ignore", "pipe", "inherit"] });
        for await (const line of createInterface({ input: parent.stdout })) {
            return { parent, pid: Number(line) };
        }
        throw new Error("the server was not started");
    }

    async function until(holds: () => boolean): Promise<void> {
        while (!holds()) {
            await sleep(20);
        }
    }

    /** A dead process that its new parent has not yet collected counts as gone. */
    function isRunning(pid: number): boolean {
        try {
            process.kill(pid, 0);
            return !existsSync("/proc/self/stat") || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
        } catch {
            return false;
        }
    }

    const stay = "setInterval(() => {}, 1000);";
    /** Longer than any test may take, so that none passes because the server ended by itself. */
    const LONG = "sleep 7200";
    const stubborn = "trap '' TERM INT HUP; while :; do sleep 1; done";
    const endings: [string, string, NodeJS.Signals | undefined, string][] = [
        ["kill -9", stay, "SIGKILL", LONG],
        ["kill -9, with a server that does not listen", stay, "SIGKILL", stubborn],
        ["Ctrl-C", stay, "SIGINT", LONG],
        ["SIGTERM", stay, "SIGTERM", LONG],
        ["a normal end", "", undefined, LONG],
        ["process.exit", "process.exit(3);", undefined, LONG],
        ["an exception", "require('node:fs').closeSync(2); throw new Error();", undefined, LONG],
    ];
    for (const [name, ending, signal, server] of endings) {
        it(`ends the server after ${name}`, async () => {
            const { parent, pid } = await parentOfServer(ending, server);
            if (signal !== undefined) {
                parent.kill(signal);
            }
            await until(() => !isRunning(pid));
        });
    }

    it("stops a server, also one that does not listen, and tells its status", async () => {
        const start = (script: string) =>
            startOnLeash("/bin/sh", ["-c", script], { env: process.env, cwd: folder, log: join(folder, "log") });
        const willing = start(`exec ${LONG}`);
        const unwilling = start(stubborn.replace(";", "; touch deaf;"));
        const short = start("exit 7");
        expect(await short.exited).to.equal(7);
        await until(() => existsSync(join(folder, "deaf")));
        await Promise.all([willing.stop(), unwilling.stop(), short.stop()]);
        expect(await willing.exited).to.equal(143);
        expect(await unwilling.exited).to.equal(137);
        expect([willing, unwilling, short].some(({ pid }) => isRunning(pid))).to.equal(false);
    });
});

async function createRoleAndProviders(endpoint: string): Promise<void> {
    const iam = new IAMClient({ endpoint, region: "us-east-1", credentials: rootKeys });
    for (const url of [GITLAB, "https://gitlab.internal"]) {
        await iam.send(new CreateOpenIDConnectProviderCommand({ Url: url, ClientIDList: [url] }));
    }
    await iam.send(
        new CreateRoleCommand({
            RoleName: "deploy",
            Path: "/ci/",
            MaxSessionDuration: 7200,
            AssumeRolePolicyDocument: JSON.stringify(
                trustPolicy({ StringEquals: { "gitlab.com:aud": GITLAB, "gitlab.com:sub": SUBJECT } }),
            ),
        }),
    );
}
