import { credentials, type ServiceError } from "@grpc/grpc-js";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import packageJson from "../../package.json";
import type { CheckIssuerResult } from "../../provider/contract/types";
import schema from "../../schema.json";
import { authority } from "../support/certificates";
import { CHECK_IDS } from "../support/checks";
import { STOPPED_CLOCK } from "../support/clock";
import { addressLine, expectFindings, type Printed } from "../support/findings";
import { startMonitor } from "../support/monitor";
import { ISSUER, startIssuer, tokenOf } from "../support/issuer-server";
import { trustPolicy } from "../support/policies";

const bin = join(__dirname, "../../bin");
const NAME = "pulumi-resource-aws-gitlab-oidc";

/** A running plugin. */
interface Plugin {
    readonly process: ChildProcessByStdio<null, Readable, Readable>;
    readonly client: ResourceProviderClient;
    /** What it has written to stderr so far. */
    errors(): string;
}

const running: Plugin[] = [];

async function start(executable = join(bin, NAME), args = ["127.0.0.1:1"], env = process.env): Promise<Plugin> {
    const child = spawn(executable, args, { stdio: ["ignore", "pipe", "pipe"], cwd: tmpdir(), env });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    expect(line).to.match(/^\d+$/);
    const client = new ResourceProviderClient(`127.0.0.1:${line}`, credentials.createInsecure());
    const plugin = { process: child, client, errors: () => errors };
    running.push(plugin);
    return plugin;
}

/** The answer to a call, or the error. */
function answer<R>(call: (callback: (error: ServiceError | null, response: R) => void) => unknown): Promise<R> {
    return new Promise((resolve, reject) => {
        call((error, response) => (error === null ? resolve(response) : reject(error)));
    });
}

async function getSchema({ client }: Plugin): Promise<unknown> {
    const request = new messages.GetSchemaRequest();
    const response = await answer<messages.GetSchemaResponse>((callback) => client.getSchema(request, callback));
    return JSON.parse(response.getSchema());
}

