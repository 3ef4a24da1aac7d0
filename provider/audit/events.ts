import { jsonTextOf, readJson } from "../contract/json-document";
import { isObject } from "../contract/object";
import { kindOf, quote } from "../contract/quote";
import { isRoleArn } from "../iam/arn";
import { utcTime } from "./utc-time";

/**
 * A call of AssumeRoleWithWebIdentity as CloudTrail records it.
 * Source: AWS, "Logging IAM and AWS STS API calls with AWS CloudTrail" and "CloudTrail record contents".
 */
export interface WebIdentityEvent {
    readonly roleArn: string;
    /** Account ID of the role. */
    readonly account: string;
    /** Time of the call in UTC: `2026-11-27T12:00:00Z`. */
    readonly time: string;
    /** ARN of the identity provider, or the name that IAM has for it; undefined if the event does not have it. */
    readonly provider: string | undefined;
    /** The token's `sub` claim; undefined if the event does not have it. */
    readonly sub: string | undefined;
    /** The token's audience; undefined (unparsed) if `principalId` does not consist of provider, audience and `sub` claim. */
    readonly audience: string | undefined;
    /** Region of the STS endpoint; undefined if the event does not have it. */
    readonly region: string | undefined;
    /** Address that the call came from; undefined if the event does not have it. */
    readonly address: string | undefined;
    /** ID of the VPC endpoint that the call came through; undefined if there is none. */
    readonly vpcEndpoint: string | undefined;
    readonly sessionName: string | undefined;
    /** Requested duration of the session, in seconds; undefined if the call did not request one. */
    readonly duration: number | undefined;
    /** AWS's error: `AccessDenied`, `ExpiredTokenException` and others; undefined if AWS allowed the call. */
    readonly errorCode: string | undefined;
    readonly errorMessage: string | undefined;
}

/** A call of a job. */
export interface ReadCall {
    readonly kind: "call";
    readonly id: string | undefined;
    /**
     * The same text for the same event in another file: its ID, or the whole event as JSON if it has none. Undefined if it has no JSON text.
     * Source: AWS, "CloudTrail record contents", `eventID`.
     */
    readonly identity: string | undefined;
    readonly event: WebIdentityEvent;
}

/** An event as far as it can be read: a call of a job, another event, or the reason why it cannot be read. */
export type ReadEvent =
    | ReadCall
    | { readonly kind: "other" }
    | { readonly kind: "unreadable"; readonly id: string | undefined; readonly reason: string };

const SOURCE = "sts.amazonaws.com";
const NAME = "AssumeRoleWithWebIdentity";

/** Characters of an event, more than CloudTrail writes. Source: AWS, "CloudTrail record contents". */
const LARGEST = 1_048_576;

/** Characters of a token, which has the `sub` claim and the audience. Source: AWS, "AssumeRoleWithWebIdentity". */
const LARGEST_TOKEN = 20_000;
const LARGEST_ARN = 2_048;
const LARGEST_NAME = 256;

/** Reads an event: as a record of a log file, as an item of `aws cloudtrail lookup-events`, or as JSON text of either. Never throws. */
export function readEvent(given: unknown): ReadEvent {
    if (typeof given === "string") {
        const { value, fault } = readJson(given, LARGEST);
        return fault === undefined && typeof value !== "string"
            ? readEvent(value)
            : unreadable(given, `The event ${fault ?? "is a JSON string"}.`);
    }
    if (!isObject(given)) {
        return unreadable(given, `The event is ${kindOf(given)}, not an object.`);
    }
    const text = given["CloudTrailEvent"];
    if (text === undefined) {
        return readRecord(given);
    }
    const { EventName: name } = given;
    if (typeof name === "string" && name !== NAME) {
        return { kind: "other" };
    }
    if (typeof text !== "string") {
        return unreadable(given, `CloudTrailEvent is ${kindOf(text)}, not JSON text.`);
    }
    const { value, fault } = readJson(text, LARGEST);
    return isObject(value)
        ? readRecord(value)
        : unreadable(given, `CloudTrailEvent ${fault ?? `is ${kindOf(value)}, not an object`}.`);
}

/**
 * The events of a document: `{"Events": […]}` of `aws cloudtrail lookup-events`, `{"Records": […]}` of a log file, a list of
 * events, or one event.
 */
