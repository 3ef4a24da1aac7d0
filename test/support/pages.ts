import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

/** The pages of this repository, by path. */
export const PAGES: readonly string[] = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", "*.md"], {
    cwd: root,
    encoding: "utf8",
})
    .split("\n")
    .filter((path) => path !== "" && !path.startsWith("sdk/") && existsSync(join(root, path)));

export function pageText(page: string): string {
    return readFileSync(join(root, page), "utf8");
}

/** A fenced block of a page, and the line that it begins at. */
export interface Block {
    readonly page: string;
    readonly line: number;
    readonly language: string;
    readonly text: string;
}

export function blocksOf(page: string, text = pageText(page)): readonly Block[] {
    return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map(({ 1: margin, 2: language, 3: inner, index }) => ({
        page,
        line: text.slice(0, index).split("\n").length,
        language: language!,
        text: inner!.replace(new RegExp(`^${margin!}`, "gm"), ""),
    }));
}

/** What readers replace, and a value that they could put there. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
    "<project id>": "4711",
    "<other project id>": "4712",
    "<group id>": "72",
    "<user id>": "1001",
    "<account id>": "111122223333",
    "<event id>": "11aa22bb-1c2b-4a5a-9a38-4b7d6f2c1a10",
    "<role name>": "deploy",
    "<GitLab version>": "19.1",
};

/** A text with values in place of its placeholders. */
export function filled(text: string): string {
    return Object.entries(PLACEHOLDERS).reduce((all, [placeholder, value]) => all.replaceAll(placeholder, value), text);
}

/** The placeholders of a text that `filled` does not know. Other angle brackets, of types and tags, have no spaces. */
export function unknownPlaceholders(text: string): readonly string[] {
    return filled(text).match(/<[a-z]+(?: [a-z]+)+>/gi) ?? [];
}

/** The anchors that GitHub and GitLab give the headings of a page. */
export function anchorsOf(text: string): readonly string[] {
    const seen = new Map<string, number>();
    return [...text.replace(/^( *)```.*?^\1```$/gms, "").matchAll(/^#+ (.*)$/gm)].map(([, heading]) => {
        const anchor = heading!
            .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, "")
            .replaceAll(" ", "-");
        const count = seen.get(anchor) ?? 0;
        seen.set(anchor, count + 1);
        return count === 0 ? anchor : `${anchor}-${String(count)}`;
    });
}
