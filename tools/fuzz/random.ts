/** `SEED=1` of the environment, or a seed of its own for every run: what is random says it, so that a run can be repeated. */
export function seedOfRun(): number {
    const seed = Number(process.env["SEED"] ?? Date.now() % 0x7fffffff);
    if (!Number.isInteger(seed)) {
        throw new Error(`SEED is "${process.env["SEED"]!}". Use a whole number.`);
    }
    return seed;
}

/** Random choices that one seed decides. */
export class Random {
    private state: number;

    constructor(seed: number) {
        this.state = seed >>> 0;
    }

    /** A whole number from 0, less than `below`. */
    int(below: number): number {
        // mulberry32: 32 bits of state are enough, as every round has a seed of its own.
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let mixed = this.state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
    }

    chance(percent: number): boolean {
        return this.int(100) < percent;
    }

    pick<T>(choices: readonly T[]): T {
        return choices[this.int(choices.length)]!;
    }

    /** One of the choices, each with its share. */
    weighted<T>(choices: readonly (readonly [share: number, choice: T])[]): T {
        let left = this.int(choices.reduce((sum, [share]) => sum + share, 0));
        return choices.find(([share]) => (left -= share) < 0)![1];
    }

    list<T>(length: number, make: () => T): T[] {
        return Array.from({ length }, make);
    }
}
