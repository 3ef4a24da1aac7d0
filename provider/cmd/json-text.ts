import { inertJson } from "../contract/quote";

/** A result as `--json` prints it. */
export function jsonText(result: unknown): string {
    return `${inertJson(JSON.stringify(result, null, 2))}\n`;
}

/** The same text for a large object, in pieces: its lists element by element. */
export function* jsonTexts(result: object): Generator<string> {
    let separator = "{";
    for (const [name, value] of Object.entries(result) as readonly (readonly [string, unknown])[]) {
        if (value === undefined) {
            continue;
        }
        yield `${separator}\n  ${inertJson(JSON.stringify(name))}: `;
        separator = ",";
        if (!Array.isArray(value) || value.length === 0) {
            yield indented(value, "  ");
            continue;
        }
        for (const [i, element] of (value as unknown[]).entries()) {
            yield `${i === 0 ? "[" : ","}\n    ${indented(element, "    ")}`;
        }
        yield "\n  ]";
    }
    yield separator === "{" ? "{}\n" : "\n}\n";
}

function indented(value: unknown, indent: string): string {
    return inertJson(JSON.stringify(value, null, 2)).replaceAll("\n", `\n${indent}`);
}
