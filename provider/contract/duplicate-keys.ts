import { key, property } from "./paths";

/** A list or object that is being read. */
interface Open {
    readonly above: Open | undefined;
    /** The keys so far; undefined in a list. */
    readonly keys: Set<string> | undefined;
    /** Where in it the reader is: the key, or the position in a list. */
    at: string | number;
}

/** The punctuation of JSON, and its strings, with the colon that follows a key. */
const MARK = /[{}[\],]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;

/** Paths of the keys that appear twice in one object of a JSON text. `JSON.parse` hides them, because it keeps the last one. */
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

/** Path of the reader. It is computed only for keys that are found, because it is as long as all the keys above. */
function pathOf(open: Open): string {
    const steps: (string | number)[] = [];
    for (let inner: Open | undefined = open; inner !== undefined; inner = inner.above) {
        steps.push(inner.at);
    }
    return steps.reduceRight<string>(below, "");
}

/** Operators and condition keys are written in brackets, as in all paths of policies. */
function below(path: string, step: string | number): string {
    if (typeof step === "number") {
        return `${path}[${String(step)}]`;
    }
    return /\.Condition(?:\[|$)/.test(path) ? key(path, step) : property(path, step);
}
