import { autoname, AutonamingRequest } from "./names";
import { normalizePolicy } from "./policies";
import { Kind, Property, Resource } from "./resource";
import { standInKnows } from "./stand-in";
import { containsUnknown, isEmpty, isObject, isUnknown, Properties, UNKNOWN, Value } from "./values";

/** Where the real provider notes which inputs it filled in itself. */
const DEFAULTS = "__defaults";

export interface CheckContext {
    readonly token: string;
    readonly logicalName: string;
    readonly seed: Uint8Array;
    readonly autonaming: AutonamingRequest | undefined;
    readonly defaultTags: Properties;
}

export interface Checked {
    readonly inputs: Properties;
    readonly problems: string[];
}

/** Validates a program's inputs and completes them with names, defaults and the provider's tags. */
export function checkInputs(resource: Resource, olds: Properties, news: Properties, context: CheckContext): Checked {
    const inputs: Properties = {};
    const problems: string[] = [];
    const defaults: string[] = [];
    const report = (property: string, reason: string): void => {
        problems.push(`${reason}. Examine values at '${context.logicalName}.${property}'.`);
    };

    for (const [name, value] of Object.entries(news)) {
        if (name.startsWith("__") || value === undefined) continue;
        const property = resource.properties[name];
        if (property?.refused) report(name, `"${name}" is ${property.refused}; ${propertiesKnown(resource, context)}`);
        else if (!property?.input) report(name, `unknown property "${name}"; ${propertiesKnown(resource, context)}`);
        else {
            try {
                inputs[name] = convert(property, value);
            } catch (error) {
                report(name, (error as Error).message.replace("%", name));
            }
        }
    }

    for (const [name, property] of Object.entries(resource.properties)) {
        const value = inputs[name];
        if (value !== undefined) {
            const problem = containsUnknown(value) ? undefined : property.problem?.(value);
            if (problem) report(name, problem.replace("%", name));
            if (name === "name" && property.conflictsWith && inputs[property.conflictsWith] !== undefined) {
                report(
                    name,
                    `Conflicting configuration arguments. "${name}": conflicts with ${property.conflictsWith}`,
                );
            }
        } else if (property.input === "required" && news[name] === undefined) {
            report(name, `Missing required argument. The argument "${name}" is required, but no definition was found.`);
        } else if (property.default !== undefined) {
            inputs[name] = property.default;
            defaults.push(name);
        } else if (
            property.autoname &&
            news[name] === undefined &&
            !isGivenUp(name, olds) &&
            inputs[property.conflictsWith ?? ""] === undefined
        ) {
            try {
                const chosen = chooseName(name, property.autoname, olds, context);
                const problem = property.problem?.(chosen);
                if (problem) report(name, problem.replace("%", name));
                inputs[name] = chosen;
                defaults.push(name);
            } catch (error) {
                report(name, (error as Error).message);
            }
        }
    }

    if (resource.properties["tags"]) {
        const own = inputs["tags"];
        const all = isUnknown(own) ? UNKNOWN : { ...context.defaultTags, ...(own as Properties | undefined) };
        if (!isEmpty(all)) inputs["tagsAll"] = all;
    }
    return { inputs: { [DEFAULTS]: defaults.sort(), ...inputs }, problems };
}

/** A resource keeps the name that its program gave and gives no longer; one that replaces it is checked without old inputs. */
function isGivenUp(property: string, olds: Properties): boolean {
    return Object.keys(olds).length > 0 && !defaultsOf(olds).includes(property);
}

function chooseName(property: string, maxLength: number, olds: Properties, context: CheckContext): string {
    const old = olds[property];
    if (typeof old === "string") return old;
    const { autonaming, logicalName, seed } = context;
    if (autonaming?.mode === "disable") {
        throw new Error(
            `Missing required argument. The argument "${property}" is required, but no definition was found ` +
                "(automatic naming is disabled)",
        );
    }
    return autonaming ? autonaming.proposedName : autoname(logicalName, maxLength, seed);
}

export function defaultsOf(inputs: Properties): string[] {
    const defaults = inputs[DEFAULTS];
    return Array.isArray(defaults) ? (defaults as string[]) : [];
}

/** The inputs that go with a state read from AWS: for a refresh those that were given, for an import all that matter. */
export function inputsFromState(resource: Resource, state: Properties, oldInputs: Properties | undefined): Properties {
    const inputs: Properties = {};
    const defaults = oldInputs ? defaultsOf(oldInputs) : [];
    for (const [name, property] of Object.entries(resource.properties)) {
        if (!property.input && !property.derived) continue;
        const old = oldInputs?.[name];
        const current = state[name];
        if (old !== undefined) {
            if (sameValue(property, old, current)) inputs[name] = old;
            else if (!isEmpty(current)) inputs[name] = current;
        } else if (current !== undefined && differsFromDefault(property, current)) {
            // What AWS chose by itself becomes an input only when there is no program yet.
            if (name !== "namePrefix" && (!property.computed || oldInputs === undefined)) inputs[name] = current;
        }
    }
    const kept = defaults.filter((name) => {
        const property = resource.properties[name];
        return property && oldInputs && sameValue(property, oldInputs[name], inputs[name]);
    });
    return { [DEFAULTS]: kept, ...inputs };
}

