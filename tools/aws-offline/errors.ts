import { randomUUID } from "node:crypto";

/** What AWS answered in place of a result. */
interface Failure {
    readonly status: number;
    readonly code: string;
    readonly reason: string;
    readonly requestId?: string | undefined;
}

/** An answer of AWS, in the words in which the real provider (AWS SDK for Go) shows it. */
export class AwsError extends Error {
    readonly status: number;
    readonly code: string;

    constructor(service: string, operation: string, { status, code, reason, requestId = randomUUID() }: Failure) {
        super(
            `operation error ${service}: ${operation}, https response error StatusCode: ${status}, ` +
                `RequestID: ${requestId}, ${code}: ${reason}`,
        );
        this.status = status;
        this.code = code;
    }
}

export function hasCode(error: unknown, code: string): boolean {
    return error instanceof AwsError && error.code === code;
}

/** Runs one step of a resource under the real provider's heading for it. */
export async function step<T>(heading: string, run: () => Promise<T>): Promise<T> {
    try {
        return await run();
    } catch (error) {
        throw new Error(`${heading}: ${(error as Error).message}`, { cause: error });
    }
}

/** Runs a function under the heading, and in the form, in which the real provider (Terraform's, behind Pulumi's bridge) shows its error. */
export async function invoking<T>(token: string, run: () => Promise<T>): Promise<T> {
    try {
        return await run();
    } catch (error) {
        const message = `invoking ${token}: 1 error occurred:\n\t* ${(error as Error).message}\n\n`;
        throw new Error(message, { cause: error });
    }
}

/** The emulator finds the same faults as AWS but words some of them differently. */
const awsWords: readonly [pattern: RegExp, words: string][] = [
    [/^Role (\S+) not found\.$/, "The role with name $1 cannot be found."],
    [/^OIDC provider with url (\S+) already exists\.$/, "Provider with url $1 already exists."],
    [/^OIDC provider (\S+) not found\.$/, "OpenIDConnect Provider not found for arn $1"],
];

/** Turns what an SDK client throws into an AwsError; anything that is no answer of AWS keeps its own message. */
export function fromSdk(service: string, operation: string, error: unknown): Error {
    const answer = error as {
        name?: string;
        message?: string;
        Code?: string;
        Error?: { Code?: string };
        $metadata?: { httpStatusCode?: number; requestId?: string };
    };
    const status = answer.$metadata?.httpStatusCode;
    if (status === undefined) {
        // A refused connection arrives as an AggregateError whose own message is empty.
        const causes = error instanceof AggregateError ? (error.errors as Error[]).map((cause) => cause.message) : [];
        const message = [answer.message, ...causes].filter(Boolean).join("; ") || (answer.name ?? String(error));
        return new Error(`operation error ${service}: ${operation}, ${message}`, { cause: error });
    }
    const code = answer.Code ?? answer.Error?.Code ?? (answer.name ?? "UnknownError").replace(/Exception$/, "");
    const reason = awsWords.reduce((words, [pattern, aws]) => words.replace(pattern, aws), answer.message ?? "");
    return new AwsError(service, operation, { status, code, reason, requestId: answer.$metadata?.requestId });
}
