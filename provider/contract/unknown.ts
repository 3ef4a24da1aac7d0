/** In checked inputs, a value that is not known yet: an output of another resource, or one that preview cannot know. */
export const UNKNOWN: unique symbol = Symbol("known during the deployment");

/** T in which any leaf or container can be unknown. */
export type MaybeUnknown<T> =
    | typeof UNKNOWN
    | (T extends string | number | boolean
          ? T
          : T extends readonly (infer E)[]
            ? readonly MaybeUnknown<E>[]
            : T extends object
              ? { readonly [K in keyof T]: MaybeUnknown<T[K]> }
              : T);

/** The value if it is known. */
export function known<T>(value: T): Exclude<T, typeof UNKNOWN> | undefined {
    return value === UNKNOWN ? undefined : (value as Exclude<T, typeof UNKNOWN>);
}

/** Whether nothing in the tree is unknown, and MaybeUnknown<T> is T. */
export function isComplete<T>(value: MaybeUnknown<T>): value is MaybeUnknown<T> & T {
    if (value === UNKNOWN) {
        return false;
    }
    return typeof value !== "object" || value === null || Object.values(value).every((v) => isComplete(v as never));
}

/** Whether a part of the tree is unknown. A value that contains itself is not walked twice. */
export function containsUnknown(tree: unknown, seen: ReadonlySet<unknown> = new Set()): boolean {
    if (typeof tree !== "object" || tree === null) {
        return tree === UNKNOWN;
    }
    const inside = new Set([...seen, tree]);
    return !seen.has(tree) && Object.values(tree).some((part) => containsUnknown(part, inside));
}
