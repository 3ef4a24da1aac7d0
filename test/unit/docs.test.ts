import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { textOf as reportText, type Report } from "../../bench/report";
import { parse, parseDocument } from "yaml";
import { runCommand } from "../../provider/cmd/command";
import { buildGitLabCi } from "../../provider/operations/gitlab-ci";
import { buildOrganizationGuardrail } from "../../provider/operations/trust";
import { checkGitLabOidc } from "../../provider/components/gitlab-oidc-check";
import { checkIdentityProvider } from "../../provider/components/identity-provider-check";
import { checkOrganizationGuardrail } from "../../provider/components/organization-guardrail-check";
import { checkPipelineRole } from "../../provider/components/pipeline-role-check";
import { type InputsView } from "../../provider/components/checked";
import { UNKNOWN } from "../../provider/contract/unknown";
import { NOTHING_CREATED } from "../../provider/components/construct";
import { describe as describeFindings } from "../../provider/contract/findings";
import { checkIssuerMirror } from "../../provider/components/issuer-mirror-check";
import { pythonTools } from "../../tools/setup/python";
import { eventOf } from "../support/events";
import { anchorsOf, blocksOf, filled, PAGES, pageText, unknownPlaceholders, type Block } from "../support/pages";
import { trustPolicy } from "../support/policies";
import { typeErrors } from "../support/type-errors";

const root = join(__dirname, "../..");

const title = ({ page, line }: Block): string => `${page}:${String(line)}`;

/** Blocks as a reader uses them, with values in place of the placeholders. */
const blocks = PAGES.flatMap((page) => blocksOf(page)).map((block) => ({ ...block, text: filled(block.text) }));

/** Pages whose steps test/engine/getting-started.test.ts and dist.test.ts follow. */
const isFollowed = ({ page }: Block): boolean => page.startsWith("docs/getting-started/");

/** Pages whose blocks a test of their own looks at. */
const WITH_OWN_TEST: Readonly<Record<string, string>> = {
    "docs/reference/rules.md": "test/unit/contract/rules.test.ts",
    "docs/guides/check-an-issuer.md": "test/unit/cmd/doctor.test.ts",
    "docs/guides/check-a-project.md": "test/unit/cmd/doctor-project.test.ts",
    "docs/reference/commands.md": "test/unit/cmd/help.test.ts",
    "docs/guides/policy-pack.md": "test/engine/policy-pack.test.ts",
};
const hasOwnTest = ({ page }: Block): boolean => page in WITH_OWN_TEST;

/** Blocks by what they are, each looked at below. */
const TYPESCRIPT = blocks.filter(({ language }) => ["ts", "typescript"].includes(language));
const YAML = blocks.filter((block) => block.language === "yaml" && !isFollowed(block) && !hasOwnTest(block));
const CI = YAML.filter(({ text }) => /^ +(?:extends|script):/m.test(text));
/** A whole file, as the component writes it. */
const isGenerated = ({ text }: Block): boolean => text.includes("aws_secrets_manager:");
const PROGRAMS = YAML.filter(({ text }) => /^resources:/m.test(text));
const FRAGMENTS = YAML.filter((block) => !CI.includes(block) && !PROGRAMS.includes(block));
const OTHER_LANGUAGES = ["python", "go", "java"];
const SHELL = blocks.filter(({ language }) => language === "sh");
const TEXT = blocks.filter((block) => block.language === "text" && !isFollowed(block) && !hasOwnTest(block));

/** An event as CloudTrail has it in the output of `aws cloudtrail lookup-events`. */
const DENIED_ON_TAG = eventOf({
    sub: "project_path:mygroup/myproject:ref_type:tag:ref:v1",
    roleArn: "arn:aws:iam::111122223333:role/deploy",
    time: "2026-11-03T10:00:00Z",
    errorCode: "AccessDenied",
});

