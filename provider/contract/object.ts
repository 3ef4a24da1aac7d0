/** Whether the value is an object with properties, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a map that is given, without those that are null or undefined as in a program's leftovers. */
export function entriesOf<T>(map: Readonly<Record<string, T>> | undefined): (readonly [string, T])[] {
    return Object.entries(map ?? {}).filter(([, value]) => value !== undefined && value !== null);
}
