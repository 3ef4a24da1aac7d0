import { isObject, Value } from "./values";

/** The text that the real provider sends and keeps: compact, keys sorted. */
export function normalizePolicy(json: string): string {
    return JSON.stringify(sortKeys(JSON.parse(json) as Value));
}

/** The same with `Version` in front: the form in which the real provider writes inline role policies. */
export function normalizeInlinePolicy(json: string): string {
    const document = sortKeys(JSON.parse(json) as Value);
    return JSON.stringify(
        isObject(document) && "Version" in document ? { Version: document["Version"], ...document } : document,
    );
}

/** True when IAM would read both texts as the same policy. */
export function samePolicy(a: string, b: string): boolean {
    try {
        return canonical(JSON.parse(a) as Value) === canonical(JSON.parse(b) as Value);
    } catch {
        return a === b;
    }
}

/** Keeps the text that the state has while it still means what AWS has. */
export function keepUnlessChanged(known: string, current: string): string {
    return known !== "" && samePolicy(known, current) ? known : current;
}

/** The reason for which the real provider refuses the text, or nothing. */
export function policyProblem(json: string): string | undefined {
    if (json.trim() === "") return "is an empty string, which is not a valid JSON value";
    if (/^\s/.test(json)) return "contains an invalid JSON policy: leading space characters are not allowed";
    try {
        const document: unknown = JSON.parse(json);
        if (!isObject(document)) return "contains an invalid JSON policy: not a JSON object";
    } catch (error) {
        return `contains an invalid JSON policy: ${(error as Error).message}`;
    }
    return undefined;
}

function sortKeys(value: Value): Value {
    if (Array.isArray(value)) return value.map(sortKeys);
    if (!isObject(value)) return value;
    return Object.fromEntries(
        Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, member]) => [key, sortKeys(member ?? null)]),
    );
}

const setsOfText = new Set(["Action", "NotAction", "Resource", "NotResource"]);

function canonical(policy: Value): string {
    if (!isObject(policy)) return JSON.stringify(policy);
    const { Statement, ...rest } = policy;
    const statements = (Array.isArray(Statement) ? Statement : [Statement ?? null]).map((statement) =>
        isObject(statement)
            ? sortKeys(
                  Object.fromEntries(
                      Object.entries(statement).map(([key, member]) => [key, canonicalMember(key, member ?? null)]),
                  ),
              )
            : statement,
    );
    return JSON.stringify([sortKeys(rest), statements.map((statement) => JSON.stringify(statement)).sort()]);
}

function canonicalMember(key: string, value: Value): Value {
    if (setsOfText.has(key)) return sortedTexts(value);
    if (key === "Principal" || key === "NotPrincipal") {
        const principals = value === "*" ? { AWS: "*" } : value;
        return isObject(principals) ? mapMembers(principals, sortedTexts) : principals;
    }
    if (key === "Condition" && isObject(value)) {
        return mapMembers(value, (keys) => (isObject(keys) ? mapMembers(keys, sortedTexts) : keys));
    }
    return value;
}

function mapMembers(object: Record<string, Value | undefined>, change: (value: Value) => Value): Value {
    return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, change(member ?? null)]));
}

function sortedTexts(value: Value): Value {
    const list = Array.isArray(value) ? value : [value];
    return [...new Set(list.map((member) => (typeof member === "string" ? member : JSON.stringify(member))))].sort();
}
