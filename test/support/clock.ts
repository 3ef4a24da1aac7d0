interface Timer {
    readonly at: number;
    readonly run: () => void;
}

const real = {
    now: performance.now.bind(performance),
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
};

/**
 * A clock for `performance.now`, `setTimeout` and `clearTimeout` that stands still until a test moves it, so that no result depends
 * on the speed of the machine. Node's own timers, and those of Mocha, go on.
 */
export class StoppedClock {
    private now = 0;
    private readonly timers = new Set<Timer>();

    start(): void {
        this.now = 0;
        performance.now = () => this.now;
        globalThis.setTimeout = ((run: () => void, milliseconds: number): Timer => {
            const timer = { at: this.now + milliseconds, run };
            this.timers.add(timer);
            return timer;
        }) as never;
        globalThis.clearTimeout = ((timer: Timer) => void this.timers.delete(timer)) as never;
    }

    stop(): void {
        performance.now = real.now;
        Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
        this.timers.clear();
    }

    /** Lets time pass: every timer that is due by then runs, the earliest first. */
    readonly pass = (milliseconds: number): void => {
        const end = this.now + milliseconds;
        for (let due = this.dueBy(end); due !== undefined; due = this.dueBy(end)) {
            this.timers.delete(due);
            this.now = Math.max(this.now, due.at);
            due.run();
        }
        this.now = end;
    };

    private dueBy(end: number): Timer | undefined {
        return [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    }
}

/** What stops `performance.now` in a program of its own, as NODE_OPTIONS. */
export const STOPPED_CLOCK = "--import=data:text/javascript,performance.now=()=>0";
