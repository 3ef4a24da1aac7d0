import type { DocumentFacts } from "../audit/account-facts";
import type { DocumentFault, OnEvent } from "../audit/documents";
import { quote } from "../contract/quote";
import { checkHeap } from "./heap";
import { nameOf, type InputFile, type InputFiles } from "./input-files";
import { usageError } from "./options";
import type { CommandReference } from "./reference/reference";
import { uncompressed } from "./uncompressed";
import { UnusableInput } from "./unusable-input";

/** The facts of the files that describe accounts. Throws if a file cannot be used, or no file has a role. */
export async function readAccountFiles(
    command: Pick<CommandReference, "name">,
    files: readonly InputFile[],
    inputs: InputFiles,
    onEvent: OnEvent,
): Promise<DocumentFacts> {
    const { DocumentReader } = await import("../audit/documents.js");
    const { joinFacts } = await import("../audit/account-facts.js");
    const read: DocumentFacts[] = [];
    let kept = 0;
    for (const file of files) {
        const reader = new DocumentReader(file.path, onEvent);
        for await (const piece of piecesOfAccountFile(file, inputs)) {
            reader.push(piece);
            checkHeap(kept + reader.kept);
            if (reader.hasFault) {
                break;
            }
        }
        read.push(usableDocument(file, reader.end()));
        kept += reader.kept;
    }
    const facts = joinFacts(read);
    if (facts.roles.length === 0) {
        throw usageError(command, "No file has a role. Add the output of `aws iam get-account-authorization-details`.");
    }
    return facts;
}

/** The content of a file, which may be compressed, piece by piece. */
export function piecesOfAccountFile(file: InputFile, inputs: InputFiles): AsyncIterable<Uint8Array> {
    return uncompressed(file, inputs.pieces(file));
}

/** The content of a file. Throws if the file has a fault. */
export function usableDocument<T extends object>(file: InputFile, read: T | DocumentFault): T {
    if (!("fault" in read)) {
        return read;
    }
    const { fault, fix } = read;
    const name = quote(file.path);
    throw new UnusableInput(`${fault.startsWith(name) ? nameOf(file) + fault.slice(name.length) : fault} ${fix}`);
}
