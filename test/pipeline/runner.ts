import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import {
    createIssuer,
    environmentWith,
    startEmulator,
    startGate,
    subjectOf,
    type Emulator,
    type Gate,
    type Issuer,
} from "../../tools/emulator";
import { allows } from "../../tools/fuzz/oracle";
import { debianTools } from "../../tools/setup/debian";
import { pythonTools } from "../../tools/setup/python";
import { skip, skipWithout } from "../support/skip";
import { createProvider, createRole, type AccountRole } from "./account";

/** A machine with gitlab-ci-local, whose jobs reach the emulator through the gate. */
export interface Runner {
    readonly gate: Gate;
    /** File with an ID token of `main`, as a pod has one. */
    readonly tokenFile: string;
    /** The ID token of a job there. */
    token(place: Place): Promise<string>;
    /** A new GitLab project with these files. */
    project(files: Readonly<Record<string, string>>): Project;
    stop(): Promise<void>;
}

/** Where a pipeline runs: what GitLab would tell its jobs, and what their ID token says. */
export interface Place {
    /** Path of the project, `mygroup/myproject` by default. */
    readonly path?: string;
    /** `main` by default. */
    readonly branch?: string;
    /** Instead of a branch. */
    readonly tag?: string;
    readonly isProtected?: boolean;
    /** `CI_PIPELINE_SOURCE`, `push` by default. */
    readonly source?: string;
    /** Numeric ID of the project, by default that of gitlab-ci-local, and 20 in the token. */
    readonly id?: string;
    /** The source project of the merge request that the pipeline is for. The branch is its source branch. */
    readonly mergeRequestOf?: { readonly path: string; readonly id: string };
    /** The environment of the job, as GitLab knows it. */
    readonly environment?: { readonly name: string; readonly tier: string; readonly isProtected?: boolean };
    /** Sub claim components of the project, by default GitLab's. */
    readonly components?: readonly string[];
    /** CI/CD variables of the project. */
    readonly variables?: Readonly<Record<string, string>>;
    /** Variables that get the ID token, by default `GITLAB_OIDC_TOKEN`: gitlab-ci-local fills none by itself. */
    readonly tokenVariables?: readonly string[];
    /** Variables of the runner itself, by default `ROOT_KEYS`. */
    readonly ambient?: Readonly<Record<string, string>>;
    /** A folder of commands that come before the runner's own. */
    readonly commands?: string;
}

export interface Project {
    readonly folder: string;
    /** Runs these jobs, or where none are named the whole pipeline. */
    run(jobs: readonly string[], place?: Place): Promise<Run>;
    /** The jobs that a pipeline there has. */
    started(place?: Place): Promise<readonly string[]>;
}

export interface Run {
    readonly status: number;
    readonly log: string;
    /** What is in the log of one job: commands after `$`, output after `>`. Nothing where it was not started. */
    of(job: string): string;
    /** Names of what the jobs left in the folder for temporary files. */
    readonly left: readonly string[];
}

/** Keys of the account's root user, in the environment. */
export const ROOT_KEYS = { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" };

/** AWS's refusal, as it stands in the log of a job. */
export const DENIED =
    "> An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: " +
    "Not authorized to perform sts:AssumeRoleWithWebIdentity\n";

/** Who a job was, at every `aws sts get-caller-identity` in its log. */
export function identities(log: string): readonly string[] {
    return [...log.matchAll(/"Arn": "([^"]*)"/g)].map(([, arn]) =>
        arn!.replace(/GitLabRunner-1217-\d+-\d+$/, "GitLabRunner-PROJECT-PIPELINE-JOB"),
    );
}

/**
 * Starts the emulator of AWS with an account that has gitlab.com and these roles, or uses one that runs. Skips all tests where a
 * tool is missing.
 */
