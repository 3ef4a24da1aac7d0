import * as pulumi from "@pulumi/pulumi";

/*
 * What Pulumi's SDK has no public way for, in one place: whether an Output is known, which run this is, whether error hooks are
 * supported, and how a plugin does without the SDK's debugging messages and says an error once.
 */

interface Internals {
    readonly isKnown: Promise<boolean>;
    promise(): Promise<unknown>;
}

/** Whether the value is there: in a preview it may not be, and then `apply` is never called. */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
    return (output as unknown as Internals).isKnown;
}

/** The value of an Output that is known. */
export function valueOf(output: pulumi.Output<unknown>): Promise<unknown> {
    return (output as unknown as Internals).promise();
}

interface Monitor {
    readonly getChannel?: () => { readonly getTarget: () => string };
    readonly registerErrorHook?: unknown;
}

function monitor(): Monitor | undefined {
    return pulumi.runtime.getMonitor();
}

/** What tells one run of Pulumi from another in the same process: each has a resource monitor of its own; mocks have none. */
export function currentRun(): string {
    return monitor()?.getChannel?.().getTarget() ?? "";
}

/** Whether error hooks can be registered. Pulumi's mocks, with which users test their programs, claim it and fail. */
export function hasErrorHooks(): boolean {
    return typeof monitor()?.registerErrorHook === "function";
}

/** Whether the user wants to see everything: `pulumi up --logflow -v=9` starts plugins with `-v=9`. */
const isVerbose = process.argv.some((argument) => /^--?v=[1-9]/.test(argument));

/**
 * Creates resources without what only a debugger of Pulumi wants to see. The SDK calls the engine with four debugging messages for
 * each resource, one after the other, and keeps the stack of every promise, as text: a third of the time.
 */
export function quietly<T>(create: () => T): T {
    if (isVerbose) {
        return create();
    }
    Object.assign(pulumi.log, { debug: () => Promise.resolve() });
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
        return create();
    } finally {
        Error.stackTraceLimit = limit;
    }
}

/** Texts of rejections in the plugin, whose answer to the engine has them: Pulumi's host would log each besides. */
let answers: Set<string> | undefined;

/** Lets the answer to the engine be the one place where this plugin says why it rejects. */
export function answerRejections(): void {
    if (answers !== undefined) {
        return;
    }
    const texts = (answers = new Set<string>());
    const log = pulumi.log.error;
    const error: typeof log = (text, ...about) => (texts.has(text) ? Promise.resolve() : log(text, ...about));
    Object.assign(pulumi.log, { error });
}

/** Whether this is the plugin, which ends the construction of a component with its answer. */
export function isAnswering(): boolean {
    return answers !== undefined;
}

/** Notes what an answer will say. */
export function noteRejection(text: string): void {
    answers?.add(text);
}
