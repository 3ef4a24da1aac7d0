import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { runCommand } from "../../../provider/cmd/command";
import type { CheckProjectResult } from "../../../provider/contract/types";
import { authority } from "../../support/certificates";
import { StoppedClock } from "../../support/clock";
import { DEVELOPERS, MAINTAINERS, startGitLab, type FakeGitLab, type GitLabServer } from "../../support/gitlab-server";
import { ISSUER, startIssuer } from "../../support/issuer-server";
import { pageText } from "../../support/pages";
import { trustPolicy } from "../../support/policies";

const TOKEN = "glpat-doctordoctordoctor1";
const PAGE = "docs/guides/check-a-project.md";

const GITLAB: FakeGitLab = {
    tokens: { [TOKEN]: { scopes: ["read_api"], roles: { "*": "maintainer" } } },
    projects: [
        {
            id: 4711,
            path: "mygroup/App",
            branches: ["main", "dev"],
            protectedBranches: { main: { push: [MAINTAINERS], merge: [DEVELOPERS] } },
        },
        { id: 4712, path: "mygroup/sub/other", branches: ["main"] },
    ],
};

const ROLE = {
    Role: {
        RoleName: "deploy",
        AssumeRolePolicyDocument: trustPolicy(
            {
                StringEquals: {
                    "gitlab.example.com:aud": ISSUER,
                    "gitlab.example.com:sub": [
                        "project_path:mygroup/app:ref_type:branch:ref:main",
                        "project_path:mygroup/App:ref_type:branch:ref:dev",
                    ],
                },
            },
            "gitlab.example.com",
        ),
    },
};

