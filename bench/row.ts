import type { Samples } from "./samples";

/** One line of the table: what was measured in this run. */
export interface Row {
    readonly id: string;
    readonly what: string;
    readonly unit: string;
    readonly ours: Samples;
    /** What it is compared with; left out where it is shown for information. */
    readonly comparison?: Comparison;
}

interface Comparison {
    readonly peer: string;
    /** For an absolute bar the bar itself. */
    readonly theirs: Samples;
    /** Ours divided by theirs. */
    readonly ratio: number;
    /** The most that the ratio may be; left out where it is shown for information. */
    readonly bar?: number;
}

export function rowOf({ id, what, unit, ours, ...against }: Omit<Row, "comparison"> & Omit<Comparison, "ratio">): Row {
    return { id, what, unit, ours, comparison: { ...against, ratio: ours.median / against.theirs.median } };
}

export function isMet({ comparison }: Row): boolean {
    return comparison?.bar === undefined || comparison.ratio <= comparison.bar;
}
