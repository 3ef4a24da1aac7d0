import { randomUUID } from "node:crypto";
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { GetOpenIDConnectProviderCommand, GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import type { Emulator } from "./emulator";
import { awsEnvironment } from "./environment";
import { forward, parametersOf, type Upstream } from "./forward";
import { listenLocally } from "./local-server";
import {
    checkRequest,
    notAuthorized,
    parseRequest,
    Refusal,
    type AcceptedToken,
    type AccountRecords,
    type KeySource,
} from "./web-identity";

export interface GateOptions {
    emulator: Pick<Emulator, "endpoint">;
    /** The GitLab instances whose keys AWS could fetch. */
    issuers: readonly KeySource[];
    /** Whether a role allows a token by condition keys that the emulator does not have: gitlab.com's, apart from `sub` and `aud`. Default: yes. */
    otherKeys?: (roleArn: string, token: AcceptedToken) => boolean;
}

/** What became of one AssumeRoleWithWebIdentity. */
export interface Decision {
    outcome: "accepted" | "refused";
    /** The gate checks the token, the emulator the role's trust policy. */
    by: "gate" | "emulator";
    roleArn?: string;
    sessionName?: string;
    /** The token's `sub`. Where the gate refused, nobody has vouched for it. */
    subject?: string;
    /** AWS's error code, where refused. */
    code?: string;
    /** AWS's error text, or what was checked. */
    reason: string;
}

export interface Gate {
    /** `http://127.0.0.1:PORT`. */
    endpoint: string;
    /** As the emulator's, with the gate's endpoint. */
    env: Record<string, string>;
    /** The decisions so far, oldest first. */
    log: readonly Decision[];
    stop(): Promise<void>;
}

/**
 * A proxy in front of the emulator that passes everything on as it came, except that AssumeRoleWithWebIdentity must
 * first pass the checks of AWS that the emulator leaves out: see `checkRequest`.
 */
export async function startGate({ emulator, issuers, otherKeys = () => true }: GateOptions): Promise<Gate> {
    const log: Decision[] = [];
    const iam = new IAMClient({
        endpoint: emulator.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
    });
    const agent = new Agent({ keepAlive: true });
    const upstream: Upstream = { url: new URL(emulator.endpoint), agent };
    const records = recordsFrom(iam);

    const server = createServer((request, response) => {
        handle(request, response).catch((error: unknown) => {
            if (response.headersSent) {
                response.destroy();
            } else {
                response.writeHead(502, { "content-type": "text/plain" }).end(`gate: ${String(error)}\n`);
            }
        });
    });

    async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
        // Only the query and the body of a POST can name an action.
        const body = request.method === "POST" ? await buffer(request) : undefined;
        const parameters = parametersOf(request.url ?? "/", body);
        const target = request.headers["x-amz-target"];
        if (String(target).endsWith(".AssumeRoleWithWebIdentity")) {
            sendRefusal(response, new Refusal("InvalidAction", "STS has no JSON protocol"));
        } else if (parameters.get("Action") === "AssumeRoleWithWebIdentity") {
            await exchange(request, response, parameters);
        } else {
            const answer = await forward(upstream, request, body);
            response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
            answer.pipe(response);
            answer.once("error", () => response.destroy());
        }
    }

    async function exchange(
        request: IncomingMessage,
        response: ServerResponse,
        parameters: ReadonlyMap<string, string>,
    ): Promise<void> {
        const known = {
            roleArn: parameters.get("RoleArn"),
            sessionName: parameters.get("RoleSessionName"),
            subject: claimedSubject(parameters.get("WebIdentityToken")),
        };
        let accepted: AcceptedToken;
        try {
            const asked = parseRequest(parameters);
            accepted = await checkRequest(asked, records, issuers);
            if (!otherKeys(asked.roleArn, accepted)) {
                throw notAuthorized();
            }
        } catch (error) {
            if (!(error instanceof Refusal)) {
                throw error;
            }
            log.push({ ...known, outcome: "refused", by: "gate", code: error.code, reason: error.message });
            sendRefusal(response, error);
            return;
        }

        const form = new URLSearchParams([...parameters]);
        form.set("WebIdentityToken", asSeenByTrustPolicy(accepted));
        const answer = await postForm(upstream, request, form);
        const xml = String(await buffer(answer));
        const code = /<Code>([^<]*)<\/Code>/.exec(xml)?.[1];
        if (answer.statusCode === 200) {
            const reason = `token valid, audience ${accepted.audience} registered, trust policy satisfied`;
            log.push({ ...known, outcome: "accepted", by: "emulator", reason });
        } else {
            const reason = /<Message>([^<]*)<\/Message>/.exec(xml)?.[1] ?? xml;
            log.push({ ...known, outcome: "refused", by: "emulator", ...(code !== undefined && { code }), reason });
        }
        response.writeHead(answer.statusCode ?? 502, { "content-type": answer.headers["content-type"] ?? "text/xml" });
        response.end(withTokenFacts(xml, accepted));
    }

    const { endpoint, close } = await listenLocally(server);
    return {
        endpoint,
        env: awsEnvironment(endpoint),
        log,
        stop: async () => {
            await close();
            agent.destroy();
            iam.destroy();
        },
    };
}

