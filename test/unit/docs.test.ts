import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { textOf as reportText, type Report } from "../../bench/report";
import ts from "typescript";
import { parse, parseDocument } from "yaml";
import { buildGitLabCi } from "../../provider/operations/gitlab-ci";
import { checkGitLabOidc } from "../../provider/components/gitlab-oidc-check";
import { checkIdentityProvider } from "../../provider/components/identity-provider-check";
import { checkPipelineRole } from "../../provider/components/pipeline-role-check";
import { type InputsView } from "../../provider/components/checked";
import { UNKNOWN } from "../../provider/contract/unknown";
import { checkIssuerMirror } from "../../provider/components/issuer-mirror-check";
import { pythonTools } from "../../tools/setup/python";

const root = join(__dirname, "../..");

/** A fenced block of a page, and the line that it begins at. */
interface Block {
    readonly page: string;
    readonly line: number;
    readonly language: string;
    readonly text: string;
}

const pages = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", "*.md"], {
    cwd: root,
    encoding: "utf8",
})
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith("sdk/") && existsSync(join(root, path)));

const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

function blocksOf(page: string): readonly Block[] {
    const text = textOf(page);
    return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map(({ 1: margin, 2: language, 3: inner, index }) => ({
        page,
        line: text.slice(0, index).split("\n").length,
        language: language!,
        text: inner!.replace(new RegExp(`^${margin!}`, "gm"), ""),
    }));
}

const blocks = pages.flatMap(blocksOf);
const title = ({ page, line }: Block): string => `${page}:${String(line)}`;

/** test/engine/dist.test.ts does what stands in it. */
const FOLLOWED = "docs/first-steps-python.md";

/** Blocks by what they are, each looked at below. */
const TYPESCRIPT = blocks.filter(({ language }) => ["ts", "typescript"].includes(language));
const YAML = blocks.filter(({ language, page }) => language === "yaml" && page !== FOLLOWED);
const CI = YAML.filter(({ text }) => /^ +(?:extends|script):/m.test(text));
const PROGRAMS = YAML.filter(({ text }) => /^resources:/m.test(text));
const FRAGMENTS = YAML.filter((block) => !CI.includes(block) && !PROGRAMS.includes(block));
const OTHER_LANGUAGES: Readonly<Record<string, string>> = {
    python: "examples/python/platform/__main__.py",
    go: "examples/go/platform/main.go",
    java: "examples/java/platform/src/main/java/platform/App.java",
};
const SHELL = blocks.filter(({ language }) => language === "sh");

describe("code in the documentation", function () {
    it("is of a kind that is looked at here", () => {
        const kinds = ["ts", "typescript", "yaml", "sh", "mermaid", ...Object.keys(OTHER_LANGUAGES)];
        // What the doctor prints is held against what it prints in doctor-command.test.ts.
        // What Pulumi prints of an error is held against what it prints in test/engine/inputs.test.ts.
        const others = blocks.filter(
            ({ language, page }) => !kinds.includes(language) && !["docs/doctor.md", FOLLOWED].includes(page),
        );
        expect(others.map(({ language, text }) => `${language}: ${text.split("\n")[0]!}`)).to.deep.equal([
            "text: Refused.",
        ]);
        expect(TYPESCRIPT.length).to.be.greaterThan(3);
        expect(CI.length).to.be.greaterThan(5);
    });

    for (const block of blocks.filter(({ language, page }) => language in OTHER_LANGUAGES && page !== FOLLOWED)) {
        it(`${title(block)}: is the example that test/engine runs`, () => {
            expect(block.text.trim()).to.equal(textOf(OTHER_LANGUAGES[block.language]!).trim());
        });
    }

    it("in TypeScript compiles", () => {
        const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
        const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
        const compile = (sources: ReadonlyMap<string, string>): readonly string[] => {
            const host = ts.createCompilerHost(options);
            const read = host.readFile.bind(host);
            const exists = host.fileExists.bind(host);
            host.readFile = (path) => sources.get(path) ?? read(path);
            host.fileExists = (path) => sources.has(path) || exists(path);
            const program = ts.createProgram([...sources.keys()], options, host);
            return ts
                .getPreEmitDiagnostics(program)
                .map(
                    (d) =>
                        `${relative(root, d.file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`,
                );
        };
        const nameOf = (block: Block): string => join(root, `${block.page}.${String(block.line)}.ts`);
        expect(compile(new Map(TYPESCRIPT.map((block) => [nameOf(block), block.text])))).to.deep.equal([]);
        const wrong = compile(new Map([[join(root, "wrong.ts"), TYPESCRIPT[0]!.text.replace("roles:", "rolls:")]]));
        expect(wrong.join("\n")).to.contain("'rolls'");
    });

    it("in GitLab CI is valid by GitLab's schema, together with the templates that it uses", async () => {
        const { bin } = await pythonTools();
        const folder = mkdtempSync(join(tmpdir(), "docs-"));
        try {
            const arn = "arn:aws:iam::111122223333:role";
            const { yaml } = buildGitLabCi({
                roleArns: { deploy: `${arn}/deploy`, plan: `${arn}/plan` },
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
            for (const block of CI) {
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

    it("names the folder, the message and the variables of the job script as they are in it", () => {
        const page = textOf("docs/gitlab-ci.md");
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
        it(`${title(block)}: the commands are there`, () => {
            // `npm install` in a project puts the command where only npx finds it.
            expect(block.text).to.not.match(/(?<!npx |plugin install resource )aws-gitlab-oidc \w/);
            const makefile = textOf("Makefile");
            const help = execFileSync(
                process.execPath,
                ["--import", "tsx", "provider/cmd/aws-gitlab-oidc.ts", "--help"],
                {
                    cwd: root,
                    encoding: "utf8",
                },
            );
            for (const [, target] of block.text.matchAll(/^make (\w+)/gm)) {
                expect(makefile).to.match(new RegExp(`^${target!}:`, "m"));
            }
            for (const [, command, rest] of block.text.matchAll(
                /(?<!plugin install resource )aws-gitlab-oidc (\w+)(.*)$/gm,
            )) {
                expect(help).to.contain(`aws-gitlab-oidc ${command!} `);
                for (const [option] of rest!.matchAll(/--[\w-]+/g)) {
                    expect(help).to.contain(option);
                }
            }
        });
    }
});

describe("figures in the documentation", () => {
    it("are those of docs/performance.json", () => {
        const report = JSON.parse(textOf("docs/performance.json")) as Report;
        const lines = (text: string): readonly string[] =>
            text
                .split("\n")
                // The page is formatted: columns may be wider.
                .map((line) => line.replace(/ +/g, " ").replace(/-{2,}/g, "--"))
                .filter((line) => line !== "");
        expect(report.rows.length).to.be.greaterThan(25);
        expect(lines(textOf("docs/performance.md"))).to.include.members(lines(reportText(report)));
    });
});

describe("links in the documentation", () => {
    for (const page of pages) {
        it(`${page}: lead to files and headings that are there`, () => {
            const broken = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
                .map(([, target]) => target!)
                .filter((target) => !/^[a-z]+:/.test(target))
                .filter((target) => {
                    const [path, anchor] = target.split("#") as [string, string | undefined];
                    const file = path === "" ? page : relative(root, join(root, dirname(page), path));
                    return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
                });
            expect(broken).to.deep.equal([]);
        });
    }
});

/** The anchors that GitHub and GitLab give the headings of a page. */
function anchorsOf(page: string): readonly string[] {
    const headings = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
    return headings.map((heading) =>
        heading
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, "")
            .replaceAll(" ", "-"),
    );
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
