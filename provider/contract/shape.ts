import { Findings } from "./findings";
import { key, property } from "./paths";
import { kindOf, quote } from "./quote";
import { UNKNOWN } from "./unknown";
import { entriesOf, isObject } from "./object";
import { schema, type Properties, type PropertySpec, type TypeSpec } from "./schema";

/** The part of schema.json that describes the properties of an object. */
interface ObjectSpec {
    readonly properties: Properties;
    readonly required: readonly string[] | undefined;
}

/**
 * Holds inputs against schema.json: reports what it does not know, what is missing, what has another type and what has to
 * be known before anything is made. Gives back the inputs without what was reported, so that nothing is told twice:
 * a wrong value is UNKNOWN there, an absent or null one is left out.
 */
export function checkShape(
    { properties, required = [] }: ObjectSpec,
    value: unknown,
    path: string,
    findings: Findings,
): Record<string, unknown> {
    if (!isObject(value)) {
        findings.add("wrong-type", path, `is ${kindOf(value ?? undefined)}.`, `Give ${NAMES["object"]!}.`);
        return {};
    }
    const checks = checksOf(properties);
    const checked: Record<string, unknown> = {};
    for (const [name, given] of Object.entries(value)) {
        const check = checks.get(name);
        if (check === undefined) {
            findings.add(
                "unknown-property",
                property(path, name),
                "is not known here.",
                `Properties are ${Object.keys(properties).join(", ")}.`,
            );
        } else if (given !== undefined && given !== null) {
            checked[name] = check(given, below(path, name), findings);
        }
    }
    for (const name of required) {
        if (!Object.hasOwn(checked, name)) {
            findings.add(
                "required",
                property(path, name),
                "is missing.",
                `Set it: ${firstSentence(properties[name]?.description ?? "")}`,
            );
            checked[name] = UNKNOWN;
        }
    }
    return checked;
}

/** Path of a property that schema.json names, which is an identifier. */
function below(path: string, name: string): string {
    return path === "" ? name : `${path}.${name}`;
}

/** Holds one value against its part of schema.json. */
type Check = (value: unknown, path: string, findings: Findings) => unknown;

/** The checks of an object's properties. Each part of schema.json is made into checks once: calls of functions are short. */
const checksByProperties = new WeakMap<Properties, ReadonlyMap<string, Check>>();

function checksOf(properties: Properties): ReadonlyMap<string, Check> {
    const before = checksByProperties.get(properties);
    if (before !== undefined) {
        return before;
    }
    const checks = new Map(Object.entries(properties).map(([name, spec]) => [name, checkOf(spec)]));
    checksByProperties.set(properties, checks);
    return checks;
}

function firstSentence(text: string): string {
    return /^.*?[.](?= [A-Z]|$)/.exec(text)?.[0] ?? text;
}

const ANY: Check = (value) => value;

function checkOf(spec: PropertySpec): Check {
    const check = typeCheckOf(spec);
    if (spec.plain !== true) {
        return check === ANY
            ? ANY
            : (value, path, findings) => (value === UNKNOWN ? UNKNOWN : check(value, path, findings));
    }
    return (value, path, findings) => {
        if (value !== UNKNOWN) {
            return check(value, path, findings);
        }
        findings.add(
            "plain-required",
            path,
            "is an output of another resource, but decides which resources there are, so it has to be known beforehand.",
            "Give a plain value; the values inside may be outputs.",
        );
        return UNKNOWN;
    };
}

function typeCheckOf(spec: PropertySpec): Check {
    if (spec.$ref === "pulumi.json#/Any") {
        return ANY;
    }
    if (spec.oneOf !== undefined) {
        const types: readonly string[] = spec.oneOf.map(({ type }) => type!);
        return leaf((value) => types.includes(typeof value), types.map((type) => NAMES[type]!).join(" or "));
    }
    if (spec.$ref !== undefined) {
        const type = schema().types[spec.$ref.slice("#/types/".length)]!;
        return type.enum === undefined ? objectCheckOf(type) : typeCheckOf({ type: type.type });
    }
    switch (spec.type) {
        case "array":
            return listCheckOf(checkOf(spec.items!));
        case "object":
            return mapCheckOf(checkOf(spec.additionalProperties!));
        case "integer":
            return leaf(Number.isInteger, NAMES["integer"]!);
        default:
            return leaf((value) => typeof value === spec.type, NAMES[spec.type!]!);
    }
}

function leaf(fits: (value: unknown) => boolean, expected: string): Check {
    return (value, path, findings) => (fits(value) ? value : wrong(value, expected, path, findings));
}

function objectCheckOf({ properties, required }: TypeSpec): Check {
    return (value, path, findings) =>
        isObject(value)
            ? checkShape({ properties: properties!, required }, value, path, findings)
            : wrong(value, NAMES["object"]!, path, findings);
}

function listCheckOf(check: Check): Check {
    return (value, path, findings) =>
        Array.isArray(value)
            ? Array.from(value, (item: unknown, i) => check(item, `${path}[${String(i)}]`, findings))
            : wrong(value, NAMES["array"]!, path, findings);
}

function mapCheckOf(check: Check): Check {
    return (value, path, findings) =>
        isObject(value)
            ? Object.fromEntries(
                  entriesOf(value).map(([k, v]) => [k, check === ANY ? v : check(v, key(path, k), findings)]),
              )
            : wrong(value, NAMES["object"]!, path, findings);
}

function wrong(value: unknown, expected: string, path: string, findings: Findings): typeof UNKNOWN {
    const example = expected === NAMES["string"] && typeof value === "number" ? `: ${quote(String(value))}` : "";
    findings.add("wrong-type", path, `is ${kindOf(value ?? undefined)}.`, `Give ${expected}${example}.`);
    return UNKNOWN;
}

const NAMES: Readonly<Record<string, string>> = {
    string: "text",
    boolean: "true or false",
    integer: "a whole number",
    number: "a number",
    array: "a list",
    object: "an object",
};
