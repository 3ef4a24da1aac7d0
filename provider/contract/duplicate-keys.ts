import { key, property } from "./paths";

/** A list or object that is being read. */
interface Open {
    readonly above: Open | undefined;
    /** The keys so far; undefined in a list. */
    readonly keys: Set<string> | undefined;
    /** Where in it the reader is: the key, or the position in a list. */
    at: string | number;
}

/** The marks of JSON, and its texts with the colon that makes a key of one. */
const MARK = /[{}[\],]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;

/** Paths of the keys that stand twice in one object of a JSON text, which `JSON.parse` hides: it keeps the last. */
export function duplicateKeys(json: string): readonly string[] {
    const found: string[] = [];
    let open: Open | undefined;
    for (const [mark, text, colon] of json.matchAll(MARK)) {
        if (mark === "{") {
            open = { above: open, keys: new Set(), at: "" };
        } else if (mark === "[") {
            open = { above: open, keys: undefined, at: 0 };
        } else if (mark === "}" || mark === "]") {
            open = open!.above;
        } else if (mark === ",") {
            open!.at = typeof open!.at === "number" ? open!.at + 1 : open!.at;
        } else if (colon !== undefined) {
            open!.at = JSON.parse(text!) as string;
            if (open!.keys!.has(open!.at)) {
                found.push(pathOf(open!));
            }
            open!.keys!.add(open!.at);
        }
    }
    return found;
}

/** Where the reader is. It is put into words for what is found only: a path is as long as all the keys above. */
function pathOf(open: Open): string {
    const steps: (string | number)[] = [];
    for (let inner: Open | undefined = open; inner !== undefined; inner = inner.above) {
        steps.push(inner.at);
    }
    return steps.reduceRight<string>(below, "");
}

/** Operators and condition keys stand in brackets, as in all paths of policies. */
function below(path: string, step: string | number): string {
    if (typeof step === "number") {
        return `${path}[${String(step)}]`;
    }
    return /\.Condition(?:\[|$)/.test(path) ? key(path, step) : property(path, step);
}
