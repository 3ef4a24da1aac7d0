import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import type { FunctionSpec, PropertySpec, ResourceSpec, Schema, TypeSpec } from "../../provider/contract/schema";

const root = join(__dirname, "../..");

export function readSchema(): Schema {
    return JSON.parse(readFileSync(join(root, "schema.json"), "utf8")) as Schema;
}

/** How a value is written: as it is for the pure core, as `pulumi.Input` and `pulumi.Output` for the components. */
interface Flavour {
    readonly kind: "plain" | "input" | "output";
    /** Names of the types that are the same in every flavour. */
    readonly enums: ReadonlySet<string>;
}

const nameOf = (token: string): string => token.split(":").pop()!;

/** The TypeScript files that say in types what schema.json says, by path. */
export async function generateTypeScript(schema: Schema): Promise<Readonly<Record<string, string>>> {
    const types = Object.entries(schema.types);
    const enums = new Set(types.filter(([, t]) => t.enum !== undefined).map(([token]) => nameOf(token)));
    const asPlain: Flavour = { kind: "plain", enums };
    const asInput: Flavour = { kind: "input", enums };
    const asOutput: Flavour = { kind: "output", enums };
    const plain = [
        GENERATED,
        ...types.map(([token, t]) => declare(nameOf(token), t, asPlain)),
        ...Object.entries(schema.functions).flatMap(([token, f]) => [
            declare(`${functionType(token)}Args`, argumentsOf(token, f), asPlain),
            declare(`${functionType(token)}Result`, resultOf(token, f), asPlain),
        ]),
    ];
    const used = types.filter(([token]) => inputTypes(schema).has(token));
    const inputs = [
        GENERATED,
        'import type * as pulumi from "@pulumi/pulumi";',
        `import type { ${used
            .map(([token]) => nameOf(token))
            .filter((name) => enums.has(name))
            .join(", ")} } from "./types";`,
        ...used
            .filter(([, t]) => t.enum === undefined)
            .map(([token, t]) => declare(`${nameOf(token)}Args`, t, asInput)),
        ...Object.entries(schema.resources).flatMap(([token, r]) => [
            declare(`${nameOf(token)}Args`, inputsOf(token, r), asInput),
            declare(`${nameOf(token)}Outputs`, outputsOf(token, r), asOutput),
        ]),
        ...Object.entries(schema.functions).map(([token, f]) =>
            declare(`${functionType(token)}OutputArgs`, argumentsOf(token, f), asInput),
        ),
    ];
    const pretty = async (parts: readonly string[], path: string): Promise<string> =>
        format(parts.join("\n\n"), { ...(await resolveConfig(join(root, path))), parser: "typescript" });
    return {
        "provider/contract/types.ts": await pretty(plain, "provider/contract/types.ts"),
        "provider/contract/args.ts": await pretty(inputs, "provider/contract/args.ts"),
    };
}

const GENERATED = "// Generated from schema.json by `make sdk`. Edit the schema, not this file.";

const functionType = (token: string): string => nameOf(token).replace(/^./, (c) => c.toUpperCase());

function inputsOf(token: string, { inputProperties, requiredInputs }: ResourceSpec): TypeSpec {
    const description = `Inputs of \`${nameOf(token)}\`.`;
    return { type: "object", description, properties: inputProperties, required: requiredInputs ?? [] };
}

function outputsOf(token: string, { properties, required }: ResourceSpec): TypeSpec {
    return { type: "object", description: `Outputs of \`${nameOf(token)}\`.`, properties, required };
}

function argumentsOf(token: string, { inputs }: FunctionSpec): TypeSpec {
    return { type: "object", description: `Arguments of \`${nameOf(token)}\`.`, ...inputs };
}

function resultOf(token: string, { outputs }: FunctionSpec): TypeSpec {
    return { type: "object", description: `Result of \`${nameOf(token)}\`.`, ...outputs };
}

/** The types that inputs are made of; types that only results have are not among them. */
export function inputTypes({ types, resources, functions }: Schema): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (value: unknown): void => {
        for (const [, tok] of JSON.stringify(value).matchAll(/"#\/types\/([^"]+)"/g)) {
            if (!found.has(tok!)) {
                found.add(tok!);
                visit(types[tok!] ?? null);
            }
        }
    };
    visit(Object.values(resources).map((r) => r.inputProperties));
    visit(Object.values(functions).map((f) => f.inputs));
    return found;
}

function declare(name: string, spec: TypeSpec, flavour: Flavour): string {
    if (spec.enum !== undefined) {
        return `${doc(spec.description)}\nexport type ${name} = ${spec.enum.map((e) => JSON.stringify(e.value)).join(" | ")};`;
    }
    const members = Object.entries(spec.properties ?? {}).map(([property, p]) => {
        const required = spec.required?.includes(property) === true;
        const type =
            flavour.kind === "output" ? outputType(p, flavour, required) : typeOf(p, flavour, p.plain === true);
        return `${doc(p.description ?? "")}\nreadonly ${property}${required || flavour.kind === "output" ? "" : "?"}: ${type};`;
    });
    return `${doc(spec.description)}\nexport interface ${name} {\n${members.join("\n")}\n}`;
}

function doc(text: string): string {
    return `/** ${text.replaceAll("*/", "*\\/").replaceAll("\n", "\n * ")} */`;
}

/** An output is always there; what it has may be nothing. */
function outputType(spec: PropertySpec, flavour: Flavour, required: boolean): string {
    return `pulumi.Output<${bareType(spec, { ...flavour, kind: "plain" })}${required ? "" : " | undefined"}>`;
}

function typeOf(spec: PropertySpec, flavour: Flavour, plain: boolean): string {
    const bare = bareType(spec, flavour);
    return flavour.kind === "input" && !plain ? `pulumi.Input<${bare}>` : bare;
}

function bareType(spec: PropertySpec, flavour: Flavour): string {
    const inner = (s: PropertySpec): string => typeOf(s, flavour, s.plain === true);
    if (spec.oneOf !== undefined) {
        return spec.oneOf.map((s) => bareType(s, flavour)).join(" | ");
    }
    if (spec.$ref === "pulumi.json#/Any") {
        return "unknown";
    }
    if (spec.$ref !== undefined) {
        const name = nameOf(spec.$ref);
        return flavour.kind === "input" && !flavour.enums.has(name) ? `${name}Args` : name;
    }
    switch (spec.type) {
        case "array":
            return `readonly ${inner(spec.items!).replace(/^(.*[ |].*)$/, "($1)")}[]`;
        case "object":
            return `Readonly<Record<string, ${inner(spec.additionalProperties!)}>>`;
        case "integer":
            return "number";
        default:
            return spec.type!;
    }
}
