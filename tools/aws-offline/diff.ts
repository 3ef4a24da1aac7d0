import { defaultsOf, sameValue } from "./check";
import { Property, Resource } from "./resource";
import { containsUnknown, isEmpty, isObject, isUnknown, Properties, Value } from "./values";

export type ChangeKind = "add" | "update" | "delete";

export interface Change {
    /** Property path, down to the key where the property is a map. */
    readonly path: string;
    readonly kind: ChangeKind;
    readonly replaces: boolean;
}

export interface Difference {
    readonly changes: Change[];
    readonly deleteBeforeReplace: boolean;
}

/** Compares the recorded state with checked inputs, as the real provider plans. */
export function difference(
    resource: Resource,
    state: Properties,
    inputs: Properties,
    ignored: readonly string[],
): Difference {
    const changes = Object.entries(resource.properties)
        .filter(([name, property]) => (property.input ?? property.derived) && !ignored.includes(name))
        .flatMap(([name, property]) => propertyChanges(name, property, state[name], inputs[name]))
        .filter((change) => !ignored.includes(change.path));
    return {
        changes,
        deleteBeforeReplace:
            changes.some((change) => change.replaces) &&
            (resource.deleteBeforeReplace === true || nameIsTaken(resource, state, inputs)),
    };
}

function propertyChanges(path: string, property: Property, old: Value | undefined, next: Value | undefined): Change[] {
    const replaces = property.replaces === true;
    if (next === undefined) {
        const isUnset = isEmpty(old) || old === property.default || sameValue(property, old, undefined);
        return property.computed || isUnset ? [] : [{ path, kind: "delete", replaces }];
    }
    if (property.kind === "tags" && isObject(next) && (isObject(old) || old === undefined)) {
        return mapChanges(path, old ?? {}, next, replaces);
    }
    if (!containsUnknown(next) && sameValue(property, old, next)) return [];
    return [{ path, kind: isEmpty(old) ? "add" : isEmpty(next) ? "delete" : "update", replaces }];
}

function mapChanges(path: string, old: Properties, next: Properties, replaces: boolean): Change[] {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
    return keys.flatMap((key): Change[] => {
        const at = /^\w+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
        if (next[key] === undefined) return [{ path: at, kind: "delete", replaces }];
        if (old[key] === undefined) return [{ path: at, kind: "add", replaces }];
        return old[key] === next[key] && !isUnknown(next[key]) ? [] : [{ path: at, kind: "update", replaces }];
    });
}

/** A name that the program chose and keeps can exist only once. */
function nameIsTaken(resource: Resource, state: Properties, inputs: Properties): boolean {
    return Object.entries(resource.properties).some(
        ([name, property]) =>
            property.autoname !== undefined &&
            inputs[name] !== undefined &&
            inputs[name] === state[name] &&
            !defaultsOf(inputs).includes(name),
    );
}
