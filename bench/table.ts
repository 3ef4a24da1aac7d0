import { isMet, type Row } from "./row";
import type { Samples } from "./samples";

const HEAD = ["what", "against", "ours", "theirs", "ratio", "bar", "met"];

/** The rows as a Markdown table: medians, with the least and the most where there are several samples. */
export function table(rows: readonly Row[]): string {
    const cells = rows.map((row) => [
        row.what,
        row.peer,
        shown(row.ours, row.unit),
        shown(row.theirs, row.unit),
        row.ratio.toFixed(3),
        row.bar === undefined ? "" : `≤ ${String(row.bar)}`,
        row.bar === undefined ? "" : isMet(row) ? "yes" : "**no**",
    ]);
    const widths = HEAD.map((_, column) => Math.max(...[HEAD, ...cells].map((line) => line[column]!.length)));
    const line = (of: readonly string[]): string => `| ${of.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
    return [line(HEAD), line(widths.map((width) => "-".repeat(width))), ...cells.map(line)].join("\n");
}

function shown({ values, min, median, max }: Samples, unit: string): string {
    const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
    const spread = values.length > 1 ? ` (${number(min)}–${number(max)}, ${String(values.length)}×)` : "";
    return `${number(median)}${unit === "" ? "" : ` ${unit}`}${spread}`;
}
