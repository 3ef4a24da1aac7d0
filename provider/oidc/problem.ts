/** Something that a check found. AWS rejects a `fail`; a `warn` may be rejected, or cause trouble later. */
export interface Problem<Id extends string = string> {
    /** The check that it belongs to. */
    readonly id: Id;
    /** How grave it is. */
    readonly status: "warn" | "fail";
    /** Where in the document, such as `keys[0].e`; empty for all of it. */
    readonly path: string;
    /** The fault. */
    readonly message: string;
    /** How to fix it. */
    readonly fix: string;
}

/** A document as far as it could be read, and what is wrong with it. */
export interface Read<T, Id extends string = string> {
    /** Left out if the document cannot be used at all. */
    readonly value?: T;
    /** In the order of the checks. */
    readonly problems: readonly Problem<Id>[];
}

/** A problem that AWS rejects. */
export function failure<Id extends string>(id: Id, path: string, message: string, fix: string): Problem<Id> {
    return { id, status: "fail", path, message, fix };
}

/** A problem that AWS may reject, or that causes trouble later. */
export function warning<Id extends string>(id: Id, path: string, message: string, fix: string): Problem<Id> {
    return { id, status: "warn", path, message, fix };
}
