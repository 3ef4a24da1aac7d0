import { closeSync, openSync } from "node:fs";
import { quote } from "../contract/quote";
import { readText } from "./read-text";
import type { Terminal } from "./terminal";
import { reasonOf, UnusableInput } from "./unusable-input";

/** A file of JSON: as it stands, for sizes and places, and what it says. */
export interface Json {
    readonly content: string;
    readonly value: unknown;
}

/** The files that a command is given, of which one may be standard input. */
export class InputFiles {
    private stdinFor: string | undefined;

    constructor(
        private readonly terminal: Terminal,
        private readonly megabytes?: number,
    ) {}

    read(option: string, path: string | undefined): string {
        if (path === undefined) {
            throw new UnusableInput(`${option} FILE is missing.`);
        }
        if (path === "-") {
            if (this.stdinFor !== undefined) {
                throw new UnusableInput(`${this.stdinFor} and ${option} cannot both be standard input.`);
            }
            this.stdinFor = option;
        }
        try {
            return path === "-" ? this.terminal.stdin(this.megabytes) : readFile(path, this.megabytes);
        } catch (error) {
            const isContent = /^\s*[{[]|^eyJ/.test(path)
                ? " Give the name of a file, or - and the text on standard input."
                : "";
            throw new UnusableInput(`${nameOf(option, path)} cannot be read: ${reasonOf(error)}.${isContent}`);
        }
    }

    /** A file of JSON; the cure stands behind the message about one that is not. */
    json(option: string, path: string | undefined, cure = ""): Json {
        const content = this.read(option, path);
        try {
            return { content, value: JSON.parse(content) };
        } catch (error) {
            const name = nameOf(option, path);
            throw new UnusableInput(
                content.trim() === ""
                    ? `${name} is empty.${cure}`
                    : option === "--claims" && /^\s*eyJ/.test(content)
                      ? `${name} is not JSON, but may be an ID token: give it with --token.`
                      : `${name} is not JSON: ${(error as Error).message}.${cure}`,
            );
        }
    }
}

/** What a message calls the file of an option. */
export function nameOf(option: string, path: string | undefined): string {
    return `${option} ${path === "-" ? "from standard input" : quote(path)}`;
}

function readFile(path: string, megabytes?: number): string {
    const file = openSync(path, "r");
    try {
        return readText(file, megabytes);
    } finally {
        closeSync(file);
    }
}
