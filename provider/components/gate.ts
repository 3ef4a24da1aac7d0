import * as pulumi from "@pulumi/pulumi";
import type { Checked, InputsView } from "../inputs";
import { LATE } from "../late";

/** An Output of any tree of values, which Pulumi's own types cannot say. */
export function outputOf(value: unknown): pulumi.Output<unknown> {
    return pulumi.output(value as object);
}

/** The inputs with LATE for everything that is an Output or a Promise, for the checks before anything is made. */
export function viewOf(inputs: unknown): InputsView {
    return view(inputs) as InputsView;
}

function view(value: unknown): unknown {
    if (isAwaited(value)) {
        return LATE;
    }
    return mapLeaves(value, view);
}

/** The inputs with the values of all outputs; LATE for those that a preview cannot know. */
export async function reveal(value: unknown): Promise<unknown> {
    if (pulumi.Output.isInstance(value)) {
        const output = value as unknown as { readonly isKnown: Promise<boolean>; promise(): Promise<unknown> };
        return (await output.isKnown) ? reveal(await output.promise()) : LATE;
    }
    if (value instanceof Promise) {
        return reveal(await value);
    }
    if (Array.isArray(value)) {
        return Promise.all(value.map(reveal));
    }
    if (isPlainObject(value)) {
        const entries = Object.entries(value).map(async ([k, v]) => [k, await reveal(v)] as const);
        return Object.fromEntries(await Promise.all(entries));
    }
    return value;
}

function mapLeaves(value: unknown, map: (leaf: unknown) => unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(map);
    }
    return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, map(v)])) : value;
}

function isAwaited(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function isPlainObject(value: unknown): value is object {
    return (
        typeof value === "object" &&
        value !== null &&
        [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)
    );
}

function containsAwaited(value: unknown): boolean {
    return (
        isAwaited(value) ||
        (typeof value === "object" &&
            value !== null &&
            !pulumi.Resource.isInstance(value) &&
            Object.values(value).some(containsAwaited))
    );
}

/** Computes from values that are there, or as an Output where one of them is still to come. */
export function combine<A extends object, R>(
    inputs: { readonly [K in keyof A]: pulumi.Input<A[K]> },
    compute: (a: A) => R,
): pulumi.Input<R> {
    return containsAwaited(inputs) ? outputOf(inputs).apply((a) => compute(a as A)) : compute(inputs as unknown as A);
}

/** Holds back what a component makes until inputs that were still to come have been checked too. */
export class Gate {
    private constructor(private readonly opened: Promise<void> | undefined) {}

    /** `check` is called with all inputs once, when the last of them is known or known to stay unknown in this preview. */
    static before(inputs: object, check: (view: InputsView) => Checked, refuse: (checked: Checked) => void): Gate {
        if (!containsAwaited(inputs)) {
            return new Gate(undefined);
        }
        const opened = reveal(inputs).then((known) => refuse(check(known as InputsView)));
        // Whoever waits at the gate tells the user.
        opened.catch(() => undefined);
        return new Gate(opened);
    }

    /** The value, but not before the inputs are known to be right. */
    hold<T>(value: pulumi.Input<T>): pulumi.Input<T> {
        const { opened } = this;
        return opened === undefined
            ? value
            : (outputOf(value).apply(async (v) => {
                  await opened;
                  return v;
              }) as pulumi.Output<T>);
    }
}
