import * as pulumi from "@pulumi/pulumi";
import { Findings, type Finding } from "../contract/findings";
import { below } from "../contract/paths";
import { redacted, Secrets } from "../contract/redact";
import { containsUnknown, UNKNOWN } from "../contract/unknown";
import type { Checked, InputsView } from "./checked";
import { isKnown, valueOf } from "./engine";
import { RejectedInputs, warn } from "./reject";

/** A kind of component: its type, and the check of its inputs. */
export interface Kind<C extends Checked> {
    readonly type: string;
    check(name: string, inputs: InputsView): C;
}

/** Deeper than any inputs: a document of a policy has less than ten levels. */
const DEEPEST = 100;

/**
 * A frozen copy of what a program gave: what is checked is what is built, whatever the program does with its objects later.
 * Outputs and promises stay, and hold frozen copies. What is null or undefined is not given.
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

/** An Output of any tree of values, which Pulumi's own types cannot express. What is known already is left as it is: Pulumi would make an Output of every part. */
export function outputOf(value: unknown): pulumi.Output<unknown> {
    return pulumi.output(isPlainObject(value) ? combine(value, (known) => known) : (value as object));
}

/** The value, but nothing if it is a secret. */
export function unlessSecret(value: unknown): unknown {
    if (!containsAwaited(value)) {
        return value;
    }
    const output = outputOf(value);
    return pulumi.output(pulumi.isSecret(output).then((isSecret) => (isSecret ? undefined : output)));
}

/** The value, or the other one if it is not given, which an Output may turn out not to be. */
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

/** The inputs with UNKNOWN for everything that is an Output, for the check before anything is created. */
function view(value: unknown): unknown {
    if (isAwaited(value)) {
        return UNKNOWN;
    }
    if (Array.isArray(value)) {
        return value.map(view);
    }
    return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, view(v)])) : value;
}

/** The inputs with the values of all Outputs, UNKNOWN for those that a preview cannot know; notes which are secret. */
export async function reveal(value: unknown, secrets = new Secrets(), path = ""): Promise<unknown> {
    if (pulumi.Output.isInstance(value)) {
        if (!(await isKnown(value))) {
            return UNKNOWN;
        }
        const revealed = await reveal(await valueOf(value), secrets, path);
        if (await pulumi.isSecret(value)) {
            secrets.add(path, revealed);
        }
        return revealed;
    }
    if (Array.isArray(value)) {
        return Promise.all(value.map((item: unknown, i) => reveal(item, secrets, `${path}[${String(i)}]`)));
    }
    if (isPlainObject(value)) {
        const entries = Object.entries(value).map(
            async ([name, part]) => [name, await reveal(part, secrets, below(path, name))] as const,
        );
        return Object.fromEntries(await Promise.all(entries));
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
        (typeof value === "object" &&
            value !== null &&
            !pulumi.Resource.isInstance(value) &&
            Object.values(value).some(containsAwaited))
    );
}

/** Computes from values that are known, or as an Output if one of them is not known yet. */
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
        // Without the copies that Pulumi makes of the outputs in an object.
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

/** The errors that stay, whatever the unknown values turn out to be: one of a property may still turn out not to be given. */
function definite<C extends Checked>(checked: C, checkAbsent: () => Checked): C {
    const { errors } = checked;
    if (errors.length === 0) {
        return checked;
    }
    const absent = checkAbsent().errors;
    const stays = (error: Finding): boolean =>
        error.id === "plain-required" || absent.some(({ id, path }) => id === error.id && path === error.path);
    return { ...checked, errors: errors.filter(stays) };
}

function withoutUnknown(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.map(withoutUnknown);
    }
    return isPlainObject(value)
        ? Object.fromEntries(
              Object.entries(value).flatMap(([name, part]) =>
                  part === UNKNOWN ? [] : [[name, withoutUnknown(part)] as const],
              ),
          )
        : value;
}

interface Checks<C extends Checked> {
    readonly checked: C | Promise<C>;
    readonly reject: (errors: readonly Finding[]) => void;
    readonly redact: (finding: Finding) => Finding;
}

/** Inputs that are checked, or will be: a component of this package takes them in place of its args, and builds from nothing else. */
export class CheckedInputs<A extends object, C extends Checked = Checked> {
    constructor(
        /** A snapshot of the args. */
        readonly args: A,
        protected readonly checks: Checks<C>,
        private readonly warningsOf: (checked: C) => readonly Finding[],
    ) {}

    /** As the args of a component, whose constructor looks what it was given. */
    asArgs(): A {
        return this as unknown as A;
    }

    /** What is computed from the inputs, but not before all of them are found to be right. */
    hold<T>(compute: () => pulumi.Input<T>): pulumi.Input<T> {
        const { checked } = this.checks;
        return checked instanceof Promise
            ? (pulumi.output(checked.then(() => outputOf(compute()))) as pulumi.Output<T>)
            : compute();
    }