/** The files that the commands of the pages read: a role for the branch main, and a job on a tag. */
const FILES: Readonly<Record<string, object>> = {
    "policy.json": trustPolicy({
        StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
        },
    }),
    "claims.json": {
        iss: "https://gitlab.com",
        aud: "https://gitlab.com",
        sub: "project_path:mygroup/myproject:ref_type:tag:ref:v1",
        project_id: "4711",
    },
    "event.json": {
        Events: [{ EventName: "AssumeRoleWithWebIdentity", CloudTrailEvent: JSON.stringify(DENIED_ON_TAG) }],
    },
    "guardrail.json": JSON.parse(
        buildOrganizationGuardrail({ groups: ["mygroup"], audiences: ["https://gitlab.com"] }).json,
    ) as object,
    "organization.json": {
        RoleDetailList: ["mygroup/myproject", "partner/tool"].map((project) =>
            roleDetail(project.split("/")[1]!, {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:project_id": "4711",
                    "gitlab.com:sub": `project_path:${project}:ref_type:branch:ref:main`,
                },
            }),
        ),
    },
    "events.json": {
        Records: [
            eventOf({
                sub: "project_path:partner/tool:ref_type:branch:ref:main",
                roleArn: "arn:aws:iam::111122223333:role/tool",
                time: "2026-11-03T10:00:00Z",
            }),
        ],
    },
    "account.json": {
        RoleDetailList: [
            roleDetail("deploy", {
                StringEquals: {
                    "gitlab.com:aud": "https://gitlab.com",
                    "gitlab.com:project_id": "4711",
                    "gitlab.com:sub": "project_path:mygroup/myproject:ref_type:branch:ref:main",
                },
            }),
            roleDetail("admin", {
                StringEquals: { "gitlab.com:aud": "https://gitlab.com" },
                StringLike: { "gitlab.com:sub": "project_path:mygroup/*:ref_type:branch:ref:main" },
            }),
        ],
    },
};

