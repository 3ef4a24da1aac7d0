import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { buildGitLabCi } from "../../provider/gitlab-ci";
import {
    createIssuer,
    environmentWith,
    startEmulator,
    startGate,
    type ClaimOverrides,
    type Emulator,
    type Gate,
    type Issuer,
} from "../../tools/emulator";
import { debianTools } from "../../tools/setup/debian";
import { pythonTools } from "../../tools/setup/python";
import { skip, skipWithout } from "../support/skip";
import { createProvider, createRole } from "./account";

const ACCOUNT = "arn:aws:iam::111122223333";

describe("generated .gitlab-ci.yml, run by gitlab-ci-local", function () {
    this.timeout(300_000);

    let runner: string;
    let folder: string | undefined;
    let project: string;
    let path: string;
    let emulator: Emulator | undefined;
    let gate: Gate | undefined;
    let gitlab: Issuer;

    before(async function () {
        this.timeout(600_000); // on a machine's first run the tools are fetched here
        runner = installedRunner() ?? skip(this, "the npm package gitlab-ci-local is not installed");
        const debian = await debianTools(["rsync"]);
        skipWithout(this, debian, "rsync");
        const { bin } = await pythonTools();
        path = [bin, ...debian.bin, process.env.PATH].join(delimiter);
        gitlab = await createIssuer("https://gitlab.com");
        emulator = await startEmulator({ bin });
        gate = await startGate({ emulator, issuers: [gitlab] });
        await createProvider(emulator.endpoint);
        await createRole(emulator.endpoint, { RoleName: "deploy", Path: "/ci/" });
        await createRole(emulator.endpoint, { RoleName: "plan" });
        folder = mkdtempSync(join(tmpdir(), "gitlab-ci-local-"));
        project = join(folder, "project");
        repository(project, {
            deploy: `${ACCOUNT}:role/ci/deploy`,
            plan: `${ACCOUNT}:role/plan`,
        });
    });

    after(async () => {
        await gate?.stop();
        await emulator?.stop();
        if (folder !== undefined) {
            rmSync(folder, { recursive: true, force: true });
        }
    });

    /** Runs a job with the ID token that GitLab would give it, on a runner that has the account's root keys: nothing may use them. */
    async function run(job: string, claims: ClaimOverrides): Promise<{ status: number; log: string }> {
        const env = environmentWith(gate!.env, { ...process.env, PATH: path, HOME: join(project, "..") });
        const args = [
            runner,
            "--no-color",
            `--home=${join(project, "..")}`,
            `--variable=GITLAB_OIDC_TOKEN=${await gitlab.sign(claims)}`,
            // As a variable of the group would come: no job may take its role from there.
            "--variable=ROLE_ARN=arn:aws:iam::444455556666:role/somebody",
            job,
        ];
        return new Promise((resolve) => {
            execFile(process.execPath, args, { env, cwd: project, encoding: "utf8" }, (error, stdout, stderr) =>
                resolve({ status: error === null ? 0 : Number(error.code), log: stdout + stderr }),
            );
        });
    }

    for (const [job, identity] of [
        ["assume role deploy", "assumed-role/deploy/GitLabRunner-"],
        ["assume role plan", "assumed-role/plan/GitLabRunner-"],
    ] as const) {
        it(`${job}: becomes the role on the admitted branch`, async () => {
            const { status, log } = await run(job, { ref: "main" });
            expect(status, log).to.equal(0);
            expect(log).to.contain(`"Arn": "arn:aws:sts::111122223333:${identity}`);
            expect(log).to.contain(`${job} > the next command ran\n`);
        });
    }

    it("stops at the exchange on another branch, and its log says why", async () => {
        const { status, log } = await run("assume role deploy", { ref: "feature" });
        expect(status, log).to.equal(1);
        expect(log).to.contain(
            "$ # Exchange the ID token for credentials of the role. The job ends here if AWS refuses.",
        );
        expect(log).to.contain(
            "assume role deploy > An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: " +
                "Not authorized to perform sts:AssumeRoleWithWebIdentity\n",
        );
        expect(log).not.to.match(/assumed-role|:root|the next command ran|get-caller-identity/);
    });
});

/** A project with nothing in it but the generated file, with a command of the user's below the last line of each job. */
function repository(project: string, roleArns: Readonly<Record<string, string>>): void {
    const yaml = buildGitLabCi({ roleArns }).replaceAll(
        "    - aws sts get-caller-identity\n",
        "    - aws sts get-caller-identity\n    - echo the next command ran\n",
    );
    mkdirSync(project);
    writeFileSync(join(project, ".gitlab-ci.yml"), yaml);
    // Without the developer's own settings, such as signed commits.
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    const git = (...args: string[]) => execFileSync("git", ["-C", project, ...args], { env, stdio: "pipe" });
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "sample-user");
    git("config", "user.email", "sample-user@example.com");
    git("remote", "add", "origin", "git@gitlab.com:mygroup/myproject.git");
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    git("add", "--all");
    git("commit", "--quiet", "--message=First");
}

/** The command's file, if the package is there. */
function installedRunner(): string | undefined {
    try {
        const manifest = createRequire(__filename).resolve("gitlab-ci-local/package.json");
        const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: string };
        return join(dirname(manifest), bin);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
            return undefined;
        }
        throw error;
    }
}
