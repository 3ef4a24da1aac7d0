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

/** The main job, as a user of the package does it, on an emulator of AWS. */
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
            "An application team's stack makes a role on the same provider, by stack reference: pulumi up in examples/yaml/app-stack",
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

        title("Jobs: the generated script run by sh with the AWS CLI and an ID token as GitLab signs it");
        console.log(
            "The emulator evaluates the trust policy. Signature, times, audience and provider it does not look at: a gate\n" +
                "before it checks those as AWS does, against the provider on record in IAM. Every job has the account's root\n" +
                "credentials at hand too: a job that is refused must not go on with them.\n",
        );
        await runJobs(workspace, gate, issuer, outputs);

        title("The same again: nothing to change");
        await pulumi.run(platform, ["up", "--yes", "--skip-preview", "--suppress-outputs", "--expect-no-changes"]);
        await pulumi.run(app, ["up", "--yes", "--skip-preview", "--suppress-outputs", "--expect-no-changes"]);

        title("And away");
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
    readonly told: string;
    readonly token: string;
    /** What the job's log has to contain; a job that is admitted ends with status 0, every other one does not. */
    readonly expected: string;
    readonly admitted: boolean;
}

async function runJobs(workspace: Workspace, gate: Gate, issuer: Issuer, outputs: Outputs): Promise<void> {
    const on = (claims: Record<string, string>): Record<string, string> => ({
        aud: URL,
        project_path: "mygroup/myproject",
        ref_type: "branch",
        ref: "main",
        ...claims,
    });
    const name = outputs.roleArns["deploy"]!.split("/").pop()!;
    const denied = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    const jobs: Job[] = [
        {
            told: "branch main of mygroup/myproject",
            token: await issuer.sign(on({})),
            expected: `arn:aws:sts::111122223333:assumed-role/${name}/GitLabRunner-20-4711`,
            admitted: true,
        },
        { told: "another branch", token: await issuer.sign(on({ ref: "feature" })), expected: denied, admitted: false },
        {
            told: "a tag named main",
            token: await issuer.sign(on({ ref_type: "tag" })),
            expected: denied,
            admitted: false,
        },
        {
            told: "branch main of another project",
            token: await issuer.sign(on({ project_path: "mygroup/other" })),
            expected: denied,
            admitted: false,
        },
        {
            told: "another audience",
            token: await issuer.sign(on({ aud: "https://other.example.com" })),
            expected: "Incorrect token audience",
            admitted: false,
        },
        {
            told: "an expired token",
            token: await signExpired(issuer, on({})),
            expected: "Token expired",
            admitted: false,
        },
        {
            told: "a token signed by somebody else",
            token: await signWithUnknownKey(issuer, on({})),
            expected: "InvalidIdentityToken",
            admitted: false,
        },
    ];
    const job = (parse(outputs.gitlabCiYml) as Record<string, CiJob>)["assume role deploy"]!;
    const wrong: string[] = [];
    for (const { told, token, expected, admitted } of jobs) {
        const { status, log } = await runScript(job, token, workspace, gate);
        const asExpected = log.includes(expected) && (status === 0) === admitted;
        console.log(`${asExpected ? "ok   " : "WRONG"} ${told}: ${admitted ? "gets the role" : "is refused"}`);
        console.log(
            log
                .trim()
                .split("\n")
                .map((line) => `        ${line}`)
                .join("\n"),
        );
        if (!asExpected) {
            wrong.push(`${told}: expected ${JSON.stringify(expected)}, status ${String(status)}`);
        }
    }
    if (wrong.length > 0) {
        throw new Error(`jobs did not end as they should:\n${wrong.join("\n")}`);
    }
}

interface CiJob {
    readonly script: readonly string[];
}

/** What a runner does with a job: its lines one after the other in one shell, which ends at the first that fails. */
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
