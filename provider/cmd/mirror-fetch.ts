import { quote } from "../contract/quote";
import { timeOf } from "../mirror/compare";
import { nextKeys } from "../mirror/rotation";
import { jsonText } from "./json-text";
import { discoveryChange, keysChange, readKeysFile } from "./mirror-files";
import { authenticatesThrough } from "./mirror-identity";
import { accessOf, addressOf, NETWORK_OPTIONS, readDocuments, wholeNumber } from "./mirror-network";
import { flag, parseWithOperand, text } from "./options";
import { writeChanges } from "./target-file";
import { OK, REFUSED, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const OPTIONS = {
    into: text,
    published: text,
    overlap: text,
    ...NETWORK_OPTIONS,
    json: flag,
} as const;

/** `aws-gitlab-oidc mirror fetch`: the two documents of an instance into a folder, with the keys of an overlap. */
export async function mirrorFetch(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operand } = parseWithOperand("mirror fetch", args, OPTIONS, "URL");
    const url = addressOf(operand, "URL of the instance");
    const { into: folder } = values;
    if (folder === undefined) {
        throw new UnusableInput("--into DIR is missing: the folder for the two documents.");
    }
    const overlap = wholeNumber("--overlap", values.overlap, { least: 1, most: 8760, otherwise: 24 });
    const access = accessOf(values, terminal);
    const file = readKeysFile(folder);
    if (file.keys === undefined && values.published === undefined) {
        throw new UnusableInput(
            `${quote(file.file.name)} is not there, so nothing says which keys were published before. Give --published MIRROR_URL, or --published none where nothing is published yet.`,
        );
    }
    const mirrorUrl =
        values.published === undefined || values.published === "none"
            ? undefined
            : addressOf(values.published, "--published");
    if (mirrorUrl !== undefined && authenticatesThrough(mirrorUrl, process.env, terminal)) {
        return REFUSED;
    }
    const instance = await readDocuments(url, access.instance, true);
    const published = mirrorUrl === undefined ? [] : (await readDocuments(mirrorUrl, access.mirror, false)).keys;
    const { keys, kept, dropped } = nextKeys({
        instance: instance.keys,
        earlier: [file.keys ?? [], published],
        now: Math.floor(Date.now() / 1000),
        overlap: overlap * 3600,
    });
    const changes = [discoveryChange(folder, url, instance.jwksUri, instance.members), keysChange(file, keys)];
    writeChanges(changes);
    const files = changes.map(({ name, before, after }) => ({ file: name, changed: before !== after }));
    if (values.json) {
        terminal.out(
            jsonText({
                files,
                keys: keys.map(({ kid, exp }) => ({ kid, ...(exp !== undefined && { until: timeOf(exp) }) })),
                dropped: dropped.map(({ kid }) => kid),
            }),
        );
        return OK;
    }
    const lines = [
        ...files.map(({ file: name, changed }) => `${quote(name)} is ${changed ? "written" : "up to date"}.`),
        ...instance.keys.map(({ kid }) => `${quote(kid)} is a key of the instance.`),
        ...kept.map(({ kid, exp }) => `${quote(kid)} is not one of the instance, and stays until ${timeOf(exp!)}.`),
        ...dropped.map(({ kid, exp }) => `${quote(kid)} is left out: its time was over at ${timeOf(exp!)}.`),
    ];
    terminal.out(`${lines.join("\n")}\n`);
    return OK;
}
