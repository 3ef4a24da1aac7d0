import { literalGlob, matchesGlob } from "../iam/glob";

/** In place of a wildcard: any text, which no literal part of a rule contains. */
const ANY = "\0";

/** Whether a rule for protected refs, a name or a pattern with `*`, covers every ref that a subject's pattern matches. */
export function coversRefs(rule: string, pattern: string): boolean {
    return matchesGlob(literalGlob(rule), pattern.replace(/[*?]/g, ANY));
}

/** Whether a ref can match both a rule and a subject's pattern. */
export function mayMatchBoth(rule: string, pattern: string): boolean {
    // The positions in the rule that are possible at each position in the pattern.
    let positions = afterStars(new Set([0]), rule);
    for (const c of pattern) {
        const next = new Set<number>();
        for (const at of positions) {
            for (const reached of steps(rule, at, c)) {
                next.add(reached);
            }
        }
        positions = afterStars(next, rule);
    }
    return positions.has(rule.length);
}

/** The positions in the rule after one character of the pattern, or after any text for its `*`. */
function steps(rule: string, at: number, c: string): readonly number[] {
    if (c === "*") {
        return Array.from({ length: rule.length - at + 1 }, (_, i) => at + i);
    }
    if (rule[at] === "*") {
        return [at];
    }
    return at < rule.length && (c === "?" || rule[at] === c) ? [at + 1] : [];
}

/** The positions, and those behind each `*`, which can match nothing. */
function afterStars(positions: ReadonlySet<number>, rule: string): ReadonlySet<number> {
    const all = new Set(positions);
    for (const at of all) {
        if (rule[at] === "*") {
            all.add(at + 1);
        }
    }
    return all;
}
