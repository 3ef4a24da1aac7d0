/** The results for one combination of versions: for each part nothing, or why it failed. */
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

/** A page with the table of all combinations in its place. */
export function withTable(page: string, rows: readonly Row[]): string {
    return withText(page, table(rows));
}

/** A page with one sentence on the versions in its place. */
export function withSentence(page: string, rows: readonly Row[]): string {
    return withText(page, sentence(rows));
}

function withText(page: string, text: string): string {
    const begin = page.indexOf(BEGIN);
    const end = page.indexOf(END, begin);
    if (begin < 0 || end < 0) {
        throw new Error(`The page has no place for the versions: ${BEGIN} … ${END}`);
    }
    return `${page.slice(0, begin)}${BEGIN}\n\n${text}\n\n${page.slice(end)}`;
}

function sentence(rows: readonly Row[]): string {
    const of = (value: (row: Row) => string): string => [...new Set(rows.map(value))].join(" and ");
    const failures = rows.flatMap(({ node, pulumi, aws, parts }) =>
        PARTS.filter((part) => parts[part] !== undefined).map(
            (part) => `${part} with Node.js ${node}, \`@pulumi/pulumi\` ${pulumi} and \`@pulumi/aws\` ${aws}`,
        ),
    );
    return [
        `Tested with Node.js ${of(({ node }) => node)}, \`@pulumi/pulumi\` ${of(({ pulumi }) => pulumi)}, \`@pulumi/aws\` ${of(({ aws }) => aws)}.`,
        ...(failures.length === 0 ? [] : [`**Fails:** ${failures.join("; ")}.`]),
    ].join(" ");
}

function table(rows: readonly Row[]): string {
    const head = ["Node.js", "`@pulumi/pulumi`", "`@pulumi/aws`", "with `@pulumi/awsx`", ...PARTS];
    const cells = rows.map(({ node, pulumi, aws, awsx, parts }) => [
        ...[node, pulumi, aws, awsx],
        ...PARTS.map((part) => (parts[part] === undefined ? "passes" : "**fails**")),
    ]);
    return [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
