/** True, false, or undefined if it depends on something that is not known. */
export type Truth = boolean | undefined;

/** Whether every one of them is true. */
export function all<T extends Truth>(truths: readonly (T | boolean)[]): T | boolean {
    if (truths.includes(false)) {
        return false;
    }
    return truths.every((truth) => truth === true) || (undefined as T);
}

/** Whether at least one of them is true. */
export function any<T extends Truth>(truths: readonly (T | boolean)[]): T | boolean {
    return truths.includes(true) || (truths.every((truth) => truth === false) ? false : (undefined as T));
}

export function not<T extends Truth>(truth: T | boolean): T | boolean {
    return truth === undefined ? truth : !truth;
}
