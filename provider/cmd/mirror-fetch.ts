import { quote } from "../contract/quote";
import { timeOf } from "../mirror/compare";
import { nextKeys } from "../mirror/rotation";
import { jsonText } from "./json-text";
import { discoveryChange, keysChange, readKeysFile } from "./mirror-files";
import { authenticatesThrough } from "./mirror-identity";
import { accessOf, addressOf, folderOf, readDocuments, wholeNumber } from "./mirror-network";
import { parse } from "./options";
import { MIRROR_FETCH } from "./reference/mirror";
import { writeChanges } from "./target-file";
import { FAILED, OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** `aws-gitlab-oidc mirror fetch`: writes the two documents of an instance to a folder, with the keys of an overlap. */
export async function mirrorFetch(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(MIRROR_FETCH, args);
    const url = addressOf(operands[0]!, "URL");
    const folder = folderOf(MIRROR_FETCH, values.dir, "the folder for the two documents");
    const overlap = wholeNumber("--overlap", values.overlap, { least: 1, most: 8760, otherwise: 24 });
    const access = accessOf(values, terminal);
    const file = readKeysFile(folder);
    if (file.keys === undefined && values.published === undefined) {
        throw new UnusableInput(
            `${quote(file.file.name)} does not exist, so the keys that are published already are unknown. Add --published URL with the address of the mirror, or --published none if nothing is published yet.`,
        );
    }
    const mirrorUrl =
        values.published === undefined || values.published === "none"
            ? undefined
            : addressOf(values.published, "--published");
    if (mirrorUrl !== undefined && authenticatesThrough(mirrorUrl, process.env, terminal)) {
        return FAILED;
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
        ...kept.map(({ kid, exp }) => `${quote(kid)} is not a key of the instance. It stays until ${timeOf(exp!)}.`),
        ...dropped.map(({ kid, exp }) => `${quote(kid)} is removed: its overlap ended at ${timeOf(exp!)}.`),
    ];
    terminal.out(`${lines.join("\n")}\n`);
    return OK;
}
