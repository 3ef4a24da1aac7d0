import { key, property } from "./paths";

/** A list or object that is being read. */
interface Open {
    readonly path: string;
    /** The keys so far; undefined in a list. */
    readonly keys: Set<string> | undefined;
    /** Path of the value that comes next. */
    next: string;
    position: number;
}

/** The marks of JSON, and its texts with the colon that makes a key of one. */
const MARK = /[{}[\],]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;

/** Paths of the keys that stand twice in one object of a JSON text, which `JSON.parse` hides: it keeps the last. */
export function duplicateKeys(json: string): readonly string[] {
    const found: string[] = [];
    const open: Open[] = [{ path: "", keys: undefined, next: "", position: 0 }];
    for (const [mark, text, colon] of json.matchAll(MARK)) {
        const inner = open.at(-1)!;
        if (mark === "{") {
            open.push({ path: inner.next, keys: new Set(), next: "", position: 0 });
        } else if (mark === "[") {
            open.push({ path: inner.next, keys: undefined, next: `${inner.next}[0]`, position: 0 });
        } else if (mark === "}" || mark === "]") {
            open.pop();
        } else if (mark === ",") {
            inner.position += 1;
            inner.next = `${inner.path}[${String(inner.position)}]`;
        } else if (colon !== undefined) {
            const name = JSON.parse(text!) as string;
            inner.next = below(inner.path, name);
            if (inner.keys!.has(name)) {
                found.push(inner.next);
            }
            inner.keys!.add(name);
        }
    }
    return found;
}

/** Operators and condition keys stand in brackets, as in all paths of policies. */
function below(path: string, name: string): string {
    return /\.Condition(?:\[|$)/.test(path) ? key(path, name) : property(path, name);
}
