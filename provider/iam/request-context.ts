/** The values of a call's condition keys. The names are in lower case here. A key that the call does not have is missing. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** The part of a call's condition keys that is known. */
export interface PartialContext {
    /** The values of the known keys. If a key is known and absent here, the call does not have it. */
    readonly context: RequestContext;
    /** Whether a key is known, given in lower case. */
    readonly isKnown: (key: string) => boolean;
}
