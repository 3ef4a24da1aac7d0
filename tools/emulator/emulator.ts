import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { awsEnvironment } from "./environment";
import { startOnLeash, type LeashedProcess } from "./leash";

export interface EmulatorOptions {
    /** Folder with the executable `ministack`. */
    bin: string;
    /** Twelve digits. */
    accountId?: string;
}

export interface Emulator {
    /** `http://127.0.0.1:PORT`. */
    endpoint: string;
    accountId: string;
    /** For the AWS CLI and SDKs; see `environmentWith`. */
    env: Record<string, string>;
    /** Forgets everything that was created. */
    reset(): Promise<void>;
    stop(): Promise<void>;
}

const STARTUP_SECONDS = 60;
const ATTEMPTS = 5;

class PortTaken extends Error {}

/** Starts ministack with IAM, STS, S3, CloudFront and Organizations: trust policies are evaluated, and everything is held in memory. */
export async function startEmulator({ bin, accountId = "111122223333" }: EmulatorOptions): Promise<Emulator> {
    const scratch = await mkdtemp(join(tmpdir(), "aws-emulator-"));
    const tidy = () => rmSync(scratch, { recursive: true, force: true });
    process.once("exit", tidy);
    const untidy = () => {
        process.removeListener("exit", tidy);
        tidy();
    };

    for (let attempt = 1; ; attempt++) {
        const id = randomUUID();
        const port = await freePort();
        const endpoint = `http://127.0.0.1:${port}`;
        const log = join(scratch, `${id}.log`);
        const server = startOnLeash(join(bin, "ministack"), [], {
            env: serverEnvironment({ port, accountId, id, scratch }),
            cwd: scratch,
            log,
        });
        try {
            await untilHealthy({ endpoint, id, server, log });
            return {
                endpoint,
                accountId,
                env: awsEnvironment(endpoint),
                reset: () => reset(endpoint),
                stop: async () => {
                    await server.stop();
                    untidy();
                },
            };
        } catch (error) {
            await server.stop();
            if (!(error instanceof PortTaken) || attempt === ATTEMPTS) {
                untidy();
                throw error;
            }
        }
    }
}

function serverEnvironment(options: {
    port: number;
    accountId: string;
    id: string;
    scratch: string;
}): NodeJS.ProcessEnv {
    return {
        PATH: process.env.PATH,
        LANG: "C.UTF-8",
        HOME: options.scratch,
        TMPDIR: options.scratch,
        BIND_HOST: "127.0.0.1",
        GATEWAY_PORT: String(options.port),
        AUTH: "true",
        SERVICES: "iam,sts,s3,cloudfront,organizations",
        LOG_LEVEL: "WARNING",
        MINISTACK_ACCOUNT_ID: options.accountId,
        MINISTACK_REGION: "us-east-1",
        MINISTACK_EDITION: options.id, // comes back in the health answer: is it ours that listens there?
        AWS_ACCESS_KEY_ID: "testing",
        AWS_SECRET_ACCESS_KEY: "testing",
        DOCKER_HOST: "unix:///nonexistent", // at start and end it would remove every container of any ministack
    };
}

async function freePort(): Promise<number> {
    const probe = createServer();
    await new Promise<void>((resolve, reject) => {
        probe.once("error", reject);
        probe.listen(0, "127.0.0.1", resolve);
    });
    const address = probe.address();
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    if (address === null || typeof address === "string") {
        throw new Error("no free port on 127.0.0.1");
    }
    return address.port;
}

async function untilHealthy(started: {
    endpoint: string;
    id: string;
    server: LeashedProcess;
    log: string;
}): Promise<void> {
    const { endpoint, id, server, log } = started;
    const deadline = Date.now() + STARTUP_SECONDS * 1000;
    let status: number | undefined;
    void server.exited.then((code) => (status = code));

    while (Date.now() < deadline) {
        const edition = await healthyEdition(endpoint);
        if (edition === id) {
            return;
        }
        if (edition !== undefined) {
            throw new PortTaken(`another server listens at ${endpoint}`);
        }
        if (status !== undefined) {
            const output = await readFile(log, "utf8");
            if (/already in use/i.test(output)) {
                throw new PortTaken(`another server listens at ${endpoint}`);
            }
            throw new Error(`the AWS emulator ended at once with status ${status}:\n${lastLines(output)}`);
        }
        await sleep(50);
    }
    const output = await readFile(log, "utf8");
    throw new Error(`the AWS emulator did not answer within ${STARTUP_SECONDS} s:\n${lastLines(output)}`);
}

/** The `edition` that the server at `endpoint` reports, "" when it is another kind of server, or undefined: none. */
async function healthyEdition(endpoint: string): Promise<string | undefined> {
    let response: Response;
    try {
        response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2000) });
    } catch {
        return undefined;
    }
    const health: unknown = await response.json().catch(() => undefined);
    const isReport = typeof health === "object" && health !== null && "edition" in health;
    return isReport ? String(health.edition) : "";
}

async function reset(endpoint: string): Promise<void> {
    const response = await fetch(`${endpoint}/_ministack/reset`, { method: "POST" });
    if (!response.ok) {
        throw new Error(`the AWS emulator did not reset: ${response.status} ${await response.text()}`);
    }
}

function lastLines(text: string): string {
    const lines = text.trimEnd().split("\n").slice(-15);
    return lines.map((line) => `    ${line}`).join("\n");
}
