/** Whether the value is an object with properties: not an array, and not a collection, which has entries instead of properties. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !isCollection(value);
}

/** Whether the value is a collection, whose properties look like those of an empty object. */
export function isCollection(value: unknown): value is Map<unknown, unknown> | Set<unknown> {
    return value instanceof Map || value instanceof Set;
}

/** The values of something that can be one value, an array of values, or absent. */
export function valuesOf(value: unknown): readonly unknown[] {
    return value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}

/** The entries of a map, without those that are null or undefined. */
export function entriesOf<T>(map: Readonly<Record<string, T>> | undefined): (readonly [string, T])[] {
    return Object.entries(map ?? {}).filter(([, value]) => value !== undefined && value !== null);
}
