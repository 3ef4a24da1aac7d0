/** A result as `--json` prints it. */
export function jsonText(result: unknown): string {
    return `${JSON.stringify(result, null, 2)}\n`;
}
