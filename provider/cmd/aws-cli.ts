import { spawn } from "node:child_process";
import type { DocumentFault } from "../audit/documents";
import { visible } from "../contract/quote";
import { UnusableInput } from "./unusable-input";

/** How a call ended. */
interface End {
    readonly status?: number | null;
    readonly signal?: NodeJS.Signals | null;
    readonly error?: NodeJS.ErrnoException;
}

/** Characters of the error output that are kept: more than any message of the AWS CLI. */
const MOST_CHARACTERS = 10_000;

/** The output of a call of the AWS CLI, piece by piece. Throws if the call fails. Arguments of the call have no spaces. */
export async function* outputOfAwsCli(call: string): AsyncGenerator<Uint8Array> {
    const [program, ...args] = call.split(" ");
    // Without a pager and questions, and without the reader's standard input, which may be one of the files.
    const env = { ...process.env, AWS_PAGER: "", AWS_CLI_AUTO_PROMPT: "off" };
    const child = spawn(program!, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
        errors = (errors + text).slice(-MOST_CHARACTERS);
    });
    const ended = new Promise<End>((resolve) => {
        child.once("error", (error) => resolve({ error }));
        child.once("close", (status, signal) => resolve({ status, signal }));
    });
    try {
        yield* child.stdout as AsyncIterable<Uint8Array>;
        const end = await ended;
        if (end.status !== 0) {
            throw failed(call, end, errors);
        }
    } finally {
        child.kill();
    }
}

/** The error for output that is no document, or is cut off. */
export function unusableOutput(call: string, { fault }: DocumentFault): UnusableInput {
    return new UnusableInput(`The output of ${fault} Run \`${call}\`, and check that it prints JSON without an error.`);
}

/** The call without its options. */
export function nameOfCall(call: string): string {
    return call.split(" --")[0]!;
}

function failed(call: string, { status, signal, error }: End, errors: string): UnusableInput {
    if (error?.code === "ENOENT") {
        return new UnusableInput(
            "The AWS CLI is not on PATH. Install it, or run its calls elsewhere and give their output as files.",
        );
    }
    const cause = messageIn(errors);
    const how =
        error !== undefined
            ? error.message
            : typeof signal === "string"
              ? `it was ended by ${signal}`
              : `it ended with status ${String(status)}`;
    const fix = FIXES.find(([pattern]) => pattern.test(cause))?.[1];
    return new UnusableInput(
        [`\`${nameOfCall(call)}\` failed: ${sentence(visible(cause === "" ? how : cause))}`, fix].join(" ").trimEnd(),
    );
}

function sentence(text: string): string {
    return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The message of the AWS CLI: the line that has an error, else the last one. */
function messageIn(errors: string): string {
    const lines = errors
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    const line = lines.find((each) => /\berror\b/i.test(each)) ?? lines.at(-1) ?? "";
    return line.replace(/^aws: \[ERROR\]: /, "");
}

/** The fix for messages of the AWS CLI and for error codes of AWS. Source: AWS, "Common errors" of the IAM API. */
const FIXES: readonly (readonly [pattern: RegExp, fix: string])[] = [
    [
        /\((?:ExpiredToken(?:Exception)?|RequestExpired)\)|(?:token|session|credentials)\b.*\bexpired/i,
        "Get new credentials, for example with `aws sso login`, and run the command again.",
    ],
    [
        /locate credentials|partial credentials|config profile|loading SSO token/i,
        "Set AWS_PROFILE to a profile with credentials, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.",
    ],
    [
        /\((?:InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId)\)/,
        "AWS does not accept the credentials. Check AWS_PROFILE, and the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, which come before it.",
    ],
    [/\(AccessDenied(?:Exception)?\)/, "Allow this action for these credentials, or use other ones."],
    [
        /\((?:Throttling(?:Exception)?|TooManyRequestsException)\)|rate exceeded/i,
        "AWS limits the rate of calls. Run the command again later, or set AWS_RETRY_MODE=adaptive and AWS_MAX_ATTEMPTS=10.",
    ],
    [/connect|timed? ?out|endpoint/i, "Check the network, the proxy, AWS_REGION and AWS_ENDPOINT_URL."],
];
