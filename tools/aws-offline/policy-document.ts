import { crc32 } from "node:zlib";
import { isObject, Properties, text, texts, Value } from "./values";

/** `aws:iam/getPolicyDocument`: the document as the real provider writes it, order of members included. */
export function policyDocument(inputs: Properties): Properties {
    const document = {
        Version: text(inputs["version"]) || "2012-10-17",
        ...(inputs["policyId"] !== undefined && { Id: inputs["policyId"] }),
        Statement: list(inputs["statements"]).map(statement),
    };
    const json = JSON.stringify(document, undefined, 2);
    return { id: String(crc32(json)), json, minifiedJson: JSON.stringify(document) };
}

function statement(input: Properties): Properties {
    const lists: Properties = {};
    for (const [member, property] of [
        ["Action", "actions"],
        ["NotAction", "notActions"],
        ["Resource", "resources"],
        ["NotResource", "notResources"],
    ] as const) {
        if (texts(input[property]).length > 0) lists[member] = oneOrSorted(texts(input[property]));
    }
    const principal = principals(input["principals"]);
    const notPrincipal = principals(input["notPrincipals"]);
    const condition = conditions(input["conditions"]);
    return {
        ...(text(input["sid"]) && { Sid: text(input["sid"]) }),
        Effect: text(input["effect"]) || "Allow",
        ...lists,
        ...(principal && { Principal: principal }),
        ...(notPrincipal && { NotPrincipal: notPrincipal }),
        ...(condition && { Condition: condition }),
    };
}

function principals(input: Value | undefined): Value | undefined {
    const byType: Record<string, string[]> = {};
    for (const principal of list(input)) {
        (byType[text(principal["type"])] ??= []).push(...texts(principal["identifiers"]));
    }
    const entries = Object.entries(byType);
    if (entries.length === 0) return undefined;
    if (byType["*"]?.[0] === "*" && entries.length === 1) return "*";
    return Object.fromEntries(entries.map(([type, identifiers]) => [type, oneOrSorted(identifiers)]));
}

function conditions(input: Value | undefined): Value | undefined {
    const byTest: Record<string, Record<string, string[]>> = {};
    for (const condition of list(input)) {
        const keys = (byTest[text(condition["test"])] ??= {});
        (keys[text(condition["variable"])] ??= []).push(...texts(condition["values"]));
    }
    if (Object.keys(byTest).length === 0) return undefined;
    const sorted = <T>(object: Record<string, T>) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
        sorted(byTest).map(([test, keys]) => [
            test,
            Object.fromEntries(sorted(keys).map(([key, values]) => [key, values.length === 1 ? values[0] : values])),
        ]),
    );
}

/** The real provider writes a single value bare and several in descending order. */
function oneOrSorted(values: readonly string[]): Value {
    return values.length === 1 ? (values[0] ?? "") : [...values].sort().reverse();
}

function list(value: Value | undefined): Properties[] {
    return Array.isArray(value) ? value.filter(isObject) : [];
}