export async function startRunner(
    context: Mocha.Context,
    account: readonly AccountRole[] | Pick<Emulator, "endpoint">,
): Promise<Runner> {
    const command = installedRunner() ?? skip(context, "the npm package gitlab-ci-local is not installed");
    const debian = await debianTools(["rsync"]);
    skipWithout(context, debian, "rsync");
    const { bin } = await pythonTools();
    const issuer = await createIssuer("https://gitlab.com");
    const own = "endpoint" in account ? undefined : await startWith(bin, account);
    const emulator = "endpoint" in account ? account : own!;
    const roles = "endpoint" in account ? [] : account;
    const gate = await startGate({
        emulator,
        issuers: [issuer],
        // The emulator evaluates `sub` and `aud`, and a second evaluator, which shares no code with this package, all keys.
        otherKeys: (roleArn, { claims, providerArn }) => {
            const role = roles.find(({ RoleName }) => roleArn.endsWith(`/${RoleName}`));
            const request = { issuer: "gitlab.com", providerArn, claims: ofText(claims), context: {} };
            return role?.trustPolicy === undefined || allows(JSON.parse(role.trustPolicy) as object, request) === true;
        },
    });
    const folder = mkdtempSync(join(tmpdir(), "gitlab-ci-local-"));
    const machine: Machine = {
        command,
        path: [bin, ...debian.bin, process.env.PATH].join(delimiter),
        gate,
        issuer,
        home: homeIn(folder),
        tmp: join(folder, "tmp"),
    };
    mkdirSync(machine.tmp);
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, await issuer.sign());
    let projects = 0;
    return {
        gate,
        tokenFile,
        token: (place) => tokenAt(place, issuer),
        project: (files) => projectOf(machine, join(folder, `project-${String(++projects)}`), files),
        stop: async () => {
            await gate.stop();
            await own?.stop();
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

async function startWith(bin: string, roles: readonly AccountRole[]): Promise<Emulator> {
    const emulator = await startEmulator({ bin });
    await createProvider(emulator.endpoint);
    for (const role of roles) {
        await createRole(emulator.endpoint, role);
    }
    return emulator;
}

function ofText(claims: object): Readonly<Record<string, string>> {
    return Object.fromEntries(
        Object.entries(claims).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
}

interface Machine {
    readonly command: string;
    readonly path: string;
    readonly gate: Gate;
    readonly issuer: Issuer;
    readonly home: string;
    readonly tmp: string;
}

/** A home folder with the root keys in the AWS CLI's files: as the default, and as the profile "somebody". */
function homeIn(folder: string): string {
    const home = join(folder, "home");
    mkdirSync(join(home, ".aws"), { recursive: true });
    const keys = "aws_access_key_id = testing\naws_secret_access_key = testing\n";
    writeFileSync(join(home, ".aws", "credentials"), `[default]\n${keys}\n[somebody]\n${keys}`);
    writeFileSync(join(home, ".aws", "config"), "[profile somebody]\nregion = us-east-1\n");
    return home;
}

function projectOf(machine: Machine, folder: string, files: Readonly<Record<string, string>>): Project {
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
    }
    // Without the developer's own settings, such as signed commits.
    const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
    const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { env, stdio: "pipe" });
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "sample-user");
    git("config", "user.email", "sample-user@example.com");
    git("remote", "add", "origin", "https://gitlab.com/mygroup/myproject.git");
    git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main");
    git("add", "--all");
    git("commit", "--quiet", "--message=First");

    async function call(args: readonly string[], place: Place): Promise<{ status: number; out: string; log: string }> {
        git("remote", "set-url", "origin", `https://gitlab.com/${place.path ?? "mygroup/myproject"}.git`);
        git("branch", "-M", place.branch ?? "main");
        const variables = await variablesAt(place, machine.issuer);
        const settings = [
            "--no-color",
            // Without Docker, the image of a job does not matter.
            "--force-shell-executor",
            `--home=${machine.home}`,
            ...Object.entries(variables).map(([name, value]) => `--variable=${name}=${value}`),
            `--ignore-predefined-vars=${Object.keys(variables).join(",")}`,
            // For gitlab-ci-local every pipeline is one of a branch.
            ...(isOfBranch(place) ? [] : ["--unset-variable=CI_COMMIT_BRANCH"]),
        ];
        return new Promise((resolve) => {
            execFile(
                process.execPath,
                [machine.command, ...settings, ...args],
                { env: environmentOf(machine, place), cwd: folder, encoding: "utf8" },
                (error, stdout, stderr) =>
                    resolve({
                        status: error === null ? 0 : Number(error.code),
                        out: stdout,
                        log: `${stdout}${stderr}`,
                    }),
            );
        });
    }

    let ran = false;
    return {
        folder,
        run: async (jobs, place = {}) => {
            // The first run checks the files by GitLab's schema, which takes half a second; they stay as they are.
            const flags = ran ? ["--no-json-schema-validation"] : [];
            ran = true;
            const { status, log } = await call([...flags, ...jobs], place);
            return { status, log, of: (job) => logOf(job, log), left: readdirSync(machine.tmp) };
        },
        started: async (place = {}) => {
            const { status, out, log } = await call(["--list-json", "--no-json-schema-validation"], place);
            if (status !== 0) {
                throw new Error(log);
            }
            const jobs = JSON.parse(out) as readonly { readonly name: string; readonly when: string }[];
            return jobs.filter(({ when }) => when !== "never").map(({ name }) => name);
        },
    };
}

