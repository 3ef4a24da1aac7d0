import { ACCEPT_TAG } from "../contract/accept-tag";
import { Findings } from "../contract/findings";
import { key } from "../contract/paths";
import { quote } from "../contract/quote";
import { type MaybeUnknown, known } from "../contract/unknown";

/** Tags that a resource can have in IAM. */
export const MOST_TAGS = 50;

/** Reports tags that IAM does not accept; `added` are those that the component adds. */
export function checkTags(
    tags: MaybeUnknown<Readonly<Record<string, string>> | undefined>,
    at: string,
    findings: Findings,
    added: Readonly<Record<string, string>> = {},
): void {
    const entries = Object.entries(known(tags) ?? {});
    const names = Object.keys(added);
    if (entries.length + names.length > MOST_TAGS) {
        const also = names.length === 0 ? "" : `, and the component adds ${quote(names[0])}`;
        findings.add(
            "tags",
            at,
            `has ${String(entries.length)} tags${also}, but IAM accepts at most 50.`,
            "Use fewer.",
        );
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
        if (name === ACCEPT_TAG) {
            findings.add(
                "tags",
                key(at, name),
                "is the tag that the component writes for accepted warnings.",
                "Leave it out, and list the IDs in `accept`.",
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