const PROVIDER = "arn:aws:iam::111122223333:oidc-provider/gitlab.example.com";
const ROLE = { providerArn: PROVIDER, gitlabVersion: "19.1" };
const SUB = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const POLICY = trustPolicy(
    { StringEquals: { "gitlab.example.com:aud": "https://gitlab.example.com" } },
    "gitlab.example.com",
);
const TRUST =
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"${PROVIDER}"},"Action":"sts:AssumeRoleWithWebIdentity",` +
    `"Condition":{"StringEquals":{"gitlab.example.com:aud":"https://gitlab.example.com","gitlab.example.com:sub":"${SUB}"}}}]}`;

/** How the engine marks what is not a plain value. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown): object => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const output = (value?: unknown): object => ({
    [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
    ...(value !== undefined && { value, secret: true }),
    dependencies: ["urn:pulumi:dev::x::aws:iam/role:Role::r"],
});

/** The failures of a call, which the engine prints as `PROPERTY: REASON`. */
function expectFailures(failures: readonly (readonly [string, string])[], expected: readonly Printed[]): void {
    expectFindings(
        failures.map(([property, reason]) => `${property}: ${reason}`),
        expected,
    );
    for (const [, reason] of failures) {
        expect(reason.split("\n")).to.have.length(2);
    }
}

/** The only one of `findings` has all that a finding has. */
function expectFinding(findings: readonly object[], [id, severity, path]: readonly string[]): void {
    expect(findings).to.have.length(1);
    expect(findings[0]).to.have.all.keys("id", "severity", "path", "message", "fix");
    expect(findings[0]).to.include({ id, severity, path });
    expect(findings[0]).to.have.property("message").not.empty;
    expect(findings[0]).to.have.property("fix").not.empty;
}

describe("plugin", function () {
    let plugin: Plugin;
    before(async () => {
        // The checks of an issuer measure how long it takes.
        plugin = await start(undefined, undefined, { ...process.env, NODE_OPTIONS: STOPPED_CLOCK });
    });
    afterEach(() => expect(plugin.errors()).to.equal(""));
    after(() => {
        for (const { client, process } of running) {
            client.close();
            process.kill();
        }
    });

    function invokeRaw(tok: string, args: object): Promise<messages.InvokeResponse> {
        const request = new messages.InvokeRequest();
        request.setTok(tok);
        request.setArgs(Struct.fromJavaScript(args as Parameters<typeof Struct.fromJavaScript>[0]));
        return answer((callback) => plugin.client.invoke(request, callback));
    }

    async function invoke(
        name: string,
        args: object,
    ): Promise<{ outputs: unknown; failures: readonly (readonly [string, string])[] }> {
        const response = await invokeRaw(`aws-gitlab-oidc:index:${name}`, args);
        return {
            outputs: response.getReturn()?.toJavaScript(),
            failures: response.getFailuresList().map((f) => [f.getProperty(), f.getReason()] as const),
        };
    }

    it("serves schema.json with the version of the package", async () => {
        expect(await getSchema(plugin)).to.deep.equal({ ...schema, version: packageJson.version });
    });

    it("says its version", async () => {
        const info = await answer<PluginInfo>((callback) => plugin.client.getPluginInfo(new Empty(), callback));
        expect(info.getVersion()).to.equal(packageJson.version);
    });

    describe("functions", () => {
        it("getTrustPolicy", async () => {
            const subject = { project: "mygroup/myproject", branch: "main" };
            expect(await invoke("getTrustPolicy", { ...ROLE, subjects: [subject] })).to.deep.equal({
                outputs: { json: TRUST, warnings: [] },
                failures: [],
            });
            const tag = { project: "mygroup/myproject", tag: "v1" };
            const { outputs } = await invoke("getTrustPolicy", { ...ROLE, subjects: [tag] });
            const { json, warnings } = outputs as { json: string; warnings: readonly object[] };
            expect(json).to.equal(TRUST.replace("branch:ref:main", "tag:ref:v1"));
            expectFinding(warnings, ["unprotected-tag", "warning", "subjects[0].tag"]);
        });

        it("getGitlabCi", async () => {
            const { outputs, failures } = await invoke("getGitlabCi", {
                roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" },
                url: "https://gitlab.example.com",
            });
            expect(failures).to.deep.equal([]);
            expect(outputs).to.have.all.keys("yaml", "files", "warnings");
            const { yaml } = outputs as { yaml: string };
            expect(yaml).to.match(/^assume role deploy:$/m);
            expect(yaml).to.match(/^ {6}aud: "https:\/\/gitlab\.example\.com"$/m);
            expect(yaml).to.contain("--role-arn 'arn:aws:iam::111122223333:role/deploy'");
        });

        it("explainTrust", async () => {
            const claims = { iss: "https://gitlab.example.com", aud: "https://gitlab.example.com", sub: SUB };
            const aud = { operator: "StringEquals", key: "gitlab.example.com:aud" };
            const result = {
                allowed: true,
                statements: [
                    {
                        path: "Statement[0]",
                        effect: "Allow",
                        applies: true,
                        principalMatches: true,
                        actionMatches: true,
                        conditions: [{ ...aud, expected: [claims.aud], actual: claims.aud, met: true }],
                        causes: [],
                    },
                ],
            };
            for (const trustPolicy of [POLICY, JSON.stringify(POLICY)]) {
                expect(await invoke("explainTrust", { trustPolicy, claims })).to.deep.equal({
                    outputs: result,
                    failures: [],
                });
            }
        });

        it("lintTrustPolicy", async () => {
            const { outputs, failures } = await invoke("lintTrustPolicy", { trustPolicy: POLICY });
            expect(failures).to.deep.equal([]);
            expect(outputs).to.have.all.keys("findings", "unchecked");
            const { findings, unchecked } = outputs as { findings: readonly object[]; unchecked: readonly object[] };
            expectFinding(findings, ["no-subject", "error", "Statement[0].Condition"]);
            expect(unchecked).to.deep.equal([]);
        });

        it("describeTrustPolicy", async () => {
            expect(await invoke("describeTrustPolicy", { trustPolicy: TRUST })).to.deep.equal({
                outputs: {
                    description:
                        "The role trusts jobs of https://gitlab.example.com. The audience of the ID token must be https://gitlab.example.com.",
                    providerArn: PROVIDER,
                    url: "https://gitlab.example.com",
                    audiences: ["https://gitlab.example.com"],
                    subjects: [
                        {
                            description: "Jobs of the project mygroup/myproject on the branch main",
                            project: "mygroup/myproject",
                            branch: "main",
                        },
                    ],
                    notes: [],
                    unexplained: [],
                },
                failures: [],
            });
        });
    });

    describe("checkIssuer", () => {
        it("checks an issuer and gives every check, with a secret token", async () => {
            const server = await startIssuer();
            const { root } = await authority();
            const now = Math.floor(Date.now() / 1000);
            const token = tokenOf({ iss: ISSUER, aud: "sts", sub: "x", iat: now - 5, exp: now + 86_400 });
            try {
                const { outputs, failures } = await invoke("checkIssuer", {
                    url: ISSUER,
                    connectTo: `127.0.0.1:${String(server.port)}`,
                    certificateAuthorities: root.pem,
                    token: secret(token),
                    audience: "sts",
                    attempts: 1,
                });
                expect(failures).to.deep.equal([]);
                const { ok, checks } = outputs as CheckIssuerResult;
                expect(ok).to.equal(true);
                expect(checks.map(({ id }) => id)).to.deep.equal(CHECK_IDS);
                expect(checks[0]).to.have.all.keys("id", "status", "message");
                expect(checks[0]).to.include({ id: "url", status: "pass" }).and.to.have.property("message").not.empty;
                const skipped = checks.filter(({ status }) => status !== "pass").map(({ id }) => id);
                expect(skipped).to.deep.equal(["dns", "addresses", "every-address"]);
                expect(JSON.stringify(outputs)).not.to.contain(token.split(".")[2]!.slice(0, 12));
            } finally {
                await server.close();
            }
        });

        it("tells what is wrong with an issuer as a result, and what with the arguments as failures", async () => {
            const { outputs, failures } = await invoke("checkIssuer", { url: "http://gitlab.example.com" });
            expect(failures).to.deep.equal([]);
            const { ok, checks } = outputs as CheckIssuerResult;
            expect([ok, checks[0]!.id, checks[0]!.status]).to.deep.equal([false, "url", "fail"]);
            const refused = await invoke("checkIssuer", { url: ISSUER, connectTo: "x", timeout: 0 });
            expect(refused.outputs).to.deep.equal({});
            expectFailures(refused.failures, [
                ["timeout", "issuer-option", "0", "600"],
                ["connectTo", "issuer-option", '"x"'],
            ]);
        });
    });

    describe("refuses arguments, each with property and reason", () => {
        for (const [name, args, failures] of [
            [
                "getTrustPolicy",
                { providerArn: "x", subjects: [{ project: "mygroup/myproject", branch: "a b" }], acept: [] },
                [
                    ["acept", "unknown-property", "accept"],
                    ["providerArn", "provider-arn", '"x"'],
                    ["subjects[0].branch", "ref-name", '"a b"'],
                ],
            ],
            [
                "getTrustPolicy",
                {
                    providerArn: PROVIDER,
                    subjects: [{ project: "mygroup/myproject", branch: "main", merge_requests: true, brnch: "x" }],
                },
                [
                    [
                        "subjects[0].merge_requests",
                        "unknown-property",
                        "Did you mean mergeRequests? In Python, pass an object of the class instead of a dictionary, for example Subject:",
                    ],
                    ["subjects[0].brnch", "unknown-property", "Did you mean branch, which is already set?"],
                ],
            ],
            [
                "getTrustPolicy",
                { providerArn: PROVIDER, subjects: [], accept: ["all"] },
                [
                    ["accept[0]", "accept", '"all"'],
                    ["subjects", "no-subject"],
                ],
            ],
            [
                "getGitlabCi",
                { roleArns: { deploy: "deploy" }, url: 5 },
                [
                    ["url", "wrong-type", '"5"'],
                    ['roleArns["deploy"]', "role-arn", '"deploy"'],
                ],
            ],
            [
                "explainTrust",
                {},
                [
                    ["trustPolicy", "required", "`trustPolicy`", "`role`"],
                    ["claims", "required", "`claims`", "`token`"],
                ],
            ],
            ["lintTrustPolicy", { trustPolicy: POLICY, accept: ["any"] }, [["accept[0]", "accept", '"any"']]],
            ["describeTrustPolicy", { trustPolicy: "x" }, [["", "policy-document", "is not JSON"]]],
        ] as readonly (readonly [string, object, readonly Printed[]])[]) {
            it(`${name} ${failures.map(([property]) => property).join(", ")}`, async () => {
                expectFailures((await invoke(name, args)).failures, failures);
            });
        }
    });

    it("answers a call of an unknown function in one sentence", async () => {
        for (const tok of [
            "aws-gitlab-oidc:index:getRole",
            "aws-gitlab-oidc:index:constructor",
            "aws-gitlab-oidc:index:__proto__",
            "aws-gitlab-oidc:other:getTrustPolicy",
            "getTrustPolicy",
            "",
        ]) {
            const failures = (await invokeRaw(tok, {})).getFailuresList();
            expect(failures.map((f) => [f.getProperty(), f.getReason()])).to.deep.equal([
                [
                    tok,
                    "is not a function of this package. Functions are getTrustPolicy, explainTrust, lintTrustPolicy, describeTrustPolicy, getGitlabCi, getOrganizationGuardrail, checkIssuer, checkProject, lookupProject.",
                ],
            ]);
        }
    });

    it("answers the construction of an unknown resource in one sentence", async () => {
        const request = new messages.ConstructRequest();
        request.setType("aws-gitlab-oidc:index:Nothing");
        request.setName("x");
        request.setInputs(Struct.fromJavaScript({}));
        const error = await answer<messages.ConstructResponse>((callback) =>
            plugin.client.construct(request, callback),
        ).then(
            () => undefined,
            (e: unknown) => e as ServiceError,
        );
        expect(error?.details).to.match(/^[^\n]+$/);
    });

    describe("markers of the engine", () => {
        it("secrets and outputs, at any depth, are what they hold", async () => {
            for (const mark of [secret, output]) {
                const subject = { project: mark("mygroup/myproject"), branch: mark(secret("main")) };
                for (const args of [
                    { ...ROLE, providerArn: mark(PROVIDER), subjects: [subject] },
                    { ...ROLE, subjects: mark([mark(subject)]) },
                ]) {
                    expect(await invoke("getTrustPolicy", args)).to.deep.equal({
                        outputs: { json: TRUST, warnings: [] },
                        failures: [],
                    });
                }
            }
            const { failures, outputs } = await invoke("lintTrustPolicy", {
                trustPolicy: secret(JSON.stringify(POLICY)),
            });
            expect(failures).to.deep.equal([]);
            expect(JSON.stringify(outputs)).to.contain('"no-subject"');
        });

        it("a secret is not repeated in a failure", async () => {
            const subject = { project: secret("hidden project"), branch: "main" };
            const { failures } = await invoke("getTrustPolicy", { providerArn: PROVIDER, subjects: [subject] });
            expect(failures).to.deep.equal([
                [
                    "subjects[0].project",
                    `is a secret value and is therefore not shown. See the documentation of the rule. [gitlab-path]\n${addressLine("gitlab-path")}`,
                ],
            ]);
        });

        it("arguments that are nested too deep are refused without a stack", async () => {
            let deep: object = {};
            for (let i = 0; i < 300; i++) {
                deep = i % 2 === 0 ? { a: deep } : secret(deep);
            }
            const { failures } = await invoke("explainTrust", { trustPolicy: POLICY, claims: deep });
            expect(failures).to.have.length(1);
            const [path, why] = failures[0] as readonly [string, string];
            expect(path).to.match(/^claims(?:\.a){50}$/);
            expect(why).to.equal(`is nested too deeply. Use plain values. [wrong-type]\n${addressLine("wrong-type")}`);
        });

        it("values that are not known yet are refused, each by its path", async () => {
            const why = "is not known yet, and a function accepts known values only.";
            const subject = { project: UNKNOWN, branch: secret(UNKNOWN) };
            const { failures } = await invoke("getTrustPolicy", { providerArn: output(), subjects: [subject] });
            expect(failures).to.have.deep.members([
                ["providerArn", why],
                ["subjects[0].project", why],
                ["subjects[0].branch", why],
            ]);
        });
    });

    it("ends at SIGTERM", async () => {
        const { process: child } = await start();
        child.kill("SIGTERM");
        expect((await once(child, "exit")) as unknown).to.deep.equal([null, "SIGTERM"]);
    });

    const PACK = [
        "node",
        require.resolve("@pulumi/pulumi/cmd/run-policy-pack"),
        "127.0.0.1:1",
        join(bin, "policy-pack"),
    ];
    for (const [what, command] of [
        ["the plugin", [join(bin, NAME), "127.0.0.1:1"]],
        ["the policy pack", PACK],
    ] as const) {
        it(`${what} ends by itself when its parent is killed`, async function () {
            if (process.platform === "win32") {
                this.skip(); // a process there keeps the parent that it had
            }
            const starter = spawn("sh", ["-c", '"$@" & echo "pid $!"; wait', "sh", ...command], {
                stdio: ["ignore", "pipe", "inherit"],
            });
            const lines = createInterface(starter.stdout)[Symbol.asyncIterator]();
            const both = `${String((await lines.next()).value)} ${String((await lines.next()).value)}`;
            const pid = Number(/pid (\d+)/.exec(both)![1]);
            starter.kill("SIGKILL");
            while (isAlive(pid)) {
                await sleep(50);
            }
            expect(isAlive(pid)).to.equal(false);
        });
    }

    /** Puts the plugin into a folder of its own. */
    async function inFolder(
        use: (folder: string, startThere: (env?: NodeJS.ProcessEnv) => Promise<Plugin>) => Promise<void>,
    ): Promise<void> {
        const folder = mkdtempSync(join(tmpdir(), "a plug in "));
        try {
            for (const file of [NAME, "index.js", "plugin.js"]) {
                cpSync(join(bin, file), join(folder, file));
            }
            await use(folder, async (env) => {
                const other = await start(join(folder, NAME), undefined, env);
                expect(await getSchema(other)).to.have.property("name", "aws-gitlab-oidc");
                expect(other.errors()).to.equal("");
                return other;
            });
        } finally {
            rmSync(folder, { recursive: true, maxRetries: 5 });
        }
    }

    it("runs from a folder whose name has spaces", () =>
        inFolder(async (_, startThere) => {
            await startThere();
        }));

    describe("debugging messages of Pulumi's SDK", () => {
        async function debugMessages(flags: readonly string[]): Promise<number> {
            const monitor = await startMonitor();
            try {
                const { client } = await start(join(bin, NAME), [...flags, monitor.address]);
                const request = new messages.ConstructRequest();
                request.setProject("bench").setStack("dev").setParallel(16).setMonitorendpoint(monitor.address);
                request.setType("aws-gitlab-oidc:index:PipelineRole").setName("deploy");
                request.setInputs(
                    Struct.fromJavaScript({
                        ...ROLE,
                        subjects: [{ project: "mygroup/*", branch: "main" }],
                    }),
                );
                await answer<messages.ConstructResponse>((callback) => client.construct(request, callback));
                expect(monitor.registered()).to.equal(2);
                const bySeverity = (severity: LogSeverity): number =>
                    monitor.logged().filter((message) => message.getSeverity() === severity).length;
                expect(bySeverity(LogSeverity.WARNING), "the warning about mygroup/*").to.equal(1);
                return bySeverity(LogSeverity.DEBUG);
            } finally {
                monitor.stop();
            }
        }

        it("are not sent, warnings are", async () => {
            expect(await debugMessages([])).to.equal(0);
        });

        it("are sent to who starts the engine with --logflow -v=9", async () => {
            expect(await debugMessages(["-v=9"])).to.be.greaterThan(4);
        });
    });

    describe("compile cache", () => {
        const CACHE = ".compile-cache";
        const filesOf = (folder: string): readonly string[] =>
            readdirSync(join(folder, CACHE), { recursive: true, withFileTypes: true })
                .filter((entry) => entry.isFile())
                .map((entry) => join(entry.parentPath, entry.name));
        const BREAKS: Readonly<Record<string, (text: Buffer) => Buffer>> = {
            "is empty": () => Buffer.alloc(0),
            "ends early": (text) => text.subarray(0, text.length >> 1),
            "has a wrong byte": (text) => {
                const other = Buffer.from(text);
                other[text.length >> 1]! ^= 1;
                return other;
            },
        };

        it("is one file beside the plugin, there when the plugin is ready, and kept by the next start", () =>
            inFolder(async (folder, startThere) => {
                await startThere();
                const files = filesOf(folder);
                expect(files).to.have.length(1);
                const before = statSync(files[0]!);
                await startThere();
                expect(filesOf(folder)).to.deep.equal(files);
                const { ino, mtimeMs } = statSync(files[0]!);
                expect({ ino, mtimeMs }).to.deep.equal({ ino: before.ino, mtimeMs: before.mtimeMs });
            }));

        it("is written by two that start at the same time", () =>
            inFolder(async (folder, startThere) => {
                await Promise.all([startThere(), startThere()]);
                expect(filesOf(folder)).to.have.length(1);
            }));

        for (const [what, breakIt] of Object.entries(BREAKS)) {
            it(`is ignored where it ${what}, and written anew`, () =>
                inFolder(async (folder, startThere) => {
                    await startThere();
                    const [file] = filesOf(folder);
                    const broken = breakIt(readFileSync(file!));
                    writeFileSync(file!, broken);
                    await startThere();
                    expect(filesOf(folder)).to.deep.equal([file]);
                    expect(readFileSync(file!).equals(broken), "not written anew").to.equal(false);
                }));
        }

        it("is done without where it cannot be written", () =>
            inFolder(async (folder, startThere) => {
                writeFileSync(join(folder, CACHE), "");
                await startThere();
                expect(readFileSync(join(folder, CACHE), "utf8")).to.equal("");
            }));
    });

    it("says in one line that Node.js is missing", function () {
        if (process.platform === "win32") {
            this.skip();
        }
        const { status, stdout, stderr } = spawnSync(join(bin, NAME), [], {
            encoding: "utf8",
            env: { PATH: "/nonexistent" },
        });
        expect({ status, stdout, stderr }).to.deep.equal({
            status: 1,
            stdout: "",
            stderr: `${NAME} needs Node.js 22 or newer on PATH.\n`,
        });
    });
});

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
