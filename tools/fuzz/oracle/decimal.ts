import type { Truth } from "./truth";

const SCALE = 6;
const MAX_DIGITS = 15;

/**
 * "Condition operators", Numeric: "an integer or decimal value". The page does not say what exponents, signs, leading zeros and more
 * digits than a double holds mean: undefined.
 */
function decimal(text: string): bigint | undefined {
    const [, sign, whole, fraction = ""] = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) ?? [];
    if (whole === undefined || fraction.length > SCALE || whole.length + fraction.length > MAX_DIGITS) {
        return undefined;
    }
    const scaled = BigInt(whole + fraction.padEnd(SCALE, "0"));
    return sign === "-" ? -scaled : scaled;
}

export function compareNumbers(request: string, policy: string, holds: (order: number) => boolean): Truth {
    const [left, right] = [decimal(request), decimal(policy)];
    return left === undefined || right === undefined ? undefined : holds(Number(left > right) - Number(left < right));
}
