/** What AWS knows of a call: the values of its condition keys, whose names are in lower case here. A key that the call does not have is missing. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;
