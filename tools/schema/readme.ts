import type { Properties, Schema } from "../../provider/contract/schema";

const BEGIN = "<!-- written from schema.json by `make sdk` -->";
const END = "<!-- end -->";

/** README.md with the tables of components, types and functions as schema.json has them. */
export function withTables(readme: string, schema: Schema): string {
    const begin = readme.indexOf(BEGIN);
    const end = readme.indexOf(END);
    if (begin < 0 || end < begin) {
        throw new Error(`README.md has no place for the tables: ${BEGIN} … ${END}`);
    }
    return `${readme.slice(0, begin)}${BEGIN}\n\n${tables(schema)}\n\n${readme.slice(end)}`;
}

function tables(schema: Schema): string {
    const short = (token: string): string => token.split(":").pop()!;
    const resources = Object.entries(schema.resources).flatMap(([token, r]) => [
        `### \`${short(token)}\``,
        r.description,
        table("input", r.inputProperties, r.requiredInputs ?? []),
        table("output", r.properties, []),
    ]);
    const types = Object.entries(schema.types)
        .filter(([, t]) => t.properties !== undefined)
        .flatMap(([token, t]) => [
            `### Type \`${short(token)}\``,
            t.description,
            table("property", t.properties ?? {}, t.required ?? []),
        ]);
    const functions = Object.entries(schema.functions).flatMap(([token, f]) => [
        `### Function \`${short(token)}\``,
        f.description,
        table("argument", f.inputs.properties, f.inputs.required ?? []),
        table("result", f.outputs.properties, []),
    ]);
    return [...resources, ...types, ...functions].join("\n\n");
}

function table(head: string, properties: Properties, required: readonly string[]): string {
    const rows = Object.entries(properties).map(([name, { description }]) => {
        const must = required.includes(name) ? " (required)" : "";
        return `| \`${name}\`${must} | ${(description ?? "").replaceAll("|", "\\|")} |`;
    });
    return [`| ${head} | meaning |`, "| --- | --- |", ...rows].join("\n");
}
