/** Whether the value is an object with properties, not a list, nor a collection, which has entries in place of properties. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !isCollection(value);
}

/** Whether the value is a collection, which looks like an empty object to whoever reads properties. */
export function isCollection(value: unknown): value is Map<unknown, unknown> | Set<unknown> {
    return value instanceof Map || value instanceof Set;
}

/** The values of something that may be one value, a list of them, or nothing. */
export function valuesOf(value: unknown): readonly unknown[] {
    return value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}

/** The entries of a map that is given, without those that are null or undefined as in a program's leftovers. */
export function entriesOf<T>(map: Readonly<Record<string, T>> | undefined): (readonly [string, T])[] {
    return Object.entries(map ?? {}).filter(([, value]) => value !== undefined && value !== null);
}
