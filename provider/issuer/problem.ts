/** Something that a check found. A `fail` makes AWS refuse, a `warn` may do so later. */
export interface Problem<Id extends string = string> {
    /** The check that it belongs to. */
    readonly id: Id;
    readonly status: "warn" | "fail";
    readonly message: string;
    readonly cure: string;
}

/** A document as far as it could be read, and what is wrong with it. */
export interface Read<T, Id extends string = string> {
    /** Left out where the document cannot be used at all. */
    readonly value?: T;
    readonly problems: readonly Problem<Id>[];
}
