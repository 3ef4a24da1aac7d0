import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";

export interface LeashOptions {
    env: NodeJS.ProcessEnv;
    cwd: string;
    /** File that receives the server's stdout and stderr (appended). */
    log: string;
}

export interface LeashedProcess {
    pid: number;
    /** The exit status, or 128 plus the signal's number, as a shell would say it. */
    exited: Promise<number>;
    /** Ends the server, by force after a second, and returns when it is gone. */
    stop(): Promise<void>;
}

const GRACE_SECONDS = 1;

// The shell becomes the server and leaves a watcher behind in its process group, which reads from the parent's pipe.
// A line means that the server is gone, end of file that the parent is: then the group is told to end, and made to.
// While the watcher lives, no other process can be given the group's id, so it cannot hit a stranger.
const LEASH = `
{
    trap '' TERM
    read -r line <&3 || { kill -s TERM -- -$$; sleep ${GRACE_SECONDS}; }
    kill -s KILL -- -$$
} &
exec "$@" 3<&-
`;

/**
 * Starts a server that cannot outlive this process, however it ends.
 * It does not keep this process alive, and a Ctrl-C on the terminal reaches only this process.
 */
export function startOnLeash(command: string, args: readonly string[], options: LeashOptions): LeashedProcess {
    const log = openSync(options.log, "a");
    const child = spawn("/bin/sh", ["-c", LEASH, "leash", command, ...args], {
        cwd: options.cwd,
        env: options.env,
        stdio: ["ignore", log, log, "pipe"],
        detached: true, // a process group and session of its own
    });
    closeSync(log);

    const leash = child.stdio[3];
    if (child.pid === undefined || !(leash instanceof Socket)) {
        child.once("error", () => undefined); // said here already
        throw new Error(`cannot start ${command}: is there a folder ${options.cwd}, and a /bin/sh?`);
    }
    leash.on("error", () => undefined); // the watcher may be gone first
    leash.unref();
    child.unref();
    const exited = new Promise<number>((resolve) => {
        child.once("exit", (code, signal) => {
            leash.end("\n");
            resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
        });
    });

    return {
        pid: child.pid,
        exited,
        stop: async () => {
            child.ref();
            child.kill("SIGTERM");
            const force = setTimeout(() => child.kill("SIGKILL"), GRACE_SECONDS * 1000);
            await exited;
            clearTimeout(force);
        },
    };
}
