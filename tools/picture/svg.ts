import { spansOf, type Row, type Span } from "./screen";

/** Pixels. Each piece of text is stretched to its columns, so any monospaced font gives the same picture. */
const FONT_SIZE = 14;
const COLUMN = 8.4;
const LINE = 19;
const MARGIN = 16;
const BAR = 32;

/** The picture brings its own dark background, so it is readable on light and on dark pages. */
const BACKGROUND = "#161b22";
const BORDER = "#57606a";
const FOREGROUND = "#e6edf3";
const COLOURS: Readonly<Record<string, string>> = {
    red: "#ff7b72",
    green: "#56d364",
    yellow: "#e3b341",
    blue: "#79c0ff",
    magenta: "#d2a8ff",
    cyan: "#76e3ea",
};

/** A picture of a terminal. Its text stays text: it can be searched, copied and read aloud. */
export function svgOf(rows: readonly Row[], columns: number, title: string): string {
    const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
    const height = BAR + rows.length * LINE + MARGIN;
    const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
        (colour, i) => `<circle cx="${20 + i * 18}" cy="18" r="5.5" fill="${colour}" />`,
    );
    const texts = rows.flatMap((row, i) => spansOf(row).flatMap((span) => textOf(span, BAR + i * LINE + FONT_SIZE)));
    return [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
        `    <title>${escaped(title)}</title>`,
        "    <style>",
        `        text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; fill: ${FOREGROUND} }`,
        ...Object.entries(COLOURS).map(([name, colour]) => `        .${name} { fill: ${colour} }`),
        "        .bold { font-weight: bold }",
        "        .underline { text-decoration: underline }",
        "    </style>",
        `    <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${BACKGROUND}" stroke="${BORDER}" />`,
        ...[...dots, ...texts].map((line) => `    ${line}`),
        "</svg>",
        "",
    ].join("\n");
}

function textOf({ column, text, style }: Span, y: number): readonly string[] {
    const indent = text.length - text.trimStart().length;
    const shown = text.trim();
    if (shown === "") {
        return [];
    }
    const x = (MARGIN + (column + indent) * COLUMN).toFixed(1);
    const length = (shown.length * COLUMN).toFixed(1);
    const classes = style === "" ? "" : ` class="${style}"`;
    return [
        `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${classes}>${escaped(shown)}</text>`,
    ];
}

function escaped(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
