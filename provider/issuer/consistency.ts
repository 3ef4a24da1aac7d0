import { readJsonObject } from "../contract/json-document";
import { quote } from "../contract/quote";
import type { CheckId } from "./checks";
import type { Try } from "./document";
import type { Outcome } from "./results";

/** The parts of a document by name, as text. */
type Parts = ReadonlyMap<string, string>;

const MOST_NAMES = 5;

/** Whether all responses have the same discovery document. */
export function sameDiscovery(tries: readonly Try[]): Outcome {
    return sameOutcome("discovery-same", tries, (document) =>
        Object.entries(document).map(([name, value]) => [`\`${quote(name).slice(1, -1)}\``, JSON.stringify(value)]),
    );
}

/** Whether all responses have the same keys, in any order. */
export function sameKeys(tries: readonly Try[]): Outcome {
    return sameOutcome("keys-same", tries, ({ keys }) =>
        (Array.isArray(keys) ? (keys as readonly unknown[]) : []).map((key) => {
            const { kid } = Object(key) as { readonly kid?: unknown };
            return [typeof kid === "string" ? `the key ${quote(kid)}` : "a key without `kid`", JSON.stringify(key)];
        }),
    );
}

type PartsOf = (document: Readonly<Record<string, unknown>>) => readonly (readonly [name: string, text: string])[];

function sameOutcome(id: CheckId, tries: readonly Try[], partsOf: PartsOf): Outcome {
    const responses = tries.flatMap(({ fetched }) =>
        fetched?.answer.status === 200 ? [partsIn(fetched.answer.body, partsOf)] : [],
    );
    const count = String(responses.length);
    if (responses.length === 1) {
        return { id, status: "pass", message: "Only one response, so nothing to compare." };
    }
    const names = [...new Set(responses.flatMap((parts) => [...parts.keys()]))];
    const different = names.filter((name) => new Set(responses.map((parts) => parts.get(name))).size > 1);
    if (different.length === 0) {
        return { id, status: "pass", message: `The same in all ${count} responses.` };
    }
    const more = different.length - MOST_NAMES;
    const listed = [...different.slice(0, MOST_NAMES), ...(more > 0 ? [`${String(more)} more`] : [])].join(", ");
    return {
        id,
        status: "warn",
        message: `The ${count} responses differ in ${listed}. If several nodes respond behind a load balancer, jobs fail whenever AWS asks a node with other keys or settings than the node that signed the token.`,
        fix: "Give all nodes the same `/etc/gitlab/gitlab-secrets.json` and the same `external_url`, and restart them. If the instance is changing its key at the moment, run this check again.",
    };
}

/** A name that occurs several times has all of its texts. */
function partsIn(body: Buffer, partsOf: PartsOf): Parts {
    const { object, fault } = readJsonObject(body);
    if (object === undefined) {
        return new Map([["the whole document", fault]]);
    }
    const parts = new Map<string, string>();
    for (const [name, text] of partsOf(object)) {
        parts.set(name, `${parts.get(name) ?? ""}${text}`);
    }
    return parts;
}
