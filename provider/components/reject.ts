import * as pulumi from "@pulumi/pulumi";
import { describe, type Finding, reasonText } from "../contract/findings";

/** The error that a user sees for inputs that are rejected: every problem, no stack. */
export class RejectedInputs extends pulumi.RunError {
    constructor(type: string, name: string, findings: readonly Finding[]) {
        const text = `${type.split(":").pop()!} "${name}": ${describe(findings)}`;
        super(text);
        // Pulumi puts the name of each output that cannot be computed before the message of the error that it meets.
        Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
        // The plugin's host prints the stack of an error that nobody awaits.
        this.stack = text;
    }
}

/** Logs each warning once on the resource that it is about, with every place that it holds for as it is worded. */
export function warn(warnings: readonly Finding[], resource: pulumi.Resource): void {
    for (const text of new Set(warnings.map(reasonText))) {
        const all = warnings.filter((w) => reasonText(w) === text);
        const { id, message, cure } = all[0]!;
        const accept = id === "unused-accept" ? "" : ` If it is meant, add ${JSON.stringify(id)} to \`accept\`.`;
        void pulumi.log.warn(`${all.map((w) => w.path).join(", ")}: ${message} ${cure}${accept} [${id}]`, resource);
    }
}
