import { findingOf, type Findings } from "./findings";
import type { Finding } from "./types";
import { nearest } from "./nearest";
import { property } from "./paths";
import { quote } from "./quote";
import { RULES, type RuleId } from "./rules";
import { known, type MaybeUnknown } from "./unknown";

/** Whether it is the ID of a warning, which can be accepted. */
export function isWarning(id: unknown): id is RuleId {
    return Object.entries(RULES).some(([rule, severity]) => rule === id && severity === "warning");
}

export function checkAccept(accept: MaybeUnknown<readonly string[] | undefined>, at: string, findings: Findings): void {
    known(accept)?.forEach((maybe, i) => {
        const id = known(maybe);
        if (id !== undefined && !isWarning(id)) {
            const { message, fix } = notAccepted(id);
            findings.add("accept", `${at}[${String(i)}]`, message, fix);
        }
    });
}

function notAccepted(id: string): { readonly message: string; readonly fix: string } {
    if (Object.hasOwn(RULES, id)) {
        return {
            message: `${quote(id)} is the ID of an error, and errors cannot be accepted.`,
            fix: "Leave it out and fix the error.",
        };
    }
    const warnings = Object.keys(RULES).filter(isWarning);
    const near = nearest(id, warnings);
    return {
        message: `${quote(id)} is not the ID of a warning.`,
        fix: near === undefined ? `IDs are ${warnings.join(", ")}.` : `Did you mean ${quote(near)}?`,
    };
}

/** The warnings that are not accepted, and a warning for each accepted ID that suppresses nothing. */
export function withoutAccepted(
    warnings: readonly Finding[],
    accept: readonly string[],
    path: string,
): readonly Finding[] {
    return [...warnings, ...unusedAccepts(warnings, accept, path)].filter(({ id }) => !accept.includes(id));
}

/** A warning for each accepted ID that suppresses nothing. */
export function unusedAccepts(
    occurring: readonly Finding[],
    accept: readonly string[],
    path: string,
): readonly Finding[] {
    const at = property(path, "accept");
    return accept
        .filter((id) => isWarning(id) && !occurring.some((w) => w.id === id))
        .map((id) => findingOf("unused-accept", at, `${quote(id)} suppresses nothing.`, "Leave it out."));
}
