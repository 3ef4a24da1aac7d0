import type { DocumentFacts } from "../audit/account-facts";
import type { DocumentFault, OnEvent } from "../audit/documents";
import { quote } from "../contract/quote";
import { DETAILS_CALL, providerCall, PROVIDERS_CALL, ROLES_CALL } from "../iam/aws-calls";
import { checkHeap } from "./heap";
import { nameOf, type InputFile, type InputFiles } from "./input-files";
import { usageError } from "./options";
import type { CommandReference } from "./reference/reference";
import { uncompressed } from "./uncompressed";
import { UnusableInput } from "./unusable-input";

/** Where a command reads accounts from. */
export interface AccountSources {
    readonly files: readonly InputFile[];
    /** Whether the account of the AWS CLI on PATH is one of them. */
    readonly awsCli: boolean;
}

/** The facts of everything that describes accounts. Throws if a source cannot be used, or none has a role. */
export async function readAccounts(
    command: Pick<CommandReference, "name">,
    { files, awsCli }: AccountSources,
    inputs: InputFiles,
    onEvent: OnEvent,
): Promise<DocumentFacts> {
    const { DocumentReader } = await import("../audit/documents.js");
    const { joinFacts } = await import("../audit/account-facts.js");
    const read: DocumentFacts[] = [];
    let kept = 0;
    const readPieces: ReadPieces = async (name, pieces) => {
        const reader = new DocumentReader(name, onEvent);
        for await (const piece of pieces) {
            reader.push(piece);
            checkHeap(kept + reader.kept);
            if (reader.hasFault) {
                break;
            }
        }
        kept += reader.kept;
        return reader.end();
    };
    for (const file of files) {
        read.push(usableDocument(file, await readPieces(file.path, piecesOfAccountFile(file, inputs))));
    }
    if (awsCli) {
        read.push(...(await readAwsCli(readPieces)));
    }
    const facts = joinFacts(read);
    if (facts.roles.length === 0) {
        throw usageError(
            command,
            awsCli
                ? "The account of the AWS CLI has no role."
                : "No file has a role. Add the output of `aws iam get-account-authorization-details`.",
        );
    }
    return facts;
}

type ReadPieces = (name: string, pieces: AsyncIterable<Uint8Array>) => Promise<DocumentFacts | DocumentFault>;

/** The facts of the account of the AWS CLI. */
async function readAwsCli(readPieces: ReadPieces): Promise<readonly DocumentFacts[]> {
    const { accountOfRole } = await import("../audit/iam-output.js");
    const { nameOfCall, outputOfAwsCli, unusableOutput } = await import("./aws-cli.js");
    const read = async (call: string, account?: string): Promise<DocumentFacts> => {
        const output = outputOfAwsCli(call);
        const facts = await readPieces(nameOfCall(call), account === undefined ? output : ofAccount(account, output));
        if ("fault" in facts) {
            throw unusableOutput(call, facts);
        }
        return facts;
    };
    const facts = [await read(DETAILS_CALL), await read(ROLES_CALL)];
    const [first] = facts.flatMap(({ roles }) => roles);
    const list = await read(PROVIDERS_CALL, first && accountOfRole(first.arn));
    for (const { arn } of list.providers) {
        facts.push(await read(providerCall(arn!), accountOfRole(arn!)));
    }
    return [...facts, list];
}

/** A document of IAM that does not contain its account. */
async function* ofAccount(account: string, document: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`{${JSON.stringify(account)}:`);
    yield* document;
    yield Buffer.from("}");
}

/** The content of a file, which may be compressed. */
export async function contentOfAccountFile(file: InputFile, inputs: InputFiles): Promise<Uint8Array> {
    const all: Uint8Array[] = [];
    for await (const piece of piecesOfAccountFile(file, inputs)) {
        all.push(piece);
    }
    return Buffer.concat(all);
}

/** The same, piece by piece. */
function piecesOfAccountFile(file: InputFile, inputs: InputFiles): AsyncIterable<Uint8Array> {
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
