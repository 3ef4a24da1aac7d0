import { unusedAccepts } from "../contract/accept";
import { Findings } from "../contract/findings";
import type { Finding } from "../contract/types";
import { isObject } from "../contract/object";
import { key, property } from "../contract/paths";
import { schema, token } from "../contract/schema";
import { checkShape } from "../contract/shape";
import { type MaybeUnknown, known } from "../contract/unknown";

/** Inputs of a component as they stand: what is not known yet is UNKNOWN. */
export type InputsView = Readonly<Record<string, unknown>>;

/** The result of checking: errors are refused, warnings are said on the resource that they are about. */
export interface Checked {
    readonly errors: readonly Finding[];
    readonly warnings: readonly Finding[];
}

/** The inputs of a component as far as they have the types that schema.json gives them; reports the others. */
export function typedInputs(component: string, inputs: InputsView, path: string, findings: Findings): InputsView {
    const { inputProperties, requiredInputs } = schema().resources[token(component)]!;
    return checkShape({ properties: inputProperties, required: requiredInputs }, inputs, path, findings);
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

/** The warnings, and one for each accepted id that does not occur; not before all is known, because what is still to come may yet be warned about. */
export function withUnusedAccepts(
    warnings: readonly Finding[],
    accepting: Accepting,
    path: string,
    isWhole: boolean,
): readonly Finding[] {
    return isWhole ? [...warnings, ...unusedAccepts(warnings, acceptOf(accepting), path)] : warnings;
}

/**
 * Reports outputs that turned out to be null where one was to decide which resources there are. A null that a program gives is
 * left out before.
 */
export function checkDecided(entries: readonly (readonly [path: string, value: unknown])[], findings: Findings): void {
    for (const [path] of entries.filter(([, value]) => value === null)) {
        findings.add(
            "required",
            path,
            "is an output without a value, but a resource was planned for it.",
            "Leave it out, or give an output that has a value.",
        );
    }
}

/** The policies of a role's inputs, for each of which there is a resource. */
export function policiesOf(role: unknown, path: string): readonly (readonly [path: string, value: unknown])[] {
    return isObject(role)
        ? ["managedPolicies", "inlinePolicies"].flatMap((name) => entriesAt(role[name], property(path, name)))
        : [];
}

/** The values of a map of the inputs, each with its path. */
function entriesAt(map: unknown, path: string): readonly (readonly [path: string, value: unknown])[] {
    return isObject(map) ? Object.entries(map).map(([name, value]) => [key(path, name), value] as const) : [];
}
