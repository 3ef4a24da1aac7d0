import { quote } from "../contract/quote";
import { readPublicKeys, type PublicKey, type PublishedMembers } from "../mirror/documents";
import type { Problem } from "../oidc/problem";
import { jsonText } from "./json-text";
import { readTargetBelow, type Change, type TargetFile } from "./target-file";
import { UnusableInput } from "./unusable-input";

const DISCOVERY_FILE = "openid-configuration.json";
const KEYS_FILE = "jwks.json";

/** The JWKS in a folder. */
interface KeysFile {
    readonly file: TargetFile;
    /** Undefined if the file does not exist yet. */
    readonly keys: readonly PublicKey[] | undefined;
}

export function readKeysFile(folder: string): KeysFile {
    const file = readTargetBelow(folder, KEYS_FILE);
    if (file.before === undefined) {
        return { file, keys: undefined };
    }
    const { value, problems } = readPublicKeys(file.before);
    if (value === undefined) {
        const title = `${quote(file.name)} is not a JWKS that \`mirror fetch\` wrote. Repair or delete it:`;
        throw new UnusableInput([title, ...problems.map(lineOf)].join("\n"));
    }
    return { file, keys: value };
}

/** A problem as a line of a list. */
export function lineOf({ message, fix }: Problem): string {
    return `  - ${message} ${fix}`;
}

export function keysChange({ file }: KeysFile, keys: readonly PublicKey[]): Change {
    return changeOf(file, { keys });
}

export function discoveryChange(folder: string, instance: string, jwksUri: unknown, members: PublishedMembers): Change {
    return changeOf(readTargetBelow(folder, DISCOVERY_FILE), { issuer: instance, jwks_uri: jwksUri, ...members });
}

function changeOf(file: TargetFile, document: object): Change {
    return { ...file, after: jsonText(document) };
}
