import { getHeapStatistics } from "node:v8";
import { UnusableInput } from "./unusable-input";

/** Memory for each character of a document, in bytes. An account in which GitLab jobs can assume every role needed four to five. */
const BYTES = 6;

/** Throws if Node.js may have too little memory for an audit of that many characters. It would abort. */
export function checkHeap(characters: number): void {
    const limit = getHeapStatistics().heap_size_limit;
    if (characters * BYTES > limit) {
        throw new UnusableInput(
            `The files have more than ${megabytes(characters)} besides CloudTrail events, which is too much for the ${megabytes(limit)} of memory that Node.js can use. Set the environment variable NODE_OPTIONS to --max-old-space-size=8000.`,
        );
    }
}

function megabytes(bytes: number): string {
    return `${String(Math.floor(bytes / 1_000_000))} MB`;
}
