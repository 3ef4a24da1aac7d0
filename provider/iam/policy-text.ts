import { findingOf } from "../contract/findings";
import type { Finding } from "../contract/types";
import { quote } from "../contract/quote";

/** Whether the value has a wildcard of IAM's string patterns. */
export function isPattern(value: string): boolean {
    return /[*?]/.test(value);
}

/**
 * Text as IAM reads it back: `${` begins a policy variable in version 2012-10-17, `${$}` is a dollar sign.
 * Source: AWS, "IAM policy elements: Variables and tags".
 */
export function escapeDollar(text: string): string {
    return text.includes("${") ? text.replaceAll("${", () => "${$}{") : text;
}

/** The text that `escapeDollar` was given: the dollar sign is the one escape that a name in GitLab needs. */
export function unescapeDollar(value: string): string {
    return value.replaceAll("${$}", "$");
}

/** Whether the value has `${` that is not one of the escapes `${*}`, `${?}`, `${$}`. */
export function hasVariable(value: string): boolean {
    return /\$\{(?![*?$]\})/.test(value);
}

/** Findings about characters that IAM does not store in a policy: it accepts tab, line feed, carriage return and U+0020 to U+00FF. */
export function latin1Findings(text: string, path: string): readonly Finding[] {
    const bad = /[^\u0020-\u007e\u00a0-\u00ff]/u.exec(text)?.[0];
    if (bad === undefined) {
        return [];
    }
    return [
        findingOf(
            "latin1",
            path,
            `${quote(text)} has the character U+${bad.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}, which IAM does not store in a policy.`,
            "Use printable Latin-1. In a branch or tag, the pattern `?` matches that character.",
        ),
    ];
}

/** The values of a condition or resource, each once, in the same order for the same values. */
export function oneOrMany(values: readonly string[]): string | readonly string[] {
    const unique = values.length === 1 ? values : [...new Set(values)].sort();
    return unique.length === 1 ? unique[0]! : unique;
}
