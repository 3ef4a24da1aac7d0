import { quote } from "../contract/quote";
import type { Period } from "../audit/period";
import { usageError } from "./options";
import type { CommandReference } from "./reference/reference";

const MILLISECONDS = { d: 86_400_000, h: 3_600_000 } as const;

/** The value of `--period`: a duration up to now, given in milliseconds since 1970, or two dates or times, which `checkPeriod` checks. */
export function periodOf(command: Pick<CommandReference, "name">, value: string, now: number): Period {
    const [, count, unit] = /^(\d{1,5})([dh])$/.exec(value) ?? [];
    if (count !== undefined) {
        return {
            from: new Date(now - Number(count) * MILLISECONDS[unit as "d" | "h"]).toISOString(),
            to: new Date(now).toISOString(),
        };
    }
    const [from, to, ...more] = value.split("..");
    if (from === undefined || to === undefined || more.length > 0) {
        throw usageError(
            command,
            `--period ${quote(value)} is not a period. Write FROM..TO with dates or times, such as 2026-01-01..2026-03-31, or a duration, such as 90d.`,
        );
    }
    const present = new Date(now).toISOString();
    const [today] = present.split("T") as [string];
    if (/^\d{4}-\d\d-\d\d/.test(to) && to.slice(0, today.length) > today) {
        throw usageError(
            command,
            `--period ${quote(value)} ends in the future, which no event covers. Today is ${today}.`,
        );
    }
    return { from, to: to === today ? present : to };
}
