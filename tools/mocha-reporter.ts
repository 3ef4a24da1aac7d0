import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import { lineOf, type Totals } from "./test-totals";

/** A test that was skipped with a reason by `skipWithout` of test/support. */
interface Skipped {
    readonly skipReason?: string;
}

/**
 * Mocha's own report, then why tests were skipped, then the count as the last line; with the reporter option `totals=FILE` the
 * count goes into that file instead.
 */
export = class Reporter extends Mocha.reporters.Spec {
    private readonly skipped: Mocha.Test[] = [];

    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
        super(runner, options);
        const { totals: file } = (options.reporterOptions ?? {}) as { readonly totals?: string };
        runner.on("pending", (test: Mocha.Test) => this.skipped.push(test));
        runner.once("end", () => {
            for (const test of this.skipped) {
                const reason = (test as Skipped).skipReason;
                console.log(`skipped: ${test.fullTitle()}: ${reason ?? "no reason given, which is a defect"}`);
            }
            const { passes, failures } = this.stats;
            const totals: Totals = { passed: passes, failed: failures, skipped: this.skipped.length };
            if (file === undefined) {
                console.log(lineOf(totals));
            } else {
                writeFileSync(file, JSON.stringify(totals));
            }
        });
    }
};
