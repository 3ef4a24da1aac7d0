import * as pulumi from "@pulumi/pulumi";
import { describe, reasonText } from "../contract/findings";
import type { Finding } from "../contract/types";
import { noteRejection } from "./engine";

/** Said of a component that was registered before something of it failed. */
export const LEFT_IN_STATE =
    "Pulumi counts the component as created: the state has it, without the resources that were not made. Correct this, and the next `up` goes on from there.";

/** The error that ends the work on a component: a text for the user, no stack. */
export class Rejection extends pulumi.RunError {
    constructor(text: string) {
        super(text);
        // Pulumi puts the name of each output that cannot be computed before the message of the error that it meets.
        Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
        // The plugin's host prints the stack of an error that nobody awaits.
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

/** Logs each warning once on the resource that it is about, with every place that it holds for as it is worded. */
export function warn(warnings: readonly Finding[], resource: pulumi.Resource): void {
    for (const text of new Set(warnings.map(reasonText))) {
        const all = warnings.filter((w) => reasonText(w) === text);
        const { id, message, fix } = all[0]!;
        const accept = id === "unused-accept" ? "" : ` If it is meant, add ${JSON.stringify(id)} to \`accept\`.`;
        void pulumi.log.warn(`${all.map((w) => w.path).join(", ")}: ${message} ${fix}${accept} [${id}]`, resource);
    }
}
