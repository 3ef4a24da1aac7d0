/** Something that a check found. A `fail` makes AWS refuse, a `warn` may do so later. */
export interface Problem<Id extends string = string> {
    /** The check that it belongs to. */
    readonly id: Id;
    /** How grave it is. */
    readonly status: "warn" | "fail";
    /** What is wrong. */
    readonly message: string;
    /** What to do about it. */
    readonly cure: string;
}

/** A document as far as it could be read, and what is wrong with it. */
export interface Read<T, Id extends string = string> {
    /** Left out where the document cannot be used at all. */
    readonly value?: T;
    /** In the order of the checks. */
    readonly problems: readonly Problem<Id>[];
}
