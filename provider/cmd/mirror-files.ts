import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { readKeys, type Discovery, type PublicKey } from "../mirror/documents";
import { jsonText } from "./json-text";
import { readTargetBelow, type Change, type TargetFile } from "./target-file";
import { unusable } from "./unusable-input";

const DISCOVERY_FILE = "openid-configuration.json";
const KEYS_FILE = "jwks.json";

/** The key set of a folder, as it is. */
export interface KeysFile {
    readonly file: TargetFile;
    /** Undefined where there is no such file yet. */
    readonly keys: readonly PublicKey[] | undefined;
}

export function readKeysFile(folder: string): KeysFile {
    const file = readTargetBelow(folder, KEYS_FILE);
    if (file.before === undefined) {
        return { file, keys: undefined };
    }
    const findings = new Findings();
    const keys = readKeys(file.before, "keys", findings);
    if (keys === undefined) {
        throw unusable(`${quote(file.name)} is not a key set of \`mirror fetch\`. Repair or remove it:`, findings);
    }
    return { file, keys };
}

export function keysChange({ file }: KeysFile, keys: readonly PublicKey[]): Change {
    return changeOf(file, { keys });
}

export function discoveryChange(folder: string, instance: string, jwksUri: unknown, discovery: Discovery): Change {
    return changeOf(readTargetBelow(folder, DISCOVERY_FILE), { issuer: instance, jwks_uri: jwksUri, ...discovery });
}

function changeOf(file: TargetFile, document: object): Change {
    return { ...file, after: jsonText(document) };
}
