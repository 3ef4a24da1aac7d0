import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../../provider/cmd/command";
import { commandsPage } from "../../../provider/cmd/reference/markdown";
import packageJson from "../../../package.json";

interface Ran {
    readonly status: number;
    readonly out: string;
    readonly err: string;
}

async function run(line: string): Promise<Ran> {
    const texts = { out: "", err: "" };
    const status = await runCommand(line === "" ? [] : line.split(" "), {
        out: (text) => void (texts.out += text),
        err: (text) => void (texts.err += text),
        stdin: () => "",
        colour: false,
    });
    return { status, ...texts };
}

const COMMANDS = [
    "explain",
    "lint",
    "audit",
    "adopt",
    "doctor",
    "snippet",
    "mirror fetch",
    "mirror check",
    "mirror add-key",
    "mirror job",
] as const;

/** Every option of every command: what is accepted is what the help lists. */
const OPTIONS: Readonly<Record<(typeof COMMANDS)[number], readonly string[]>> = {
    explain: [
        "--trust-policy FILE",
        "--claims FILE",
        "--token FILE",
        "--event FILE",
        "--guardrail FILE",
        "--context KEY=VALUE",
        "--json",
    ],
    lint: ["--trust-policy FILE", "--url URL", "--accept ID", "--fail-on error|warning", "--json"],
    audit: [
        "--aws-cli",
        "--url URL",
        "--accept ID",
        "--guardrail FILE",
        "--period PERIOD",
        "--baseline FILE",
        "--fail-on error|warning|new|admin",
        "--json",
        "--sarif",
        "--html FILE",
    ],
    adopt: [
        "--aws-cli",
        "--language typescript|yaml",
        "--out DIR",
        "--url URL",
        "--account ID",
        "--tighten",
        "--period PERIOD",
        "--json",
    ],
    doctor: [
        "--ca FILE",
        "--connect-to HOST:PORT",
        "--allow-private",
        "--token FILE",
        "--audience NAME",
        "--timeout SECONDS",
        "--request-timeout SECONDS",
        "--json",
        "--project PATH",
        "--group PATH",
        "--inputs FILE",
        "--trust-policy FILE",
    ],
    snippet: [
        "--stack-outputs FILE",
        "--output-name NAME",
        "--write FILE",
        "--dir DIR",
        "--check",
        "--json",
        "--role KEY",
        "--url URL",
        "--audience NAME",
        "--form NAME",
        "--credentials NAME",
        "--job-name NAME",
        "--stage NAME",
        "--image NAME",
        "--entrypoint WORD",
        "--environment NAME",
        "--assume-role ARN",
        "--token-variable NAME",
        "--role-arn-variable NAME",
        "--region NAME",
        "--duration SECONDS",
        "--session-name NAME",
        "--no-rules",
        "--script LINE",
        "--secrets VARIABLE=SECRET",
        "--component-project PATH",
        "--component-version NAME",
    ],
    "mirror fetch": [
        "--dir DIR",
        "--published URL",
        "--overlap HOURS",
        "--ca FILE",
        "--connect-to HOST:PORT",
        "--mirror-connect-to HOST:PORT",
        "--timeout SECONDS",
        "--json",
    ],
    "mirror check": [
        "--mirror URL",
        "--wait SECONDS",
        "--ca FILE",
        "--connect-to HOST:PORT",
        "--mirror-connect-to HOST:PORT",
        "--timeout SECONDS",
        "--json",
    ],
    "mirror add-key": ["--dir DIR", "--days DAYS", "--json"],
    "mirror job": [
        "--mirror URL",
        "--dir DIR",
        "--stack NAME",
        "--overlap HOURS",
        "--wait SECONDS",
        "--ca FILE",
        "--job-name NAME",
        "--stage NAME",
        "--image NAME",
    ],
};

describe("docs/reference/commands.md", () => {
    it("is generated from the tables of the commands", () => {
        const page = readFileSync(join(__dirname, "../../../docs/reference/commands.md"), "utf8");
        expect(page, "To update the page: make sdk").to.equal(commandsPage());
    });
});

