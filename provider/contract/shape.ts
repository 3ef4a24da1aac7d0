import { Findings } from "./findings";
import { key, property } from "./paths";
import { quote } from "./quote";
import { UNKNOWN } from "./unknown";
import { isObject } from "./object";
import { schema, type Properties, type PropertySpec } from "./schema";

/**
 * Holds inputs against schema.json: reports what it does not know, what is missing, what has another type and what has to
 * be known before anything is made. Gives back the inputs without what was reported, so that nothing is told twice:
 * a wrong value is UNKNOWN there, an absent or null one is left out.
 */
export function checkShape(
    properties: Properties,
    required: readonly string[],
    value: unknown,
    path: string,
    findings: Findings,
): Record<string, unknown> {
    if (!isObject(value)) {
        findings.add("wrong-type", path, `is ${nameOf(value)}.`, `Give ${NAMES["object"]!}.`);
        return {};
    }
    const checked: [string, unknown][] = [];
    for (const [name, given] of Object.entries(value)) {
        const spec = Object.hasOwn(properties, name) ? properties[name] : undefined;
        if (spec === undefined) {
            findings.add(
                "unknown-property",
                property(path, name),
                "is not known here.",
                `Properties are ${Object.keys(properties).join(", ")}.`,
            );
        } else if (given !== undefined && given !== null) {
            checked.push([name, checkValue(spec, spec.plain === true, given, property(path, name), findings)]);
        }
    }
    const present = new Set(checked.map(([name]) => name));
    for (const name of required.filter((r) => !present.has(r))) {
        findings.add(
            "required",
            property(path, name),
            "is missing.",
            `Set it: ${firstSentence(properties[name]?.description ?? "")}`,
        );
        checked.push([name, UNKNOWN]);
    }
    return Object.fromEntries(checked);
}

function firstSentence(text: string): string {
    return /^.*?[.](?= [A-Z]|$)/.exec(text)?.[0] ?? text;
}

function checkValue(spec: PropertySpec, plain: boolean, value: unknown, path: string, findings: Findings): unknown {
    if (value === UNKNOWN) {
        if (plain) {
            findings.add(
                "plain-required",
                path,
                "is an output of another resource, but decides which resources there are, so it has to be known beforehand.",
                "Give a plain value; the values inside may be outputs.",
            );
        }
        return UNKNOWN;
    }
    const wrong = (expected: string): typeof UNKNOWN => {
        const example = expected === NAMES["string"] && typeof value === "number" ? `: ${quote(String(value))}` : "";
        findings.add("wrong-type", path, `is ${nameOf(value)}.`, `Give ${expected}${example}.`);
        return UNKNOWN;
    };
    if (spec.$ref === "pulumi.json#/Any") {
        return value;
    }
    if (spec.oneOf !== undefined) {
        return spec.oneOf.some((s) => s.type === typeof value)
            ? value
            : wrong(spec.oneOf.map((s) => NAMES[s.type!]!).join(" or "));
    }
    if (spec.$ref !== undefined) {
        const type = schema().types[spec.$ref.slice("#/types/".length)]!;
        if (type.enum !== undefined) {
            return checkValue({ type: type.type }, plain, value, path, findings);
        }
        return isObject(value)
            ? checkShape(type.properties!, type.required ?? [], value, path, findings)
            : wrong(NAMES["object"]!);
    }
    switch (spec.type) {
        case "array": {
            const items = spec.items!;
            return Array.isArray(value)
                ? Array.from(value, (item: unknown, i) =>
                      checkValue(items, items.plain === true, item, `${path}[${String(i)}]`, findings),
                  )
                : wrong(NAMES["array"]!);
        }
        case "object": {
            const values = spec.additionalProperties!;
            return isObject(value)
                ? Object.fromEntries(
                      Object.entries(value)
                          .filter(([, v]) => v !== undefined && v !== null)
                          .map(([k, v]) => [k, checkValue(values, values.plain === true, v, key(path, k), findings)]),
                  )
                : wrong(NAMES["object"]!);
        }
        case "integer":
            return Number.isInteger(value) ? value : wrong(NAMES["integer"]!);
        default:
            return typeof value === spec.type ? value : wrong(NAMES[spec.type!]!);
    }
}

const NAMES: Readonly<Record<string, string>> = {
    string: "text",
    boolean: "true or false",
    integer: "a whole number",
    number: "a number",
    array: "a list",
    object: "an object",
};

function nameOf(value: unknown): string {
    if (value === null || value === undefined) {
        return "nothing";
    }
    if (Array.isArray(value)) {
        return "a list";
    }
    switch (typeof value) {
        case "string":
            return `the text ${quote(value)}`;
        case "number":
        case "boolean":
            return String(value);
        default:
            return typeof value === "object" ? "an object" : `a ${typeof value}`;
    }
}
