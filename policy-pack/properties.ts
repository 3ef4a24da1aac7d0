import { below } from "../provider/contract/paths";
import { Secrets } from "../provider/contract/redact";
import { UNKNOWN } from "../provider/contract/unknown";

/** Properties of a resource. A value that is not known yet, or that the state does not contain, is UNKNOWN. */
export interface Properties {
    readonly values: Readonly<Record<string, unknown>>;
    readonly secrets: Secrets;
    /** Paths of secret values that the state does not contain. */
    readonly hidden: readonly string[];
}

/** The texts that Pulumi's engine writes for values that a preview cannot know. Source: Pulumi, `sdk/go/common/resource/plugin/rpc.go`. */
const UNKNOWN_TEXTS: ReadonlySet<unknown> = new Set([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
    "030794c1-ac77-496b-92df-f27374a8bd58", // asset
    "e48ece36-62e2-4504-bad9-02848725956a", // archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** The key that marks an object as something else, and its value for secrets. Source: as above. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The text of `pulumi policy analyze` for a secret that it cannot decrypt. */
const HIDDEN = "[secret]";

/** Reads the properties of a resource as the engine sends them. */
export function readProperties(sent: Readonly<Record<string, unknown>>): Properties {
    const secrets = new Secrets();
    const hidden: string[] = [];
    const read = (value: unknown, path: string): unknown => {
        if (UNKNOWN_TEXTS.has(value)) {
            return UNKNOWN;
        }
        if (Array.isArray(value)) {
            return value.map((item: unknown, i) => read(item, `${path}[${String(i)}]`));
        }
        if (typeof value !== "object" || value === null) {
            return value;
        }
        const marked = value as Readonly<Record<string, unknown>>;
        if (marked[SIGNATURE] === SECRET) {
            return readSecret(marked["value"], path);
        }
        return Object.fromEntries(Object.entries(marked).map(([name, part]) => [name, read(part, below(path, name))]));
    };
    const readSecret = (value: unknown, path: string): unknown => {
        if (value === HIDDEN) {
            hidden.push(path);
            return UNKNOWN;
        }
        const known = read(value, path);
        secrets.add(path, known);
        return known;
    };
    const values = Object.entries(sent).map(([name, value]) => [name, read(value, name)] as const);
    return { values: Object.fromEntries(values), secrets, hidden };
}
