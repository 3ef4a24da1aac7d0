import * as pulumi from "@pulumi/pulumi";

/*
 * Everything that needs internals of Pulumi's SDK, in one place: whether an Output is known, which run this is, and whether error
 * hooks are supported. Also how a plugin suppresses the SDK's debugging messages and reports an error once.
 */

interface Internals {
    readonly isKnown: Promise<boolean>;
    promise(): Promise<unknown>;
}

/** Whether the value is known. In a preview it may be unknown, and then `apply` is never called. */
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

/** Identifies a run of Pulumi within the process: each run has its own resource monitor; mocks have none. */
export function currentRun(): string {
    return monitor()?.getChannel?.().getTarget() ?? "";
}

/** Whether error hooks can be registered. Pulumi's mocks, with which users test their programs, claim it and fail. */
export function hasErrorHooks(): boolean {
    return typeof monitor()?.registerErrorHook === "function";
}

/** Whether the user asked for debugging messages: `pulumi up --logflow -v=9` starts plugins with `-v=9`. */
const isVerbose = process.argv.some((argument) => /^--?v=[1-9]/.test(argument));

/**
 * Creates resources without the SDK's debugging output. The SDK sends four debugging messages for each resource, one after the
 * other, and keeps the stack of every promise as text, which together need a third of the time.
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

/** Texts of rejections in the plugin. Its answer to the engine contains them, and Pulumi's host would log each of them again. */
let answers: Set<string> | undefined;

/** Reports rejections of this plugin only in its answer to the engine. */
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

/** Remembers the text of a rejection that the answer will contain. */
export function noteRejection(text: string): void {
    answers?.add(text);
}
