import { Findings } from "./findings";
import { quote } from "./quote";
import { known, type MaybeUnknown } from "./unknown";

/** The keys that an entry of a map had before. */
interface RenamedEntry {
    /** Path of what claims the former keys. */
    readonly claim: string;
    /** Path of the list. */
    readonly at: string;
    readonly formerKeys: MaybeUnknown<readonly string[] | undefined>;
}

/** Reports former keys that would make one of what is there already, or two of one; `what` is what a key stands for. */
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
                    `${quote(old)} is the key of a present entry, which has that ${what}.`,
                    "Name a key that is no longer used.",
                );
            } else if (claims.has(old)) {
                findings.add(
                    "former-key",
                    path,
                    `${quote(old)} is claimed by ${claims.get(old)!} too: one ${what} cannot become two.`,
                    "Keep it at one of them.",
                );
            }
            claims.set(old, claim);
        });
    }
}
