import { exampleOf, isNeeded, otherNameOf } from "./examples";
import { Findings } from "./findings";
import { nearest } from "./nearest";
import { key, property } from "./paths";
import { kindOf, quote } from "./quote";
import { UNKNOWN } from "./unknown";
import { entriesOf, isObject } from "./object";
import { schema, type Properties, type PropertySpec, type TypeSpec } from "./schema";

/** The part of schema.json that describes the properties of an object. */
interface ObjectSpec {
    /** Name of the component, function or type that has the properties. */
    readonly owner: string;
    readonly properties: Properties;
    readonly required: readonly string[] | undefined;
}

/** Checks all inputs of a component, or all arguments of a function, as `checkShape` does. */
export function checkArgs(spec: ObjectSpec, args: unknown, path: string, findings: Findings): Record<string, unknown> {
    if (isObject(args)) {
        return checkShape(spec, args, path, findings);
    }
    const { owner, required = [] } = spec;
    const names = required
        .map((name) => `\`${name}\``)
        .join(", ")
        .replace(/, (?=[^,]*$)/, " and ");
    const example = required.map((name) => `${name}: ${exampleOf(owner, name)!.value}`).join(", ");
    const least = required.length === 0 ? "" : ` with at least ${names}: { ${example} }`;
    const at = path === "" ? "args" : path;
    const needs = `${owner} needs an arguments object${least}.`;
    if (args === undefined || args === null) {
        findings.add("required", at, "missing.", needs);
    } else {
        findings.add("wrong-type", at, "is not an object.", needs);
    }
    return Object.fromEntries(required.map((name) => [name, UNKNOWN]));
}

/**
 * Checks an object against schema.json. It reports unknown properties, missing properties, values of another type, and outputs where
 * a value must be known before the deployment. It returns the object without what was reported, to report no mistake twice: a wrong
 * value is UNKNOWN there, and an absent or null one is left out.
 */
function checkShape(spec: ObjectSpec, value: object, path: string, findings: Findings): Record<string, unknown> {
    const { owner, properties, required = [] } = spec;
    const checks = checksOf(owner, properties);
    const checked: Record<string, unknown> = {};
    const meant: string[] = [];
    for (const [name, given] of Object.entries(value) as [string, unknown][]) {
        const check = checks.get(name);
        if (check === undefined) {
            const unknown = unknownProperty(spec, name, value);
            findings.add("unknown-property", property(path, name), unknown.message, unknown.fix);
            meant.push(...unknown.meant);
        } else if (given !== undefined && given !== null) {
            checked[name] = check(given, below(path, name), findings);
        }
    }
    for (const name of meant.filter((option) => required.includes(option) || isNeeded(owner, option))) {
        checked[name] ??= UNKNOWN;
    }
    for (const name of required) {
        if (!Object.hasOwn(checked, name)) {
            const example = exampleOf(owner, name)!;
            findings.add("required", property(path, name), "is missing.", `Write ${name}: ${example.value}.`);
            checked[name] = UNKNOWN;
        }
    }
    return checked;
}

interface UnknownProperty {
    readonly message: string;
    readonly fix: string;
    /** The property that was probably meant, which is then not reported as missing. */
    readonly meant: readonly string[];
}

/** Prefers names that are still free. */
function unknownProperty({ owner, properties }: ObjectSpec, name: string, given: object): UnknownProperty {
    const message = `is not a property of ${owner}.`;
    const other = otherNameOf(owner, name);
    if (other !== undefined) {
        return { message, fix: other.fix, meant: other.meant };
    }
    const taken = new Map(entriesOf(given as Readonly<Record<string, unknown>>));
    const free = Object.keys(properties).filter((option) => !taken.has(option));
    const near = nearest(name, free);
    if (near !== undefined) {
        return { message, fix: `Did you mean ${near}?`, meant: [near] };
    }
    const set = nearest(
        name,
        [...taken.keys()].filter((option) => Object.hasOwn(properties, option)),
    );
    const fix =
        set === undefined
            ? `Properties are ${Object.keys(properties).join(", ")}.`
            : `Did you mean ${set}, which is already set?`;
    return { message, fix, meant: [] };
}

/** Path of a property that schema.json names, which is an identifier. */
function below(path: string, name: string): string {
    return path === "" ? name : `${path}.${name}`;
}

/** Checks one value against its part of schema.json. */
type Check = (value: unknown, path: string, findings: Findings) => unknown;

/** The checks of an object's properties. They are derived from schema.json once, because calls of functions are short. */
const checksByProperties = new WeakMap<Properties, ReadonlyMap<string, Check>>();

function checksOf(owner: string, properties: Properties): ReadonlyMap<string, Check> {
    const before = checksByProperties.get(properties);
    if (before !== undefined) {
        return before;
    }
    const checks = new Map(
        Object.entries(properties).map(([name, spec]) => [name, checkOf(spec, formOf(owner, name, spec))]),
    );
    checksByProperties.set(properties, checks);
    return checks;
}

/** How a value is written, for the fix. */
interface Form {
    /** After "Use": `a string`, `a map of key to role`. */
    readonly kind: string;
    /** A value of that kind. */
    readonly example?: string | undefined;
}

function formOf(owner: string, name: string, spec: PropertySpec): Form {
    const example = exampleOf(owner, name);
    const kind = example?.kind ?? kindOfSpec(spec);
    return { kind, example: example?.value };
}

function kindOfSpec({ type, $ref, oneOf }: PropertySpec): string {
    return oneOf === undefined
        ? (KINDS[type ?? ($ref === undefined ? "" : (typeOf($ref)?.type ?? ""))] ?? "a value")
        : oneOf.map(kindOfSpec).join(", or ");
}

