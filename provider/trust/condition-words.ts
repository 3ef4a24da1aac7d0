import { quote } from "../contract/quote";
import type { Truth } from "../iam/truth";
import type { ConditionResult } from "./evaluate";

/** Why a Deny statement applies: its conditions, with the values that meet them. */
export function conditionWords(conditions: readonly ConditionResult<Truth>[]): string {
    const met = conditions.map(
        ({ test, actual }) =>
            `${quote(test.key)} is ${actual === undefined ? "missing" : quote(actual.join(", "))}, which meets ${test.operator} ${test.values.map(quote).join(", ")}`,
    );
    return met.join(", and ") || "it has no conditions";
}
