import Mocha from "mocha";

/** A test that was skipped with a reason by `skipWithout` of test/support. */
interface Skipped {
    readonly skipReason?: string;
}

/** Mocha's own report, then why tests were skipped, then the count as the last line. */
export = class Reporter extends Mocha.reporters.Spec {
    private readonly skipped: Mocha.Test[] = [];

    constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
        super(runner, options);
        runner.on("pending", (test: Mocha.Test) => this.skipped.push(test));
        runner.once("end", () => {
            for (const test of this.skipped) {
                const reason = (test as Skipped).skipReason;
                console.log(`skipped: ${test.fullTitle()}: ${reason ?? "no reason given, which is a defect"}`);
            }
            const { passes, failures } = this.stats;
            const skipped = this.skipped.length > 0 ? `, ${String(this.skipped.length)} skipped` : "";
            console.log(`${String(passes)} passed, ${String(failures)} failed${skipped}`);
        });
    }
};
