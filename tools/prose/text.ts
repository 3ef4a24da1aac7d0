import ts from "typescript";

/** A piece of prose: a paragraph, a list item, a cell, a comment or a string. Code in it is the word `CODE`. */
export interface Passage {
    readonly line: number;
    readonly text: string;
}

/** Code, links and markup have no words of ours. */
function words(text: string): string {
    return text
        .replace(/``.+?``|`[^`]*`/gs, "CODE")
        .replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, "$1")
        .replace(/https?:\/\/\S+/g, "CODE")
        .replace(/"[^"\s]*"/g, "CODE")
        .replace(/[*_]{1,3}(\S(?:.*?\S)?)[*_]{1,3}/g, "$1")
        .replace(/\s+/g, " ")
        .trim();
}

/** The prose of a page in Markdown. Fenced code, comments and front matter are none. */
export function markdownPassages(content: string): readonly Passage[] {
    const passages: Passage[] = [];
    let open: { line: number; text: string } | undefined;
    const close = (): void => {
        if (open !== undefined && open.text !== "") {
            passages.push({ line: open.line, text: words(open.text) });
        }
        open = undefined;
    };
    let fence: string | undefined;
    const blank = (comment: string): string => comment.replace(/[^\n]/g, "");
    const lines = content
        .replace(/^---\n.*?\n---\n/s, blank)
        .replace(/<!--.*?-->/gs, blank)
        .split("\n");
    for (const [index, whole] of lines.entries()) {
        const line = whole.trim();
        const mark = /^(`{3,}|~{3,})/.exec(line)?.[1];
        if (fence !== undefined) {
            fence = mark?.startsWith(fence) === true ? undefined : fence;
            continue;
        }
        if (mark !== undefined || line === "") {
            close();
            fence = mark;
        } else if (line.startsWith("|")) {
            close();
            for (const cell of line.split(/(?<!\\)\|/)) {
                passages.push({ line: index + 1, text: words(cell) });
            }
        } else if (/^(#|[-*] |\d+\. |>)/.test(line)) {
            close();
            open = { line: index + 1, text: line.replace(/^(#+|[-*]|\d+\.|>)\s*/, "") };
        } else {
            open ??= { line: index + 1, text: "" };
            open.text += ` ${line}`;
        }
    }
    close();
    return passages.filter(({ text }) => text !== "");
}

/** The descriptions of a JSON file: its strings of several words. */
export function jsonPassages(content: string): readonly Passage[] {
    return content.split("\n").flatMap((line, index) => {
        const value = /^\s*(?:"[^"]*":\s*)?("(?:[^"\\]|\\.)*"),?$/.exec(line)?.[1];
        const text = value === undefined ? "" : words(JSON.parse(value) as string);
        return text.includes(" ") ? [{ line: index + 1, text }] : [];
    });
}

/** The comments, the strings and the texts of elements, of several words, in a TypeScript file. */
export function typescriptPassages(content: string, name = "file.ts"): readonly Passage[] {
    const file = ts.createSourceFile(name, content, ts.ScriptTarget.Latest, true);
    const passages: Passage[] = [];
    const add = (position: number, text: string): void => {
        const prose = words(text);
        if (prose.includes(" ")) {
            passages.push({ line: file.getLineAndCharacterOfPosition(position).line + 1, text: prose });
        }
    };
    const seen = new Set<number>();
    const visit = (node: ts.Node): void => {
        const comments = [
            ...(ts.getLeadingCommentRanges(content, node.getFullStart()) ?? []),
            ...(ts.getTrailingCommentRanges(content, node.getEnd()) ?? []),
        ];
        for (const { pos, end } of comments) {
            if (!seen.has(pos)) {
                seen.add(pos);
                add(pos, content.slice(pos, end).replace(/^\/\*+|\*+\/$|^\/\/|^\s*\*(?!\/)/gm, " "));
            }
        }
        if (ts.isTemplateExpression(node)) {
            add(node.getStart(), [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join("CODE"));
        } else if (ts.isJsxText(node) || ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
            add(node.getStart(), node.text);
        }
        ts.forEachChild(node, visit);
    };
    visit(file);
    return passages;
}

/** The passages of a file, by what its name ends with. */
export function passagesOf(path: string, content: string): readonly Passage[] {
    if (path.endsWith(".md")) {
        return markdownPassages(content);
    }
    return path.endsWith(".json") ? jsonPassages(content) : typescriptPassages(content, path);
}
