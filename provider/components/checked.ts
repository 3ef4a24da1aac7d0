import { unusedAccepts } from "../contract/accept";
import { Findings } from "../contract/findings";
import type { Finding } from "../contract/types";
import { isObject } from "../contract/object";
import { key, property } from "../contract/paths";
import { schema, token } from "../contract/schema";
import { checkArgs } from "../contract/shape";
import { type MaybeUnknown, known } from "../contract/unknown";

/** Inputs of a component: a value that is not known yet is UNKNOWN. */
export type InputsView = Readonly<Record<string, unknown>>;

/** The result of checking: errors reject the inputs, warnings are logged on their resource. */
export interface Checked {
    readonly errors: readonly Finding[];
    readonly warnings: readonly Finding[];
}

/** The inputs of a component that have the types of schema.json; reports the others. */
export function typedInputs(component: string, inputs: InputsView, path: string, findings: Findings): InputsView {
    const { inputProperties, requiredInputs } = schema().resources[token(component)]!;
    return checkArgs(
        { owner: component, properties: inputProperties, required: requiredInputs },
        inputs,
        path,
        findings,
    );
}

interface Accepting {
    readonly accept?: MaybeUnknown<readonly string[]>;
}

export function acceptOf({ accept }: Accepting): readonly string[] {
    return (known(accept) ?? []) as readonly string[];
}

export function withoutIds(warnings: readonly Finding[], accept: readonly string[]): readonly Finding[] {
    return warnings.filter(({ id }) => !accept.includes(id));
}

/** The warnings, and one for each accepted ID that suppresses nothing. That one waits until all inputs are known, because unknown inputs may still give warnings. */
export function withUnusedAccepts(
    warnings: readonly Finding[],
    accepting: Accepting,
    path: string,
    isWhole: boolean,
): readonly Finding[] {
    return isWhole ? [...warnings, ...unusedAccepts(warnings, acceptOf(accepting), path)] : warnings;
}

/**
 * Reports outputs without a value for which a resource was planned. A null in the program itself was left out before.
 */
export function checkDecided(entries: readonly (readonly [path: string, value: unknown])[], findings: Findings): void {
    for (const [path] of entries.filter(([, value]) => value === null)) {
        findings.add(
            "required",
            path,
            "is an output without a value, but the preview planned a resource for it.",
            "Leave it out, or use an output that has a value.",
        );
    }
}

/** The policies of a role's inputs. There is a resource for each. */
export function policiesOf(role: unknown, path: string): readonly (readonly [path: string, value: unknown])[] {
    return isObject(role)
        ? ["managedPolicies", "inlinePolicies"].flatMap((name) => entriesAt(role[name], property(path, name)))
        : [];
}

/** The values of a map of the inputs, each with its path. */
function entriesAt(map: unknown, path: string): readonly (readonly [path: string, value: unknown])[] {
    return isObject(map) ? Object.entries(map).map(([name, value]) => [key(path, name), value] as const) : [];
}
