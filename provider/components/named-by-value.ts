import type * as pulumi from "@pulumi/pulumi";
import { policyResourceName } from "../contract/child-names";
import { unlessSecret } from "../contract/outputs";
import { reveal } from "./gate";

/** The name of the resource of an entry of a map. */
export interface EntryName {
    readonly own: string;
    /** Its former name, if the value was a string before and is an output now, or the reverse. */
    readonly other: pulumi.Input<pulumi.Alias>;
}

/**
 * The name of an attachment: its value if the program has that as text, otherwise its key.
 *
 * Pulumi creates new resources before it deletes old ones. Deleting an attachment detaches the policy, even if the same policy was
 * just attached under another name. Attachments that are named by their values stay when keys are renamed and values move between
 * keys. But a preview may not know the value of another resource.
 */
export function entryName(
    name: string,
    [key, value]: readonly [key: string, value: pulumi.Input<string>],
    nameOf: (value: string) => string,
): EntryName {
    const byKey = policyResourceName(name, key);
    if (typeof value === "string") {
        return { own: policyResourceName(name, nameOf(value)), other: { name: byKey } };
    }
    // Not an Output, which would not be an alias in a preview. A secret would appear in the state as text.
    const other = reveal(unlessSecret(value)).then(
        (known) => ({ name: typeof known === "string" ? policyResourceName(name, nameOf(known)) : byKey }),
        () => ({ name: byKey }),
    );
    return { own: byKey, other };
}
