import { expect } from "chai";
import { execFile, type ExecFileException } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageJson, type Properties } from "../../../provider/contract/schema";
import { writeJavaSdk } from "../../../tools/schema/java";
import { writeSdks } from "../../../tools/schema/sdk";
import { readSchema } from "../../../tools/schema/typescript";
import { projectRoot } from "../../../tools/setup/cache";
import { goTool } from "../../../tools/setup/go";
import { javaTools, writeMavenWrapper } from "../../../tools/setup/java";
import { sdkgen } from "../../../tools/setup/sdkgen";
import { skip } from "../../support/skip";

const schemaFile = join(projectRoot, "schema.json");
const { version } = packageJson();

/** Files of a folder by their path in it. */
function filesOf(folder: string): ReadonlyMap<string, string> {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")]));
}

/** Text without what makes it a comment of a language, and on one line. */
function plainText(text: string): string {
    return text
        .replace(/^\s*(\/\/|\*|\/\*\*|#)?[ \t]*/gm, "")
        .replaceAll("&#47;", "/")
        .replaceAll("&#39;", "'")
        .replaceAll("&#34;", '"')
        .replaceAll("{@literal @}", "@")
        .replaceAll("\\\\", "\\")
        .replace(/\s+/g, " ");
}

const JAVA = "src/main/java/io/github/aws_gitlab_oidc/awsgitlaboidc";

/** What stands in the SDK of each language: a file, and pieces of it. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    nodejs: {
        "package.json": [
            '"name": "pulumi-aws-gitlab-oidc"',
            `"version": "${version}"`,
            '"license": "Apache-2.0"',
            '"server": "github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc"',
        ],
        "gitLabOidc.ts": [
            "export class GitLabOidc extends pulumi.ComponentResource",
            "readonly roleArns: pulumi.Output<{[key: string]: string}>;",
            "readonly gitlabCiYml: pulumi.Output<string>;",
            "    roles: {[key: string]: inputs.RoleArgs};",
            "    adoptExisting?: boolean;",
        ],
        "types/input.ts": [
            "    managedPolicies?: {[key: string]: pulumi.Input<string>};",
            "    inlinePolicies?: {[key: string]: any};",
            "    accept?: string[];",
            "    subClaimComponents?: pulumi.Input<pulumi.Input<enums.SubClaimComponent>[] | undefined>;",
        ],
        "types/enums/index.ts": ['    RefProtected: "ref_protected",'],
        "getGitlabCi.ts": ["export function getGitlabCi(", "export function getGitlabCiOutput("],
        "getTrustPolicy.ts": ["readonly warnings: outputs.Finding[];"],
    },
    python: {
        "pyproject.toml": [
            'name = "pulumi_aws_gitlab_oidc"',
            '"pulumi>=3.165.0,<4.0.0"',
            `version = "${version}"`,
            'text = "Apache-2.0"',
            'Repository = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc"',
        ],
        "pulumi_aws_gitlab_oidc/pulumi-plugin.json": [
            '"name": "aws-gitlab-oidc"',
            `"version": "${version}"`,
            '"server": "github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc"',
        ],
        "pulumi_aws_gitlab_oidc/git_lab_oidc.py": [
            "class GitLabOidc(pulumi.ComponentResource):",
            "roles: Optional[Mapping[str, Union['RoleArgs', 'RoleArgsDict']]] = None,",
            "def role_arns(self) -> pulumi.Output[Mapping[str, _builtins.str]]:",
            "def gitlab_ci_yml(self) -> pulumi.Output[_builtins.str]:",
        ],
        "pulumi_aws_gitlab_oidc/_inputs.py": [
            "managed_policies: Optional[Mapping[str, pulumi.Input[_builtins.str]]] = None,",
            "inline_policies: Optional[Mapping[str, Any]] = None,",
            "accept: Optional[Sequence[_builtins.str]] = None,",
            "ref_protected: pulumi.Input[Optional[Union[_builtins.bool, _builtins.str]]] = None,",
        ],
        "pulumi_aws_gitlab_oidc/_enums.py": ['    REF_PROTECTED = "ref_protected"'],
        "pulumi_aws_gitlab_oidc/get_gitlab_ci.py": ["def get_gitlab_ci(", "def get_gitlab_ci_output("],
        "pulumi_aws_gitlab_oidc/get_trust_policy.py": ["def warnings(self) -> Sequence['outputs.Finding']:"],
    },
    go: {
        "go.mod": [
            "module github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/sdk/go\n",
            "github.com/pulumi/pulumi/sdk/v3 v3.213.0\n",
        ],
        "awsgitlaboidc/pulumi-plugin.json": [
            '"name": "aws-gitlab-oidc"',
            `"version": "${version}"`,
            '"server": "github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc"',
        ],
        "awsgitlaboidc/gitLabOidc.go": [
            "package awsgitlaboidc\n",
            "func NewGitLabOidc(ctx *pulumi.Context,",
            '\tRoleArns pulumi.StringMapOutput `pulumi:"roleArns"`',
            '\tGitlabCiYml pulumi.StringOutput `pulumi:"gitlabCiYml"`',
            "\tRoles map[string]RoleArgs\n",
        ],
        "awsgitlaboidc/pulumiTypes.go": [
            // Only there with generateExtraInputTypes; without it the SDK does not compile.
            "type RoleArgs struct {",
            "\tManagedPolicies map[string]pulumi.StringInput `",
            "\tInlinePolicies map[string]pulumi.Input `",
            "\tAccept []string `",
            "\tSubClaimComponents SubClaimComponentArrayInput `",
        ],
        "awsgitlaboidc/pulumiEnums.go": ['\tSubClaimComponentRefProtected = SubClaimComponent("ref_protected")'],
        "awsgitlaboidc/getGitlabCi.go": ["func GetGitlabCi(ctx", "func GetGitlabCiOutput(ctx"],
        "awsgitlaboidc/getTrustPolicy.go": ["\tWarnings []Finding `"],
    },
    java: {
        "pom.xml": [
            "<groupId>io.github.aws-gitlab-oidc</groupId>\n    <artifactId>pulumi-aws-gitlab-oidc</artifactId>",
            `<version>${version}</version>`,
            "<name>Apache-2.0</name>",
            "<connection>scm:git:https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc.git</connection>",
            "<artifactId>pulumi</artifactId>\n            <version>1.16.0</version>",
            // The sources name its annotation Nullable, which the Pulumi SDK does not hand on.
            "<artifactId>jsr305</artifactId>\n            <version>3.0.2</version>",
        ],
        // Only there the Pulumi SDK for Java finds the plugin of a package.
        "src/main/resources/com/aws_gitlab_oidc/awsgitlaboidc/plugin.json": [
            '"name": "aws-gitlab-oidc"',
            `"version": "${version}"`,
            '"server": "github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc"',
        ],
        "src/main/resources/io/github/aws_gitlab_oidc/aws-gitlab-oidc/version.txt": [version],
        [`${JAVA}/GitLabOidc.java`]: [
            "package io.github.aws_gitlab_oidc.awsgitlaboidc;",
            "public class GitLabOidc extends com.pulumi.resources.ComponentResource {",
            "public Output<Map<String,String>> roleArns() {",
            "public Output<String> gitlabCiYml() {",
        ],
        [`${JAVA}/GitLabOidcArgs.java`]: [
            "public Builder roles(Map<String,RoleArgs> roles) {",
            "public Builder url(String url) {",
        ],
        [`${JAVA}/inputs/RoleArgs.java`]: [
            // The generator takes no Output in a plain map.
            "public Builder managedPolicies(@Nullable Map<String,String> managedPolicies) {",
            "public Builder inlinePolicies(@Nullable Map<String,Object> inlinePolicies) {",
            "public Builder accept(String... accept) {",
            "public Builder subjects(SubjectArgs... subjects) {",
            "public Builder subClaimComponents(SubClaimComponent... subClaimComponents) {",
        ],
        [`${JAVA}/enums/SubClaimComponent.java`]: ['    RefProtected("ref_protected"),'],
        [`${JAVA}/AwsgitlaboidcFunctions.java`]: ["public static Output<GetGitlabCiResult> getGitlabCi("],
        [`${JAVA}/outputs/GetTrustPolicyResult.java`]: ["public List<Finding> warnings() {"],
    },
};

describe("generated SDKs", function () {
    // Building the generator takes a minute where it was never done.
    let folder: string;
    let generator: string;
    const generate = (schema: string, out: string, ...languages: string[]) =>
        promisify(execFile)(generator, [schema, version, out, ...languages]);
    const generateAll = async (out: string) => {
        await generate(schemaFile, out);
        await writeJavaSdk(out);
    };

    before(async () => {
        generator = await sdkgen();
        folder = mkdtempSync(join(tmpdir(), "sdkgen-"));
        await generateAll(join(folder, "sdk"));
    });
    after(() => {
        rmSync(folder, { recursive: true, force: true });
    });

    for (const [language, files] of Object.entries(EXPECTED)) {
        it(`${language}: names, types and package are as a user expects`, () => {
            const sdk = filesOf(join(folder, "sdk", language));
            for (const [path, pieces] of Object.entries(files)) {
                for (const piece of pieces) {
                    expect(sdk.get(path), path).to.contain(piece);
                }
            }
        });

        it(`${language}: every description comes through complete`, () => {
            const text = plainText([...filesOf(join(folder, "sdk", language)).values()].join("\n"));
            const { types, resources, functions } = readSchema();
            const all = (of: Properties | undefined) => Object.values(of ?? {}).map((p) => p.description ?? "");
            const descriptions = [
                ...Object.values(types).flatMap((t) => [
                    ...(t.enum ?? []).flatMap((e) => [t.description, e.description]),
                    ...all(t.properties),
                ]),
                ...Object.values(resources).flatMap((r) => [
                    r.description,
                    ...all(r.inputProperties),
                    ...all(r.properties),
                ]),
                ...Object.values(functions).flatMap((f) => [
                    f.description,
                    ...all(f.inputs.properties),
                    ...all(f.outputs.properties),
                ]),
            ];
            for (const description of descriptions) {
                expect(text.includes(plainText(description)), description).to.equal(true);
            }
        });
    }

    it("the same schema gives the same files", async () => {
        await generateAll(join(folder, "again"));
        expect(filesOf(join(folder, "again"))).to.deep.equal(filesOf(join(folder, "sdk")));
    });

    it("one language can be had alone, and what was there before is gone", async () => {
        const out = join(folder, "one");
        await generate(schemaFile, out, "python");
        writeFileSync(join(out, "python", "old.py"), "");
        await generate(schemaFile, out, "python");
        expect(readdirSync(out)).to.deep.equal(["python"]);
        expect(readdirSync(join(out, "python"))).to.not.contain("old.py");
    });

    it("a schema that the generators do not understand is refused, with the place", async () => {
        const broken = join(folder, "broken.json");
        writeFileSync(broken, readFileSync(schemaFile, "utf8").replace('index:Claims",', 'index:Clams",'));
        const error = (await generate(broken, join(folder, "none")).catch((e: unknown) => e)) as ExecFileException;
        expect(error.stderr).to.equal(
            `sdkgen: go: ${broken}: #/types/aws-gitlab-oidc:index:Subject/properties/claims/$ref: ` +
                "type aws-gitlab-oidc:index:Clams not found in package aws-gitlab-oidc\n",
        );
    });

    it("are committed as `make sdk` writes them", async () => {
        const written = join(folder, "written");
        await writeSdks(written);
        const [expected, committed] = [filesOf(written), filesOf(join(projectRoot, "sdk"))];
        const paths = [...new Set([...expected.keys(), ...committed.keys()])];
        expect(paths.filter((path) => expected.get(path) !== committed.get(path))).to.deep.equal([]);
    });

    it("nodejs type-checks", () => compile("node_modules/.bin/tsc", ["-p", "sdk/nodejs", "--noEmit"], projectRoot));

    it("python compiles", async () => {
        const copy = join(folder, "python");
        cpSync(join(projectRoot, "sdk/python"), copy, { recursive: true });
        await compile("python3", ["-m", "compileall", "-q", "."], copy);
    });

    it("go vets", async () => compile(await goTool(), ["vet", "./..."], join(projectRoot, "sdk/go")));

    it("java compiles", async function () {
        const java = await javaTools();
        if (java.missing !== undefined) {
            skip(this, java.missing);
        }
        const copy = join(folder, "java");
        cpSync(join(projectRoot, "sdk/java"), copy, { recursive: true });
        await writeMavenWrapper(join(copy, "mvnw"), java, java.repository);
        await compile("./mvnw", ["--quiet", "compile"], copy);
    });
});

/** Fails with what the compiler says. */
async function compile(command: string, args: readonly string[], cwd: string): Promise<void> {
    await promisify(execFile)(command, args, { cwd }).catch((error: unknown) => {
        const { stdout, stderr } = error as ExecFileException;
        throw new Error(`${command} ${args.join(" ")}\n${stdout ?? ""}${stderr ?? ""}`);
    });
}
