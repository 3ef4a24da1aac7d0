import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { projectRoot, SetupError } from "../tools/setup/cache";
import { debianTools } from "../tools/setup/debian";
import { writeDetails, writeEvents } from "./account-files";
import { peakMegabytes } from "./memory";
import { rowOf, type Row } from "./row";
import { samplesOf, type Samples } from "./samples";

const ROLES = 10_000;
const MEGABYTES = 50;
const ROUNDS = 3;

const MANY = 1_000_000;
const FEW = 250_000;
const ROLES_OF_EVENTS = 1_000;

/** The trust policies, which is where a person begins who has jq only. */
const JQ_ROLES = '.RoleDetailList[] | select(.AssumeRolePolicyDocument | tojson | test("gitlab")) | .Arn';
const JQ_EVENTS =
    '.Records[] | select(.eventName == "AssumeRoleWithWebIdentity") | [.requestParameters.roleArn, .userIdentity.userName, .errorCode]';

interface Run {
    readonly seconds: number;
    readonly megabytes: number;
}

/** Time and memory of `aws-gitlab-oidc audit` for large files, beside jq, which only reads them. */
export async function measureAudit(folder: string): Promise<readonly Row[]> {
    const details = join(folder, "details.json");
    await writeDetails(details, ROLES, MEGABYTES * 1_000_000);
    const small = join(folder, "small.json");
    await writeDetails(small, ROLES_OF_EVENTS, ROLES_OF_EVENTS * 2_000);
    const [many, few] = [join(folder, "many.json.gz"), join(folder, "few.json.gz")];
    writeEvents(many, MANY, ROLES_OF_EVENTS);
    writeEvents(few, FEW, ROLES_OF_EVENTS);
    const path = await pathWithJq();
    const audit = (...files: readonly string[]): Promise<Run> =>
        run(process.execPath, [join(projectRoot, "dist/cmd/aws-gitlab-oidc.js"), "audit", ...files, "--json"], path);

    const ofDetails: Run[] = [];
    const ofJq: Run[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
        ofDetails.push(await audit(details));
        ofJq.push(await run("jq", [JQ_ROLES, details], path));
    }
    const ofFew = await audit(small, few);
    const ofMany = await audit(small, many);
    const jqOfMany = await run("sh", ["-c", 'gzip -dc "$1" | jq -c "$2"', "sh", many, JQ_EVENTS], path);
    const seconds = (runs: readonly Run[]): Samples => samplesOf(runs.map((one) => one.seconds));
    const megabytes = (runs: readonly Run[]): Samples => samplesOf(runs.map((one) => one.megabytes));
    const what = {
        details: `audit of ${ROLES.toLocaleString("en")} roles, all for GitLab, in ${String(MEGABYTES)} MB of authorization details`,
        events: `audit of ${MANY.toLocaleString("en")} CloudTrail events (gzip)`,
    };
    const row = (id: string, text: string, unit: string, [ours, peer, theirs, bar]: Compared): Row =>
        rowOf({ id, what: text, unit, ours, peer, theirs, ...(bar !== undefined && { bar }) });
    return [
        row("audit-roles", `${what.details}: time`, "s", [seconds(ofDetails), "6 s", samplesOf([6]), 1]),
        row("audit-roles-memory", `${what.details}: peak memory`, "MB", [
            megabytes(ofDetails),
            "700 MB",
            samplesOf([700]),
            1,
        ]),
        row("audit-roles-jq", `${what.details}: time`, "s", [seconds(ofDetails), "jq, ARNs only", seconds(ofJq)]),
        row("audit-events", `${what.events}: time`, "s", [seconds([ofMany]), "60 s", samplesOf([60]), 1]),
        row("audit-events-memory", `${what.events}: peak memory`, "MB", [
            megabytes([ofMany]),
            `${FEW.toLocaleString("en")} events`,
            megabytes([ofFew]),
            1.2,
        ]),
        row("audit-events-jq", `${what.events}: time`, "s", [seconds([ofMany]), "gzip and jq", seconds([jqOfMany])]),
    ];
}

type Compared = readonly [ours: Samples, peer: string, theirs: Samples, bar?: number];

async function pathWithJq(): Promise<string> {
    const tools = await debianTools(["jq"]);
    if (!tools.has("jq")) {
        throw new SetupError(tools.reason("jq"));
    }
    return [...tools.bin, process.env["PATH"] ?? ""].join(":");
}

/** Milliseconds between two looks at the memory. */
const PAUSE = 20;

/** Runs a command without its output. */
async function run(command: string, args: readonly string[], path: string): Promise<Run> {
    const start = performance.now();
    const child = spawn(command, args, {
        stdio: ["ignore", "ignore", "inherit"],
        env: { ...process.env, PATH: path },
    });
    let megabytes = 0;
    const look = setInterval(() => (megabytes = peakMegabytes(child.pid!) ?? megabytes), PAUSE);
    const [status] = (await once(child, "exit")) as [number | null];
    clearInterval(look);
    const seconds = (performance.now() - start) / 1000;
    // 1 is a finding.
    if (status !== 0 && status !== 1) {
        throw new Error(`${command} ended with ${String(status)}`);
    }
    return { seconds, megabytes };
}
