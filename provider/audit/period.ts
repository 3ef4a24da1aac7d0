import type { Findings } from "../contract/findings";
import { isObject } from "../contract/object";
import { kindOf, quote } from "../contract/quote";
import { utcTime } from "./utc-time";

/** A period in UTC, from its first second up to its last. */
export interface Period {
    /** The first second: a date like `2026-01-31`, which is its beginning, or a time like `2026-01-31T12:00:00Z`. */
    readonly from: string;
    /** The last second: a date, which is its end, or a time. */
    readonly to: string;
}

const FORMS = 'a date like "2026-01-31" or a time like "2026-01-31T12:00:00Z"';

/** The period with a time for each date. Adds a finding for each problem, and then returns undefined. */
export function checkPeriod(given: unknown, path: string, findings: Findings): Period | undefined {
    if (!isObject(given)) {
        findings.add("wrong-type", path, `is ${kindOf(given)}, not an object.`, "Use an object with `from` and `to`.");
        return undefined;
    }
    const [from, to] = (["from", "to"] as const).map((name) => {
        const time = secondOf(given[name], name);
        if (time === undefined) {
            findings.add(
                "wrong-type",
                path,
                `${name} is ${kindOf(given[name])}, not a date or a time.`,
                `Write ${FORMS}.`,
            );
        }
        return time;
    });
    if (from === undefined || to === undefined) {
        return undefined;
    }
    if (from > to) {
        findings.add("wrong-type", path, `begins at ${quote(from)}, after its end at ${quote(to)}.`, "Swap the two.");
        return undefined;
    }
    return { from, to };
}

/** A time, or the first or last second of a date. */
function secondOf(value: unknown, end: "from" | "to"): string | undefined {
    if (typeof value !== "string") {
        return undefined;
    }
    const isDate = /^\d{4}-\d\d-\d\d$/.test(value);
    return utcTime(isDate ? `${value}T${end === "from" ? "00:00:00" : "23:59:59"}Z` : value);
}
