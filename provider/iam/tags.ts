import { Findings } from "../contract/findings";
import { key } from "../contract/paths";
import { quote } from "../contract/quote";
import { type MaybeUnknown, known } from "../contract/unknown";

export function checkTags(
    tags: MaybeUnknown<Readonly<Record<string, string>> | undefined>,
    at: string,
    findings: Findings,
): void {
    const entries = Object.entries(known(tags) ?? {});
    if (entries.length > 50) {
        findings.add("tags", at, `has ${String(entries.length)} tags, but IAM accepts at most 50.`, "Use fewer.");
    }
    for (const [name, maybe] of entries) {
        const value = known(maybe) ?? "";
        const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
        if (name === "" || name.length > 128 || /^aws:/i.test(name) || !allowed.test(name)) {
            findings.add(
                "tags",
                key(at, name),
                "is not a tag key that IAM accepts: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with `aws:`.",
                "Rename it.",
            );
        }
        if (value.length > 256 || !allowed.test(value)) {
            findings.add(
                "tags",
                key(at, name),
                `${quote(value)} is not a tag value that IAM accepts: up to 256 letters, digits, spaces and _ . : / = + - @.`,
                "Shorten or reword it.",
            );
        }
    }
}