function differsFromDefault(property: Property, value: Value): boolean {
    return !sameValue(property, property.default, value);
}

/** True when AWS would hold both values of the property to be the same. */
export function sameValue(property: Property, a: Value | undefined, b: Value | undefined): boolean {
    if (property.same && typeof a === "string" && typeof b === "string") return property.same(a, b);
    return comparable(property, a) === comparable(property, b);
}

function comparable(property: Property, value: Value | undefined): string {
    const { kind, members = {} } = property;
    if (value === undefined || value === null) return blank[kind];
    if (kind === "block" && isObject(value)) {
        return JSON.stringify(
            Object.entries(members).map(([name, member]) => comparable(member, value[name] ?? member.default)),
        );
    }
    if (kind === "blocks" && Array.isArray(value)) {
        return JSON.stringify(value.map((block) => comparable({ ...property, kind: "block" }, block)).sort());
    }
    if (kind === "textSet" && Array.isArray(value)) return JSON.stringify([...(value as string[])].sort());
    if (isObject(value)) return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    return JSON.stringify(value);
}

/** What the absence of a value is equal to. */
const blank: Readonly<Record<Kind, string>> = {
    string: '""',
    policy: '""',
    integer: "0",
    boolean: "false",
    texts: "[]",
    textSet: "[]",
    objects: "[]",
    tags: "[]",
    block: "[]",
    blocks: "[]",
};

/** Brings a value into the form of its kind, as leniently as the real provider does, or says what is wrong. */
function convert(property: Property, value: Value): Value {
    if (isUnknown(value)) return UNKNOWN;
    switch (property.kind) {
        case "string":
            if (typeof value === "number" || typeof value === "boolean") return String(value);
            return wanted(typeof value === "string", value, "string");
        case "integer": {
            const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
            return wanted(Number.isInteger(number), number, "whole number");
        }
        case "boolean":
            if (value === "true" || value === "false") return value === "true";
            return wanted(typeof value === "boolean", value, "boolean");
        case "texts":
        case "textSet":
            return wanted(
                Array.isArray(value) && value.every((item) => typeof item === "string"),
                value,
                "list of strings",
            );
        case "tags":
            wanted(isObject(value), value, "map of strings");
            return Object.fromEntries(
                Object.entries(value as Properties).map(([key, member]) => [
                    key,
                    typeof member === "number" || typeof member === "boolean"
                        ? String(member)
                        : wanted(typeof member === "string", member ?? null, `string at %["${key}"]`),
                ]),
            );
        case "policy":
            // A document with an unknown leaf has an unknown text.
            if (isObject(value)) return containsUnknown(value) ? UNKNOWN : normalizePolicy(JSON.stringify(value));
            return wanted(typeof value === "string", value, "string or policy document");
        case "objects":
            return wanted(Array.isArray(value), value, "list");
        case "block":
            wanted(isObject(value), value, "block");
            return convertBlock(property.members ?? {}, value as Properties);
        case "blocks":
            wanted(Array.isArray(value), value, "list of blocks");
            return (value as Value[]).map((block, i) =>
                below(`[${String(i)}]`, () => convert({ ...property, kind: "block" }, block)),
            );
    }
}

function convertBlock(members: Readonly<Record<string, Property>>, value: Properties): Properties {
    for (const name of Object.keys(value)) {
        if (!members[name]?.input && !name.startsWith("__")) {
            throw new Error(`unknown property "%.${name}"; ${standInKnows(`here ${Object.keys(members).join(", ")}`)}`);
        }
    }
    const block: Properties = {};
    for (const [name, member] of Object.entries(members)) {
        const given = value[name];
        if (given !== undefined) {
            block[name] = below(`.${name}`, () => {
                const converted = convert(member, given);
                const problem = containsUnknown(converted) ? undefined : member.problem?.(converted);
                if (problem) throw new Error(problem);
                return converted;
            });
        } else if (member.input === "required") {
            throw new Error(
                `Missing required argument. The argument "%.${name}" is required, but no definition was found`,
            );
        } else if (member.default !== undefined) block[name] = member.default;
    }
    return block;
}

/** Lets `%` in an error stand for the outer property, with the way to the inner one behind it. */
function below<T>(step: string, run: () => T): T {
    try {
        return run();
    } catch (error) {
        throw new Error((error as Error).message.replace("%", `%${step}`), { cause: error });
    }
}

function wanted(fits: boolean, value: Value, kind: string): Value {
    if (!fits) throw new Error(`expected % to be a ${kind}, got ${JSON.stringify(value)}`);
    return value;
}

function propertiesKnown(resource: Resource, { token }: CheckContext): string {
    const names = Object.keys(resource.properties).filter((name) => resource.properties[name]?.input);
    return standInKnows(`these properties of ${token}: ${names.join(", ")}`);
}
