import { closeSync, openSync } from "node:fs";
import { duplicateKeys } from "../contract/duplicate-keys";
import { capitalized, quote } from "../contract/quote";
import { isUrlEncoded } from "../trust/role-output";
import { piecesOf, readText } from "./read-text";
import type { Terminal } from "./terminal";
import { systemReason, UnusableInput } from "./unusable-input";

/** A file on the command line: the value of an option, or an argument without an option's name. */
export interface InputFile {
    /** `--claims`; left out for an argument without one. */
    readonly option?: string;
    /** `-` is standard input. */
    readonly path: string;
}

/** The file that an option names. */
export function optionFile(option: string, path: string | undefined): InputFile | undefined {
    return path === undefined ? undefined : { option, path };
}

/** The files that a command is given, of which one may be standard input. */
export class InputFiles {
    constructor(
        private readonly terminal: Terminal,
        private readonly megabytes?: number,
    ) {}

    read(file: InputFile): string {
        const { path } = file;
        try {
            return path === "-"
                ? this.terminal.stdin(this.megabytes)
                : readFile(path, (open) => readText(open, this.megabytes));
        } catch (error) {
            throw unreadable(file, error);
        }
    }

    /** The content of a file that may be large or compressed, piece by piece. */
    *pieces(file: InputFile): Generator<Uint8Array> {
        const { path } = file;
        try {
            if (path === "-") {
                yield* this.terminal.stdinPieces?.() ?? [Buffer.from(this.terminal.stdin())];
                return;
            }
            const open = openSync(path, "r");
            try {
                yield* piecesOf(open);
            } finally {
                closeSync(open);
            }
        } catch (error) {
            throw unreadable(file, error);
        }
    }

    /** A file of JSON. The fix follows the message if it is something else. */
    json(file: InputFile, fix = ""): unknown {
        return parsedOnce({ name: nameOf(file), content: this.read(file), fix });
    }

    claims(file: InputFile): unknown {
        const name = nameOf(file);
        const content = this.read(file);
        if (/^\s*eyJ/.test(content)) {
            throw new UnusableInput(`${name} is not JSON. It looks like an ID token: use --token instead of --claims.`);
        }
        return parsedOnce({ name, content, fix: "" });
    }

    /** CloudTrail events. Log files in S3 are compressed. */
    events(file: InputFile): unknown {
        const name = nameOf(file);
        const content = this.read(file);
        if (content.startsWith("\u001f\ufffd")) {
            throw new UnusableInput(`${name} is compressed. Decompress it first, for example with gzip -dc.`);
        }
        if (/^\s*eyJ/.test(content)) {
            throw new UnusableInput(`${name} is not JSON. It looks like an ID token: use --token instead of --event.`);
        }
        return parsed({ name, content, fix: "" });
    }

    /** The text of a resource control policy, for keys that appear twice. An output of a stack can be that text as JSON. */
    guardrail(file: InputFile): string {
        const content = this.read(file);
        const value = parsed({ name: nameOf(file), content, fix: "" });
        return typeof value === "string" ? value : content;
    }

    /** The text of a trust policy, for sizes and places in it. A URL-encoded text, as IAM's API returns it, is not JSON yet. */
    trustPolicy(file: InputFile): string {
        const content = this.read(file);
        if (!isUrlEncoded(content)) {
            parsed({ name: nameOf(file), content, fix: "" });
        }
        return content;
    }
}

function unreadable(file: InputFile, error: unknown): UnusableInput {
    const isContent = /^\s*[{[]|^eyJ/.test(file.path)
        ? " Use the name of a file, or - and the text on standard input."
        : "";
    return new UnusableInput(`${nameOf(file)} cannot be read: ${systemReason(error)}.${isContent}`);
}

function parsed({ name, content, fix }: Record<"name" | "content" | "fix", string>): unknown {
    try {
        return JSON.parse(content);
    } catch (error) {
        throw new UnusableInput(
            content.trim() === "" ? `${name} is empty.${fix}` : `${name} is not JSON: ${jsonFault(error)}.${fix}`,
        );
    }
}

/** The same without keys that appear twice in one object, of which the parser would drop the first. */
function parsedOnce(text: Record<"name" | "content" | "fix", string>): unknown {
    const value = parsed(text);
    const [twice] = duplicateKeys(text.content);
    if (twice !== undefined) {
        throw new UnusableInput(`${text.name} has ${quote(twice)} twice. Keep only one of them.`);
    }
    return value;
}

/** The message of the parser without a copy of the text. */
function jsonFault(error: unknown): string {
    return (error as Error).message.replace(/, (?:\.\.\.)?".*/s, "");
}

/** Throws if more than one of the files is standard input, before anything is read. */
export function checkStandardInput(files: readonly (InputFile | undefined)[]): void {
    const [first, second] = files.filter((file) => file?.path === "-").map((file) => file!.option ?? "the argument -");
    if (second !== undefined) {
        const both =
            first === second ? `Two arguments are -` : `${capitalized(first!)} and ${second} both read standard input`;
        throw new UnusableInput(`${both}. Standard input can be read once: use a file for one of them.`);
    }
}

/** The name of a file in messages. */
export function nameOf({ option, path }: InputFile): string {
    if (path === "-") {
        return option === undefined ? "Standard input" : `${option} from standard input`;
    }
    return option === undefined ? quote(path) : `${option} ${quote(path)}`;
}

function readFile<T>(path: string, read: (open: number) => T): T {
    const file = openSync(path, "r");
    try {
        return read(file);
    } finally {
        closeSync(file);
    }
}
