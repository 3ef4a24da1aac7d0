import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
    createIssuer,
    environmentWith,
    signExpired,
    signWithUnknownKey,
    startGate,
    type Gate,
    type Issuer,
} from "./emulator";
import { messageOf } from "./setup/cache";
import { startWorkspace, type Workspace } from "./workspace";

const URL = "https://gitlab.example.com";
const PLATFORM = "gitlab-oidc-platform";

/** The main use of the package, on an emulator of AWS. */
async function demo(workspace: Workspace, track: (child: ChildProcess) => void): Promise<void> {
    const issuer = await createIssuer(URL);
    const gate = await startGate({ emulator: workspace.emulator, issuers: [issuer] });
    try {
        const pulumi = new Pulumi(workspace, track);
        const platform = pulumi.example("examples/yaml/platform");
        const app = pulumi.example("examples/yaml/app-stack");

        title(`The platform team's stack: pulumi up in examples/yaml/platform`);
        await pulumi.run(platform, ["stack", "init", "prod"]);
        await pulumi.run(platform, ["up", "--yes", "--skip-preview", "--suppress-outputs"]);

        title(
            "An application team's stack creates a role with the same identity provider, by stack reference: pulumi up in examples/yaml/app-stack",
        );
        await pulumi.run(app, ["stack", "init", "prod"]);
        await pulumi.run(app, ["config", "set", "platformStack", `organization/${PLATFORM}/prod`]);
        await pulumi.run(app, ["up", "--yes", "--skip-preview", "--suppress-outputs"]);

        title("Role ARNs");
        const outputs = JSON.parse(await pulumi.output(platform, ["stack", "output", "--json"])) as Outputs;
        for (const [role, arn] of Object.entries(outputs.roleArns)) {
            console.log(`${role.padEnd(8)}${arn}`);
        }
        title(".gitlab-ci.yml");
        console.log(outputs.gitlabCiYml);

        title("Jobs: sh runs the generated script with the AWS CLI and an ID token as GitLab signs it");
        console.log(
            "The emulator evaluates the trust policy. A proxy in front of it checks signature, times, audience and issuer as AWS\n" +
                "does, against the identity provider in IAM. Every job also has the root credentials of the account: a denied job\n" +
                "must not continue with them.\n",
        );
        await runJobs(workspace, gate, issuer, outputs);

        title("The same again: nothing to change");
        await pulumi.run(platform, ["up", "--yes", "--skip-preview", "--suppress-outputs", "--expect-no-changes"]);
        await pulumi.run(app, ["up", "--yes", "--skip-preview", "--suppress-outputs", "--expect-no-changes"]);

        title("Clean up: pulumi destroy");
        await pulumi.run(app, ["destroy", "--yes", "--skip-preview"]);
        await pulumi.run(platform, ["destroy", "--yes", "--skip-preview"]);
    } finally {
        await gate.stop();
    }
}

interface Outputs {
    readonly roleArns: Readonly<Record<string, string>>;
    readonly gitlabCiYml: string;
}

function title(text: string): void {
    console.log(`\n=== ${text}\n`);
}

/** The Pulumi CLI in copies of the examples that know where the plugins of this checkout are. */
class Pulumi {
    constructor(
        private readonly workspace: Workspace,
        private readonly track: (child: ChildProcess) => void,
    ) {}

    example(path: string): string {
        const folder = mkdtempSync(join(this.workspace.folder, "example-"));
        const program = readFileSync(join(__dirname, "..", path, "Pulumi.yaml"), "utf8");
        writeFileSync(join(folder, "Pulumi.yaml"), `${program}\n${this.workspace.plugins}`);
        return folder;
    }

    async run(cwd: string, args: readonly string[]): Promise<void> {
        await this.execute(cwd, args, "inherit");
    }

    async output(cwd: string, args: readonly string[]): Promise<string> {
        return this.execute(cwd, args, "pipe");
    }

    private execute(cwd: string, args: readonly string[], stdout: "inherit" | "pipe"): Promise<string> {
        const command = [...args, "--non-interactive"];
        return new Promise((resolve, reject) => {
            const child = spawn(this.workspace.tools.pulumi.path, command, {
                cwd,
                env: this.workspace.env,
                stdio: ["ignore", stdout, "inherit"],
            });
            this.track(child);
            let text = "";
            child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
            child.on("error", reject);
            child.on("close", (code, signal) => {
                if (code === 0) {
                    resolve(text);
                } else {
                    reject(new Error(`pulumi ${args.join(" ")} ended with ${signal ?? `status ${String(code)}`}`));
                }
            });
        });
    }
}

