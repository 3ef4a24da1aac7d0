import { quote } from "../contract/quote";

/** The line that begins the block, as far as it is looked for, and the one that ends it. */
const BEGIN = "# BEGIN aws-gitlab-oidc";
const END = "# END aws-gitlab-oidc";
const NOTE = ": written by `aws-gitlab-oidc snippet --into`, which replaces everything up to the END line.";
const MARKER = /^# (BEGIN|END) aws-gitlab-oidc(?![\w-])/;

const BOM = bytes("\uFEFF");

interface Line {
    readonly text: string;
    readonly end: string;
}

interface Block {
    readonly begin: number;
    readonly end: number;
}

/** A file with the block in it, or why it cannot have one. */
export type Placed = { readonly content: string } | { readonly fault: string };

/**
 * The file with the text between two comment lines: where they are, else at its end. A file is its bytes, each as one
 * character (Latin-1), so that what is kept is kept byte by byte.
 */
export function withBlock(file: string, yaml: string): Placed {
    const text = linesOf(bytes(yaml));
    if (text.some((line) => MARKER.test(line.text))) {
        return { fault: `The text has a line like "${BEGIN}" or "${END}" itself.` };
    }
    if (/^(?:\xff\xfe|\xfe\xff)/.test(file)) {
        return { fault: "It is UTF-16, which GitLab does not read. Save it as UTF-8." };
    }
    const mark = file.startsWith(BOM) ? BOM : "";
    const lines = linesOf(file.slice(mark.length));
    const block = blockIn(lines);
    if (block !== undefined && "fault" in block) {
        return block;
    }
    const fault = clash(lines, block, text) ?? (block === undefined ? unappendable(lines) : undefined);
    if (fault !== undefined) {
        return { fault };
    }
    const content =
        block === undefined
            ? appended(lines, text)
            : [
                  ...lines.slice(0, block.begin + 1),
                  ...withEnds(text, lines[block.begin]!.end),
                  ...lines.slice(block.end),
              ];
    return { content: mark + content.map((line) => line.text + line.end).join("") };
}

function bytes(text: string): string {
    return Buffer.from(text, "utf8").toString("latin1");
}

function unicode(text: string): string {
    return Buffer.from(text, "latin1").toString("utf8");
}

/** The lines with their ends: those that YAML knows. */
function linesOf(text: string): readonly Line[] {
    return Array.from(text.matchAll(/([^\r\n]*)(\r\n|\n|\r)|[^\r\n]+$/g), ([all, line = all, end = ""]) => ({
        text: line,
        end,
    }));
}

function withEnds(lines: readonly Line[], end: string): readonly Line[] {
    return lines.map(({ text }) => ({ text, end }));
}

function appended(lines: readonly Line[], text: readonly Line[]): readonly Line[] {
    const end = commonEnd(lines);
    const last = lines.at(-1);
    const gap: readonly Line[] = [
        ...(last?.end === "" ? [{ text: "", end }] : []),
        ...(last === undefined || /^[ \t]*$/.test(last.text) ? [] : [{ text: "", end }]),
    ];
    return [...lines, ...gap, ...withEnds([{ text: BEGIN + NOTE, end }, ...text, { text: END, end }], end)];
}

/** The line end that most lines have, LF in a file that has none. */
function commonEnd(lines: readonly Line[]): string {
    const count = (end: string): number => lines.filter((line) => line.end === end).length;
    return ["\n", "\r\n", "\r"].reduce((best, end) => (count(end) > count(best) ? end : best));
}

