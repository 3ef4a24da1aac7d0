import * as pulumi from "@pulumi/pulumi";
import type { Checked, InputsView } from "./checked";
import { UNKNOWN } from "../contract/unknown";
import { rememberSecret } from "./secrets";

/** An Output of any tree of values, which Pulumi's own types cannot say. What is there already is left as it is: Pulumi would make an Output of every part. */
export function outputOf(value: unknown): pulumi.Output<unknown> {
    return pulumi.output(isPlainObject(value) ? combine(value, (known) => known) : (value as object));
}

/** The value, but nothing where it is a secret. */
export function unlessSecret(value: unknown): unknown {
    if (!containsAwaited(value)) {
        return value;
    }
    const output = outputOf(value);
    return pulumi.output(pulumi.isSecret(output).then((isSecret) => (isSecret ? undefined : output)));
}

/** The inputs with UNKNOWN for everything that is an Output or a Promise, for the checks before anything is made. */
function viewOf(inputs: unknown): InputsView {
    return view(inputs) as InputsView;
}

function view(value: unknown): unknown {
    if (isAwaited(value)) {
        return UNKNOWN;
    }
    return mapLeaves(value, view);
}

/** The inputs with the values of all outputs; UNKNOWN for those that a preview cannot know. */
export async function reveal(value: unknown): Promise<unknown> {
    if (pulumi.Output.isInstance(value)) {
        const output = value as unknown as {
            readonly isKnown: Promise<boolean>;
            readonly isSecret: Promise<boolean>;
            promise(): Promise<unknown>;
        };
        if (!(await output.isKnown)) {
            return UNKNOWN;
        }
        const revealed = await reveal(await output.promise());
        if (await output.isSecret) {
            rememberSecret(revealed);
        }
        return revealed;
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
    const awaited = Object.entries(inputs).filter(([, part]) => containsAwaited(part));
    const from = (known: object): R => compute({ ...inputs, ...known } as A);
    const [[name, first] = ["", undefined], ...others] = awaited;
    if (pulumi.Output.isInstance(first) && others.length === 0) {
        // Without the copies that Pulumi makes of the outputs in an object.
        const whole = { [name]: first };
        return first.apply((known) =>
            containsAwaited(known) ? pulumi.output(whole).apply(from) : from({ [name]: known }),
        ) as pulumi.Output<R>;
    }
    return awaited.length === 0 ? from({}) : pulumi.output(Object.fromEntries(awaited)).apply(from);
}

/** The same as an Output, without a copy where it is one. */
export function asOutput<T>(value: pulumi.Input<T>): pulumi.Output<T> {
    return pulumi.Output.isInstance(value) ? (value as pulumi.Output<T>) : (pulumi.output(value) as pulumi.Output<T>);
}

/** Lets nothing of a component through before its inputs, also those that become known later, are found to be right. */
export class Gate<C extends Checked> {
    private constructor(private readonly checked: C | Promise<C>) {}

    /** Checks what is known now, and everything once more when the rest is known or known to stay unknown in this preview. */
    static before<C extends Checked>(
        inputs: object,
        check: (view: InputsView) => C,
        refuse: (checked: C) => void,
    ): Gate<C> {
        const approve = (view: InputsView): C => {
            const checked = check(view);
            refuse(checked);
            return checked;
        };
        const now = approve(viewOf(inputs));
        if (!containsAwaited(inputs)) {
            return new Gate(now);
        }
        const later = reveal(inputs).then((known) => approve(known as InputsView));
        // Whoever waits at the gate tells the user.
        later.catch(() => undefined);
        return new Gate(later);
    }

    /** The value, but not before the inputs are known to be right. */
    hold<T>(value: pulumi.Input<T>): pulumi.Input<T> {
        const { checked } = this;
        return checked instanceof Promise
            ? (outputOf(value).apply(async (v) => {
                  await checked;
                  return v;
              }) as pulumi.Output<T>)
            : value;
    }

    /** Uses the result of the check of all inputs, if they are right. */
    whenChecked(use: (checked: C) => void): void {
        if (this.checked instanceof Promise) {
            this.checked.then(use, () => undefined);
        } else {
            use(this.checked);
        }
    }
}
