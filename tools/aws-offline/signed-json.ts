import { createHash, createHmac, randomUUID } from "node:crypto";
import { AwsError } from "./errors";

/** A service of AWS with the protocol JSON 1.1, and who calls it. */
export interface JsonService {
    /** As errors name it. */
    readonly name: string;
    /** The service in the scope of a signature. */
    readonly signingName: string;
    /** What comes before the operation in `X-Amz-Target`. */
    readonly target: string;
}

export interface Caller {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string;
    };
}

/** Calls an operation, signed with Signature Version 4; what AWS refuses is thrown as an AwsError. */
export async function callJson(
    service: JsonService,
    operation: string,
    input: object,
    caller: Caller,
): Promise<Readonly<Record<string, unknown>>> {
    const body = JSON.stringify(input);
    const headers = {
        "content-type": "application/x-amz-json-1.1",
        host: new URL(caller.endpoint).host,
        "x-amz-date": new Date().toISOString().replace(/[-:]|\.\d+/g, ""),
        "x-amz-target": `${service.target}.${operation}`,
        ...(caller.credentials.sessionToken !== undefined && {
            "x-amz-security-token": caller.credentials.sessionToken,
        }),
    };
    let response: Response;
    try {
        response = await fetch(caller.endpoint, {
            method: "POST",
            headers: { ...headers, authorization: authorization(service, headers, body, caller) },
            body,
        });
    } catch (error) {
        const { message, cause } = error as Error;
        const why = cause instanceof Error ? cause.message : message;
        throw new Error(`operation error ${service.name}: ${operation}, ${why}`, { cause: error });
    }
    const answer = JSON.parse((await response.text()) || "{}") as Readonly<Record<string, unknown>>;
    if (response.ok) return answer;
    throw new AwsError(service.name, operation, {
        status: response.status,
        code: textOf(answer["__type"]).replace(/^.*#/, "") || "UnknownError",
        reason: textOf(answer["message"] ?? answer["Message"]),
        requestId: response.headers.get("x-amzn-requestid") ?? randomUUID(),
    });
}

function textOf(value: unknown): string {
    return typeof value === "string" ? value : "";
}

/** AWS, "Create a signed AWS API request". */
function authorization(
    { signingName }: JsonService,
    headers: Readonly<Record<string, string>>,
    body: string,
    { region, credentials }: Caller,
): string {
    const time = headers["x-amz-date"]!;
    const day = time.slice(0, 8);
    const names = Object.keys(headers).sort();
    const signed = names.join(";");
    const canonical = ["POST", "/", "", ...names.map((name) => `${name}:${headers[name]!}`), "", signed, hash(body)];
    const scope = `${day}/${region}/${signingName}/aws4_request`;
    const text = ["AWS4-HMAC-SHA256", time, scope, hash(canonical.join("\n"))].join("\n");
    const key = [day, region, signingName, "aws4_request"].reduce<Buffer | string>(
        (secret, part) => createHmac("sha256", secret).update(part).digest(),
        `AWS4${credentials.secretAccessKey}`,
    );
    const signature = createHmac("sha256", key).update(text).digest("hex");
    return `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

function hash(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}