function recordsFrom(iam: IAMClient): AccountRecords {
    const orNothing = (error: unknown) => {
        if (error instanceof NoSuchEntityException) {
            return undefined;
        }
        throw error;
    };
    return {
        clientIds: async (arn) => {
            const command = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
            const provider = await iam.send(command).catch(orNothing);
            return provider && (provider.ClientIDList ?? []);
        },
        role: async (name) => {
            const found = await iam.send(new GetRoleCommand({ RoleName: name })).catch(orNothing);
            const role = found?.Role;
            return role?.Arn === undefined
                ? undefined
                : { arn: role.Arn, maxSessionDuration: role.MaxSessionDuration ?? 3600 };
        },
    };
}

function postForm(upstream: Upstream, request: IncomingMessage, form: URLSearchParams): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
        const outgoing = httpRequest({
            agent: upstream.agent,
            host: upstream.url.hostname,
            port: upstream.url.port,
            method: "POST",
            path: "/",
            headers: {
                host: request.headers.host,
                "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            },
        });
        outgoing.once("response", resolve);
        outgoing.once("error", reject);
        outgoing.end(form.toString());
    });
}

/** AWS compares one audience; the emulator compares the claim as it stands, also a list. It checks no signature. */
function asSeenByTrustPolicy({ claims, audience }: AcceptedToken): string {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${encode({ alg: "RS256", typ: "JWT" })}.${encode({ ...claims, aud: audience })}.`;
}

/** The emulator's answer has the same subject, audience and provider for every token. */
function withTokenFacts(xml: string, { subject, audience, providerArn }: AcceptedToken): string {
    const facts = { SubjectFromWebIdentityToken: subject, Audience: audience, Provider: providerArn };
    return Object.entries(facts).reduce(
        (text, [name, value]) =>
            text.replace(new RegExp(`<${name}>[^<]*</${name}>`), () => `<${name}>${escapeXml(value)}</${name}>`),
        xml,
    );
}

function claimedSubject(token: string | undefined): string | undefined {
    try {
        const claims: unknown = JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString("utf8"));
        return typeof claims === "object" && claims !== null && "sub" in claims ? String(claims.sub) : undefined;
    } catch {
        return undefined;
    }
}

function sendRefusal(response: ServerResponse, { code, message, status }: Refusal): void {
    const requestId = randomUUID();
    response.writeHead(status, { "content-type": "text/xml", "x-amzn-requestid": requestId });
    response.end(
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">` +
            `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>` +
            `<RequestId>${requestId}</RequestId></ErrorResponse>\n`,
    );
}

function escapeXml(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
