import { isKey } from "../contract/key";

/** Creates keys of maps from names. */
export class UniqueKeys {
    private readonly taken = new Set<string>();

    /** The name with `-` in place of what a key cannot have, and a number if there is that key already. */
    add(name: string): string {
        const near = name.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "");
        const base = isKey(near) ? near : "other";
        let key = base;
        for (let n = 2; this.taken.has(key.toLowerCase()); n += 1) {
            key = `${base}-${String(n)}`;
        }
        this.taken.add(key.toLowerCase());
        return key;
    }
}
