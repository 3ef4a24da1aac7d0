/** Stands in checked inputs for a value that is not known yet: an output of another resource, or one that preview cannot know. */
export const LATE: unique symbol = Symbol("known during the deployment");

/** T in which any leaf or container may not be known yet. */
export type MaybeLate<T> =
    | typeof LATE
    | (T extends string | number | boolean
          ? T
          : T extends readonly (infer E)[]
            ? readonly MaybeLate<E>[]
            : T extends object
              ? { readonly [K in keyof T]: MaybeLate<T[K]> }
              : T);

/** The value if it is known. */
export function known<T>(value: T): Exclude<T, typeof LATE> | undefined {
    return value === LATE ? undefined : (value as Exclude<T, typeof LATE>);
}

/** Whether nothing in the tree is still to come: what was MaybeLate<T> is T. */
export function isComplete<T>(value: MaybeLate<T>): value is MaybeLate<T> & T {
    if (value === LATE) {
        return false;
    }
    return typeof value !== "object" || value === null || Object.values(value).every((v) => isComplete(v as never));
}