const KINDS: Readonly<Record<string, string>> = {
    string: "a string",
    boolean: "true or false",
    integer: "a whole number",
    number: "a number",
    array: "an array",
    object: "an object",
};

const ANY: Check = (value) => value;

function checkOf(spec: PropertySpec, form: Form): Check {
    const check = typeCheckOf(spec, form);
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
            "is an output of another resource, but it decides which resources are created and must be known before the deployment.",
            "Use a plain value; the values inside can be outputs.",
        );
        return UNKNOWN;
    };
}

/** The type that a reference leads to; a value of any type has none. */
function typeOf(ref: string): TypeSpec | undefined {
    return ref === "pulumi.json#/Any" ? undefined : schema().types[ref.slice("#/types/".length)]!;
}

function typeCheckOf(spec: PropertySpec, form: Form): Check {
    if (spec.oneOf !== undefined) {
        const types = spec.oneOf.map(({ type }) => type);
        const other = leaf((value) => types.includes(typeof value), form);
        const ref = spec.oneOf.find(({ $ref }) => $ref !== undefined);
        const ofObject = ref === undefined ? other : typeCheckOf(ref, form);
        return (value, path, findings) => (isObject(value) ? ofObject : other)(value, path, findings);
    }
    if (spec.$ref !== undefined) {
        const type = typeOf(spec.$ref);
        if (type === undefined) {
            return ANY;
        }
        return type.enum === undefined
            ? objectCheckOf(spec.$ref.split(":").pop()!, type, form)
            : typeCheckOf({ type: type.type }, form);
    }
    switch (spec.type) {
        case "array":
            return listCheckOf(spec.items!, form);
        case "object":
            return mapCheckOf(checkOf(spec.additionalProperties!, partOf(spec.additionalProperties!)), form);
        case "integer":
            return leaf(Number.isInteger, form);
        default:
            return leaf((value) => typeof value === spec.type, form);
    }
}

/** The form of a value in an array or a map. */
function partOf(spec: PropertySpec): Form {
    const owner = spec.$ref?.split(":").pop();
    return { kind: kindOfSpec(spec), example: owner === undefined ? undefined : PARTS[owner] };
}

/** Examples of objects in arrays and maps. */
const PARTS: Readonly<Record<string, string>> = {
    Subject: '{ project: "mygroup/myproject", branch: "main" }',
    AdditionalPrincipal: '{ arn: "arn:aws:iam::111122223333:role/break-glass" }',
    Role: '{ subjects: [{ project: "mygroup/myproject", branch: "main" }] }',
};

function leaf(fits: (value: unknown) => boolean, form: Form): Check {
    return (value, path, findings) => (fits(value) ? value : wrong(value, form, path, findings));
}

function objectCheckOf(owner: string, { properties, required }: TypeSpec, form: Form): Check {
    return (value, path, findings) =>
        isObject(value)
            ? checkShape({ owner, properties: properties!, required }, value, path, findings)
            : wrong(value, form, path, findings);
}

function listCheckOf(items: PropertySpec, form: Form): Check {
    const check = checkOf(items, partOf(items));
    const isOfStrings = kindOfSpec(items) === KINDS["string"];
    return (value, path, findings) => {
        if (Array.isArray(value)) {
            return Array.from(value, (item: unknown, i) => check(item, `${path}[${String(i)}]`, findings));
        }
        const own = isOfStrings && typeof value === "string" ? { ...form, example: `[${quote(value)}]` } : form;
        return wrong(value, own, path, findings);
    };
}

function mapCheckOf(check: Check, form: Form): Check {
    return (value, path, findings) =>
        isObject(value)
            ? Object.fromEntries(
                  entriesOf(value).map(([k, v]) => [k, check === ANY ? v : check(v, key(path, k), findings)]),
              )
            : wrong(value, form, path, findings);
}

function wrong(value: unknown, { kind, example }: Form, path: string, findings: Findings): typeof UNKNOWN {
    const own = meantValue(value, kind) ?? example;
    findings.add(
        "wrong-type",
        path,
        value === undefined || value === null ? "is missing." : `is ${kindOf(value)}.`,
        kind === KINDS["boolean"] ? `Use ${own ?? kind}.` : `Use ${kind}${own === undefined ? "" : `: ${own}`}.`,
    );
    return UNKNOWN;
}

/** The user's own value as one of that kind, if it can be written so. */
function meantValue(value: unknown, kind: string): string | undefined {
    if (kind === KINDS["string"]) {
        return typeof value === "number" || typeof value === "boolean" ? quote(String(value)) : undefined;
    }
    if (typeof value !== "string") {
        return undefined;
    }
    if (kind === KINDS["boolean"]) {
        return /^(?:true|false)$/i.test(value) ? value.toLowerCase() : undefined;
    }
    const [, digits, s, m, h] = NUMBER.exec(value.trim()) ?? [];
    if (digits === undefined || !/\bnumber\b/.test(kind)) {
        return undefined;
    }
    const factor = m !== undefined ? 60 : h !== undefined ? 3600 : 1;
    const isTime = s !== undefined || factor > 1;
    return isTime && !kind.endsWith("seconds") ? undefined : String(Number(digits) * factor);
}

/** Digits, or a time in seconds, minutes or hours: `3600`, `60m`, `1 hour`. */
const NUMBER = /^(\d{1,6})(?: ?(?:(s(?:ec(?:ond)?s?)?)|(m(?:in(?:ute)?s?)?)|(h(?:(?:ou)?rs?)?)))?$/i;
