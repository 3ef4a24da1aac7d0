import { closeSync, openSync } from "node:fs";
import { quote } from "../contract/quote";
import { isUrlEncoded } from "../trust/role-output";
import { readText } from "./read-text";
import type { Terminal } from "./terminal";
import { systemReason, UnusableInput } from "./unusable-input";

/** The files that a command is given, of which one may be standard input. */
export class InputFiles {
    constructor(
        private readonly terminal: Terminal,
        private readonly megabytes?: number,
    ) {}

    read(option: string, path: string | undefined): string {
        if (path === undefined) {
            throw new UnusableInput(`${option} FILE is missing.`);
        }
        try {
            return path === "-" ? this.terminal.stdin(this.megabytes) : readFile(path, this.megabytes);
        } catch (error) {
            const isContent = /^\s*[{[]|^eyJ/.test(path)
                ? " Give the name of a file, or - and the text on standard input."
                : "";
            throw new UnusableInput(`${nameOf(option, path)} cannot be read: ${systemReason(error)}.${isContent}`);
        }
    }

    /** A file of JSON; the fix follows the message about one that is not. */
    json(option: string, path: string | undefined, fix = ""): unknown {
        return parsed({ name: nameOf(option, path), content: this.read(option, path), fix });
    }

    claims(path: string): unknown {
        const name = nameOf("--claims", path);
        const content = this.read("--claims", path);
        if (/^\s*eyJ/.test(content)) {
            throw new UnusableInput(`${name} is not JSON, but may be an ID token: give it with --token.`);
        }
        return parsed({ name, content, fix: "" });
    }

    /** The text of a trust policy, for sizes and places in it; URL-encoded as IAM's API has it, it is no JSON yet. */
    trustPolicy(path: string | undefined): string {
        const content = this.read("--trust-policy", path);
        if (!isUrlEncoded(content)) {
            parsed({ name: nameOf("--trust-policy", path), content, fix: "" });
        }
        return content;
    }
}

function parsed({ name, content, fix }: Record<"name" | "content" | "fix", string>): unknown {
    try {
        return JSON.parse(content);
    } catch (error) {
        throw new UnusableInput(
            content.trim() === ""
                ? `${name} is empty.${fix}`
                : `${name} is not JSON: ${(error as Error).message}.${fix}`,
        );
    }
}

/** Throws if more than one of the options reads standard input, before the first one does. */
export function checkStandardInput(paths: Readonly<Record<string, string | undefined>>): void {
    const [first, second] = Object.keys(paths).filter((option) => paths[option] === "-");
    if (second !== undefined) {
        throw new UnusableInput(`${first!} and ${second} both read standard input. Give one of them as a file.`);
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
