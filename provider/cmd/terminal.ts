/** The input and output of a command. */
export interface Terminal {
    out(text: string): void;
    err(text: string): void;
    /** All of standard input; throws if it has more than that many megabytes. Default: 1. */
    stdin(megabytes?: number): string;
    /** The same as bytes, piece by piece, for large and for compressed files; left out if there is only text. */
    readonly stdinPieces?: () => Iterable<Uint8Array>;
    /** Whether the output is read by a person at a terminal that shows color. */
    readonly colour: boolean;
}

/** Exit statuses: fine; a finding, a denied job or a change that `--check` found; input that cannot be used. */
export const OK = 0;
export const FAILED = 1;
export const UNUSABLE = 2;

/** The exit status of a command. A command that waits for the network ends later. */
export type ExitStatus = number | Promise<number>;
