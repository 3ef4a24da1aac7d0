import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { projectRoot } from "../setup/cache";

export type SdkLanguage = "nodejs" | "python" | "go" | "java";

interface Language {
    readonly title: string;
    /** How to install the SDK with the language's own tools. */
    readonly install: readonly string[];
    readonly fence: string;
    /** A program that the tests run. */
    readonly example: string;
}

const REPOSITORY = "https://github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc";

function languages(version: string): Readonly<Record<SdkLanguage, Language>> {
    const shell = (command: string): readonly string[] => ["```sh", command, "```"];
    return {
        nodejs: {
            title: "for Node.js, through the plugin",
            install: [
                "```sh",
                `pulumi plugin install resource aws-gitlab-oidc v${version} --server github://api.github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc`,
                `pulumi package add aws-gitlab-oidc@${version}`,
                "```",
                "",
                "The second command writes this SDK into `sdks/`. npm has the same classes under the same name, `pulumi-aws-gitlab-oidc`.",
                "They need no plugin. A program is the same for both.",
            ],
            fence: "typescript",
            example: "examples/typescript/platform/index.ts",
        },
        python: {
            title: "for Python",
            install: shell("pip install pulumi_aws_gitlab_oidc"),
            fence: "python",
            example: "examples/python/platform/__main__.py",
        },
        go: {
            title: "for Go",
            install: shell("go get github.com/aws-gitlab-oidc/pulumi-aws-gitlab-oidc/sdk/go"),
            fence: "go",
            example: "examples/go/platform/main.go",
        },
        java: {
            title: "for Java",
            install: [
                "```xml",
                "<dependency>",
                "    <groupId>io.github.aws-gitlab-oidc</groupId>",
                "    <artifactId>pulumi-aws-gitlab-oidc</artifactId>",
                `    <version>${version}</version>`,
                "</dependency>",
                "```",
            ],
            fence: "java",
            example: "examples/java/platform/src/main/java/platform/App.java",
        },
    };
}

/** The page that the package index of a language shows. */
export async function sdkReadme(language: SdkLanguage, description: string): Promise<string> {
    const { title, install, fence, example } = languages(packageJson().version)[language];
    const program = await readFile(join(projectRoot, example), "utf8");
    return [
        `# AWS GitLab OIDC ${title}`,
        "",
        description,
        "",
        ...install,
        "",
        `The Pulumi CLI downloads the plugin. [Installation and configuration](${REPOSITORY}/blob/main/docs/installation-configuration.md) describes`,
        `other ways. [The README](${REPOSITORY}#readme) is the place to start, and leads to every input and output.`,
        "",
        `\`\`\`${fence}`,
        program.trimEnd(),
        "```",
        "",
        "Generated from the package's schema by Pulumi's own generator. License: Apache-2.0.",
        "",
    ].join("\n");
}
