import { checkKey } from "../contract/key";
import type { Findings } from "../contract/findings";
import { key } from "../contract/paths";
import { quote } from "../contract/quote";
import { known, type MaybeUnknown } from "../contract/unknown";

/** IDs of roots, organizational units and accounts. Source: AWS, "AttachPolicy". */
const TARGET = /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|\d{12})$/;

/** Reports targets that AWS Organizations does not have, and a target with two keys. */
export function checkTargets(
    maybe: MaybeUnknown<Readonly<Record<string, string>> | undefined>,
    at: string,
    findings: Findings,
): void {
    const keys = new Map<string, string>();
    for (const [name, value] of Object.entries(known(maybe) ?? {})) {
        checkKey(name, key(at, name), findings);
        const id = known(value);
        if (id === undefined) {
            continue;
        }
        const other = keys.get(id);
        keys.set(id, name);
        if (!TARGET.test(id)) {
            findings.add(
                "guardrail-target",
                key(at, name),
                `${quote(id)} is not the ID of a root, an organizational unit or an account.`,
                'It looks like "r-ab12", "ou-ab12-cd34ef56" or "111122223333".',
            );
        } else if (other !== undefined) {
            findings.add(
                "guardrail-target",
                key(at, name),
                `${quote(id)} is also listed as ${key(at, other)}. AWS attaches a policy once, so removing one of the two keys would detach it.`,
                "Keep only one of them.",
            );
        }
    }
}
