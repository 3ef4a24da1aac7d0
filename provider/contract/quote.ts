/** The value in quotes for a message, cut where it is long or a token, on one line. */
export function quote(value: unknown): string {
    return quoteUpTo(120, value);
}

/** The value in quotes, cut where it is longer or a token, on one line: for what is there to be copied. */
export function quoteUpTo(longest: number, value: unknown): string {
    const text = withoutTokens(JSON.stringify(value ?? null)).replace(
        /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    return text.length > longest ? `${text.slice(0, longest - 4)}…"` : text;
}

/** The text with no more of a JSON web token than shows that it is one: whoever has the rest has the job's identity. */
export function withoutTokens(text: string): string {
    return text.replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, "eyJ…");
}
