import { Findings } from "./findings";
import { quote } from "./quote";

/** Whether the key of a map can be one unambiguous part of a resource's name. */
export function isKey(name: string): boolean {
    return /^[A-Za-z0-9_-]{1,128}$/.test(name) && name !== "__proto__";
}

/** Source: AWS, "PutRolePolicy". */
const INLINE_POLICY = /^[\w+=,.@-]{1,128}$/;

/** Reports keys of inline policies that cannot be their names in IAM. */
export function checkInlineKey(name: string, at: string, findings: Findings): void {
    if (!INLINE_POLICY.test(name) || name === "__proto__") {
        const message = `${quote(name)} cannot be a key, because it is the name of the policy in IAM.`;
        findings.add("key", at, message, "Use 1 to 128 letters, digits and _+=,.@-.");
    }
}

/** Reports keys of maps that cannot be one unambiguous part of a resource's name. */
export function checkKey(name: string, at: string, findings: Findings): void {
    if (!isKey(name)) {
        const near = name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "");
        const example = /[A-Za-z0-9]/.test(near) && isKey(near) ? `: ${quote(near)}` : "";
        findings.add(
            "key",
            at,
            `${quote(name)} cannot be a key, because it becomes part of names in Pulumi and IAM.`,
            `Use 1 to 128 letters, digits, _ and -${example}.`,
        );
    }
}
