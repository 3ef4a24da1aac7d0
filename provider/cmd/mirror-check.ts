import { setTimeout as sleep } from "node:timers/promises";
import { differences, timeOf, type Difference } from "../mirror/compare";
import { jsonText } from "./json-text";
import { authenticatesThrough } from "./mirror-identity";
import { accessOf, addressOf, mirrorAddressOf, readDocuments, wholeNumber } from "./mirror-network";
import { parse } from "./options";
import { MIRROR_CHECK } from "./reference/mirror";
import { OK, FAILED, type Terminal } from "./terminal";

const PAUSE_SECONDS = 10;

/** `aws-gitlab-oidc mirror check`: whether the published mirror is up to date. */
export async function mirrorCheck(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(MIRROR_CHECK, args);
    const url = addressOf(operands[0]!, "URL");
    const mirrorUrl = mirrorAddressOf(MIRROR_CHECK, values.mirror);
    const wait = wholeNumber("--wait", values.wait, { least: 0, most: 7200, otherwise: 0 });
    const access = accessOf(values, terminal);
    const isThrough = authenticatesThrough(mirrorUrl, process.env, terminal);
    const deadline = Date.now() + wait * 1000;
    let result = await compare(url, mirrorUrl, access);
    while (result.found.length > 0 && Date.now() < deadline) {
        await sleep(Math.min(PAUSE_SECONDS * 1000, deadline - Date.now()));
        result = await compare(url, mirrorUrl, access);
    }
    const { found, kept } = result;
    if (values.json) {
        terminal.out(jsonText({ ok: found.length === 0, differences: found, kept }));
    } else {
        const lines = [
            ...found.flatMap(({ message, fix }) => [message, `    Fix: ${fix}`]),
            ...kept.map(({ kid, until }) => `The key ${JSON.stringify(kid)} stays published until ${until}.`),
            found.length === 0
                ? `${mirrorUrl} is up to date: it publishes every signing key of ${url}.`
                : `${mirrorUrl} is not up to date with ${url}.`,
        ];
        terminal.out(`${lines.join("\n")}\n`);
    }
    return found.length > 0 || isThrough ? FAILED : OK;
}

interface Result {
    readonly found: readonly Difference[];
    /** Published keys that the instance no longer has, or does not have yet. */
    readonly kept: readonly { readonly kid: string; readonly until: string }[];
}

async function compare(url: string, mirrorUrl: string, access: ReturnType<typeof accessOf>): Promise<Result> {
    const [instance, mirror] = await Promise.all([
        readDocuments(url, access.instance, true),
        readDocuments(mirrorUrl, access.mirror, false),
    ]);
    const now = Math.floor(Date.now() / 1000);
    return {
        found: differences({ instance, mirror, mirrorUrl, now }),
        kept: mirror.keys.flatMap(({ kid, exp }) =>
            exp !== undefined && exp > now && !instance.keys.some((key) => key.kid === kid)
                ? [{ kid, until: timeOf(exp) }]
                : [],
        ),
    };
}
