/** Something that a check found. AWS rejects a `fail`; a `warn` may be rejected, or cause trouble later. */
export interface Problem<Id extends string = string> {
    /** The check that it belongs to. */
    readonly id: Id;
    /** How grave it is. */
    readonly status: "warn" | "fail";
    /** Where in the document, such as `keys[0].e`; empty for all of it. */
    readonly path: string;
    /** What is wrong. */
    readonly message: string;
    /** What to do about it. */
    readonly fix: string;
}

/** A document as far as it could be read, and what is wrong with it. */
export interface Read<T, Id extends string = string> {
    /** Left out if the document cannot be used at all. */
    readonly value?: T;
    /** In the order of the checks. */
    readonly problems: readonly Problem<Id>[];
}

/** What AWS rejects. */
export function failure<Id extends string>(id: Id, path: string, message: string, fix: string): Problem<Id> {
    return { id, status: "fail", path, message, fix };
}

/** What AWS may reject, or what causes trouble later. */
export function warning<Id extends string>(id: Id, path: string, message: string, fix: string): Problem<Id> {
    return { id, status: "warn", path, message, fix };
}
