/** The elements whose key is not that of an earlier element. */
export function distinct<T>(elements: readonly T[], keyOf: (element: T) => string): readonly T[] {
    const seen = new Set<string>();
    return elements.filter((element) => {
        const key = keyOf(element);
        return !seen.has(key) && seen.add(key);
    });
}

/** The first names, with commas, and how many more there are. */
export function listed(names: readonly string[], most: number): string {
    const more = names.length - most;
    return names.slice(0, most).join(", ") + (more > 0 ? ` and ${String(more)} more` : "");
}
