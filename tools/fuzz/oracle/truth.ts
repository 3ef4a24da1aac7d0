/** True, false, or undefined where AWS's documentation does not decide. */
export type Truth = boolean | undefined;

/** Kleene's logic: what is unspecified stays unspecified only where it matters. */
export function all(truths: readonly Truth[]): Truth {
    return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
}

export function any(truths: readonly Truth[]): Truth {
    return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
}

export function not(truth: Truth): Truth {
    return truth === undefined ? undefined : !truth;
}

/** What every reading of the documentation says, and unspecified where two of them differ. */
export function agreed(readings: readonly Truth[]): Truth {
    return readings.every((reading) => reading === readings[0]) ? readings[0] : undefined;
}
