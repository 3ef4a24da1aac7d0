import type { Finding } from "../contract/findings";
import { tells } from "../contract/wire";

/** Secret values that checks of this process have seen, so that no message repeats one. */
const seen = new Set<string>();

/** Remembers every text and number in a secret value. */
export function rememberSecret(value: unknown): void {
    if (typeof value === "string" || typeof value === "number") {
        seen.add(String(value));
    } else if (typeof value === "object" && value !== null) {
        Object.values(value).forEach(rememberSecret);
    }
}

/** The finding as it can be shown: without its words where they hold a secret, or the beginning of a long one. */
export function withoutSecrets<F extends Finding>(finding: F): F {
    const isTold = tells(`${finding.message} ${finding.cure}`, [...seen]);
    return isTold
        ? {
              ...finding,
              message: "is a secret value, which is why it is not shown.",
              cure: "Look the rule up by its id.",
          }
        : finding;
}

export function hasSecrets(findings: readonly Finding[]): boolean {
    return findings.some((f) => withoutSecrets(f) !== f);
}
