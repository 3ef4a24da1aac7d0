import * as pulumi from "@pulumi/pulumi";
import { describe, property, type Finding } from "../findings";
import type { Checked, InputsView } from "../inputs";
import { LATE } from "../late";

/** The inputs with LATE for everything that is an Output or a Promise, for the checks before anything is made. */
export function viewOf(inputs: unknown): InputsView {
    return view(inputs) as InputsView;
}

function view(value: unknown): unknown {
    if (isAwaited(value)) {
        return LATE;
    }
    if (Array.isArray(value)) {
        return value.map(view);
    }
    if (isPlainObject(value)) {
        return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, view(v)]));
    }
    return value;
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
        (Array.isArray(value) && value.some(containsAwaited)) ||
        (isPlainObject(value) && Object.values(value).some(containsAwaited))
    );
}

/** An Output of any tree of values, which Pulumi's own types cannot say. */
export function outputOf(value: unknown): pulumi.Output<unknown> {
    return pulumi.output(value as object) as pulumi.Output<unknown>;
}

/** Computes from values that are there, or as an Output where one of them is still to come. */
export function combine<A extends object, R>(
    inputs: { readonly [K in keyof A]: pulumi.Input<A[K]> },
    compute: (a: A) => R,
): pulumi.Input<R> {
    return containsAwaited(inputs) ? outputOf(inputs).apply((a) => compute(a as A)) : compute(inputs as unknown as A);
}

/** The error that a user sees for inputs that are refused: every problem, no stack. */
export class RefusedInputs extends pulumi.RunError {
    constructor(
        type: string,
        name: string,
        readonly findings: readonly Finding[],
    ) {
        super(`${type.split(":").pop()!} "${name}": ${describe(findings)}`);
    }
}

/** Says each warning once on the resource that it is about, with every place that it holds for. */
export function warn(warnings: readonly Finding[], resource: pulumi.Resource): void {
    for (const id of new Set(warnings.map((w) => w.id))) {
        const all = warnings.filter((w) => w.id === id);
        const { message, cure } = all[0]!;
        const accept = ACCEPTED_ELSEWHERE.has(id) ? "" : ` If it is meant, add ${JSON.stringify(id)} to \`accept\`.`;
        void pulumi.log.warn(`${all.map((w) => w.path).join(", ")}: ${message} ${cure}${accept} [${id}]`, resource);
    }
}

/** Warnings that are not about a role. */
const ACCEPTED_ELSEWHERE: ReadonlySet<string> = new Set(["unused-accept", "redundant-thumbprints"]);

/** Checks inputs that become known later, each before the resource that uses it. */
export class LateInputs<T extends object> {
    constructor(
        private readonly inputs: T,
        private readonly check: (view: InputsView) => Checked,
        private readonly refuse: (findings: readonly Finding[]) => Error,
        private readonly path = "",
    ) {}

    /** The input as it is where it was checked already, else an Output that fails where the value is refused. */
    get<K extends keyof T & string>(name: K): T[K] {
        const value = this.inputs[name];
        return containsAwaited(value)
            ? (outputOf(value).apply((v) => this.checked({ [name]: v })[name]) as T[K])
            : value;
    }

    /** A value of an input that is a map, checked like `get`. */
    entry(name: keyof T & string, entryKey: string): unknown {
        const value = (this.inputs[name] as Readonly<Record<string, unknown>>)[entryKey];
        return containsAwaited(value)
            ? outputOf(value).apply((v) => {
                  this.checked({ [name]: { [entryKey]: v } });
                  return v;
              })
            : value;
    }

    /** Inputs that were still to come and are known now; refuses them where they are bad. */
    checked<R extends object>(values: R): R {
        const roots = Object.keys(values).map((name) => property(this.path, name));
        const { errors } = this.check({ ...viewOf(this.inputs), ...values });
        const bad = errors.filter((e) => roots.some((root) => isAtOrBelow(e.path, root)));
        if (bad.length > 0) {
            throw this.refuse(bad);
        }
        return values;
    }
}

function isAtOrBelow(path: string, root: string): boolean {
    return path === root || (path.startsWith(root) && /^[.[]/.test(path.slice(root.length)));
}
