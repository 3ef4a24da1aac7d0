import { Findings } from "./findings";
import { quote } from "./quote";
import { known, type MaybeUnknown } from "./unknown";

/** The former keys of an entry of a map. */
interface RenamedEntry {
    /** Path of the entry that claims the former keys. */
    readonly claim: string;
    /** Path of the list. */
    readonly at: string;
    readonly formerKeys: MaybeUnknown<readonly string[] | undefined>;
}

/** Reports former keys that belong to a present entry, and former keys that two entries claim; `what` is the name of what an entry creates. */
export function checkFormerKeys(
    entries: readonly RenamedEntry[],
    present: object,
    what: string,
    findings: Findings,
): void {
    const claims = new Map<string, string>();
    for (const { claim, at, formerKeys } of entries) {
        (known(formerKeys) ?? []).forEach((maybe, i) => {
            const old = known(maybe);
            if (old === undefined) {
                return;
            }
            const path = `${at}[${String(i)}]`;
            if (Object.hasOwn(present, old)) {
                findings.add(
                    "former-key",
                    path,
                    `${quote(old)} is the key of a current entry, which already has that ${what}.`,
                    "Use a key that no entry has now.",
                );
            } else if (claims.has(old)) {
                findings.add(
                    "former-key",
                    path,
                    `${quote(old)} is also claimed by ${claims.get(old)!}, and one ${what} cannot become two.`,
                    "Keep it in only one of them.",
                );
            }
            claims.set(old, claim);
        });
    }
}
