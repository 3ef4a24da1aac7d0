import { agreed, type Truth } from "./truth";
import type { Context } from "./context";

/** A stretch of a policy's value. */
interface Part {
    readonly text: string;
    /** Whether `*` and `?` in it are wildcards: as the policy's author wrote them, never, or as no page says. */
    readonly wildcards: "yes" | "no" | "unspecified";
}

/** A value with its variables replaced; `null` where a variable has no value; undefined where no page says what it means. */
export type Value = readonly Part[] | null | undefined;

const VARIABLE = /^([A-Za-z0-9._:/-]+)(?:, '([^'{}$]*)')?$/;

/**
 * "IAM policy elements: Variables and tags".
 * "Version": before 2012-10-17 there are no variables, and they are text.
 */
export function substitute(text: string, version: string, context: Context): Value {
    const pieces = text.split(/(\$\{[^}]*\})/);
    const parts: Part[] = [];
    for (const [index, piece] of pieces.entries()) {
        if (index % 2 === 0) {
            if (version === "2012-10-17" && piece.includes("${")) {
                return undefined; // no closing brace
            }
            parts.push({ text: piece, wildcards: "yes" });
            continue;
        }
        const inside = piece.slice(2, -1);
        if (version !== "2012-10-17") {
            // "Literal strings": not said whether a wildcard in them is one.
            parts.push({ text: piece, wildcards: "unspecified" });
        } else if (inside === "*" || inside === "?" || inside === "$") {
            parts.push({ text: inside, wildcards: "no" });
        } else {
            const [, name, fallback] = VARIABLE.exec(inside) ?? [];
            const values = name === undefined ? undefined : context.valuesOf(name);
            if (values === undefined) {
                return undefined;
            }
            if (values === null) {
                if (fallback === undefined) {
                    return null; // "Policy variables with no value": effectively null
                }
                parts.push({ text: fallback, wildcards: "unspecified" });
            } else if (values.length !== 1 || values[0] === "") {
                return undefined; // multivalued keys cannot be variables; "no value" may mean an empty one
            } else {
                parts.push({ text: values[0]!, wildcards: "unspecified" });
            }
        }
    }
    return parts;
}

export function joined(value: readonly Part[]): string {
    return value.map(({ text }) => text).join("");
}

/** "Exact matching, case sensitive". */
export function equal(request: string, value: readonly Part[]): Truth {
    return request === joined(value);
}

/** "Exact matching, ignoring case": which letters beyond ASCII are pairs is not said. */
export function equalIgnoringCase(request: string, value: readonly Part[]): Truth {
    const ascii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const policy = joined(value);
    return agreed([
        ascii(request) === ascii(policy),
        request.toLowerCase() === policy.toLowerCase(),
        request.toUpperCase() === policy.toUpperCase(),
    ]);
}

type Symbol = { readonly literal: string } | "one" | "many";

/** `*` stands for any number of characters, `?` for one; whether a character outside the BMP is one or two is not said. */
export function like(request: string, value: readonly Part[]): Truth {
    return agreed(
        [true, false].flatMap((doubtful) =>
            [(text: string) => Array.from(text), (text: string) => text.split("")].map((split) => {
                const pattern = value.flatMap(({ text, wildcards }) => {
                    const active = wildcards === "yes" || (wildcards === "unspecified" && doubtful);
                    return split(text).map((c): Symbol =>
                        active && c === "*" ? "many" : active && c === "?" ? "one" : { literal: c },
                    );
                });
                return matches(split(request), pattern);
            }),
        ),
    );
}

/** Which prefixes of the text the pattern so far can cover, symbol by symbol. */
function matches(text: readonly string[], pattern: readonly Symbol[]): boolean {
    let reachable = [true, ...text.map(() => false)];
    for (const symbol of pattern) {
        const before = reachable;
        let seen = false;
        reachable = before.map((here, end) => {
            seen ||= here;
            if (symbol === "many") {
                return seen;
            }
            return end > 0 && before[end - 1]! && (symbol === "one" || symbol.literal === text[end - 1]);
        });
    }
    return reachable.at(-1)!;
}

/** The six parts of an ARN, the last with whatever colons it has; undefined where the text is none. */
function arnParts(value: readonly Part[]): readonly (readonly Part[])[] | undefined {
    const sections: Part[][] = [[]];
    for (const { text, wildcards } of value) {
        const pieces = text.split(":");
        for (const [index, piece] of pieces.entries()) {
            if (index > 0) {
                if (sections.length < 6) {
                    if (wildcards === "unspecified") {
                        return undefined; // a variable that makes up several parts
                    }
                    sections.push([]);
                } else {
                    sections.at(-1)!.push({ text: ":", wildcards: "no" });
                }
            }
            sections.at(-1)!.push({ text: piece, wildcards });
        }
    }
    return sections.length === 6 ? sections : undefined;
}

/** "Each of the six colon-delimited components of the ARN is checked separately". */
export function arnLike(request: string, value: readonly Part[]): Truth {
    const [actual, pattern] = [arnParts([{ text: request, wildcards: "no" }]), arnParts(value)];
    if (
        actual === undefined ||
        pattern === undefined ||
        joined(actual[0]!) !== "arn" ||
        joined(pattern[0]!) !== "arn"
    ) {
        return undefined;
    }
    const parts = pattern.map((part, index) => like(joined(actual[index]!), part));
    return parts.includes(false) ? false : parts.includes(undefined) ? undefined : true;
}