interface Job {
    readonly title: string;
    readonly token: string;
    /** Text that the job's log must contain. */
    readonly expected: string;
    /** Whether the job must end with status 0. */
    readonly isAllowed: boolean;
}

async function runJobs(workspace: Workspace, gate: Gate, issuer: Issuer, outputs: Outputs): Promise<void> {
    const on = (claims: Record<string, string>): Record<string, string> => ({
        aud: URL,
        project_path: "mygroup/myproject",
        ref_type: "branch",
        ref: "main",
        ...claims,
    });
    const role = outputs.roleArns["deploy"]!.split("/").pop()!;
    const denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    const jobs: Job[] = [
        {
            title: "branch main of mygroup/myproject",
            token: await issuer.sign(on({})),
            expected: `arn:aws:sts::111122223333:assumed-role/${role}/GitLabRunner-20-4711`,
            isAllowed: true,
        },
        {
            title: "another branch",
            token: await issuer.sign(on({ ref: "feature" })),
            expected: denied,
            isAllowed: false,
        },
        {
            title: "a tag named main",
            token: await issuer.sign(on({ ref_type: "tag" })),
            expected: denied,
            isAllowed: false,
        },
        {
            title: "branch main of another project",
            token: await issuer.sign(on({ project_path: "mygroup/other" })),
            expected: denied,
            isAllowed: false,
        },
        {
            title: "another audience",
            token: await issuer.sign(on({ aud: "https://other.example.com" })),
            expected: "Incorrect token audience",
            isAllowed: false,
        },
        {
            title: "an expired token",
            token: await signExpired(issuer, on({})),
            expected: "Token expired",
            isAllowed: false,
        },
        {
            title: "a token signed with an unknown key",
            token: await signWithUnknownKey(issuer, on({})),
            expected: "InvalidIdentityToken",
            isAllowed: false,
        },
    ];
    const job = (parse(outputs.gitlabCiYml) as Record<string, CiJob>)["assume role deploy"]!;
    const wrong: string[] = [];
    for (const { title: name, token, expected, isAllowed } of jobs) {
        const { status, log } = await runScript(job, token, workspace, gate);
        const asExpected = log.includes(expected) && (status === 0) === isAllowed;
        console.log(`${asExpected ? "ok   " : "WRONG"} ${name}: ${isAllowed ? "allowed" : "denied"}`);
        console.log(
            log
                .trim()
                .split("\n")
                .map((line) => `        ${line}`)
                .join("\n"),
        );
        if (!asExpected) {
            wrong.push(`${name}: expected ${JSON.stringify(expected)}, status ${String(status)}`);
        }
    }
    if (wrong.length > 0) {
        throw new Error(`unexpected results of jobs:\n${wrong.join("\n")}`);
    }
}

interface CiJob {
    readonly script: readonly string[];
}

/** Runs a job as a runner does: all lines in one shell, which ends at the first error. */
function runScript(
    job: CiJob,
    token: string,
    workspace: Workspace,
    gate: Gate,
): Promise<{ status: number | null; log: string }> {
    return new Promise((resolve, reject) => {
        const child = spawn("sh", ["-e", "-c", job.script.join("\n")], {
            env: {
                ...environmentWith(gate.env, workspace.env),
                GITLAB_OIDC_TOKEN: token,
                CI_PROJECT_ID: "20",
                CI_PIPELINE_ID: "4711",
                CI_JOB_ID: "7",
            },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let log = "";
        const collect = (chunk: Buffer): void => void (log += chunk.toString());
        child.stdout.on("data", collect);
        child.stderr.on("data", collect);
        child.on("error", reject);
        child.on("close", (status) => resolve({ status, log }));
    });
}

let interrupted = false;

async function main(): Promise<void> {
    let running: ChildProcess | undefined;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
            interrupted = true;
            running?.kill("SIGINT");
        });
    }
    const workspace = await startWorkspace();
    const started = Date.now();
    try {
        await demo(workspace, (child) => {
            if (interrupted) {
                child.kill("SIGINT");
            }
            running = child;
        });
        console.log(`\nDone in ${String(Math.round((Date.now() - started) / 1000))} s.`);
    } finally {
        await workspace.stop();
    }
}

main().catch((error: unknown) => {
    console.error(interrupted ? "demo: interrupted" : `demo: ${messageOf(error)}`);
    process.exitCode = interrupted ? 130 : 1;
});
