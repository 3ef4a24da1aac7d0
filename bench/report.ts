import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { projectRoot, SetupError } from "../tools/setup/cache";
import { isMet, type Row } from "./row";
import { table } from "./table";

/** What a run leaves behind: the committed one is what CHECK=1 compares with. */
export interface Report {
    readonly machine: string;
    readonly notes: readonly string[];
    readonly rows: readonly Row[];
}

const COMMITTED = join(projectRoot, "docs/performance.json");

/** The page that shows it, between these two lines. */
const PAGE = join(projectRoot, "docs/performance.md");
const TABLE = /(?<=^<!-- written by make bench -->$).*(?=^<!-- end -->$)/ms;

/** How much worse than the committed ratio a ratio may be: machines and moments differ. */
const TOLERANCE = 1.15;

/** What a report says to a reader. */
export function textOf({ machine, notes, rows }: Report): string {
    return [table(rows), ...notes, `On ${machine}.`].join("\n\n");
}

/** Shows a report; the bars that are missed make the command fail. */
export function show(report: Report): void {
    process.stdout.write(`${textOf(report)}\n`);
    const missed = report.rows.filter((row) => !isMet(row));
    if (missed.length > 0) {
        process.stdout.write(`Bars missed: ${missed.map(({ id }) => id).join(", ")}.\n`);
        process.exitCode = 1;
    }
}

/** Writes a report where it is committed, as data and for readers. */
export async function keep(report: Report): Promise<void> {
    const rounded = JSON.stringify(report, (_, value: unknown) =>
        typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    );
    await write(COMMITTED, rounded);
    const shown = textOf(JSON.parse(rounded) as Report);
    await write(
        PAGE,
        readFileSync(PAGE, "utf8").replace(TABLE, () => `\n\n${shown}\n\n`),
    );
}

async function write(file: string, text: string): Promise<void> {
    writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

/** Fails where a ratio is worse than the committed one by more than the tolerance. */
export function compare({ rows }: Report): void {
    if (!existsSync(COMMITTED)) {
        throw new SetupError("There is no docs/performance.json to compare with: run make bench first.");
    }
    const before = JSON.parse(readFileSync(COMMITTED, "utf8")) as Report;
    const worse = rows.flatMap((row) => {
        const now = row.comparison?.ratio;
        const then = before.rows.find(({ id }) => id === row.id)?.comparison?.ratio;
        return now !== undefined && then !== undefined && now > then * TOLERANCE
            ? [`${row.id}: ${now.toFixed(3)}, was ${then.toFixed(3)}`]
            : [];
    });
    process.stdout.write(
        worse.length === 0
            ? "No ratio is worse by more than 15 %.\n"
            : `Worse by more than 15 %:\n  ${worse.join("\n  ")}\n`,
    );
    if (worse.length > 0) {
        process.exitCode = 1;
    }
}
