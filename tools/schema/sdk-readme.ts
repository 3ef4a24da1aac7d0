import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageJson } from "../../provider/contract/schema";
import { projectRoot } from "../setup/cache";

export type SdkLanguage = "nodejs" | "python" | "go" | "java";

interface Language {
    readonly title: string;
    /** How the SDK gets into a program, as the language's own tools say it. */
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
                ...shell("npm install pulumi-aws-gitlab-oidc-sdk"),
                "",
                "The package `pulumi-aws-gitlab-oidc` has the same classes without a plugin.",
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
        `The Pulumi CLI fetches the plugin. [Installation and configuration](${REPOSITORY}/blob/main/docs/installation-configuration.md) has the`,
        `other ways, and [the README](${REPOSITORY}#readme) everything else: who may assume a role, the CI file, every input and output.`,
        "",
        `\`\`\`${fence}`,
        // The example is written with the classes, which have the same names here.
        program.replaceAll('"pulumi-aws-gitlab-oidc"', '"pulumi-aws-gitlab-oidc-sdk"').trimEnd(),
        "```",
        "",
        "Generated from the package's schema by Pulumi's own generator. License: Apache-2.0.",
        "",
    ].join("\n");
}
