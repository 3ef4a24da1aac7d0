import * as pulumi from "@pulumi/pulumi";
import { Findings } from "./findings";
import { isCollection } from "./object";
import { below } from "./paths";
import { kindOf } from "./quote";

/** Deeper than any inputs: a policy document has less than ten levels. */
const DEEPEST = 100;

/**
 * A frozen copy of a program's inputs: the inputs that are checked are the inputs that are built, even if the program changes its
 * objects later. Outputs and promises remain, and hold frozen copies. Null and undefined count as not given.
 */
export function snapshot(value: unknown, faults = new Findings(), path = "", above: readonly unknown[] = []): unknown {
    if (isAwaited(value)) {
        return (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => snapshot(known, faults, path));
    }
    if (typeof value !== "object" || value === null || pulumi.Resource.isInstance(value)) {
        return value;
    }
    if (above.includes(value) || above.length >= DEEPEST) {
        faults.add(
            "wrong-type",
            path,
            above.includes(value) ? "contains itself." : `is nested more than ${String(DEEPEST)} levels deep.`,
            "Use plain objects and arrays.",
        );
        return undefined;
    }
    if (isCollection(value)) {
        faults.add(
            "wrong-type",
            path,
            `is ${kindOf(value)}, and its entries are not properties.`,
            "Use plain objects and arrays.",
        );
        return undefined;
    }
    const inside = [...above, value];
    if (Array.isArray(value)) {
        return Object.freeze(
            Array.from(value, (item: unknown, i) => snapshot(item, faults, `${path}[${String(i)}]`, inside)),
        );
    }
    if (hasJson(value)) {
        return snapshot(value.toJSON(), faults, path, inside);
    }
    const entries = Object.entries(value)
        .map(([name, part]) => [name, snapshot(part, faults, below(path, name), inside)] as const)
        .filter(([, part]) => part !== undefined && part !== null);
    return Object.freeze(Object.fromEntries(entries));
}

function hasJson(value: object): value is { toJSON(): unknown } {
    return typeof (value as { readonly toJSON?: unknown }).toJSON === "function";
}

/** An Output of any tree of values, which Pulumi's own types cannot express. Known values stay as they are, because Pulumi would turn every part into an Output. */
export function outputOf(value: unknown): pulumi.Output<unknown> {
    return pulumi.output(isPlainObject(value) ? combine(value, (known) => known) : (value as object));
}

/** The value, or undefined if it is a secret. */
export function unlessSecret(value: unknown): unknown {
    if (!containsAwaited(value)) {
        return value;
    }
    const output = outputOf(value);
    return pulumi.output(pulumi.isSecret(output).then((isSecret) => (isSecret ? undefined : output)));
}

/** The value, or the other one if it is not given. An Output may turn out to be absent. */
export function firstGiven<T>(value: pulumi.Input<T> | undefined, other: pulumi.Input<T>): pulumi.Input<T>;
export function firstGiven<T>(
    value: pulumi.Input<T> | undefined,
    other: pulumi.Input<T> | undefined,
): pulumi.Input<T> | undefined;
export function firstGiven(value: unknown, other: unknown): unknown {
    return isAwaited(value) && other !== undefined
        ? (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => known ?? other)
        : (value ?? other);
}

/** Whether the value is an Output, known or not, or a promise. */
export function isAwaited(value: unknown): boolean {
    return pulumi.Output.isInstance(value) || value instanceof Promise;
}

export function isPlainObject(value: unknown): value is object {
    return (
        typeof value === "object" &&
        value !== null &&
        [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)
    );
}

export function containsAwaited(value: unknown): boolean {
    return (
        isAwaited(value) ||
        (typeof value === "object" &&
            value !== null &&
            !pulumi.Resource.isInstance(value) &&
            Object.values(value).some(containsAwaited))
    );
}

/** Computes a result from known values, or an Output of it if one of them is not known yet. */
export function combine<A extends object, R>(
    inputs: { readonly [K in keyof A]: pulumi.Input<A[K]> },
    compute: (a: A) => R,
): pulumi.Input<R> {
    const awaited = Object.entries(inputs).filter(([, part]) => containsAwaited(part));
    if (awaited.length === 0) {
        return compute(inputs as A);
    }
    const from = (known: object): R => compute(snapshot({ ...inputs, ...known }) as A);
    const [[name, first] = ["", undefined], ...others] = awaited;
    if (pulumi.Output.isInstance(first) && others.length === 0) {
        // Avoids the copies that Pulumi creates of the outputs in an object.
        const whole = { [name]: first };
        return first.apply((known) =>
            containsAwaited(known) ? pulumi.output(whole).apply(from) : from({ [name]: known }),
        ) as pulumi.Output<R>;
    }
    return pulumi.output(Object.fromEntries(awaited)).apply(from);
}

/** The same as an Output, without a copy if it is one. */
export function asOutput<T>(value: pulumi.Input<T>): pulumi.Output<T> {
    return pulumi.Output.isInstance(value) ? (value as pulumi.Output<T>) : (pulumi.output(value) as pulumi.Output<T>);
}
