/** The values of a call's condition keys. The names are in lower case here. A key that the call does not have is missing. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;
