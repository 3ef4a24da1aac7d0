import * as pulumi from "@pulumi/pulumi";

/** Whether the user wants to see everything: `pulumi up --logflow -v=9` starts plugins with `-v=9`. */
const isVerbose = process.argv.some((argument) => /^--?v=[1-9]/.test(argument));

if (!isVerbose) {
    // Pulumi's SDK calls the engine with four of them for each resource, one after the other.
    Object.assign(pulumi.log, { debug: () => Promise.resolve() });
}

/** Makes resources without the stack that Pulumi's SDK notes, as text, for each promise of each of them: a third of their time. */
export function withoutStacks<T>(make: () => T): T {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = isVerbose ? limit : 0;
    try {
        return make();
    } finally {
        Error.stackTraceLimit = limit;
    }
}
