import type { Value } from "./values";

export type Kind =
    | "string"
    | "integer"
    | "boolean"
    | "texts"
    | "textSet"
    | "tags"
    | "policy"
    /** Only an output: anything. */
    | "objects"
    /** One block with `members`, or a set of them. */
    | "block"
    | "blocks";

/** One property of a resource. Schema, check, diff and import are all driven by this, so they cannot drift apart. */
export interface Property {
    readonly kind: Kind;
    readonly description: string;
    /** Absent: an output only. */
    readonly input?: "required" | "optional";
    /** Among the inputs too, but completed from others: a program does not give it. */
    readonly derived?: true;
    /** A change makes a new resource. */
    readonly replaces?: true;
    readonly default?: number | string | boolean;
    /** AWS or the provider chooses a value when none is given, so leaving it out is no change. */
    readonly computed?: true;
    /** What a block consists of; anything else in it is refused. */
    readonly members?: Readonly<Record<string, Property>>;
    /** Filled with the logical name and random digits, up to this length. */
    readonly autoname?: number;
    readonly conflictsWith?: string;
    /** An input of the real provider that this one refuses: what to use instead. */
    readonly refused?: string;
    /** The reason for which the real provider refuses a known value. `%` stands for the property. */
    readonly problem?: (value: Value) => string | undefined;
    /** The form that is sent and kept. */
    readonly normalize?: (text: string) => string;
    /** Says which different texts mean the same. */
    readonly same?: (a: string, b: string) => boolean;
}

export interface Resource {
    readonly description: string;
    readonly properties: Readonly<Record<string, Property>>;
    /** Old and new are structurally the same thing, so the old one has to go first. */
    readonly deleteBeforeReplace?: true;
}

export interface Parameter {
    readonly kind: Kind | "statements";
    readonly description: string;
    readonly required?: true;
}

export interface Lookup {
    readonly description: string;
    readonly inputs: Readonly<Record<string, Parameter>>;
    readonly outputs: Readonly<Record<string, Parameter>>;
}
