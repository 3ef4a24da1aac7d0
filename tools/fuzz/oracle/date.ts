import type { Truth } from "./truth";

/** A point in time in milliseconds, or a day or month, of which no page says when in it the value lies. */
interface Moment {
    readonly kind: "instant" | "day" | "month";
    readonly order: bigint;
}

/**
 * "Condition operators", Date: a W3C form of ISO 8601 ("Date and Time Formats", NOTE-datetime), or epoch time.
 * Undefined: a year alone, which may be seconds as well; epoch times of other lengths; fractions beyond milliseconds.
 */
function moment(text: string): Moment | undefined {
    if (/^[0-9]{9,10}$/.test(text)) {
        return { kind: "instant", order: BigInt(text) * 1000n };
    }
    const parts =
        /^([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3}))?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?$/.exec(
            text,
        );
    if (parts === null) {
        return undefined;
    }
    const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number((part as unknown) ?? 0));
    const inRange =
        year! >= 1 && month! >= 1 && month! <= 12 && hour! <= 23 && minute! <= 59 && second! <= 59 && year! <= 9998;
    if (!inRange || (parts[3] !== undefined && (day! < 1 || day! > daysOf(year!, month!)))) {
        return undefined;
    }
    if (parts[3] === undefined) {
        return { kind: "month", order: BigInt(year! * 12 + month!) };
    }
    const days = dayNumber(year!, month!, day!);
    const zone = parts[8];
    if (zone === undefined) {
        return { kind: "day", order: days };
    }
    const offset = zone === "Z" ? [0, 0] : zone.slice(1).split(":").map(Number);
    if (offset[0]! > 14 || offset[1]! > 59) {
        return undefined;
    }
    const east = (zone.startsWith("-") ? -1 : 1) * (offset[0]! * 60 + offset[1]!);
    const minutes = days * 1440n + BigInt(hour! * 60 + minute! - east);
    const milliseconds = BigInt(second! * 1000) + BigInt((parts[7] ?? "").padEnd(3, "0"));
    return { kind: "instant", order: minutes * 60_000n + milliseconds };
}

function leap(year: number): boolean {
    return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysOf(year: number, month: number): number {
    return [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** Days since 1970-01-01, counted year by year. */
function dayNumber(year: number, month: number, day: number): bigint {
    const before = (y: number): number => y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
    let days = before(year - 1) - before(1969) + day - 1;
    for (let m = 1; m < month; m++) {
        days += daysOf(year, m);
    }
    return BigInt(days);
}

export function compareDates(request: string, policy: string, holds: (order: number) => boolean): Truth {
    const [left, right] = [moment(request), moment(policy)];
    return left === undefined || right === undefined || left.kind !== right.kind
        ? undefined
        : holds(Number(left.order > right.order) - Number(left.order < right.order));
}
