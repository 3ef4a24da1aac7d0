import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { Agent, createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { awsEnvironment } from "./environment";
import { forward, parametersOf, type Upstream } from "./forward";
import { listenLocally } from "./local-server";

export interface AccountProxyOptions {
    /** The emulator, or a gate in front of it. */
    upstream: { readonly endpoint: string };
    /** CloudTrail records, which the emulator does not have. */
    events?: readonly CloudTrailRecord[];
    /** When roles were last used, by name, in ISO 8601: the emulator does not record it. */
    lastUsed?: Readonly<Record<string, string>>;
}

/** The members of a CloudTrail record that `LookupEvents` returns again beside it. */
export interface CloudTrailRecord {
    readonly eventID: string;
    readonly eventName: string;
    readonly eventSource: string;
    readonly eventTime: string;
    readonly awsRegion: string;
    readonly readOnly: boolean;
    readonly userIdentity: { readonly userName: string };
}

/** One request to AWS. */
export interface AccountCall {
    /** The IAM action: `iam:ListRoles`. */
    readonly action: string;
    readonly accessKeyId: string;
}

export interface AccountProxy {
    /** `http://127.0.0.1:PORT`. */
    endpoint: string;
    /** As the emulator's, with the proxy's endpoint. */
    env: Record<string, string>;
    /** The requests so far, oldest first. */
    calls: readonly AccountCall[];
    stop(): Promise<void>;
}

/**
 * A proxy in front of the emulator that adds what AWS has for an audit and the emulator lacks: in GetAccountAuthorizationDetails the
 * boundary and the last use of roles, in pages, and CloudTrail's LookupEvents. It passes on everything else, and records all calls.
 * Sources: AWS, "RoleDetail" and "GetAccountAuthorizationDetails" (IAM), "LookupEvents" (CloudTrail).
 */
export async function startAccountProxy({
    upstream,
    events = [],
    lastUsed = {},
}: AccountProxyOptions): Promise<AccountProxy> {
    const calls: AccountCall[] = [];
    const to: Upstream = { url: new URL(upstream.endpoint), agent: new Agent({ keepAlive: true }) };
    const iam = new IAMClient({
        endpoint: upstream.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "testing", secretAccessKey: "testing" },
    });

    async function answerTo(request: IncomingMessage): Promise<Answer | IncomingMessage> {
        const body = await buffer(request);
        const parameters = parametersOf(request.url ?? "/", body);
        // "Elements of an AWS API request signature": Credential=KEY/DATE/REGION/SERVICE/aws4_request.
        const [, key = "", region = "", service = ""] =
            /Credential=([^/,]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
        const target = String(request.headers["x-amz-target"] ?? "")
            .split(".")
            .pop()!;
        calls.push({ action: `${service}:${parameters.get("Action") ?? target}`, accessKeyId: key });
        if (service === "cloudtrail" && target === "LookupEvents") {
            const own = events.filter(({ awsRegion }) => awsRegion === region);
            return { type: "application/x-amz-json-1.1", text: JSON.stringify(lookUp(own, String(body))) };
        }
        const answer = await forward(to, request, body);
        if (parameters.get("Action") !== "GetAccountAuthorizationDetails" || answer.statusCode !== 200) {
            return answer;
        }
        const text = await completed(String(await buffer(answer)), iam, lastUsed);
        return { type: "text/xml", text: pageOf(text, parameters.get("Marker")) };
    }

    const server = createServer((request, response) => {
        answerTo(request).then(
            (answer) => {
                if ("text" in answer) {
                    response.writeHead(200, { "content-type": answer.type }).end(answer.text);
                } else {
                    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
                    answer.pipe(response);
                }
            },
            (error: unknown) => {
                response.writeHead(502, { "content-type": "text/plain" }).end(`account proxy: ${String(error)}\n`);
            },
        );
    });
    const { endpoint, close } = await listenLocally(server);
    return {
        endpoint,
        env: awsEnvironment(endpoint),
        calls,
        stop: async () => {
            await close();
            to.agent.destroy();
            iam.destroy();
        },
    };
}

interface Answer {
    readonly type: string;
    readonly text: string;
}

interface LookupEvents {
    readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[];
    readonly NextToken?: string;
}

/** Events of a page, the most that CloudTrail returns. */
const EVENTS = 50;

function lookUp(events: readonly CloudTrailRecord[], request: string): object {
    const {
        LookupAttributes: attributes = [],
        NextToken: token = "0",
        ...others
    } = JSON.parse(request) as LookupEvents;
    const [attribute, ...more] = attributes;
    if (attribute?.AttributeKey !== "EventName" || more.length > 0 || Object.keys(others).length > 0) {
        throw new Error(`LookupEvents is only known by EventName: ${request}`);
    }
    const found = events
        .filter(({ eventName }) => eventName === attribute.AttributeValue)
        .sort((a, b) => (a.eventTime < b.eventTime ? 1 : -1));
    const end = Number(token) + EVENTS;
    return {
        Events: found.slice(Number(token), end).map((event) => ({
            EventId: event.eventID,
            EventName: event.eventName,
            ReadOnly: String(event.readOnly),
            EventTime: Date.parse(event.eventTime) / 1000,
            EventSource: event.eventSource,
            Username: event.userIdentity.userName,
            Resources: [],
            CloudTrailEvent: JSON.stringify(event),
        })),
        ...(end < found.length && { NextToken: String(end) }),
    };
}

const ROLES = /(?<=<RoleDetailList>).*(?=<\/RoleDetailList>)/s;

/** The roles with what the emulator leaves out of them. */
async function completed(xml: string, iam: IAMClient, lastUsed: Readonly<Record<string, string>>): Promise<string> {
    const roles = rolesIn(xml).map(async (role) => {
        const RoleName = /<RoleName>([^<]*)</.exec(role)![1]!;
        const { Role: found } = await iam.send(new GetRoleCommand({ RoleName }));
        const boundary = found?.PermissionsBoundary?.PermissionsBoundaryArn;
        const used = lastUsed[RoleName];
        const more = [
            boundary === undefined
                ? ""
                : `<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType><PermissionsBoundaryArn>${boundary}</PermissionsBoundaryArn></PermissionsBoundary>`,
            used === undefined
                ? "<RoleLastUsed/>"
                : `<RoleLastUsed><LastUsedDate>${used}</LastUsedDate><Region>eu-central-1</Region></RoleLastUsed>`,
        ];
        return role.replace(/<\/member>$/, () => `${more.join("")}</member>`);
    });
    const all = (await Promise.all(roles)).join("");
    return xml.replace(ROLES, () => all);
}

/** The elements of the roles. Each begins with its name, as no element within it does. */
function rolesIn(xml: string): readonly string[] {
    return (ROLES.exec(xml)?.[0] ?? "").split(/(?=<member><RoleName>)/).filter((role) => role !== "");
}

/** Roles of a page. AWS returns 100 by default, "but might return fewer". */
const PAGE = 30;

/** One page of the roles. The policies are on the last one. */
function pageOf(xml: string, marker = "0"): string {
    const roles = rolesIn(xml);
    const end = Number(marker) + PAGE;
    const page = xml.replace(ROLES, () => roles.slice(Number(marker), end).join(""));
    return end >= roles.length
        ? page
        : page
              .replace(/(?<=<Policies>).*(?=<\/Policies>)/s, "")
              .replace(
                  "<IsTruncated>false</IsTruncated>",
                  `<IsTruncated>true</IsTruncated><Marker>${String(end)}</Marker>`,
              );
}
