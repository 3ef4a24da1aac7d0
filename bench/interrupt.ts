import type { ChildProcess } from "node:child_process";

const running = new Map<ChildProcess, NodeJS.Signals>();
let interrupted = false;

/** Has the processes ended, on which the bench fails and cleans up, when it is interrupted itself. */
export function endChildrenOnInterrupt(): void {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
            interrupted = true;
            running.forEach((by, child) => child.kill(by));
        });
    }
}

export function isInterrupted(): boolean {
    return interrupted;
}

/** A process that is ended by the signal when the bench is interrupted. */
export function interruptible<C extends ChildProcess>(child: C, signal: NodeJS.Signals): C {
    running.set(child, signal);
    child.once("exit", () => running.delete(child));
    if (interrupted) {
        child.kill(signal);
    }
    return child;
}