export function eventsIn(document: unknown): readonly unknown[] {
    if (Array.isArray(document)) {
        return document as unknown[];
    }
    const lists = isObject(document) ? [document["Events"], document["Records"]].filter(Array.isArray) : [];
    return lists.length > 0 ? lists.flat() : [document];
}

type Members = Readonly<Record<string, unknown>>;

function readRecord(record: Members): ReadEvent {
    const { eventSource, eventName, eventTime, userIdentity, requestParameters } = record;
    if (eventName === undefined && eventSource === undefined) {
        return unreadable(record, "It has neither eventSource nor eventName, so it is not an event of CloudTrail.");
    }
    if (eventName !== NAME || eventSource !== SOURCE) {
        return { kind: "other" };
    }
    const time = utcTime(eventTime);
    if (time === undefined) {
        return unreadable(record, `eventTime is ${kindOf(eventTime)}, not a time like "2026-01-31T12:00:00Z".`);
    }
    const parameters = membersOf(requestParameters);
    const roleArn = parameters["roleArn"] ?? roleIn(record["resources"]);
    if (typeof roleArn !== "string" || roleArn.length > LARGEST_ARN || !isRoleArn(roleArn)) {
        return unreadable(record, `requestParameters.roleArn is ${kindOf(roleArn)}, not the ARN of a role.`);
    }
    const caller = membersOf(userIdentity);
    const provider = textOf(caller["identityProvider"], LARGEST_ARN);
    const sub = textOf(caller["userName"], LARGEST_TOKEN);
    const duration = parameters["durationSeconds"];
    const errorCode = textOf(record["errorCode"], LARGEST_NAME);
    if (errorCode === undefined && !isMissing(record["errorCode"])) {
        return unreadable(
            record,
            `errorCode is ${kindOf(record["errorCode"])}, so it is not clear whether AWS allowed the call.`,
        );
    }
    const id = textOf(record["eventID"], LARGEST_NAME);
    return {
        kind: "call",
        id,
        identity: id ?? jsonTextOf(record),
        event: {
            roleArn,
            account: roleArn.split(":", 5)[4]!,
            time,
            provider,
            sub,
            audience: audienceIn(caller["principalId"], provider, sub),
            region: textOf(record["awsRegion"], LARGEST_NAME),
            address: textOf(record["sourceIPAddress"], LARGEST_NAME),
            vpcEndpoint: textOf(record["vpcEndpointId"], LARGEST_NAME),
            sessionName: textOf(parameters["roleSessionName"], LARGEST_NAME),
            duration: typeof duration === "number" && Number.isInteger(duration) ? duration : undefined,
            errorCode,
            errorMessage: textOf(record["errorMessage"], LARGEST_NAME),
        },
    };
}

/** The audience between the ARN of the identity provider and the `sub` claim. Both `sub` claim and audience can contain colons. */
function audienceIn(principalId: unknown, provider: string | undefined, sub: string | undefined): string | undefined {
    if (typeof principalId !== "string" || provider === undefined || sub === undefined) {
        return undefined;
    }
    const [begin, end] = [`${provider}:`, `:${sub}`];
    const audience = principalId.slice(begin.length, -end.length);
    return principalId === `${begin}${audience}${end}` && audience !== "" && audience.length <= LARGEST_TOKEN
        ? audience
        : undefined;
}

/** A denied call may have no parameters. Its resources include the role. */
function roleIn(resources: unknown): unknown {
    const roles = Array.isArray(resources)
        ? (resources as unknown[]).filter((r) => isObject(r) && r["type"] === "AWS::IAM::Role")
        : [];
    return roles.length === 1 ? membersOf(roles[0])["ARN"] : undefined;
}

function membersOf(value: unknown): Members {
    return isObject(value) ? value : {};
}

function textOf(value: unknown, longest: number): string | undefined {
    return typeof value === "string" && value !== "" && value.length <= longest ? value : undefined;
}

function isMissing(value: unknown): boolean {
    return value === undefined || value === null || value === "";
}

/** An event that cannot be read, with its ID for finding it. */
function unreadable(given: unknown, reason: string): ReadEvent {
    const { eventID, EventId } = membersOf(given);
    const id = eventID ?? EventId;
    return { kind: "unreadable", id: typeof id === "string" ? quote(id) : undefined, reason };
}
