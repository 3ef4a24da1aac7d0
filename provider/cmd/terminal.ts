/** What a command reads and writes. */
export interface Terminal {
    out(text: string): void;
    err(text: string): void;
    /** All of standard input; refuses more than that many megabytes. Default: 1. */
    stdin(megabytes?: number): string;
    /** Whether the output is read by a person at a terminal that wants colour. */
    readonly colour: boolean;
}

/** Exit statuses: fine, a finding or a refusal or a change that `--check` found, input that cannot be used. */
export const OK = 0;
export const REFUSED = 1;
export const UNUSABLE = 2;

/** What a command ends with; one that waits for the network ends later. */
export type ExitStatus = number | Promise<number>;
