/** A character on the screen of a terminal, with its style: "", "green", "bold green", "underline blue". */
export interface Cell {
    readonly character: string;
    readonly style: string;
}

export type Row = readonly Cell[];

const ESCAPE = "\u001b";
/** An operating system command, a control sequence, or one character. */
const TOKEN = new RegExp(
    `${ESCAPE}\\].*?(?:\u0007|${ESCAPE}\\\\)|${ESCAPE}\\[(?<parameters>[?\\d;]*)(?<command>[A-Za-z])|[^]`,
    "gu",
);
/** Titles and colours of the window, the look of the cursor, and questions to the terminal. */
const IGNORED = new RegExp(`^${ESCAPE}(?:\\]|\\[(?:\\??\\d+[hl]|6n)$)`);
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/**
 * The rows that a terminal shows after a program has printed `output`.
 *
 * @throws On a control sequence that this terminal does not know.
 */
export function screenOf(output: string, columns: number): readonly Row[] {
    const rows: Cell[][] = [[]];
    const cursor = { row: 0, column: 0 };
    let style = "";
    const write = (character: string): void => {
        if (cursor.column === columns) {
            newLine();
        }
        const row = rows[cursor.row]!;
        while (row.length < cursor.column) {
            row.push({ character: " ", style: "" });
        }
        row[cursor.column] = { character, style };
        cursor.column += 1;
    };
    const newLine = (): void => {
        cursor.row += 1;
        cursor.column = 0;
        if (cursor.row === rows.length) {
            rows.push([]);
        }
    };
    for (const [token, parameters = "", command] of output.matchAll(TOKEN)) {
        if (command === "m") {
            style = styleAfter(style, parameters);
        } else if (command === "A") {
            cursor.row = Math.max(0, cursor.row - Number(parameters || 1));
        } else if (command === "K") {
            rows[cursor.row]!.length = Math.min(rows[cursor.row]!.length, cursor.column);
        } else if (token === "\n") {
            newLine();
        } else if (token === "\r") {
            cursor.column = 0;
        } else if (command === undefined && !token.startsWith(ESCAPE)) {
            write(token);
        } else if (!IGNORED.test(token)) {
            throw new Error(`The terminal does not know ${JSON.stringify(token)}.`);
        }
    }
    return withoutEmptyEnd(rows.map((row) => trimmed(row)));
}

/** The rows as text that a terminal shows in the same way. */
export function textOf(rows: readonly Row[]): string {
    return rows.map((row) => `${spansOf(row).map(printed).join("")}\n`).join("");
}

/** A piece of a row in one style. */
export interface Span {
    readonly column: number;
    readonly text: string;
    readonly style: string;
}

export function spansOf(row: Row): readonly Span[] {
    const spans: Span[] = [];
    for (const [column, { character, style }] of row.entries()) {
        const last = spans.at(-1);
        if (last?.style === style) {
            spans[spans.length - 1] = { ...last, text: last.text + character };
        } else {
            spans.push({ column, text: character, style });
        }
    }
    return spans;
}

function printed({ text, style }: Span): string {
    const codes = style.split(" ").flatMap((word) => {
        const colour = COLOURS.indexOf(word);
        return colour >= 0 ? [30 + colour] : word === "bold" ? [1] : word === "underline" ? [4] : [];
    });
    return codes.length === 0 ? text : `${ESCAPE}[${codes.join(";")}m${text}${ESCAPE}[0m`;
}

function styleAfter(style: string, parameters: string): string {
    let words = new Set(style.split(" ").filter(Boolean));
    const colour = (index: number): void => {
        words = new Set([...words].filter((word) => !COLOURS.includes(word)));
        if (index >= 0) {
            words.add(COLOURS[index % 8]!);
        }
    };
    const codes = (parameters || "0").split(";").map(Number);
    for (let i = 0; i < codes.length; i += 1) {
        const code = codes[i]!;
        if (code === 0) {
            words.clear();
        } else if (code === 1) {
            words.add("bold");
        } else if (code === 4) {
            words.add("underline");
        } else if (code === 22) {
            words.delete("bold");
        } else if (code === 39) {
            colour(-1);
        } else if (code >= 30 && code <= 37) {
            colour(code - 30);
        } else if (code === 38 && codes[i + 1] === 5 && codes[i + 2]! < 16) {
            colour(codes[i + 2]!);
            i += 2;
        } else {
            throw new Error(`The terminal does not know the style ${parameters}.`);
        }
    }
    return ["bold", "underline", ...COLOURS].filter((word) => words.has(word)).join(" ");
}

function trimmed(row: Row): Row {
    return row.slice(
        0,
        lengthWithout(row, ({ character }) => character === " "),
    );
}

function withoutEmptyEnd(rows: readonly Row[]): readonly Row[] {
    return rows.slice(
        0,
        lengthWithout(rows, (row) => row.length === 0),
    );
}

/** The length of a list without the items at its end that are `empty`. */
function lengthWithout<T>(items: readonly T[], empty: (item: T) => boolean): number {
    let length = items.length;
    while (length > 0 && empty(items[length - 1]!)) {
        length -= 1;
    }
    return length;
}
