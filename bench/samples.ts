/** What was measured several times. */
export interface Samples {
    readonly values: readonly number[];
    readonly min: number;
    readonly median: number;
    readonly max: number;
}

export function samplesOf(values: readonly number[]): Samples {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return {
        values,
        min: sorted[0]!,
        median: sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2,
        max: sorted.at(-1)!,
    };
}

/** Milliseconds that something takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
    const start = performance.now();
    await work();
    return performance.now() - start;
}

/** Measures each candidate `times` times, in turns, so that a machine that slows down slows all of them. Rounds to warm up are not counted. */
export async function inTurns<K extends string>(
    times: number,
    candidates: Readonly<Record<K, () => Promise<number>>>,
    warmUps = 1,
): Promise<Readonly<Record<K, Samples>>> {
    const names = Object.keys(candidates) as K[];
    const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
    for (let round = 0; round < warmUps + times; round += 1) {
        for (const name of names) {
            const value = await candidates[name]();
            if (round >= warmUps) {
                values[name].push(value);
            }
        }
    }
    return Object.fromEntries(names.map((name) => [name, samplesOf(values[name])])) as Record<K, Samples>;
}