/** A role as `aws iam get-account-authorization-details` has it: an administrator, or one that writes to S3. */
function roleDetail(name: string, condition: object): object {
    const write = { Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::mybucket/*" };
    return {
        RoleName: name,
        Arn: `arn:aws:iam::111122223333:role/${name}`,
        AssumeRolePolicyDocument: trustPolicy(condition),
        RolePolicyList:
            name === "admin"
                ? []
                : [{ PolicyName: "write", PolicyDocument: { Version: "2012-10-17", Statement: [write] } }],
        AttachedManagedPolicies:
            name === "admin"
                ? [
                      {
                          PolicyName: "AdministratorAccess",
                          PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
                      },
                  ]
                : [],
        RoleLastUsed: { LastUsedDate: "2026-11-02T08:30:00+00:00" },
    };
}

/** What the command prints, to standard output and standard error. */
async function printedBy(args: readonly string[]): Promise<string> {
    let printed = "";
    const print = (text: string): void => void (printed += text);
    await runCommand([...args], { out: print, err: print, stdin: () => "", colour: false });
    return printed;
}

/** The calls of the command in a text: its words, and its options. Not in names of plugins and archives. */
function callsIn(text: string): readonly { readonly words: readonly string[]; readonly options: readonly string[] }[] {
    return [...text.matchAll(/(?<!plugin install resource )(?<![\w-])aws-gitlab-oidc ([a-z-]+)( [^\n|>;]*)?/g)]
        .filter(([, first]) => !first!.startsWith("-"))
        .map(([, first, rest = ""]) => {
            const second = /^ ([a-z-]+)(?= |$)/.exec(rest)?.[1];
            return {
                words: first === "mirror" && second !== undefined ? [first, second] : [first!],
                options: rest.match(/(?<= )--?[a-z][\w-]*/gi) ?? [],
            };
        });
}

describe("code in the documentation", function () {
    it("is of a kind that is looked at here", () => {
        const kinds = ["ts", "typescript", "yaml", "json", "sh", "text", "mermaid", ...OTHER_LANGUAGES];
        const others = blocks.filter((block) => !kinds.includes(block.language) && !isFollowed(block));
        expect(others.map((block) => `${title(block)}: ${block.language}`)).to.deep.equal([]);
        expect(TYPESCRIPT.length).to.be.greaterThan(3);
        expect(CI.length).to.be.greaterThan(5);
    });

    it("has no placeholder that is not known here", () => {
        const unknown = blocks.flatMap((block) =>
            unknownPlaceholders(block.text).map((placeholder) => `${title(block)}: ${placeholder}`),
        );
        expect(unknown).to.deep.equal([]);
    });

    for (const [page, test] of Object.entries(WITH_OWN_TEST)) {
        it(`${page} is looked at in ${test}`, () => {
            expect(readFileSync(join(root, test), "utf8")).to.contain(page);
        });
    }

    /** What an engine runs: whole examples, and the programs of the pages that are followed. */
    const run = blocks.filter(isFollowed).map(({ text }) => text.trim());
    const isProgram = ({ language, page, text }: Block): boolean =>
        OTHER_LANGUAGES.includes(language) || (page === "docs/_index.md" && text.includes("GitLabOidc"));
    for (const block of blocks.filter((one) => isProgram(one) && !isFollowed(one))) {
        it(`${title(block)}: is a program that test/engine runs`, () => {
            expect(run).to.include(block.text.trim());
        });
    }

    it("in TypeScript compiles", () => {
        const nameOf = (block: Block): string => join(root, `${block.page}.${String(block.line)}.ts`);
        expect(typeErrors(new Map(TYPESCRIPT.map((block) => [nameOf(block), block.text])))).to.deep.equal([]);
        const wrong = typeErrors(new Map([[join(root, "wrong.ts"), TYPESCRIPT[0]!.text.replace("roles:", "rolls:")]]));
        expect(wrong.join("\n")).to.contain("'rolls'");
    });

    it("in GitLab CI is valid by GitLab's schema, together with the templates that it uses", async () => {
        const { bin } = await pythonTools();
        const folder = mkdtempSync(join(tmpdir(), "docs-"));
        try {
            const arn = "arn:aws:iam::111122223333:role";
            const { yaml } = buildGitLabCi({
                roleArns: { audit: `${arn}/audit`, deploy: `${arn}/deploy`, plan: `${arn}/plan` },
                gitlabCi: { form: "template", credentials: "profile" },
            });
            const files = CI.map((block, i) => {
                const path = join(folder, `${String(i)}.yml`);
                writeFileSync(path, `${yaml}\n${block.text}`);
                return path;
            });
            const args = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"];
            const check = spawnSync(join(bin, "check-jsonschema"), [...args, ...files], { encoding: "utf8" });
            expect(check.stdout + check.stderr).to.equal("ok -- validation done\n");
            for (const block of CI.filter((one) => !isGenerated(one))) {
                const templates = [...block.text.matchAll(/extends: (\S+)|!reference \[(\S+),/g)].map(
                    (m) => m[1] ?? m[2],
                );
                expect(templates, title(block)).not.to.deep.equal([]);
                expect(Object.keys(parse(yaml) as object), title(block)).to.include.members(templates);
            }
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("has the job of the form secrets as it is generated", () => {
        const { yaml } = buildGitLabCi({
            roleArns: { migrate: "arn:aws:iam::111122223333:role/migrate" },
            gitlabCi: { form: "secrets", region: "eu-central-1" },
            roles: {
                migrate: {
                    subjects: [{ project: "mygroup/myproject", projectId: "4711", branch: "main" }],
                    gitlabCi: {
                        secrets: { DATABASE_PASSWORD: { secretId: "app/database", field: "password", file: false } },
                        script: ["./migrate.sh"],
                    },
                },
            },
        });
        expect(CI.filter(isGenerated).map(({ text }) => parse(text) as unknown)).to.deep.equal([parse(yaml)]);
    });

    it("names the folder, the message and the variables of the job script as they are in it", () => {
        const page = pageText("docs/guides/gitlab-ci.md");
        const { yaml } = buildGitLabCi({
            roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" },
            gitlabCi: { credentials: "web-identity" },
        });
        for (const text of [
            'rm -rf "$aws_oidc_folder"',
            "GITLAB_OIDC_TOKEN is not an ID token: a CI/CD variable with this name overrides it. Rename or delete that variable",
            "HUP INT TERM",
        ]) {
            expect(yaml).to.contain(text);
        }
        expect(page).to.contain('trap \'rm -rf "$aws_oidc_folder"; ');
        expect(page).to.contain(
            "`GITLAB_OIDC_TOKEN is not an ID token: a CI/CD variable with this name overrides it. Rename or delete that variable`",
        );
    });

    for (const block of PROGRAMS) {
        it(`${title(block)}: the program has inputs that nothing is said about`, () => {
            const { resources } = parse(block.text) as {
                resources: Record<string, { type: string; properties: InputsView }>;
            };
            for (const [name, { type, properties }] of Object.entries(resources)) {
                expect(findingsOf(type, name, late(properties) as InputsView)).to.deep.equal([]);
            }
        });
    }

    for (const block of FRAGMENTS) {
        it(`${title(block)}: the part of a program is right`, () => {
            const part = parse(block.text) as InputsView;
            if (part["subjects"] !== undefined) {
                const providerArn = "arn:aws:iam::111122223333:oidc-provider/gitlab.com";
                expect(findingsOf("aws-gitlab-oidc:PipelineRole", "role", { providerArn, ...part })).to.deep.equal([]);
            } else {
                expect(parseDocument(block.text).errors).to.deep.equal([]);
                expect(Object.keys(part)).to.deep.equal(["plugins"]);
            }
        });
    }

    for (const block of SHELL) {
        it(`${title(block)}: the shell and make know it`, () => {
            const { status, stderr } = spawnSync("sh", ["-n"], { input: block.text, encoding: "utf8" });
            expect(`${stderr}${String(status)}`).to.equal("0");
            for (const [, target] of block.text.matchAll(/^make (\w+)/gm)) {
                expect(pageText("Makefile")).to.match(new RegExp(`^${target!}:`, "m"));
            }
        });
    }

    it("names only commands and options that the help of the command has", async () => {
        const wrong: string[] = [];
        for (const page of PAGES.filter((path) => path !== "CHANGELOG.md")) {
            for (const { words, options } of callsIn(codeOf(page))) {
                const help = await printedBy([...words, "--help"]);
                const missing = [`aws-gitlab-oidc ${words.join(" ")}`, ...options].filter(
                    (text) => !help.includes(text),
                );
                wrong.push(...missing.map((text) => `${page}: ${text}`));
            }
        }
        expect(wrong).to.deep.equal([]);
    });

    it("starts the command with npx: `npm install` in a project puts it where only npx finds it", () => {
        // The executable of a release is started in its own folder.
        const bare =
            /(?<!npx |\.\/|plugin install resource |--package=pulumi-aws-gitlab-oidc )(?<![\w-])aws-gitlab-oidc [a-z-]+/;
        expect(SHELL.filter(({ text }) => bare.test(text)).map(title)).to.deep.equal([]);
    });

    it("has calls of the AWS CLI that it accepts", async function () {
        const { bin } = await pythonTools();
        const calls = SHELL.filter((block) => !isFollowed(block)).flatMap((block) =>
            [...block.text.matchAll(/^aws [a-z0-9-]+ [a-z-]+[^\n|>]*/gm)].map(([call]) => ({ block, call })),
        );
        expect(calls.length).to.be.greaterThan(5);
        for (const { block, call } of calls) {
            // Checks the names of the parameters, and sends nothing.
            const { status, stderr } = spawnSync("sh", ["-c", `${call} --generate-cli-skeleton input`], {
                env: { PATH: `${bin}:${process.env["PATH"]!}`, AWS_DEFAULT_REGION: "eu-central-1" },
                encoding: "utf8",
            });
            expect(`${stderr}${String(status)}`, `${title(block)}: ${call}`).to.equal("0");
        }
    });

    for (const block of blocks.filter((one) => one.language === "json" && !isFollowed(one))) {
        it(`${title(block)}: is JSON`, () => {
            JSON.parse(block.text);
        });
    }

    for (const block of TEXT) {
        it(`${title(block)}: is what the command before it prints`, async () => {
            const before = SHELL.filter(({ page, line }) => page === block.page && line < block.line).pop();
            const call = /npx aws-gitlab-oidc ((?:explain|lint|audit) [^\n]*)/.exec(before?.text ?? "")?.[1];
            expect(call, "a call of explain, lint or audit in the block before").to.be.a("string");
            const folder = mkdtempSync(join(tmpdir(), "docs-"));
            try {
                for (const [name, content] of Object.entries(FILES)) {
                    writeFileSync(join(folder, name), JSON.stringify(content));
                }
                const args = call!.trim().split(/ +/);
                expect(await printedBy(args.map((arg) => (arg in FILES ? join(folder, arg) : arg)))).to.equal(
                    block.text,
                );
            } finally {
                rmSync(folder, { recursive: true });
            }
        });
    }
});

describe("docs/getting-started/python.md", () => {
    it("has the message that a wrong branch leads to", () => {
        const subject = { project: "mygroup/myproject", projectId: "4711", branch: "refs/heads/main" };
        const page = pageText("docs/getting-started/python.md");
        expect(page).to.contain('Try `branch="refs/heads/main"`');
        const { errors } = checkGitLabOidc("gitlab", { roles: { deploy: { subjects: [subject] } } });
        const error = "error: aws-gitlab-oidc:index:GitLabOidc resource 'gitlab' has a problem: ";
        const message = `${error}${describeFindings(errors)}\n${NOTHING_CREATED}`;
        expect(page).to.contain(`\n\`\`\`\n${message.replace(/^/gm, "    ")}\n\`\`\`\n`);
    });
});

describe("figures in the documentation", () => {
    it("are those of docs/performance.json", () => {
        const report = JSON.parse(pageText("docs/performance.json")) as Report;
        const lines = (text: string): readonly string[] =>
            text
                .split("\n")
                // The page is formatted: columns may be wider.
                .map((line) => line.replace(/ +/g, " ").replace(/-{2,}/g, "--"))
                .filter((line) => line !== "");
        expect(report.rows.length).to.be.greaterThan(25);
        expect(lines(pageText("docs/performance.md"))).to.include.members(lines(reportText(report)));
    });
});

/** Addresses of files of this repository. */
const OWN = /^https:\/\/github\.com\/aws-gitlab-oidc\/pulumi-aws-gitlab-oidc\/(?:blob|tree)\/main\//;

describe("links in the documentation", () => {
    for (const page of PAGES) {
        it(`${page}: lead to files and headings that are there`, () => {
            const broken = [...withoutCode(pageText(page)).matchAll(/\]\(([^)\s]+)\)|(?:href|src)="([^"]+)"/g)]
                .map(([, target, attribute]) => (target ?? attribute)!)
                .filter((target) => OWN.test(target) || !/^[a-z]+:/.test(target))
                .filter((target) => {
                    const [path, anchor] = target.replace(OWN, "/").split("#") as [string, string | undefined];
                    const folder = path.startsWith("/") ? "." : dirname(page);
                    const file = path === "" ? page : relative(root, join(root, folder, path));
                    return (
                        !existsSync(join(root, file)) ||
                        (anchor !== undefined && !anchorsOf(pageText(file)).includes(anchor))
                    );
                });
            expect(broken).to.deep.equal([]);
        });
    }

    it("reach every page of docs/ from another page", () => {
        const linked = new Set(
            PAGES.flatMap((page) =>
                [...pageText(page).matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)].map(([, target]) =>
                    OWN.test(target!) ? target!.replace(OWN, "") : relative(root, join(root, dirname(page), target!)),
                ),
            ),
        );
        // Pulumi's Registry shows it.
        const alone = PAGES.filter(
            (page) => page.startsWith("docs/") && page !== "docs/_index.md" && !linked.has(page),
        );
        expect(alone).to.deep.equal([]);
    });
});

/** The code of a page: its blocks for shells, and what is in backticks. */
function codeOf(page: string): string {
    const shell = blocks.filter((block) => block.page === page && ["sh", "yaml"].includes(block.language));
    const inline = withoutBlocks(pageText(page)).match(/`[^`\n]+`/g) ?? [];
    return [...shell.map(({ text }) => text), ...inline.map((code) => filled(code.slice(1, -1)))].join("\n");
}

function withoutBlocks(text: string): string {
    return text.replace(/^( *)```.*?^\1```$/gms, "");
}

function withoutCode(text: string): string {
    return withoutBlocks(text).replace(/(?<!\[)`[^`\n]*`(?!\])/g, "");
}

function findingsOf(type: string, name: string, inputs: InputsView): readonly string[] {
    const short = type.split(":").pop()!;
    const checks: Readonly<
        Record<string, () => { errors: readonly { id: string }[]; warnings: readonly { id: string }[] }>
    > = {
        GitLabOidc: () => {
            const { errors, warnings, roleWarnings } = checkGitLabOidc(name, inputs);
            return { errors, warnings: [...warnings, ...[...roleWarnings.values()].flat()] };
        },
        IdentityProvider: () => checkIdentityProvider(inputs),
        IssuerMirror: () => checkIssuerMirror(inputs, "7.48.0"),
        OrganizationGuardrail: () => checkOrganizationGuardrail(name, inputs),
        PipelineRole: () => checkPipelineRole(name, inputs),
    };
    const { errors, warnings } = checks[short]!();
    return [...errors, ...warnings].map(({ id }) => id);
}

/** A value that another resource gives is not known yet. */
function late(value: unknown): unknown {
    if (typeof value === "string") {
        return /^\$\{.*\}$/.test(value) ? UNKNOWN : value;
    }
    if (Array.isArray(value)) {
        return value.map(late);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, late(v)]))
        : value;
}