function blockIn(lines: readonly Line[]): Block | { readonly fault: string } | undefined {
    const at = (which: string): number[] =>
        lines.flatMap(({ text }, i) => (MARKER.exec(text)?.[1] === which ? [i] : []));
    const [begins, ends] = [at("BEGIN"), at("END")];
    if (begins.length > 1 || ends.length > 1) {
        const twice = begins.length > 1 ? ([BEGIN, begins] as const) : ([END, ends] as const);
        return { fault: `"${twice[0]}" stands there more than once: ${places(twice[1])}. Leave one block.` };
    }
    const [begin, end] = [begins[0], ends[0]];
    if (begin === undefined && end === undefined) {
        return undefined;
    }
    if (begin === undefined || end === undefined) {
        const [one, place, other, where] =
            end === undefined ? [BEGIN, begin!, END, "below"] : [END, end, BEGIN, "above"];
        return {
            fault: `"${one}" stands in ${places([place])}, but "${other}" does not stand ${where} it. Add that line, or remove ${places([place])}.`,
        };
    }
    return begin < end
        ? { begin, end }
        : { fault: `"${END}" in ${places([end])} stands before "${BEGIN}" in ${places([begin])}. Swap them.` };
}

function places(indexes: readonly number[]): string {
    return `line${indexes.length === 1 ? "" : "s"} ${indexes.map((i) => String(i + 1)).join(", ")}`;
}

/** Keys of the text that stand outside the block too: YAML's last one would win, in silence. */
function clash(lines: readonly Line[], block: Block | undefined, text: readonly Line[]): string | undefined {
    const own = new Set(text.flatMap((line) => topLevelKey(line.text) ?? []));
    const faults = lines.flatMap((line, i) => {
        const key = block !== undefined && i > block.begin && i < block.end ? undefined : topLevelKey(line.text);
        return key !== undefined && own.has(key) ? [clashOf(key, i, text)] : [];
    });
    return faults.length === 0 ? undefined : faults.join("\n");
}

function clashOf(key: string, index: number, text: readonly Line[]): string {
    const what = `The key ${quote(key)} of the block stands in ${places([index])} too, and of two equal keys YAML's last one wins.`;
    if (key !== "include") {
        return `${what} Remove it there if the block is to take its place, or give one of the two another name.`;
    }
    const from = text.findIndex((line) => topLevelKey(line.text) === "include");
    const rest = text.slice(from + 1);
    const length = rest.findIndex((line) => topLevelKey(line.text) !== undefined);
    const entries = (length < 0 ? rest : rest.slice(0, length)).map((line) => `\n${unicode(line.text)}`);
    return `${what} Leave --into out, and add these entries to yours by hand:${entries.join("").trimEnd()}`;
}

/** The key of a line that begins an entry of the outermost mapping, however it is quoted. */
function topLevelKey(line: string): string | undefined {
    const entry = unicode(line).replace(/^(?:[&!][^ \t]*[ \t]+)+/, "");
    const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*:(?=[ \t]|$)/.exec(entry);
    return quoted === null ? /^([^ \t#"'].*?):(?=[ \t]|$)/.exec(entry)?.[1]!.trimEnd() : unquoted(quoted[1]!);
}

function unquoted(scalar: string): string {
    if (scalar.startsWith("'")) {
        return scalar.slice(1, -1).replaceAll("''", "'");
    }
    try {
        return JSON.parse(scalar) as string;
    } catch {
        return scalar; // an escape that only YAML knows
    }
}

/** Why nothing can stand at the end of the file. */
function unappendable(lines: readonly Line[]): string | undefined {
    const content = lines.flatMap(({ text }, i) => (/^[ \t]*(?:#|$)/.test(text) ? [] : [{ text, i }]));
    const flow = content.find(({ text }, i) => /^[{[]/.test(text) && (i === 0 || content[i - 1]!.text === "---"));
    if (flow !== undefined) {
        return `The entries from ${places([flow.i])} on stand in brackets, and nothing can follow them. Write them without.`;
    }
    const last = content.at(-1);
    return last !== undefined && /^\.\.\.(?:[ \t]|$)/.test(last.text)
        ? `The document ends with "..." in ${places([last.i])}, and GitLab would not read what follows. Remove that line.`
        : undefined;
}
