import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { Properties, PropertySpec, Schema, TypeSpec } from "../../provider/contract/schema";
import { RULES } from "../../provider/contract/rules";
import { withLinks } from "./sources";
import { inputTypes } from "./typescript";

const root = join(__dirname, "../..");

/** The pages about components and functions, by path, as `make sdk` writes them. */
export async function referencePages(schema: Schema): Promise<Readonly<Record<string, string>>> {
    const pages = Object.entries(textsOf(schema)).map(
        async ([path, text]) => [path, await formatted(path, text)] as const,
    );
    return Object.fromEntries(await Promise.all(pages));
}

/** The text of a page as it is formatted in the repository. */
export async function formatted(path: string, text: string): Promise<string> {
    return format(text, { ...(await resolveConfig(join(root, path))), parser: "markdown" });
}

function textsOf(schema: Schema): Readonly<Record<string, string>> {
    const components = new Set(
        Object.values(schema.resources).flatMap((r) => [
            ...typesIn(r.inputProperties, schema),
            ...typesIn(r.properties, schema),
        ]),
    );
    const pageOf = (type: string): string => (components.has(type) ? "components.md" : "functions.md");
    const write = (page: string, head: readonly string[], items: readonly string[]): string => {
        const given = new Set([...inputTypes(schema)].map(shortName));
        const writer = new Writer((type) => `${pageOf(type) === page ? "" : pageOf(type)}#${anchor(type)}`);
        const types = Object.entries(schema.types).filter(([token]) => pageOf(shortName(token)) === page);
        const texts = [
            ...items.map((token) => writer.item(token, schema)),
            "## Types",
            ...types.map(([token, type]) => writer.type(shortName(token), type, given.has(shortName(token)))),
        ];
        return `${[GENERATED, ...head, contents([...items, ...types.map(([token]) => token)]), ...texts].join("\n\n")}\n`;
    };
    return {
        "docs/reference/components.md": write("components.md", COMPONENTS, Object.keys(schema.resources)),
        "docs/reference/functions.md": write("functions.md", FUNCTIONS, Object.keys(schema.functions)),
    };
}

const GENERATED = "<!-- written from schema.json by `make sdk` -->";

const NAMES =
    "Names are those of TypeScript and YAML. Python writes `managed_policies` for `managedPolicies`, Go writes `ManagedPolicies`.";

const COMPONENTS = [
    "# Components",
    `The inputs and outputs of each component. ${NAMES}`,
    "**Plain** inputs must be known during `pulumi preview`: they cannot be an output of another resource. All other inputs can. Rejected values are listed in [Rules](rules.md).",
];

const FUNCTIONS = [
    "# Functions",
    `The arguments and results of each function. Every SDK has them, and so does the npm package. ${NAMES}`,
];

class Writer {
    constructor(private readonly linkOf: (type: string) => string) {}

    item(token: string, { resources, functions }: Schema): string {
        const resource = resources[token];
        const name = shortName(token);
        if (resource !== undefined) {
            return [
                `## ${name}`,
                linked(resource.description),
                `### Inputs of ${name}`,
                this.properties(resource.inputProperties, resource.requiredInputs ?? [], "given"),
                `### Outputs of ${name}`,
                this.properties(resource.properties, resource.required, "returned"),
            ].join("\n\n");
        }
        const { description, inputs, outputs } = functions[token]!;
        return [
            `## ${name}`,
            linked(description),
            `### Arguments of ${name}`,
            this.properties(inputs.properties, inputs.required ?? [], "given"),
            `### Result of ${name}`,
            this.properties(outputs.properties, outputs.required ?? [], "returned"),
        ].join("\n\n");
    }

    type(name: string, { description, properties, required = [], enum: values }: TypeSpec, isInput: boolean): string {
        const body =
            values === undefined
                ? this.properties(properties ?? {}, required, isInput ? "given" : "returned")
                : values.map((v) => `- \`${v.value}\`: ${linked(v.description)}`).join("\n");
        return [`### ${name}`, linked(description), body].join("\n\n");
    }

    private properties(properties: Properties, required: readonly string[], by: "given" | "returned"): string {
        return Object.entries(properties)
            .map(([name, spec]) => {
                const isRequired = required.includes(name);
                const marks = [
                    this.typeOf(spec),
                    ...(isRequired && by === "given" ? ["required"] : []),
                    ...(!isRequired && by === "returned" ? ["not always present"] : []),
                    ...(spec.plain === true ? ["plain"] : []),
                ];
                return `#### \`${name}\`\n\n${marks.join(", ")}\n\n${described(spec.description ?? "")}`;
            })
            .join("\n\n");
    }

    private typeOf({ type, $ref, items, additionalProperties, oneOf }: PropertySpec): string {
        if ($ref !== undefined) {
            const name = shortName($ref);
            return $ref.startsWith("#/types/") ? `[\`${name}\`](${this.linkOf(name)})` : "any JSON value";
        }
        if (oneOf !== undefined) {
            return oneOf.map((one) => this.typeOf(one)).join(" or ");
        }
        if (items !== undefined) {
            return `array of ${this.typeOf(items)}`;
        }
        return additionalProperties === undefined ? type! : `map of ${this.typeOf(additionalProperties)}`;
    }
}

/** A description with its default, what is rejected and its source as a list at the end. Sentences after a default or a rejection explain it. */
function described(description: string): string {
    const text: string[] = [];
    const facts: string[] = [];
    let explained = false;
    for (const sentence of sentencesOf(description)) {
        const fact = /^(Default|Rejected|Refused|Sources?):/.exec(sentence)?.[0];
        if (fact !== undefined) {
            facts.push(`- **${fact}**${linked(sentence.slice(fact.length))}`);
            explained = !fact.startsWith("Source");
        } else if (explained) {
            facts.push(`${facts.pop()!} ${linked(sentence)}`);
        } else {
            text.push(linked(sentence));
        }
    }
    return [text.join(" "), facts.join("\n")].filter((part) => part !== "").join("\n\n");
}

/** The sentences of a text. What is in backticks or quotation marks has no end of a sentence. */
function sentencesOf(text: string): readonly string[] {
    return Array.from(text.matchAll(/(?:`[^`]*`|"[^"]*"|[^`"])+?(?:[.!?](?=\s+[A-Z`"])|$)/gs), ([sentence]) =>
        sentence.trim(),
    ).filter((sentence) => sentence !== "");
}

/** A text whose named pages, and ids of rules in brackets, are links. */
function linked(text: string): string {
    return withLinks(text).replace(/(?<=\()`([\w-]+)`/g, (code, id: string) =>
        id in RULES ? `[${code}](rules.md#${id})` : code,
    );
}

function contents(tokens: readonly string[]): string {
    return tokens.map((token) => `- [${shortName(token)}](#${anchor(shortName(token))})`).join("\n");
}

function anchor(heading: string): string {
    return heading.toLowerCase();
}

/** The types that properties lead to, by name. */
function typesIn(properties: Properties, schema: Schema, found = new Set<string>()): ReadonlySet<string> {
    for (const [, token] of JSON.stringify(properties).matchAll(/"\$ref":"#\/types\/([^"]+)"/g)) {
        const name = shortName(token!);
        if (!found.has(name)) {
            found.add(name);
            typesIn(schema.types[token!]?.properties ?? {}, schema, found);
        }
    }
    return found;
}

function shortName(token: string): string {
    return token.split(/[:/]/).pop()!;
}
