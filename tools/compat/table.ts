/** What came of the parts for one combination of versions: nothing, or why it failed. */
export interface Row {
    readonly node: string;
    readonly pulumi: string;
    readonly aws: string;
    readonly awsx: string;
    readonly parts: Readonly<Record<Part, string | undefined>>;
}

export const PARTS = ["install", "type-check", "unit", "engine"] as const;
export type Part = (typeof PARTS)[number];

const BEGIN = "<!-- written by make compat -->";
const END = "<!-- end of make compat -->";

/** A page with the table of what was run in its place. */
export function withTable(page: string, rows: readonly Row[]): string {
    const begin = page.indexOf(BEGIN);
    const end = page.indexOf(END, begin);
    if (begin < 0 || end < 0) {
        throw new Error(`The page has no place for the table: ${BEGIN} … ${END}`);
    }
    return `${page.slice(0, begin)}${BEGIN}\n\n${table(rows)}\n\n${page.slice(end)}`;
}

function table(rows: readonly Row[]): string {
    const head = ["Node.js", "`@pulumi/pulumi`", "`@pulumi/aws`", "with `@pulumi/awsx`", ...PARTS];
    const cells = rows.map(({ node, pulumi, aws, awsx, parts }) => [
        ...[node, pulumi, aws, awsx],
        ...PARTS.map((part) => (parts[part] === undefined ? "passes" : "**fails**")),
    ]);
    return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
