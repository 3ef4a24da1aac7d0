import { documentationOfCheck } from "../contract/documentation";
import type { IssuerCheck, IssuerCheckStatus } from "../contract/types";
import { visible } from "../contract/quote";
import { counted, textOf, type Paint } from "./report";

const STYLES = { pass: "green", warn: "yellow", fail: "red", skipped: "cyan" } as const;

const STATUS_WIDTH = "skipped".length;
/** The longest ID of a check. */
const ID_WIDTH = "discovery-response-types".length;

/** A check for a person at a terminal: its result, and the fix. */
export function checkText({ id, status, message, fix }: IssuerCheck, paint: Paint): string {
    const indent = " ".repeat(STATUS_WIDTH + 2 + ID_WIDTH + 2);
    return textOf([
        `${paint(STYLES[status], status.padEnd(STATUS_WIDTH))}  ${paint("bold", id.padEnd(ID_WIDTH))}  ${visible(message)}`,
        ...(fix === undefined ? [] : [`${indent}Fix: ${visible(fix)}`]),
        ...(status === "fail" ? [`${indent}Help: ${documentationOfCheck(id)}`] : []),
    ]);
}

/** A line for each skipped check; checks that were skipped for the same reason have one line. */
export function skippedText(checks: readonly IssuerCheck[], paint: Paint): string {
    const skipped = checks.filter(({ status }) => status === "skipped");
    const reasons = [...new Set(skipped.map(({ message }) => message))];
    return reasons
        .map((reason) => {
            const same = skipped.filter(({ message }) => message === reason);
            const why = reason.replace(/^Skipped: /, "");
            return same.length === 1
                ? checkText({ ...same[0]!, message: why }, paint)
                : textOf([paint("cyan", `${counted(same.length, "check")} skipped: ${visible(why)}`)]);
        })
        .join("");
}

/** How many checks have each result. */
export function countsText(checks: readonly IssuerCheck[]): string {
    const count = (status: IssuerCheckStatus): number => checks.filter((check) => check.status === status).length;
    return (["pass", "warn", "fail", "skipped"] as const)
        .map((status) => `${String(count(status))} ${status}`)
        .join(", ");
}
