/** The `if` of a GitLab rule that asks for one of some values or IAM patterns of a CI variable, without anything that GitLab or YAML would read. */
export function ciRule(variable: string, ...values: readonly string[]): string {
    const [value = "", ...others] = values;
    if (values.some((v) => /^\*+$/.test(v))) {
        return `$${variable}`;
    }
    if (others.length === 0) {
        return /^[\w./@+-]+$/.test(value) ? `$${variable} == "${value}"` : `$${variable} =~ /^${regexOf(value)}$/`;
    }
    return `$${variable} =~ /^(${values.map(regexOf).join("|")})$/`;
}

function regexOf(pattern: string): string {
    return Array.from(pattern, ofCharacter).join("");
}

function ofCharacter(character: string): string {
    switch (character) {
        case "*":
            return ".*";
        case "?":
            return ".";
        case "/":
            return "\\/";
        case ".":
            return "\\.";
        default:
            return /[\w-]/.test(character) ? character : escapeOf(character.codePointAt(0)!);
    }
}

/** Outside Latin-1 IAM has only the wildcard `?`. */
function escapeOf(codePoint: number): string {
    return codePoint > 0xff ? "." : `\\x${codePoint.toString(16).padStart(2, "0").toUpperCase()}`;
}
