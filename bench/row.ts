import type { Samples } from "./samples";

/** One line of the table: ours beside a peer's, as measured in this run. */
export interface Row {
    readonly id: string;
    readonly what: string;
    readonly peer: string;
    readonly unit: string;
    readonly ours: Samples;
    /** What it is compared with; for an absolute bar the bar itself. */
    readonly theirs: Samples;
    /** Ours divided by theirs. */
    readonly ratio: number;
    /** The most that the ratio may be; left out where it is shown for information. */
    readonly bar?: number;
}

export function rowOf(row: Omit<Row, "ratio">): Row {
    return { ...row, ratio: row.ours.median / row.theirs.median };
}

export function isMet({ ratio, bar }: Row): boolean {
    return bar === undefined || ratio <= bar;
}
