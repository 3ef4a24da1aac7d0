import type { DebianTool, DebianTools } from "../../tools/setup/debian";

/** Skips the test, or every test of the suite when called from a hook. The reporter prints the reason, which it finds as `skipReason`. */
export function skip(context: Mocha.Context, why: string): never {
    const runnable = context.test!;
    const skipReason = why.replace(/\s*\n\s*/g, " ");
    Object.assign(runnable, { skipReason });
    if ("type" in runnable && runnable.type === "hook") {
        runnable.parent?.eachTest((test) => Object.assign(test, { skipReason }));
    }
    return context.skip();
}

/** Skips the test where a tool of the system is missing. */
export function skipWithout(context: Mocha.Context, tools: DebianTools, tool: DebianTool): void {
    if (!tools.has(tool)) {
        skip(context, tools.reason(tool));
    }
}

/** Skips the test that makes a bucket where stacks run on the real aws provider. */
export function skipBucketOnRealProvider(context: Mocha.Context): void {
    if (process.env["PULUMI_AWS_PLUGIN"] !== undefined) {
        skip(
            context,
            "the real aws provider asks S3 Control for the tags of a bucket, and the emulator has no such host",
        );
    }
}