describe("command help", () => {
    it("lists the commands", async () => {
        expect(await run("help")).to.deep.equal({
            status: 0,
            out: `aws-gitlab-oidc ${packageJson.version}: AWS roles for GitLab CI/CD jobs

Usage:
  aws-gitlab-oidc COMMAND [OPTIONS]

Commands:
  explain         Explain why AWS allows or denies a job
  lint            Check trust policies for errors and risks
  audit           List the roles of AWS accounts that GitLab jobs can assume
  adopt           Write a Pulumi program for the roles that an AWS account
                  already has
  doctor          Check whether AWS can use a GitLab instance as an OIDC issuer
  snippet         Print or write the CI/CD configuration of a Pulumi stack
  mirror fetch    Write the documents of a GitLab instance for IssuerMirror
  mirror check    Check whether the published mirror is up to date
  mirror add-key  Publish the next signing key before GitLab uses it
  mirror job      Print a scheduled CI/CD job that keeps the mirror up to date
  help [COMMAND]  Print this help, or the help of a command
  version         Print the version

Options:
  -h, --help     Print this help
  -V, --version  Print the version

FILE is a path, or - for standard input. Set NO_COLOR to turn off colors. Help
for a command: aws-gitlab-oidc help COMMAND
`,
            err: "",
        });
    });

    it("of a command has usage, arguments, options, examples and exit statuses", async () => {
        expect(await run("help lint")).to.deep.equal({
            status: 0,
            out: `Check trust policies for errors and risks.

Usage:
  aws-gitlab-oidc lint FILE... [OPTIONS]

Reports errors in a trust policy for GitLab CI/CD jobs, and settings that are
valid but risky. Statements that trust another identity provider are not
checked, and are listed as skipped.

With several files, each entry of \`findings\` and \`unchecked\` in the JSON output
has a \`file\`, and the exit status is the highest of all files. A file that
cannot be read is reported on standard error.

Arguments:
  FILE  Trust policy as JSON, or the output of \`aws iam get-role --role-name
        NAME\`

Options:
  --trust-policy FILE      Trust policy, instead of the argument FILE
  --url URL                GitLab instance that the policies must trust
  --accept ID              Warning to suppress. Can be repeated
  --fail-on error|warning  Lowest severity that fails the command: error
                           (default) or warning
  --json                   Print the result of \`lintTrustPolicy\` as JSON
  -h, --help               Print this help

Examples:
  # Check all policies in a folder
  aws-gitlab-oidc lint policies/*.json
  # Also fail a pipeline on warnings
  aws-gitlab-oidc lint policy.json --fail-on warning
  # Check a role in the AWS account
  aws iam get-role --role-name deploy | aws-gitlab-oidc lint -

Exit status:
  0  No errors. With \`--fail-on warning\`: no warnings either
  1  At least one error. With \`--fail-on warning\`: at least one error or warning
  2  The command line or the input is invalid, or no statement of a policy was
     checked
`,
            err: "",
        });
    });

    it("of mirror lists its commands", async () => {
        const { status, out } = await run("help mirror");
        expect(status).to.equal(0);
        expect([...out.matchAll(/^ {2}(mirror \S+) /gm)].map(([, name]) => name)).to.deep.equal(
            COMMANDS.filter((name) => name.startsWith("mirror ")),
        );
        expect(out).to.contain("aws-gitlab-oidc help mirror COMMAND");
    });

    for (const name of COMMANDS) {
        it(`${name}: is the same with help, --help and -h, and 80 columns wide at most`, async () => {
            const help = await run(`help ${name}`);
            expect(help).to.include({ status: 0, err: "" });
            for (const line of [`${name} --help`, `${name} -h`, `--help ${name}`, `${name} x --nonsense --help`]) {
                expect(await run(line), line).to.deep.equal(help);
            }
            expect(Math.max(...help.out.split("\n").map((line) => line.length))).to.be.at.most(80);
            expect(help.out).to.contain(`\nUsage:\n  aws-gitlab-oidc ${name} `);
            for (const heading of ["Options", "Examples", "Exit status"]) {
                expect(help.out).to.contain(`\n\n${heading}:\n  `);
            }
        });

        it(`${name}: lists every option`, async () => {
            const { out } = await run(`help ${name}`);
            const options = [...out.matchAll(/^ {2}(--\S+(?: [A-Z:=|a-z]+)?)(?: {2}|$)/gm)].map(([, label]) => label);
            expect(options).to.deep.equal(OPTIONS[name]);
        });
    }

    it("general: is the same with --help and -h, and 80 columns wide at most", async () => {
        const help = await run("help");
        for (const line of ["--help", "-h", "help help", "help version", "version --help"]) {
            expect(await run(line), line).to.deep.equal(help);
        }
        expect(Math.max(...help.out.split("\n").map((line) => line.length))).to.be.at.most(80);
    });

    it("the version: version, --version, -V", async () => {
        for (const line of ["version", "--version", "-V"]) {
            expect(await run(line), line).to.deep.equal({ status: 0, out: `${packageJson.version}\n`, err: "" });
        }
    });

    it("an argument behind -- is not an option", async () => {
        const { status, err } = await run("lint -- --help");
        expect(status).to.equal(2);
        expect(err).to.equal('aws-gitlab-oidc: "--help" cannot be read: no such file or directory.\n');
    });
});
