import type { AdoptedComponent } from "./adopt";
import { urnInStack, type Move } from "./takeover";
import { inputsOf, OutputOf, roleArnsOutput, variableOf, type ProgramValue } from "./program";

/** Prettier's defaults. */
const WIDTH = 80;
const STEP = 2;

/**
 * The program in TypeScript, formatted as Prettier formats it by default.
 *
 * @param moves Resources that become children of the components by aliases.
 */
export function typescriptProgram(
    components: readonly AdoptedComponent[],
    heading: string,
    moves: readonly Move[] = [],
): string {
    const types = [...new Set(components.map(({ type }) => type))].sort();
    const options = moves.length === 0 ? "{ protect: true }" : "{ protect: true, transforms: [keep] }";
    return [
        `// ${heading}`,
        ...(moves.length === 0 ? [] : ['import * as pulumi from "@pulumi/pulumi";']),
        `import { ${types.join(", ")} } from "pulumi-aws-gitlab-oidc";`,
        "",
        ...(moves.length === 0 ? [] : [...aliases(moves), ""]),
        ...components.flatMap((component) => [...declaration(component, options), ""]),
        ...components.flatMap(({ type, name }) =>
            type === "GitLabOidc" ? exported(roleArnsOutput(name), `${variableOf(name)}.roleArns`) : [],
        ),
        "",
    ].join("\n");
}

/** A transform that gives each child of the components its former URN. Source: Pulumi, "Resource option: aliases" and "transforms". */
function aliases(moves: readonly Move[]): readonly string[] {
    const former = Object.fromEntries(
        moves.map(({ resource, from }) => [`${resource.type} ${resource.logicalName}`, urnInStack(from.address)]),
    );
    return [
        "// The resources of the stack that become children of the components.",
        "// Remove `former`, `stack`, `keep` and `transforms` after the first `pulumi up`.",
        `const former: Record<string, string | undefined> = ${printed(former, 0, 0)};`,
        "",
        "const stack = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`;",
        "const keep: pulumi.ResourceTransform = ({ type, name, props, opts }) => {",
        "  const urn = former[`${type} ${name}`];",
        "  if (urn === undefined) {",
        "    return undefined;",
        "  }",
        "  const aliases = [`${stack}::${urn}`];",
        "  return { props, opts: pulumi.mergeOptions(opts, { aliases }) };",
        "};",
    ];
}

function declaration(component: AdoptedComponent, options: string): readonly string[] {
    const { type, name } = component;
    return [
        `const ${variableOf(name)} = new ${type}(`,
        `  ${literal(name)},`,
        `  ${printed(inputsOf(component), STEP, 0)},`,
        `  ${options},`,
        ");",
    ];
}

function exported(name: string, value: string): readonly string[] {
    const line = `export const ${name} = ${value};`;
    return line.length <= WIDTH ? [line] : [`export const ${name} =`, `  ${value};`];
}

/** A value whose first line follows `before` characters on a line with that indentation. */
function printed(value: ProgramValue, indent: number, before: number): string {
    if (value instanceof OutputOf) {
        return `${variableOf(value.component)}.${value.output}`;
    }
    if (typeof value === "string") {
        return literal(value);
    }
    if (typeof value !== "object" || value === null) {
        return String(value);
    }
    const inner = indent + STEP;
    const margin = " ".repeat(inner);
    if (isList(value)) {
        const elements = value.map((element) => printed(element, inner, 0));
        const line = `[${elements.join(", ")}]`;
        // The comma after it is part of the line.
        const fits = !line.includes("\n") && indent + before + line.length + 1 <= WIDTH;
        return fits ? line : `[\n${elements.map((e) => `${margin}${e},\n`).join("")}${" ".repeat(indent)}]`;
    }
    const entries = Object.entries(value);
    return entries.length === 0
        ? "{}"
        : `{\n${entries.map(([name, each]) => `${margin}${property(name, each, inner)},\n`).join("")}${" ".repeat(indent)}}`;
}

function isList(value: ProgramValue): value is readonly ProgramValue[] {
    return Array.isArray(value);
}

/** A property of an object. A value whose first line is too long begins on the next line, unless the key is as short as the indentation. Without brackets, `__proto__` sets the prototype. */
function property(name: string, value: ProgramValue, indent: number): string {
    const key = name === "__proto__" ? '["__proto__"]' : /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
    const text = printed(value, indent, key.length + 2);
    const [first, ...more] = text.split("\n") as [string, ...string[]];
    // The comma after it is part of the line.
    const width = indent + key.length + 2 + first.length + (more.length === 0 ? 1 : 0);
    const next = indent + STEP;
    return width > WIDTH && key.length > STEP
        ? `${key}:\n${" ".repeat(next)}${printed(value, next, 0)}`
        : `${key}: ${text}`;
}

/** A string in the quotes that need fewer escapes. */
function literal(text: string): string {
    const double = JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
    const count = (quote: string): number => text.split(quote).length;
    return count('"') > count("'") ? `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : double;
}
