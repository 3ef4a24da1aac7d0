import { readFileSync } from "node:fs";

/** The most memory that a running process had so far; undefined where the system does not tell. */
export function peakMegabytes(pid: number): number | undefined {
    try {
        const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
        return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]) / 1000;
    } catch {
        return undefined;
    }
}
