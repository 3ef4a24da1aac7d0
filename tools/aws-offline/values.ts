import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** What a property can hold between the engine and this provider. */
export type Value = null | boolean | number | string | Value[] | Properties;
export interface Properties {
    [key: string]: Value | undefined;
}

/** The engine's stand-in for a string that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const unknowns: ReadonlySet<unknown> = new Set([
    UNKNOWN,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

export function isObject(value: unknown): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: Value | undefined): boolean {
    return unknowns.has(value);
}

export function containsUnknown(value: Value | undefined): boolean {
    if (Array.isArray(value)) return value.some(containsUnknown);
    if (isObject(value)) return Object.values(value).some(containsUnknown);
    return isUnknown(value);
}

/** What AWS and Terraform hold to be the same as a value that was not given. */
export function isEmpty(value: Value | undefined): boolean {
    if (value === undefined || value === null || value === "") return true;
    if (Array.isArray(value)) return value.length === 0;
    return isObject(value) && Object.keys(value).length === 0;
}

/** Nulls become absent; a secret becomes its value (the engine marks results again, see `configure`). */
export function fromStruct(struct: Struct | undefined): Properties {
    return struct ? (plain(struct.toJavaScript()) as Properties) : {};
}

export function toStruct(properties: Properties): Struct {
    return Struct.fromJavaScript(plain(properties) as Record<string, never>);
}

function plain(value: Value): Value {
    if (Array.isArray(value)) return value.map(plain);
    if (!isObject(value)) return value;
    if (value[SIGNATURE] === SECRET) return plain(value["value"] ?? null);
    const result: Properties = {};
    for (const [key, member] of Object.entries(value)) {
        if (member !== undefined && member !== null) result[key] = plain(member);
    }
    return result;
}

export function text(value: Value | undefined): string {
    return typeof value === "string" ? value : "";
}

export function texts(value: Value | undefined): string[] {
    return Array.isArray(value) ? value.map(text) : [];
}

export function textMap(value: Value | undefined): Record<string, string> {
    if (!isObject(value)) return {};
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, text(member)]));
}
