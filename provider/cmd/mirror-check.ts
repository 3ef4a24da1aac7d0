import { setTimeout as sleep } from "node:timers/promises";
import { differences, timeOf, type Difference } from "../mirror/compare";
import { jsonText } from "./json-text";
import { authenticatesThrough } from "./mirror-identity";
import { accessOf, addressOf, mirrorAddressOf, NETWORK_OPTIONS, readDocuments, wholeNumber } from "./mirror-network";
import { flag, parseWithOperand, text } from "./options";
import { OK, REFUSED, type Terminal } from "./terminal";

const OPTIONS = {
    mirror: text,
    wait: text,
    ...NETWORK_OPTIONS,
    json: flag,
} as const;

const PAUSE_SECONDS = 10;

/** `aws-gitlab-oidc mirror check`: whether the published mirror is what the instance says now. */
export async function mirrorCheck(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operand } = parseWithOperand("mirror check", args, OPTIONS, "URL");
    const url = addressOf(operand, "URL of the instance");
    const mirrorUrl = mirrorAddressOf(values.mirror);
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
                ? `${mirrorUrl} is as it should be: AWS sees every key of ${url}.`
                : `${mirrorUrl} differs from ${url}.`,
        ];
        terminal.out(`${lines.join("\n")}\n`);
    }
    return found.length > 0 || isThrough ? REFUSED : OK;
}

interface Result {
    readonly found: readonly Difference[];
    /** Keys of an overlap, or that were added before the instance has them. */
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
