/** How many tests came out how, as Mocha counted them. */
export interface Totals {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
}

export function lineOf({ passed, failed, skipped }: Totals): string {
    const line = `${String(passed)} passed, ${String(failed)} failed`;
    return skipped > 0 ? `${line}, ${String(skipped)} skipped` : line;
}

export function sumOf(all: readonly Totals[]): Totals {
    const sum = (count: keyof Totals): number => all.reduce((total, totals) => total + totals[count], 0);
    return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}
