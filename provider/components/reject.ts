import * as pulumi from "@pulumi/pulumi";
import { describe, reasonText } from "../contract/findings";
import type { Finding } from "../contract/types";
import { noteRejection } from "./engine";

/** Ends the message if a component was registered before a part of it failed. */
export const LEFT_IN_STATE =
    "Pulumi counts the component as created: it is in the state, without the resources that are still missing. Fix the problem; the next `up` continues from there.";

/** The error that ends the work on a component: a text for the user, no stack. */
export class Rejection extends pulumi.RunError {
    constructor(text: string) {
        super(text);
        // Pulumi prepends the name of each output that cannot be computed to the message of the error.
        Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
        // The plugin's host prints the stack of an unhandled error.
        this.stack = text;
        noteRejection(text);
    }
}

/** The error that a user sees for inputs that are rejected: every problem. */
export class RejectedInputs extends Rejection {
    constructor(type: string, name: string, findings: readonly Finding[], isRegistered = false) {
        const left = isRegistered && !pulumi.runtime.isDryRun() ? `\n${LEFT_IN_STATE}` : "";
        super(`${type.split(":").pop()!} "${name}": ${describe(findings)}${left}`);
    }
}

/** Logs each warning once on its resource, with the paths of all places that have the same text. */
export function warn(warnings: readonly Finding[], resource: pulumi.Resource): void {
    for (const text of new Set(warnings.map((w) => reasonText(w)))) {
        const all = warnings.filter((w) => reasonText(w) === text);
        const { id, message, fix } = all[0]!;
        const accept = id === "unused-accept" ? "" : ` If it is intended, add ${JSON.stringify(id)} to \`accept\`.`;
        const reason = reasonText({ id, message, fix: `${fix}${accept}` });
        void pulumi.log.warn(`${all.map((w) => w.path).join(", ")}: ${reason}`, resource);
    }
}