function isOfBranch({ tag, source }: Place): boolean {
    return tag === undefined && source !== "merge_request_event";
}

/**
 * The token names the source project of a merge request, as GitLab has done since 18.2.2, and the environment of the job. Source: GitLab,
 * "OpenID Connect (OIDC) Authentication Using ID Tokens".
 */
function tokenAt(place: Place, issuer: Issuer): Promise<string> {
    const { path = "mygroup/myproject", id, branch = "main", tag, isProtected = false, source = "push" } = place;
    const { mergeRequestOf, environment, components } = place;
    const claims = {
        project_path: mergeRequestOf?.path ?? path,
        ...((mergeRequestOf !== undefined || id !== undefined) && { project_id: mergeRequestOf?.id ?? id }),
        ref_type: tag === undefined ? "branch" : "tag",
        ref: tag ?? branch,
        ref_protected: String(isProtected),
        pipeline_source: source,
        ...(environment !== undefined && {
            environment: environment.name,
            deployment_tier: environment.tier,
            environment_protected: String(environment.isProtected ?? false),
        }),
    };
    return issuer.sign({ ...claims, ...(components !== undefined && { sub: subjectOf(claims, [...components]) }) });
}

/**
 * Variables of the pipeline. gitlab-ci-local knows only pushes to branches and tags, so everything about other pipelines is set
 * here as GitLab documents it. Source: GitLab, "Predefined CI/CD variables reference".
 */
async function variablesAt(place: Place, issuer: Issuer): Promise<Readonly<Record<string, string>>> {
    const { path = "mygroup/myproject", id, branch = "main", tag, isProtected = false, source = "push" } = place;
    const { mergeRequestOf } = place;
    const token = await tokenAt(place, issuer);
    return {
        CI_COMMIT_REF_PROTECTED: String(isProtected),
        CI_PIPELINE_SOURCE: source,
        ...(id === undefined ? {} : { CI_PROJECT_ID: id }),
        ...(tag === undefined ? {} : { CI_COMMIT_TAG: tag, CI_COMMIT_REF_NAME: tag }),
        ...(mergeRequestOf === undefined
            ? {}
            : {
                  CI_MERGE_REQUEST_PROJECT_PATH: path,
                  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: mergeRequestOf.path,
                  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: mergeRequestOf.id,
                  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch,
              }),
        // As a variable of the group would come: no job may take its role from there.
        ROLE_ARN: "arn:aws:iam::444455556666:role/somebody",
        ...Object.fromEntries((place.tokenVariables ?? ["GITLAB_OIDC_TOKEN"]).map((name) => [name, token])),
        ...place.variables,
    };
}

function environmentOf(
    { gate, path: own, home, tmp }: Machine,
    { ambient = ROOT_KEYS, commands }: Place,
): Record<string, string> {
    const path = commands === undefined ? own : `${commands}${delimiter}${own}`;
    const settings = { AWS_ENDPOINT_URL: gate.endpoint, AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-1" };
    return environmentWith({ ...settings, ...ambient }, { ...process.env, PATH: path, HOME: home, TMPDIR: tmp });
}

function logOf(job: string, log: string): string {
    return log
        .split("\n")
        .filter((line) => line.startsWith(job) && /^ +[$>] /.test(line.slice(job.length)))
        .map((line) => `${line.slice(job.length).trimStart()}\n`)
        .filter((line) => line !== "> still running...\n") // says gitlab-ci-local after a silence
        .join("");
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
