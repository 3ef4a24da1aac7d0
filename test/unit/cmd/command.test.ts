import { expect } from "chai";
import { execFile, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { runCommand } from "../../../provider/cmd/command";
import { trustPolicy } from "../../support/policies";
import { SAYS } from "../../support/wording";
import { addressLine } from "../../support/findings";

const command = join(__dirname, "../../../bin/aws-gitlab-oidc");

const SUB = "project_path:mygroup/myproject:ref_type:branch:ref:main";
const CLAIMS = { iss: "https://gitlab.example.com", aud: "https://gitlab.example.com", sub: SUB };

function policy(condition: object, changes = {}): object {
    return trustPolicy(condition, "gitlab.example.com", changes);
}

const AUD = { "gitlab.example.com:aud": "https://gitlab.example.com" };
const SOUND = policy({ StringEquals: { ...AUD, "gitlab.example.com:sub": SUB } });
const WIDE = policy({
    StringEquals: AUD,
    StringLike: { "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:*" },
});
const TWO = policy({ StringEquals: { ...AUD, "gitlab.example.com:sub": [SUB, SUB.replace("main", "dev")] } });
const OPEN = policy({ StringEquals: AUD });
const OF_GITHUB = policy(
    { StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" } },
    { Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" } },
) as { Statement: readonly object[] };
const MIXED = { ...SOUND, Statement: [...(SOUND as typeof OF_GITHUB).Statement, ...OF_GITHUB.Statement] };
const ON_TAG = { ...CLAIMS, sub: SUB.replace("branch", "tag").replace("main", "v1") };

function tokenOf(claims: object): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.SIGNATURESIGNATURE`;
}

const TOKEN = tokenOf({ ...CLAIMS, iat: 1, exp: 4_102_444_800 });

interface Ran {
    readonly status: number | null;
    readonly out: string;
    readonly err: string;
}

describe("command", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "command-"));
        for (const [name, content] of Object.entries<string | object>({
            "sound.json": SOUND,
            "wide.json": WIDE,
            "two.json": TWO,
            "open.json": OPEN,
            "github.json": OF_GITHUB,
            "mixed.json": MIXED,
            "claims.json": CLAIMS,
            "on-tag.json": ON_TAG,
            token: `${TOKEN}\r\n`,
            "late-token": tokenOf({ ...CLAIMS, iat: 1, exp: 2 }),
            broken: "{",
            empty: " \n",
            null: "null",
            list: "[]",
            "twice.json": '{"iss":"https://gitlab.com","sub":"a","sub":"b"}',
            "no-iss.json": { sub: SUB },
            "deep.json": "[".repeat(100_000) + "]".repeat(100_000),
            "big.json": JSON.stringify("x".repeat(1_000_000)),
            "get-role.json": { Role: { RoleName: "deploy", AssumeRolePolicyDocument: SOUND } },
            "list-roles.json": {
                Roles: ["deploy", "plan"].map((name) => ({ RoleName: name, AssumeRolePolicyDocument: SOUND })),
            },
            "encoded-policy": `${encodeURIComponent(JSON.stringify(SOUND))}\n`,
            "bom-crlf.json": `\uFEFF${JSON.stringify(SOUND, null, 2).replaceAll("\n", "\r\n")}\r\n`,
            "bom-token": `\uFEFF${TOKEN}\r\n`,
            "hostile.json": { ...CLAIMS, sub: `${SUB}\u001b[2J\u202e\r\nAllowed` },
            "token-in-claims.json": { ...CLAIMS, aud: TOKEN },
            "token-as-json.json": JSON.stringify(TOKEN),
        })) {
            writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
        }
        writeFileSync(join(folder, "powershell.json"), `\uFEFF${JSON.stringify(SOUND)}\r\n`, "utf16le");
    });
    after(() => rmSync(folder, { recursive: true }));

    /** Runs the command with the names of files above as paths. */
    function run(line: string, { stdin = "", colour = false } = {}): Ran {
        const texts = { out: "", err: "" };
        const args = line.split(" ").map((arg) => arg.replace(/^@/, `${folder}/`));
        const status = runCommand(line === "" ? [] : args, {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => stdin,
            colour,
        }) as number;
        return { status, ...texts };
    }

    /** The result with the names of files as the tests write them. */
    function named({ status, out, err }: Ran): Ran {
        return { status, out: out.replaceAll(`${folder}/`, "@"), err: err.replaceAll(`${folder}/`, "@") };
    }

    /** The same with the file that users run. */
    function runFile(line: string, options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Ran {
        const args = line.split(" ").map((arg) => arg.replace(/^@/, `${folder}/`));
        const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", ...options });
        return { status, out: stdout, err: stderr };
    }

    describe("explain", () => {
        it("prints that a job is allowed: status 0", () => {
            expect(run("explain --trust-policy @sound.json --claims @claims.json")).to.deep.equal({
                status: 0,
                out: `Allowed: AWS would allow the job to assume the role.

Statement[0]: Allow, applies
  met      issuer
  met      action
  met      StringEquals gitlab.example.com:aud  https://gitlab.example.com
  met      StringEquals gitlab.example.com:sub  ${SUB}
`,
                err: "",
            });
        });

        it("prints why a job is denied, in aligned columns: status 1", () => {
            expect(run("explain --trust-policy @two.json --claims @on-tag.json")).to.deep.equal({
                status: 1,
                out: `Denied: AWS would not allow the job to assume the role.
  Error  ${SAYS.notAuthorized}
  Cause  ${SAYS.onTag("v1")}
  Fix    ${SAYS.addKind("tag", "branch")}

Statement[0]: Allow, does not apply
  met      issuer
  met      action
  met      StringEquals gitlab.example.com:aud  https://gitlab.example.com
  not met  StringEquals gitlab.example.com:sub  expected  project_path:mygroup/myproject:ref_type:branch:ref:main
                                                      or  project_path:mygroup/myproject:ref_type:branch:ref:dev
                                                  actual  project_path:mygroup/myproject:ref_type:tag:ref:v1
`,
                err: "",
            });
        });

        it("prints for each statement its issuer and action", () => {
            const other = policy({}, { Sid: "Other", Principal: { Federated: "x" }, Action: "sts:AssumeRole" });
            const { status, out } = run("explain --trust-policy - --claims @claims.json", {
                stdin: JSON.stringify(other),
            });
            expect(status).to.equal(1);
            expect(out.split("\n").slice(5)).to.deep.equal([
                "Statement[0] (Other): Allow, does not apply",
                `  not met  issuer  ${SAYS.otherIssuer("https://gitlab.example.com", '"x"')}`,
                `  not met  action  ${SAYS.otherAction("sts:AssumeRole")}`,
                "",
            ]);
        });

        it("reads a token, in a file or from standard input", () => {
            expect(run("explain --trust-policy @sound.json --token @token").status).to.equal(0);
            expect(run("explain --trust-policy @sound.json --token @bom-token").status).to.equal(0);
            expect(run("explain --trust-policy @sound.json --token -", { stdin: `${TOKEN}\n` }).status).to.equal(0);
            const late = run("explain --trust-policy @sound.json --token @late-token");
            expect(late.status).to.equal(1);
            expect(late.out).to.match(/^ {2}Error {2}.*\(ExpiredTokenException\)/m);
        });

        it("accepts values of further keys", () => {
            const fromOffice = policy({
                StringEquals: { ...AUD, "gitlab.example.com:sub": SUB },
                IpAddress: { "aws:SourceIp": "192.0.2.0/24" },
            });
            const line = "explain --trust-policy - --claims @claims.json";
            const stdin = JSON.stringify(fromOffice);
            expect(run(line, { stdin }).status).to.equal(1);
            expect(run(`${line} --context aws:SourceIp=192.0.2.7`, { stdin }).status).to.equal(0);
            expect(run(`${line} --context aws:SourceIp=198.51.100.7`, { stdin }).status).to.equal(1);
        });

        it("reads the trust policy as an argument, the same as --trust-policy", () => {
            for (const file of ["sound.json", "two.json", "get-role.json"]) {
                expect(run(`explain @${file} --claims @on-tag.json`), file).to.deep.equal(
                    run(`explain --trust-policy @${file} --claims @on-tag.json`),
                );
            }
            expect(run("explain - --claims @claims.json", { stdin: JSON.stringify(SOUND) }).status).to.equal(0);
        });

        it("--json gives the result of explainTrust", () => {
            const { status, out, err } = run("explain --json --trust-policy @sound.json --claims @on-tag.json");
            expect({ status, err }).to.deep.equal({ status: 1, err: "" });
            const [aud, sub] = [
                { operator: "StringEquals", key: "gitlab.example.com:aud" },
                { operator: "StringEquals", key: "gitlab.example.com:sub" },
            ];
            const why = {
                cause: SAYS.onTag("v1"),
                fix: SAYS.addKind("tag", "branch"),
            };
            expect(JSON.parse(out)).to.deep.equal({
                allowed: false,
                error: SAYS.notAuthorized,
                ...why,
                statements: [
                    {
                        path: "Statement[0]",
                        effect: "Allow",
                        applies: false,
                        principalMatches: true,
                        actionMatches: true,
                        conditions: [
                            { ...aud, expected: [CLAIMS.aud], actual: CLAIMS.aud, met: true },
                            { ...sub, expected: [SUB], actual: ON_TAG.sub, met: false },
                        ],
                        causes: [why],
                    },
                ],
            });
            const allowed = run("explain --json --trust-policy @sound.json --claims @claims.json");
            expect(allowed.status).to.equal(0);
            expect(JSON.parse(allowed.out)).to.have.property("allowed", true);
        });
    });

    describe("lint", () => {
        it("finds nothing: status 0", () => {
            expect(run("lint --trust-policy @sound.json")).to.deep.equal({
                status: 0,
                out: "No problems found\n",
                err: "",
            });
        });

        it("finds a warning: status 0", () => {
            expect(run("lint --trust-policy @wide.json")).to.deep.equal({
                status: 0,
                out: `warning  any-branch  Statement[0].Condition["StringLike"]["gitlab.example.com:sub"]
         ${SAYS.anyBranch}
         Fix: ${SAYS.orProtectBranches(SAYS.endProtected)}
         Help: ${addressLine("any-branch", "")}

0 errors, 1 warning
`,
                err: "",
            });
            expect(run("lint --trust-policy @wide.json --accept any-branch").out).to.equal("No problems found\n");
        });

        it("finds an error: status 1", () => {
            expect(run("lint --trust-policy @open.json")).to.deep.equal({
                status: 1,
                out: `error    no-subject  Statement[0].Condition
         ${SAYS.notTested("gitlab.example.com:sub")}
         Fix: Add "StringEquals": { "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.
         Help: ${addressLine("no-subject", "")}

1 error, 0 warnings
`,
                err: "",
            });
        });

        it("lists what it does not check: status 0 if the rest is valid", () => {
            expect(run("lint --trust-policy @mixed.json")).to.deep.equal({
                status: 0,
                out: `skipped  not checked  Statement[1]
         ${SAYS.notGitLab("token.actions.githubusercontent.com (GitHub Actions)")}

0 errors, 0 warnings, 1 statement not checked
`,
                err: "",
            });
        });

        it("checks nothing of a policy that is not for GitLab: status 2, and 1 with --url", () => {
            expect(run("lint --trust-policy @github.json")).to.deep.equal({
                status: 2,
                out: `skipped  not checked  Statement[0]
         ${SAYS.notGitLab("token.actions.githubusercontent.com (GitHub Actions)")}

Nothing was checked: no statement of this policy trusts a GitLab instance. If one should, add --url URL.
0 errors, 0 warnings, 1 statement not checked
`,
                err: "",
            });
            const { status, out } = run("lint --trust-policy @github.json --json");
            expect(status).to.equal(2);
            expect(JSON.parse(out)).to.deep.equal({
                findings: [],
                unchecked: [
                    {
                        path: "Statement[0]",
                        reason: SAYS.notGitLab("token.actions.githubusercontent.com (GitHub Actions)"),
                    },
                ],
            });
            const held = run("lint --trust-policy @github.json --url https://gitlab.com");
            expect(held.status).to.equal(1);
            expect(held.out).to.match(/^error {4}provider-arn {2}Statement\[0\]\.Principal$/m);
            expect(held.out).to.match(/^1 error, 0 warnings, 1 statement not checked$/m);
        });

        it("--url is held against the policy", () => {
            const { status, out } = run("lint --trust-policy @sound.json --url https://gitlab.com");
            expect(status).to.equal(1);
            expect(out).to.match(/^error {4}provider-arn {2}Statement\[0\]\.Principal\.Federated$/m);
        });

        it("--json gives the result of lintTrustPolicy", () => {
            const { status, out } = run("lint --json --trust-policy @wide.json");
            expect(status).to.equal(0);
            expect(JSON.parse(out)).to.deep.equal({
                findings: [
                    {
                        id: "any-branch",
                        severity: "warning",
                        path: 'Statement[0].Condition["StringLike"]["gitlab.example.com:sub"]',
                        message: SAYS.anyBranch,
                        fix: SAYS.orProtectBranches(SAYS.endProtected),
                    },
                ],
                unchecked: [],
            });
            expect(JSON.parse(run("lint --json --trust-policy @sound.json").out)).to.deep.equal({
                findings: [],
                unchecked: [],
            });
        });

        it("reads files as arguments, the same as --trust-policy", () => {
            for (const file of ["sound.json", "wide.json", "open.json", "github.json"]) {
                expect(run(`lint @${file}`), file).to.deep.equal(run(`lint --trust-policy @${file}`));
            }
            expect(run("lint -", { stdin: JSON.stringify(SOUND) })).to.include({ status: 0, err: "" });
        });

        it("--fail-on warning: a warning is status 1, and error is the default", () => {
            const [warning, error, none] = [
                "lint @wide.json --fail-on warning",
                "lint @wide.json --fail-on error",
                "lint @wide.json",
            ].map((line) => run(line));
            expect(warning).to.deep.equal({ ...none!, status: 1 });
            expect(error).to.deep.equal(none);
            expect(run("lint @wide.json --fail-on warning --accept any-branch").status).to.equal(0);
            expect(run("lint @wide.json --fail-on warning --json").status).to.equal(1);
            expect(run("lint @sound.json --fail-on warning").status).to.equal(0);
            expect(run("lint @open.json --fail-on error").status).to.equal(1);
        });

        describe("several files", () => {
            it("are each named: the highest status of all", () => {
                expect(named(run("lint @sound.json @wide.json @open.json"))).to.deep.equal({
                    status: 1,
                    out: `@sound.json
No problems found

@wide.json
warning  any-branch  Statement[0].Condition["StringLike"]["gitlab.example.com:sub"]
         ${SAYS.anyBranch}
         Fix: ${SAYS.orProtectBranches(SAYS.endProtected)}
         Help: ${addressLine("any-branch", "")}

0 errors, 1 warning

@open.json
error    no-subject  Statement[0].Condition
         ${SAYS.notTested("gitlab.example.com:sub")}
         Fix: Add "StringEquals": { "gitlab.example.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main" }.
         Help: ${addressLine("no-subject", "")}

1 error, 0 warnings

3 files: 1 error, 1 warning
`,
                    err: "",
                });
                expect(run("lint @sound.json @wide.json").status).to.equal(0);
                expect(run("lint @sound.json @wide.json --fail-on warning").status).to.equal(1);
                expect(run("lint @open.json @github.json").status).to.equal(2);
            });

            it("--json has the file in each entry", () => {
                const { status, out, err } = named(run("lint --json @sound.json @wide.json @github.json"));
                expect({ status, err }).to.deep.equal({ status: 2, err: "" });
                expect(JSON.parse(out)).to.deep.equal({
                    findings: [
                        {
                            file: "@wide.json",
                            id: "any-branch",
                            severity: "warning",
                            path: 'Statement[0].Condition["StringLike"]["gitlab.example.com:sub"]',
                            message: SAYS.anyBranch,
                            fix: SAYS.orProtectBranches(SAYS.endProtected),
                        },
                    ],
                    unchecked: [
                        {
                            file: "@github.json",
                            path: "Statement[0]",
                            reason: SAYS.notGitLab("token.actions.githubusercontent.com (GitHub Actions)"),
                        },
                    ],
                });
            });

            it("one that cannot be read does not hide the others: status 2", () => {
                const { status, out, err } = named(run("lint @missing @wide.json @broken"));
                expect(status).to.equal(2);
                expect(out).to.match(/^@wide\.json\nwarning {2}any-branch /);
                expect(err).to.match(
                    /^aws-gitlab-oidc: "@missing" cannot be read: no such file or directory\.\naws-gitlab-oidc: "@broken" is not JSON: .*\.\n$/,
                );
            });

            it("one can be standard input", () => {
                const { out } = named(run("lint @sound.json -", { stdin: JSON.stringify(OPEN) }));
                expect(out)
                    .to.contain("\nstandard input\nerror    no-subject")
                    .and.to.match(/2 files: 1 error, 0 warnings\n$/);
            });

            it("a warning that is accepted in one of them is not unused in the others", () => {
                expect(run("lint @sound.json @wide.json --accept any-branch --fail-on warning").status).to.equal(0);
                const unused = named(run("lint @sound.json @open.json --accept any-branch"));
                expect(unused.out.match(/^warning {2}unused-accept /gm)).to.have.length(2);
            });
        });

        it("reads files as Windows writes them", () => {
            for (const file of ["bom-crlf.json", "powershell.json"]) {
                expect(run(`lint --trust-policy @${file}`), file).to.include({ status: 0, err: "" });
            }
        });

        it("reads the output of aws iam get-role, and a policy as IAM's API has it", () => {
            for (const file of ["get-role.json", "encoded-policy"]) {
                expect(run(`lint --trust-policy @${file}`), file).to.include({ status: 0, err: "" });
                const explained = run(`explain --trust-policy @${file} --claims @claims.json`);
                expect(explained, file).to.include({ status: 0, err: "" });
                expect(explained.out, file).to.contain("\nStatement[0]: Allow, applies\n");
            }
            expect(run("lint --trust-policy @list-roles.json").out).to.match(
                /^error {4}policy-document\n {9}.* "deploy", "plan"\.\n/,
            );
        });

        it("reports JSON that is not a policy", () => {
            for (const [file, said] of [
                ["null", SAYS.jsonNotObject],
                ["list", SAYS.jsonNotObject],
                ["deep.json", "is nested more than 64 levels deep"],
            ] as const) {
                const { status, out } = run(`lint --trust-policy @${file}`);
                expect(status, file).to.equal(1);
                expect(out.split("\n").slice(0, 2), file).to.deep.equal([
                    "error    policy-document",
                    `         The trust policy ${said}.`,
                ]);
            }
        });
    });

    describe("input that cannot be used", () => {
        const EXPLAIN_HELP = "Help: aws-gitlab-oidc help explain";
        const LINT_HELP = "Help: aws-gitlab-oidc help lint";
        const NO_POLICY = "the trust policy (FILE or --trust-policy FILE)";
        const NO_CLAIMS = "the job's claims, ID token or event (--claims FILE, --token FILE or --event FILE)";
        const policyOf = "explain --trust-policy @sound.json";
        for (const [line, message] of [
            ["lint", `Missing: ${NO_POLICY}. ${LINT_HELP}`],
            ["lint --trust-policy", `--trust-policy requires a value: --trust-policy FILE. ${LINT_HELP}`],
            ["lint --trust-policy --json", `--trust-policy requires a value: --trust-policy FILE. ${LINT_HELP}`],
            ["lint --json=yes", `--json does not accept a value. ${LINT_HELP}`],
            [
                "lint --tust-policy x",
                `lint does not have the option "--tust-policy". Did you mean --trust-policy? ${LINT_HELP}`,
            ],
            ["lint --nonsense x", `lint does not have the option "--nonsense". ${LINT_HELP}`],
            ["lint @missing", '"@missing" cannot be read: no such file or directory.'],
            ["lint -", "Standard input is empty."],
            [
                "lint @sound.json --trust-policy @sound.json",
                `FILE and --trust-policy FILE cannot be used together. ${LINT_HELP}`,
            ],
            [
                "lint - @sound.json -",
                "Two arguments are -. Standard input can be read once: use a file for one of them.",
            ],
            [
                "lint @sound.json --fail-on warnings",
                `--fail-on "warnings" is not error or warning. Did you mean warning? ${LINT_HELP}`,
            ],
            ["lint @sound.json --fail-on", `--fail-on requires a value: --fail-on error|warning. ${LINT_HELP}`],
            ["explain -x", `explain does not have the option "-x". ${EXPLAIN_HELP}`],
            ["lint --trust-policy @missing", '--trust-policy "@missing" cannot be read: no such file or directory.'],
            ["lint --trust-policy @.", '--trust-policy "@." cannot be read: it is a directory.'],
            ["lint --trust-policy @big.json", '--trust-policy "@big.json" cannot be read: it has more than 1 MB.'],
            ["lint --trust-policy @empty", '--trust-policy "@empty" is empty.'],
            ["lint --trust-policy -", "--trust-policy from standard input is empty."],
            [
                'lint --trust-policy {"Statement":[]}',
                '--trust-policy "{\\"Statement\\":[]}" cannot be read: no such file or directory. Use the name of a file, or - and the text on standard input.',
            ],
            [
                "lint --trust-policy @sound.json --accept any",
                /^1 problem with the inputs:\n {2}- --accept: "any" .*\[accept\]\n {6}https:\S+#accept$/,
            ],
            [
                "lint --trust-policy @broken",
                /^--trust-policy "@broken" is not JSON: Expected property name or '}' in JSON at position 1 .*\.$/,
            ],
            ["explain", `Missing: ${NO_POLICY}, and ${NO_CLAIMS}. ${EXPLAIN_HELP}`],
            [policyOf, `Missing: ${NO_CLAIMS}. ${EXPLAIN_HELP}`],
            [`${policyOf} --claims x --token y`, `--claims and --token cannot be used together. ${EXPLAIN_HELP}`],
            ["explain --claims @claims.json", `Missing: ${NO_POLICY}. ${EXPLAIN_HELP}`],
            ["explain @a @b --claims x", `explain accepts one FILE, not 2: "@a", "@b". ${EXPLAIN_HELP}`],
            [
                "explain - --claims -",
                "The argument - and --claims both read standard input. Standard input can be read once: use a file for one of them.",
            ],
            ["explain --trust-policy - --claims -", SAYS.bothFromInput("trust-policy", "claims")],
            ["explain --trust-policy - --token -", SAYS.bothFromInput("trust-policy", "token")],
            [
                "explain --trust-policy @claims.json --claims @sound.json",
                '--trust-policy "@claims.json" contains claims, and --claims "@sound.json" contains a trust policy. Swap the two.',
            ],
            [
                "explain --trust-policy @claims.json --claims @get-role.json",
                '--trust-policy "@claims.json" contains claims, and --claims "@get-role.json" contains a trust policy. Swap the two.',
            ],
            [
                "explain --trust-policy @sound.json --claims @sound.json",
                '--claims "@sound.json" contains a trust policy. Use the claims of the job\'s ID token.',
            ],
            [
                "explain --trust-policy @list-roles.json --claims @claims.json",
                `1 problem with the inputs:\n  - ${SAYS.severalPolicies("2", '"deploy", "plan"')} ${SAYS.giveOneRole("deploy")} [policy-document]\n${addressLine("policy-document", "      ")}`,
            ],
            [`${policyOf} --claims @list`, '--claims "@list" is not a JSON object of claims.'],
            [`${policyOf} --claims @twice.json`, '--claims "@twice.json" has "sub" twice. Keep only one of them.'],
            [`${policyOf} --claims @null`, '--claims "@null" is not a JSON object of claims.'],
            [
                `${policyOf} --claims @token`,
                '--claims "@token" is not JSON. It looks like an ID token: use --token instead of --claims.',
            ],
            [
                `${policyOf} --claims @no-iss.json`,
                `1 problem with the inputs:\n  - claims.iss: ${SAYS.issuerMissing} [claims]\n${addressLine("claims", "      ")}`,
            ],
            [
                `${policyOf} --token @claims.json`,
                /^1 problem with the inputs:\n {2}- token: .*\[token\]\n {6}https:\S+#token$/,
            ],
            [`${policyOf} --claims @claims.json --context x`, '--context "x" is not KEY=VALUE.'],
            [`${policyOf} --claims @claims.json --context =x`, '--context "=x" is not KEY=VALUE.'],
        ] as readonly (readonly [string, string | RegExp])[]) {
            it(`${line}: status 2`, () => {
                const { status, out, err } = run(line);
                expect({ status, out }).to.deep.equal({ status: 2, out: "" });
                const said = err.replaceAll(`${folder}/`, "@");
                if (typeof message === "string") {
                    expect(said).to.equal(`aws-gitlab-oidc: ${message}\n`);
                } else {
                    expect(said.replace(/^aws-gitlab-oidc: /, "").trimEnd()).to.match(message);
                }
            });
        }

        for (const [line, message] of [
            ["", "The command is missing."],
            ["lnit", '"lnit" is not a command. Did you mean lint?'],
            ["explane", '"explane" is not a command. Did you mean explain?'],
            ["versoin", '"versoin" is not a command. Did you mean version?'],
            ["help docter", '"docter" is not a command. Did you mean doctor?'],
            ["explane --help", '"explane" is not a command. Did you mean explain?'],
            ["constructor", '"constructor" is not a command.'],
            ["--nonsense", '"--nonsense" is not an option.'],
        ] as const) {
            it(`${line === "" ? "no command" : line}: status 2, one line, and where the help is`, () => {
                expect(run(line)).to.deep.equal({
                    status: 2,
                    out: "",
                    err: `aws-gitlab-oidc: ${message} Help: aws-gitlab-oidc help\n`,
                });
            });
        }
    });

    describe("a token", () => {
        const sound = "explain --trust-policy @sound.json";
        for (const [title, line] of [
            ["allowed", `${sound} --token @token`],
            ["allowed, as JSON", `${sound} --token @token --json`],
            ["refused", "explain --trust-policy @two.json --token @token --context x=y"],
            ["expired", `${sound} --token @late-token`],
            ["given in place of its file", `${sound} --token ${TOKEN}`],
            ["given in place of its file, after =", `${sound} --token=${TOKEN}`],
            ["given as claims", `${sound} --claims @token`],
            ["given as claims, in quotes", `${sound} --claims @token-as-json.json`],
            ["given as the trust policy", "lint --trust-policy @token"],
            ["given as the trust policy, in quotes", "lint --trust-policy @token-as-json.json"],
            ["given as an argument", `explain ${TOKEN}`],
            ["given as a command", TOKEN],
            ["given as an option", `explain --${TOKEN}`],
            ["given as an id", `lint --trust-policy @sound.json --accept ${TOKEN}`],
            ["given as the url", `lint --trust-policy @sound.json --url ${TOKEN}`],
            ["given as context", `${sound} --claims @claims.json --context ${TOKEN}`],
            ["in the claims", `${sound} --claims @token-in-claims.json`],
            ["in the claims, as JSON", `${sound} --claims @token-in-claims.json --json`],
        ] as const) {
            it(`is never printed: ${title}`, () => {
                const { out, err } = run(line);
                expect(out + err).not.to.equal("");
                for (const part of TOKEN.split(".")) {
                    expect(out + err).not.to.contain(part.slice(0, 12));
                }
            });
        }
    });

    describe("colour", () => {
        const REFUSED = "explain --trust-policy @two.json --claims @on-tag.json";
        const ESC = "\u001b[";

        it("marks what matters, and changes nothing else", () => {
            const lines = [REFUSED, "lint --trust-policy @wide.json", "lint --trust-policy @open.json"];
            for (const line of lines) {
                const [plain, coloured] = [run(line), run(line, { colour: true })];
                expect(coloured.out).to.contain(ESC);
                expect(stripVTControlCharacters(coloured.out)).to.equal(plain.out);
            }
            const { out } = run(REFUSED, { colour: true });
            expect(out)
                .to.contain(`${ESC}31mDenied: AWS would not allow the job to assume the role.${ESC}39m`)
                .and.to.contain(`${ESC}32mmet    ${ESC}39m`);
        });

        it("is never in JSON", () => {
            expect(run(`${REFUSED} --json`, { colour: true }).out).not.to.contain(ESC);
        });

        it("does not come from the input", () => {
            const { out } = run("explain --trust-policy @sound.json --claims @hostile.json");
            expect(out).to.contain("ref:main\\u001b[2J\\u202e\\u000d\\u000aAllowed");
            expect(out).not.to.match(/[\r\u202e]/);
            expect(out).not.to.contain(ESC);
        });
    });

    describe("as a file", () => {
        it("gives statuses, output and errors as in process", () => {
            for (const line of [
                "explain --trust-policy @sound.json --claims @claims.json",
                "explain --trust-policy @two.json --claims @on-tag.json",
                "explain --trust-policy @two.json --claims @on-tag.json --json",
                "lint --trust-policy @open.json",
                "lint --trust-policy @missing",
                "lint --nothing",
            ]) {
                expect(runFile(line), line).to.deep.equal(run(line));
            }
        });

        it("reads standard input, at once or slowly", async () => {
            expect(runFile("lint --trust-policy -", { input: JSON.stringify(SOUND) }).status).to.equal(0);
            const child = spawn(command, ["lint", "--trust-policy", "-"], { stdio: ["pipe", "ignore", "inherit"] });
            const ended = new Promise((resolve) => child.once("exit", resolve));
            const text = JSON.stringify(SOUND);
            child.stdin.write(text.slice(0, 50));
            await sleep(300);
            child.stdin.end(text.slice(50));
            expect(await ended).to.equal(0);
        });

        it("ends at input without end", function () {
            if (process.platform === "win32") {
                this.skip();
            }
            expect(runFile("lint --trust-policy /dev/zero")).to.deep.equal({
                status: 2,
                out: "",
                err: 'aws-gitlab-oidc: --trust-policy "/dev/zero" cannot be read: it has more than 1 MB.\n',
            });
        });

        /** Runs a line of shell in the folder, `$0` being the command. */
        function shell(line: string): Promise<Ran> {
            return new Promise((resolve) => {
                execFile("sh", ["-c", line, command], { cwd: folder }, (error, out, err) =>
                    resolve({ status: error === null ? 0 : Number(error.code), out, err }),
                );
            });
        }

        it("has no color in a pipe, even with FORCE_COLOR", async () => {
            const { out } = await shell('FORCE_COLOR=1 "$0" lint --trust-policy open.json | cat');
            expect(out).to.contain("no-subject").and.not.to.contain("\u001b");
        });

        it("keeps its status if nobody reads the output, without a message", async () => {
            for (const end of ["head -n 0", ":"]) {
                const { out, err } = await shell(
                    `{ "$0" lint --trust-policy open.json; echo "status $?" >&2; } | { ${end}; }`,
                );
                expect({ out, err }, end).to.deep.equal({ out: "", err: "status 1\n" });
            }
        });

        it("reports in one line that its output cannot be written", async function () {
            if (process.platform !== "linux") {
                this.skip();
            }
            expect(await shell('"$0" lint --trust-policy open.json > /dev/full')).to.deep.equal({
                status: 2,
                out: "",
                err: "aws-gitlab-oidc: the output cannot be written: ENOSPC: no space left on device, write\n",
            });
        });

        it("has colour at a terminal, and none with NO_COLOR", function () {
            const atTerminal = (env: NodeJS.ProcessEnv): Ran => {
                const args = ["-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)", command];
                const { status, stdout, stderr } = spawnSync(
                    "python3",
                    [...args, "lint", "--trust-policy", join(folder, "open.json")],
                    { encoding: "utf8", env: { ...process.env, ...env }, input: "" },
                );
                return { status, out: stdout, err: stderr };
            };
            if (process.platform === "win32") {
                this.skip();
            }
            const coloured = atTerminal({ NO_COLOR: undefined });
            expect(coloured.out).to.contain("\u001b[31merror  \u001b[39m");
            expect(coloured.status).to.equal(1);
            const plain = atTerminal({ NO_COLOR: "1" });
            expect(plain.out).to.contain("error    no-subject");
            expect(plain.out).not.to.contain("\u001b");
            expect(atTerminal({ NO_COLOR: "" }).out).to.contain("\u001b[31m");
        });

        it("reads standard input that is a file", () => {
            const file = openSync(join(folder, "sound.json"), "r");
            try {
                const { status } = spawnSync(command, ["lint", "--trust-policy", "-"], {
                    stdio: [file, "ignore", "inherit"],
                });
                expect(status).to.equal(0);
            } finally {
                closeSync(file);
            }
        });
    });
});
