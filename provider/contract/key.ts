import { Findings } from "./findings";
import { quote } from "./quote";

/** Reports keys of maps that would not be one unambiguous part of a resource's name. */
export function checkKey(name: string, at: string, findings: Findings): void {
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(name) || name === "__proto__") {
        findings.add(
            "key",
            at,
            `${quote(name)} cannot be a key: it becomes part of names in Pulumi and IAM.`,
            "Use 1 to 128 of letters, digits, _ and -.",
        );
    }
}
