import type { Change } from "./target-file";

/** Lines around a change that are shown with it. */
const CONTEXT = 3;
/** Beyond so many pairs of lines a change is shown as a whole, without the lines in it that stayed. */
const MOST_PAIRS = 4_000_000;

interface Step {
    readonly sign: " " | "-" | "+";
    /** The line with its line feed, the last one of a file maybe without. */
    readonly line: string;
}

/** A change of a file as a unified diff, line by line; empty where nothing changes. */
export function unifiedDiff({ name, before, after }: Pick<Change, "name" | "before" | "after">): readonly string[] {
    if (before === after) {
        return [];
    }
    const steps = stepsBetween(linesOf(before ?? ""), linesOf(after));
    const shown = /[\p{Cc}"\\]/u.test(name) ? JSON.stringify(name) : name;
    return [
        `--- ${before === undefined ? "/dev/null" : shown}\n`,
        `+++ ${shown}\n`,
        ...hunks(steps).map((line) => Buffer.from(line, "latin1").toString("utf8")),
    ];
}

function linesOf(text: string): readonly string[] {
    return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function stepsBetween(before: readonly string[], after: readonly string[]): readonly Step[] {
    const most = Math.min(before.length, after.length);
    let head = 0;
    while (head < most && before[head] === after[head]) {
        head++;
    }
    let tail = 0;
    while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
        tail++;
    }
    const signed = (sign: Step["sign"], lines: readonly string[]): Step[] => lines.map((line) => ({ sign, line }));
    const [old, young] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
    return [
        ...signed(" ", before.slice(0, head)),
        ...(old.length * young.length > MOST_PAIRS
            ? [...signed("-", old), ...signed("+", young)]
            : shortestSteps(old, young)),
        ...signed(" ", before.slice(before.length - tail)),
    ];
}

/** The steps that keep most lines, by the table of longest common subsequences. */
function shortestSteps(before: readonly string[], after: readonly string[]): readonly Step[] {
    const width = after.length + 1;
    const kept = new Uint32Array((before.length + 1) * width);
    for (let i = before.length - 1; i >= 0; i--) {
        for (let j = after.length - 1; j >= 0; j--) {
            kept[i * width + j] =
                before[i] === after[j]
                    ? kept[(i + 1) * width + j + 1]! + 1
                    : Math.max(kept[(i + 1) * width + j]!, kept[i * width + j + 1]!);
        }
    }
    const steps: Step[] = [];
    let [i, j] = [0, 0];
    while (i < before.length || j < after.length) {
        if (i < before.length && before[i] === after[j]) {
            steps.push({ sign: " ", line: before[i]! });
            i++;
            j++;
        } else if (
            j === after.length ||
            (i < before.length && kept[(i + 1) * width + j]! >= kept[i * width + j + 1]!)
        ) {
            steps.push({ sign: "-", line: before[i]! });
            i++;
        } else {
            steps.push({ sign: "+", line: after[j]! });
            j++;
        }
    }
    return steps;
}

function hunks(steps: readonly Step[]): readonly string[] {
    const ranges: [number, number][] = [];
    for (const [i, { sign }] of steps.entries()) {
        const last = ranges.at(-1);
        if (sign === " ") {
            continue;
        }
        if (last !== undefined && i - CONTEXT <= last[1]) {
            last[1] = i + CONTEXT + 1;
        } else {
            ranges.push([Math.max(0, i - CONTEXT), i + CONTEXT + 1]);
        }
    }
    const passed = { "-": 0, "+": 0, at: 0 };
    return ranges.flatMap(([from, to]) => {
        for (const { sign } of steps.slice(passed.at, from)) {
            passed["-"] += sign === "+" ? 0 : 1;
            passed["+"] += sign === "-" ? 0 : 1;
        }
        passed.at = from;
        const hunk = steps.slice(from, to);
        const range = (sign: "-" | "+"): string => {
            const count = hunk.filter((step) => step.sign === " " || step.sign === sign).length;
            return `${sign}${String(passed[sign] + (count === 0 ? 0 : 1))},${String(count)}`;
        };
        return [
            `@@ ${range("-")} ${range("+")} @@\n`,
            ...hunk.flatMap(({ sign, line }) =>
                line.endsWith("\n") ? [sign + line] : [`${sign}${line}\n`, "\\ No newline at end of file\n"],
            ),
        ];
    });
}
