import type { WebIdentityRequest } from "../trust/evaluate";

export type Context = WebIdentityRequest["context"];

const ANY = Symbol("*");

const ONE = Symbol("?");

/** A pattern as its characters and wildcards. */
type Glob = readonly (string | symbol)[];

/** The policy's value with its variables filled in, or undefined where one of them has no value: then nothing matches. */
export function parseValue(value: string, context: Context, patterns: boolean): Glob | undefined {
    const glob: (string | symbol)[] = [];
    for (const part of value.split(/(\$\{[^}]*\}|[*?])/)) {
        if (patterns && (part === "*" || part === "?")) {
            glob.push(part === "*" ? ANY : ONE);
        } else if (/^\$\{[*?$]\}/.test(part)) {
            glob.push(part[2]!);
        } else if (part.startsWith("${") && part.endsWith("}")) {
            const filled = variable(part.slice(2, -1), context);
            if (filled === undefined) {
                return undefined;
            }
            glob.push(...filled.split(""));
        } else {
            glob.push(...part.split(""));
        }
    }
    return glob;
}

/** What `${key}` or `${key, 'default'}` stands for, given without the braces. */
function variable(reference: string, context: Context): string | undefined {
    const [name] = reference.split(",", 1);
    const actual = context.get(name!.trim().toLowerCase());
    return actual?.length === 1 ? actual[0] : /^'([^']*)'$/.exec(reference.slice(name!.length + 1).trim())?.[1];
}

/** The pattern with its escapes read; a policy variable stands for itself. */
export function patternGlob(pattern: string): Glob {
    return parseValue(pattern, NO_VARIABLES, true) ?? literalGlob(pattern);
}

const NO_VARIABLES: Context = new Map();

/** A pattern without variables. */
export function literalGlob(pattern: string): Glob {
    return pattern.split("").map((c) => (c === "*" ? ANY : c === "?" ? ONE : c));
}

/** Whether the pattern matches all of the text, in time that does not grow beyond their lengths' product. */
export function matchesGlob(glob: Glob, value: string): boolean {
    let g = 0;
    let v = 0;
    let star = -1;
    let retry = 0;
    while (v < value.length) {
        if (glob[g] === ANY) {
            star = g;
            g += 1;
            retry = v;
        } else if (glob[g] === ONE || glob[g] === value[v]) {
            g += 1;
            v += 1;
        } else if (star >= 0) {
            retry += 1;
            v = retry;
            g = star + 1;
        } else {
            return false;
        }
    }
    return glob.slice(g).every((part) => part === ANY);
}
