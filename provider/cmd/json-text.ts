import { inertJson } from "../contract/quote";

/** A result as `--json` prints it. */
export function jsonText(result: unknown): string {
    return `${inertJson(JSON.stringify(result, null, 2))}\n`;
}
