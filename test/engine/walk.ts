import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { logFile, projectRoot, run } from "../../tools/setup/cache";
import type { Workspace } from "../../tools/workspace";
import { TestStack } from "./engine";

/** A block of a page that readers follow: commands, or the content of a file. */
export interface Step {
    readonly language: string;
    /** The file that the line above the block names, below the folder of the program; none for commands. */
    readonly file: string | undefined;
    readonly text: string;
}

/** The blocks of a page in docs/getting-started, with a project's ID in place of the placeholder. */
export function stepsOf(page: string): readonly Step[] {
    const text = readFileSync(join(projectRoot, "docs/getting-started", page), "utf8");
    expect(text).to.contain("`<project id>`");
    const blocks = text.matchAll(/(?:`([\w./-]+)`:\n\n)?^```(\w+)\n(.*?)^```$/gms);
    return [...blocks].map(([, file, language, block]) => ({
        language: language!,
        file,
        text: block!.replaceAll("<project id>", "4711"),
    }));
}

/** Follows a page in an empty folder and compares what is there at the end with what the page promises. */
export class Walk {
    /** The folder of the program. */
    readonly folder: string;
    private milliseconds = 0;

    /** @param start The empty folder. */
    constructor(
        private readonly start: string,
        private readonly workspace: Workspace,
    ) {
        this.folder = join(start, "platform");
        mkdirSync(this.path);
        this.command("mkdir", 'exec /bin/mkdir "$@"');
        this.command("git", `exec '${commandOf("git")}' "$@"`);
        const git = (...args: string[]): unknown =>
            execFileSync("git", args, { cwd: start, stdio: "pipe", env: { ...process.env, ...GIT } });
        git("init", "--quiet", "--bare", "--initial-branch=main", "gitlab.git");
        git("init", "--quiet", "--initial-branch=main", "myproject");
        git("-C", "myproject", "remote", "add", "origin", join(start, "gitlab.git"));
    }

    /** Where the reader's commands are, and no others. */
    private get path(): string {
        return join(this.start, "path");
    }

    /** Writes a command of the reader, a script for sh. */
    command(name: string, ...lines: readonly string[]): void {
        writeFileSync(join(this.path, name), `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
    }

    /** Follows the page step by step. */
    async follow(
        steps: readonly Step[],
        { env, write }: { readonly env: Readonly<Record<string, string>>; readonly write?: (step: Step) => string },
    ): Promise<void> {
        const began = performance.now();
        for (const step of steps) {
            if (step.file !== undefined) {
                const file = join(this.folder, step.file);
                mkdirSync(dirname(file), { recursive: true });
                writeFileSync(file, write?.(step) ?? step.text);
                continue;
            }
            expect(step.language).to.equal("sh");
            const commands = `test ! -d platform || cd platform\n${step.text}`;
            await run("/bin/sh", ["-e", "-c", commands], {
                log: logFile("getting-started"),
                cwd: this.start,
                env: { ...this.workspace.env, ...GIT, HOME: this.start, ...env, PATH: this.path },
            });
        }
        this.milliseconds += performance.now() - began;
    }

    /** The stack that the page leads to, after a look at its outputs and at the file on branch main of the project. */
    stack(env: Readonly<Record<string, string>>): TestStack {
        console.log(`      from an empty folder to the CI file on main in ${(this.milliseconds / 1000).toFixed(1)} s`);
        const own = { ...this.workspace, env: { ...this.workspace.env, ...env } };
        const stack = new TestStack(own, this.folder, "platform", "dev");
        const ci = execFileSync("git", ["-C", join(this.start, "gitlab.git"), "show", "main:.gitlab-ci.yml"], {
            encoding: "utf8",
        });
        const arn = /arn:aws:iam::111122223333:role\/gitlab-deploy-[0-9a-f]{7}/.exec(ci)?.[0];
        expect(stack.outputs()).to.deep.equal({ roleArns: { deploy: arn }, gitlabCiYml: ci.replace(/\n$/, "") });
        expect(ci).to.match(/^assume role deploy:$/m);
        expect(ci).to.contain('image:\n    name: "public.ecr.aws/aws-cli/aws-cli:2.31.0"\n    entrypoint: [""]');
        expect(ci.trimEnd()).to.match(/ - aws sts get-caller-identity$/);
        return stack;
    }
}

const GIT = {
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_NAME: "reader",
    GIT_AUTHOR_EMAIL: "reader@example.com",
    GIT_COMMITTER_NAME: "reader",
    GIT_COMMITTER_EMAIL: "reader@example.com",
};

function commandOf(name: string): string {
    return execFileSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
}
