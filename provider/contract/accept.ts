import { Findings } from "./findings";
import type { Finding } from "./types";
import { property } from "./paths";
import { quote } from "./quote";
import { RULES } from "./rules";
import { known, type MaybeUnknown } from "./unknown";

function isWarning(id: unknown): boolean {
    return Object.entries(RULES).some(([rule, severity]) => rule === id && severity === "warning");
}

export function checkAccept(accept: MaybeUnknown<readonly string[] | undefined>, at: string, findings: Findings): void {
    known(accept)?.forEach((maybe, i) => {
        const id = known(maybe);
        if (id !== undefined && !isWarning(id)) {
            const warnings = Object.entries(RULES).filter(([, severity]) => severity === "warning");
            findings.add(
                "accept",
                `${at}[${String(i)}]`,
                `${quote(id)} is not the id of a warning.`,
                `Ids are ${warnings.map(([w]) => w).join(", ")}.`,
            );
        }
    });
}

/** The warnings that are left after what was accepted; an accepted one that does not occur is a warning itself. */
export function withoutAccepted(
    warnings: readonly Finding[],
    accept: readonly string[],
    path: string,
): readonly Finding[] {
    return [...warnings, ...unusedAccepts(warnings, accept, path)].filter(({ id }) => !accept.includes(id));
}

/** A warning for each accepted id that does not occur. */
export function unusedAccepts(
    occurring: readonly Finding[],
    accept: readonly string[],
    path: string,
): readonly Finding[] {
    const unused = new Findings();
    for (const id of accept.filter(isWarning)) {
        if (!occurring.some((w) => w.id === id)) {
            unused.add("unused-accept", property(path, "accept"), `${quote(id)} does not occur.`, "Leave it out.");
        }
    }
    return unused.warnings;
}
