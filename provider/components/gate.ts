import * as pulumi from "@pulumi/pulumi";
import { Findings } from "../contract/findings";
import type { Finding } from "../contract/types";
import { containsAwaited, isAwaited, isPlainObject, outputOf, snapshot } from "../contract/outputs";
import { below } from "../contract/paths";
import { redacted, Secrets } from "../contract/redact";
import { containsUnknown, UNKNOWN } from "../contract/unknown";
import type { Checked, InputsView } from "./checked";
import { isKnown, valueOf } from "./engine";
import { RejectedInputs, warn } from "./reject";

/** A kind of component: its type and the check of its inputs. */
export interface Kind<C extends Checked> {
    readonly type: string;
    check(name: string, inputs: InputsView): C;
}

/** The inputs with UNKNOWN for every Output, for the check before anything is created. */
function view(value: unknown): unknown {
    if (isAwaited(value)) {
        return UNKNOWN;
    }
    if (Array.isArray(value)) {
        return value.map(view);
    }
    return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, view(v)])) : value;
}

/** The inputs with the values of all Outputs, UNKNOWN for those that a preview cannot know; marks secrets. */
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

/** The errors that remain for all unknown values. An unknown property may still turn out to be absent. */
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

/**
 * Holds back the resources of a component until its inputs are found to be valid, including those that become known later. A
 * component of this package uses a gate instead of its args, and builds from nothing else.
 */
export class Gate<A extends object, C extends Checked = Checked> {
    private constructor(
        /** A snapshot of the args. */
        readonly args: A,
        private readonly checks: Checks<C>,
        private readonly warningsOf: (checked: C) => readonly Finding[] = ({ warnings }) => warnings,
    ) {}

    /** The gate in place of the args of a component, whose constructor recognizes it. */
    asArgs(): A {
        return this as unknown as A;
    }

    /** Computes from the inputs, but not before all of them are found to be valid. */
    hold<T>(compute: () => pulumi.Input<T>): pulumi.Input<T> {
        const { checked } = this.checks;
        return checked instanceof Promise
            ? (pulumi.output(checked.then(() => outputOf(compute()))) as pulumi.Output<T>)
            : compute();
    }

    /** Logs the warnings about the inputs, after they are found to be valid. */
    warn(resource: pulumi.Resource): void {
        const { checked, redact } = this.checks;
        const log = (result: C): void => warn(this.warningsOf(result).map(redact), resource);
        if (checked instanceof Promise) {
            checked.then(log, () => undefined);
        } else {
            log(checked);
        }
    }

    /** Rejects the inputs because of errors that were found after their check. */
    reject(errors: readonly Finding[]): void {
        this.checks.reject(errors);
    }

    /** The finding without secrets. */
    withoutSecrets(finding: Finding): Finding {
        return this.checks.redact(finding);
    }

    /**
     * Checks the known inputs now, and all inputs again when the rest is known, or is known to stay unknown in this preview.
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
        // The code that waits at the gate reports the error.
        later.catch(() => undefined);
        return Gate.of(inputs, later);
    }

    /** The gate that the plugin or `GitLabOidc` has already created, or a new one for the args of a program. */
    static at<A extends object, C extends Checked>(kind: Kind<C>, name: string, given: A): Gate<A, C> {
        const args: unknown = given;
        return args instanceof Gate ? (args as Gate<A, C>) : Gate.before(kind, name, given);
    }

    /** Waits for the inputs that can be known, and also returns the errors: if there is one, nothing may be created. */
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
        return new Gate(inputs.args, checks);
    }

    /** The gate for a part of the component, whose inputs are checked with those of the component. */
    part<P extends object>(args: P, warningsOf: (checked: C) => readonly Finding[] = () => []): Gate<P, C> {
        return new Gate(args, this.checks, warningsOf);
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
        const checked = this.kind.check(this.name, inputs);
        if (this.faults.errors.length > 0) {
            return { ...checked, errors: this.faults.errors };
        }
        return containsUnknown(inputs)
            ? definite(checked, () => this.kind.check(this.name, withoutUnknown(inputs) as InputsView))
            : checked;
    }

    /** The errors about Outputs, known or not, in places that require a plain value. */
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