    /** Logs the warnings about the inputs, once these are found to be right. */
    warn(resource: pulumi.Resource): void {
        const { checked, redact } = this.checks;
        const log = (result: C): void => warn(this.warningsOf(result).map(redact), resource);
        if (checked instanceof Promise) {
            checked.then(log, () => undefined);
        } else {
            log(checked);
        }
    }

    /** Rejects the inputs for what was found after their check. */
    reject(errors: readonly Finding[]): void {
        this.checks.reject(errors);
    }

    /** The finding as it can be shown. */
    withoutSecrets(finding: Finding): Finding {
        return this.checks.redact(finding);
    }
}

/** Lets nothing of a component through before its inputs, also those that become known later, are found to be right. */
export class Gate<A extends object, C extends Checked = Checked> extends CheckedInputs<A, C> {
    /**
     * Checks what is known now, and everything once more when the rest is known, or known to stay unknown in this preview.
     *
     * @throws RejectedInputs with every error, before anything is created.
     */
    static before<A extends object, C extends Checked>(kind: Kind<C>, name: string, args: A): Gate<A, C> {
        const inputs = new Inputs(kind, name, args);
        const now = inputs.approve(view(inputs.args) as InputsView);
        if (!containsAwaited(inputs.args)) {
            return Gate.of(inputs, now);
        }
        const later = inputs.reveal().then((known) => inputs.approve(known, true));
        // Whoever waits at the gate tells the user.
        later.catch(() => undefined);
        return Gate.of(inputs, later);
    }

    /** The gate that the plugin has made already, or one before the args of a program. */
    static at<A extends object, C extends Checked>(kind: Kind<C>, name: string, given: A): Gate<A, C> {
        const args: unknown = given;
        return args instanceof Gate ? (args as Gate<A, C>) : Gate.before(kind, name, given);
    }

    /** The inputs of a part of `GitLabOidc`, which has checked them, or the gate before those of a component that stands alone. */
    static atPart<A extends object, C extends Checked>(kind: Kind<C>, name: string, given: A): CheckedInputs<A, C> {
        const args: unknown = given;
        return args instanceof CheckedInputs ? (args as CheckedInputs<A, C>) : Gate.before(kind, name, given);
    }

    /** Waits for what can be known, and gives the errors as well: nothing may be created if there is one. */
    static async whenKnown<A extends object, C extends Checked>(
        kind: Kind<C>,
        name: string,
        args: A,
    ): Promise<{ readonly gate: Gate<A, C>; readonly inputs: InputsView; readonly errors: readonly Finding[] }> {
        const inputs = new Inputs(kind, name, args);
        const known = await inputs.reveal();
        const checked = inputs.check(known);
        const errors = [...inputs.awaitedPlain(), ...checked.errors.filter(({ id }) => id !== "plain-required")];
        return { gate: Gate.of(inputs, checked), inputs: known, errors };
    }

    private static of<A extends object, C extends Checked>(inputs: Inputs<A, C>, checked: C | Promise<C>): Gate<A, C> {
        const checks: Checks<C> = {
            checked,
            reject: (errors) => inputs.reject(errors, true),
            redact: (finding) => redacted(finding, inputs.secrets),
        };
        return new Gate(inputs.args, checks, ({ warnings }) => warnings);
    }

    /** The inputs of a part of the component, which are checked as part of its own. */
    part<P extends object>(args: P, warningsOf: (checked: C) => readonly Finding[] = () => []): CheckedInputs<P, C> {
        return new CheckedInputs(args, this.checks, warningsOf);
    }
}

/** The inputs of one component on their way through the gate. */
class Inputs<A extends object, C extends Checked> {
    readonly args: A;
    readonly secrets = new Secrets();
    private readonly faults = new Findings();

    constructor(
        private readonly kind: Kind<C>,
        private readonly name: string,
        given: A,
    ) {
        this.args = snapshot(given, this.faults) as A;
    }

    async reveal(): Promise<InputsView> {
        return (await reveal(this.args, this.secrets)) as InputsView;
    }

    check(inputs: InputsView): C {
        if (this.faults.errors.length > 0) {
            return { ...this.kind.check(this.name, inputs), errors: this.faults.errors };
        }
        const checked = this.kind.check(this.name, inputs);
        return containsUnknown(inputs)
            ? definite(checked, () => this.kind.check(this.name, withoutUnknown(inputs) as InputsView))
            : checked;
    }

    /** The errors about Outputs, known or not, where a plain value is required. */
    awaitedPlain(): readonly Finding[] {
        return containsAwaited(this.args)
            ? this.check(view(this.args) as InputsView).errors.filter(({ id }) => id === "plain-required")
            : [];
    }

    approve(inputs: InputsView, isRegistered = false): C {
        const checked = this.check(inputs);
        this.reject(checked.errors, isRegistered);
        return checked;
    }

    reject(errors: readonly Finding[], isRegistered: boolean): void {
        if (errors.length > 0) {
            throw new RejectedInputs(
                this.kind.type,
                this.name,
                errors.map((error) => redacted(error, this.secrets)),
                isRegistered,
            );
        }
    }
}
