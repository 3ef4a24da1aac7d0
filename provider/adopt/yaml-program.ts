import { indent, scalar } from "../gitlab-ci/yaml";
import type { AdoptedComponent } from "./adopt";
import { inputsOf, OutputOf, roleArnsOutput, type ProgramValue } from "./program";

/** The program in YAML, a whole `Pulumi.yaml`. */
export function yamlProgram(
    components: readonly AdoptedComponent[],
    heading: string,
    project: string = "gitlab-oidc",
): string {
    const resources = Object.fromEntries(
        components.map((component) => [
            component.name,
            {
                type: `aws-gitlab-oidc:${component.type}`,
                properties: inputsOf(component),
                options: { protect: true },
            },
        ]),
    );
    const outputs = Object.fromEntries(
        components.flatMap(({ type, name }) =>
            type === "GitLabOidc" ? [[roleArnsOutput(name), new OutputOf(name, "roleArns")] as const] : [],
        ),
    );
    return `# ${heading}\nname: ${scalar(project)}\nruntime: yaml\n${block({ resources, outputs })}\n`;
}

const STEP = 4;

function block(value: Readonly<Record<string, ProgramValue>>): string {
    return Object.entries(value)
        .map(([name, each]) => `${text(name)}:${after(each)}`)
        .join("\n");
}

/** A value behind a colon. */
function after(value: ProgramValue): string {
    if (isMap(value) && Object.keys(value).length > 0) {
        return `\n${indent(block(value), STEP)}`;
    }
    return isList(value) && value.length > 0 ? `\n${indent(value.map(item).join("\n"), STEP)}` : ` ${flow(value)}`;
}

/** An item of a list. */
function item(value: ProgramValue): string {
    const lines = isMap(value) && Object.keys(value).length > 0 ? block(value) : flow(value);
    return `- ${indent(lines, 2).slice(2)}`;
}

/** A value on one line. */
function flow(value: ProgramValue): string {
    if (value instanceof OutputOf) {
        return `\${${value.component}.${value.output}}`;
    }
    if (typeof value === "string") {
        return text(value);
    }
    if (isList(value)) {
        return `[${value.map(flow).join(", ")}]`;
    }
    if (!isMap(value)) {
        return String(value);
    }
    const entries = Object.entries(value).map(([name, each]) => `${text(name)}: ${flow(each)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function isMap(value: ProgramValue): value is Readonly<Record<string, ProgramValue>> {
    return typeof value === "object" && value !== null && !isList(value) && !(value instanceof OutputOf);
}

function isList(value: ProgramValue): value is readonly ProgramValue[] {
    return Array.isArray(value);
}

/** The text as a scalar without references. Pulumi's YAML reads `$$` as `$`, and `$${` as the text `${`. Source: Pulumi, "Pulumi YAML language reference". */
function text(value: string): string {
    return scalar(value.replace(/\$(?=[${])/g, () => "$$"));
}

/** Keys that Pulumi's YAML reads as calls of functions, and has no escape for. Source: Pulumi, "Built-in functions". */
export function functionKeys(components: readonly AdoptedComponent[]): readonly string[] {
    return [...new Set(components.flatMap((component) => keysIn(inputsOf(component))))].filter((key) =>
        /^fn::/i.test(key),
    );
}

function keysIn(value: ProgramValue): readonly string[] {
    return isList(value)
        ? value.flatMap(keysIn)
        : isMap(value)
          ? Object.entries(value).flatMap(([name, each]) => [name, ...keysIn(each)])
          : [];
}
