import { passagesOf } from "./text";
import { LONGEST_SENTENCE, PATTERNS } from "./words";

export interface Problem {
    readonly line: number;
    readonly found: string;
    readonly write: string;
}

/** Everything in a file that is not plain English by `words.ts`. */
export function proseProblems(path: string, content: string): readonly Problem[] {
    return passagesOf(path, content).flatMap(({ line, text }) => [
        ...PATTERNS.flatMap(({ pattern, write }) => {
            const found = pattern.exec(text);
            return found === null ? [] : [{ line, found: around(text, found.index, found[0].length), write }];
        }),
        ...sentences(text)
            .filter((sentence) => sentence.split(" ").length > LONGEST_SENTENCE)
            .map((sentence) => ({
                line,
                found: `${sentence.slice(0, 60)}…`,
                write: `sentences of at most ${LONGEST_SENTENCE} words, not ${sentence.split(" ").length}`,
            })),
    ]);
}

function sentences(text: string): readonly string[] {
    return text.split(/(?<=[.!?:;])\s+(?=[^a-z]|CODE)/);
}

function around(text: string, index: number, length: number): string {
    return text.slice(Math.max(0, index - 20), index + length + 20);
}