describe("command doctor --project", () => {
    let folder: string;
    let server: GitLabServer;
    const clock = new StoppedClock();
    const before_ = process.env["GITLAB_TOKEN"];
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "doctor-project-"));
        writeFileSync(join(folder, "ca.pem"), (await authority()).root.pem);
        const write = (name: string, value: unknown): void => writeFileSync(join(folder, name), JSON.stringify(value));
        write("role.json", ROLE);
        write("inputs.json", {
            providerArn: "x",
            managedPolicies: {},
            subjects: [{ project: "mygroup/App", branch: "main" }],
            gitlabVersion: "19.1",
        });
        write("roles.json", { roles: { deploy: {}, plan: {} } });
        write("null.json", { subjects: null });
        const twice = '{"subjects":[{"project":"mygroup/App","branch":"main","branch":"dev"}]}';
        writeFileSync(join(folder, "twice.json"), twice);
        write("wrong.json", { subjects: [{ project: "mygroup", branch: "main" }] });
        server = await startGitLab(GITLAB);
    });
    after(async () => {
        rmSync(folder, { recursive: true });
        await server.close();
    });
    beforeEach(() => {
        clock.start();
        process.env["GITLAB_TOKEN"] = TOKEN;
    });
    afterEach(() => {
        clock.stop();
        if (before_ === undefined) {
            delete process.env["GITLAB_TOKEN"];
        } else {
            process.env["GITLAB_TOKEN"] = before_;
        }
    });

    const run = (options: string, more?: { readonly colour?: boolean; readonly stdin?: string }) =>
        runLine(`doctor ${ISSUER} --ca @ca.pem --connect-to 127.0.0.1:${String(server.port)} ${options}`, more);

    async function runLine(line: string, { colour = false, stdin = "" } = {}) {
        const texts = { out: "", err: "" };
        const status = await runCommand(line.replaceAll("@", `${folder}/`).split(" "), {
            out: (text) => void (texts.out += text),
            err: (text) => void (texts.err += text),
            stdin: () => stdin,
            colour,
        });
        expect(texts.out + texts.err).not.to.contain(TOKEN);
        return { status, ...texts };
    }

    it(`prints the example of ${PAGE}: status 1`, async () => {
        const [, example] = /```text\n([^]*?)```/.exec(pageText(PAGE))!;
        const { status, out, err } = await run("--project mygroup/app --trust-policy @role.json");
        expect({ status, err }).to.deep.equal({ status: 1, err: "" });
        expect(out).to.equal(example);
    });

    it("reads the trust policy from standard input", async () => {
        const byFile = await run("--project mygroup/app --trust-policy @role.json");
        expect(await run("--project mygroup/app --trust-policy -", { stdin: JSON.stringify(ROLE) })).to.deep.equal(
            byFile,
        );
    });

    it("--inputs, without other properties of a role: status 0", async () => {
        const { status, out } = await run("--inputs @inputs.json");
        expect(status).to.equal(0);
        expect(out).to.match(/\n1 project: \d+ pass, 0 warn, 0 fail, 0 skipped\nNo problems found\.\n$/);
    });

    it("--group: only what did not pass, by project", async () => {
        const { status, out } = await run("--group mygroup --inputs @inputs.json");
        expect(status).to.equal(0);
        expect(out).to.match(
            /\n\nmygroup\/sub\/other\nskipped {2}project-subject {11}No subject of the role is about "mygroup\/sub\/other"\..*\n\n2 projects: /,
        );
        expect(out).not.to.contain("\nmygroup/App\n");
    });

    it("--json gives the result of checkProject, and nothing else", async () => {
        const { status, out, err } = await run("--project mygroup/App --json", { colour: true });
        expect({ status, err }).to.deep.equal({ status: 0, err: "" });
        const result = JSON.parse(out) as CheckProjectResult;
        expect(Object.keys(result)).to.deep.equal(["ok", "checks", "projects", "issuer", "gitlabVersion"]);
        expect(result.projects).to.have.length(1);
    });

    it("the fix of a request that fails names options of the command", async () => {
        const silent = await startIssuer({ afterTcp: (s) => void s.once("data", () => clock.pass(2000)) });
        const inputs = `--project mygroup/app --ca ${folder}/ca.pem --request-timeout 2`;
        const fixes = [];
        for (const options of [
            `${inputs} --connect-to 127.0.0.1:1`,
            `${inputs} --connect-to 127.0.0.1:1 --json`,
            `--project mygroup/app --connect-to 127.0.0.1:${String(server.port)}`,
            `${inputs} --connect-to 127.0.0.1:${String(silent.port)}`,
        ]) {
            const { status, out } = await runLine(`doctor ${ISSUER} ${options}`);
            fixes.push([status, /(?:Fix: |"fix": ")([^"\n]*)/.exec(out)?.[1]]);
        }
        await silent.close();
        const network = "Check URL, and the network from here to it. --connect-to replaces the address in DNS.";
        expect(fixes).to.deep.equal([
            [1, network],
            [1, network],
            [1, "Check the certificate of the instance. For a private CA, set --ca."],
            [1, "Try again, increase --timeout and --request-timeout, or check fewer projects."],
        ]);
    });

    it("marks what matters with colour", async () => {
        const options = "--project mygroup/app --trust-policy @role.json";
        const [plain, coloured] = [await run(options), await run(options, { colour: true })];
        expect(coloured.out).to.contain("\u001b[31mfail   \u001b[39m");
        expect(stripVTControlCharacters(coloured.out)).to.equal(plain.out);
    });

    const HELP = "Help: aws-gitlab-oidc help doctor";
    for (const [options, message] of [
        ["--project a/b --inputs @x --trust-policy @y", `--inputs and --trust-policy cannot be used together. ${HELP}`],
        [
            "--project a/b --token @x",
            `--project and --token cannot be used together. For the access token of the REST API, set GITLAB_TOKEN. ${HELP}`,
        ],
        ["--group a --allow-private", `--group and --allow-private cannot be used together. ${HELP}`],
        [
            "--inputs @roles.json",
            '--inputs "@roles.json" does not have `subjects`, the inputs of a role. It has roles: write the inputs of one of them, "deploy" or "plan", into a file.',
        ],
        ["--inputs @twice.json", '--inputs "@twice.json" has "subjects[0].branch" twice. Keep only one of them.'],
        ["--inputs @null.json", '--inputs "@null.json" does not have `subjects`, the inputs of a role.'],
        ["--project a/b --group a", `--project and --group cannot be used together. ${HELP}`],
        ["--project a/b --project a/c", `--project is given twice, but accepts one value. ${HELP}`],
        ["--inputs @missing", '--inputs "@missing" cannot be read: no such file or directory.'],
    ] as const) {
        it(`${options}: status 2`, async () => {
            const { status, out, err } = await run(options);
            expect({ status, out }).to.deep.equal({ status: 2, out: "" });
            expect(err.replaceAll(`${folder}/`, "@")).to.equal(`aws-gitlab-oidc: ${message}\n`);
        });
    }

    it("names options and the variable in place of arguments: status 2", async () => {
        process.env["GITLAB_TOKEN"] = "glpat x";
        const { status, err } = await run("--project mygroup --inputs @wrong.json --timeout 0");
        expect(status).to.equal(2);
        expect(
            [...err.matchAll(/^ {2}- ([^ ]+): .*\[([\w-]+)\]$/gm)].map(([, at, id]) => `${at!} ${id!}`),
        ).to.deep.equal([
            "--timeout issuer-option",
            "GITLAB_TOKEN issuer-option",
            "--project gitlab-path",
            "subjects[0].project gitlab-path",
        ]);
        expect(err).not.to.contain("glpat x");
    });
});
