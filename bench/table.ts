import { isMet, type Row } from "./row";
import type { Samples } from "./samples";

const HEAD = ["what", "ours", "against", "theirs", "ratio", "bar", "met"];

/** The rows as a Markdown table: medians, with the least and the most where there are several samples. */
export function table(rows: readonly Row[]): string {
    const cells = rows.map((row) => [row.what, shown(row.ours, row.unit), ...compared(row)]);
    const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...cells].map((line) => line[column]!.length)));
    const line = (of: readonly string[]): string => `| ${of.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
    return [line(HEAD), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n");
}

function compared(row: Row): readonly string[] {
    if (row.comparison === undefined) {
        return ["", "", "", "", ""];
    }
    const { peer, theirs, ratio, bar } = row.comparison;
    const ofBar = bar === undefined ? ["", ""] : [`≤ ${String(bar)}`, isMet(row) ? "yes" : "**no**"];
    return [peer, shown(theirs, row.unit), ratio.toFixed(3), ...ofBar];
}

function shown({ values, min, median, max }: Samples, unit: string): string {
    const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
    const spread = values.length > 1 ? ` (${number(min)}–${number(max)}, ${String(values.length)}×)` : "";
    return `${number(median)}${unit === "" ? "" : ` ${unit}`}${spread}`;
}
