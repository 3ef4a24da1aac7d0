/**
 * An ISO 8601 time as CloudTrail writes it: UTC without fractions, `2026-01-31T12:00:00Z`. Undefined if the value is not one, or has a
 * day that does not exist.
 */
export function utcTime(value: unknown): string | undefined {
    const parts =
        typeof value === "string"
            ? /^(\d{4}-\d\d-(\d\d))T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[-+]\d\d:\d\d)$/.exec(value)
            : null;
    if (parts === null) {
        return undefined;
    }
    const [text, date, day] = parts as unknown as [string, string, string];
    const time = Date.parse(text);
    // JavaScript reads February 30 as March 2.
    if (Number.isNaN(time) || new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) {
        return undefined;
    }
    return text.length === "2026-01-31T12:00:00Z".length
        ? text
        : `${new Date(time).toISOString().slice(0, -".000Z".length)}Z`;
}
