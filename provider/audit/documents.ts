import { CUT_OFF, NOT_JSON, NOT_UTF8, takeJsonObject } from "../contract/json-document";
import { JsonPieces } from "../contract/json-pieces";
import { isObject } from "../contract/object";
import { quote } from "../contract/quote";
import { rolesIn } from "../iam/role-list";
import { type DocumentFacts, joinFacts, NO_FACTS, type AuditSource } from "./account-facts";
import { eventsIn } from "./events";
import { readProvider, readProviderList, readRoles, withDefaultVersion } from "./iam-output";
import { readPulumiState, readTerraformState } from "./state-documents";

/** A document of the audit. */
export interface AuditDocument {
    /** Name for reports and messages: the name of the file, or `-` for standard input. */
    readonly name: string;
    /** JSON text, also in UTF-8, or an object. A text may have several documents, one after the other. */
    readonly content: string | Uint8Array | object;
}

/** Why a document cannot be used, and the fix. */
export interface DocumentFault {
    readonly fault: string;
    readonly fix: string;
}

/** Bytes of a document that stay in memory: what a JavaScript string can have. */
const LARGEST = 500_000_000;
const TOO_LARGE = "has more than 500 MB, not counting CloudTrail events";

/** Receives each CloudTrail event, as it is in the document. */
export type OnEvent = (event: unknown) => void;

const KINDS =
    "Give the output of `aws iam get-account-authorization-details`, `get-role`, `list-roles`, `get-open-id-connect-provider` or `list-open-id-connect-providers`, of `pulumi stack export`, of `terraform show -json`, or CloudTrail events; for several accounts, an object from account ID to documents.";

/** Reads a document of any kind. The kind is recognized by the content. */
export function readDocument({ name, content }: AuditDocument, onEvent: OnEvent): DocumentFacts | DocumentFault {
    if (typeof content === "string" || content instanceof Uint8Array) {
        const reader = new DocumentReader(name, onEvent);
        reader.push(typeof content === "string" ? new TextEncoder().encode(content) : content);
        return reader.end();
    }
    const { object, fault } = takeJsonObject(Array.isArray(content) ? { content } : content, LARGEST);
    return object === undefined ? faultOf(name, fault) : readValue(content, undefined, { name, onEvent });
}

/** Lists of users, groups, policies and roles, as IAM has them. */
const IDENTITIES = ["UserDetailList", "GroupDetailList"];
const POLICIES = "Policies";
const EVENTS = ["Records", "Events"];
const LISTS: ReadonlySet<string> = new Set([...IDENTITIES, POLICIES, ...EVENTS, "RoleDetailList", "Roles"]);

/** Reads a document, or several ones after the other, piece by piece. Events do not stay in memory. */
export class DocumentReader {
    private readonly read: DocumentFacts[] = [];
    private fault: DocumentFault | undefined;
    private readonly pieces: JsonPieces;

    constructor(
        private readonly name: string,
        private readonly onEvent: OnEvent,
    ) {
        this.pieces = new JsonPieces({
            lists: LISTS,
            isOuter: isAccount,
            take: (list, element) => this.take(list, element),
            add: (document) => this.add(document),
            largest: LARGEST,
            tooLarge: TOO_LARGE,
        });
    }

    /** Whether the document has a fault. Further pieces do not matter then. */
    get hasFault(): boolean {
        return (this.fault ?? this.pieces.fault) !== undefined;
    }

    /** Characters of the document that stay in memory. */
    get kept(): number {
        return this.pieces.kept;
    }

    push(bytes: Uint8Array): void {
        this.pieces.push(bytes);
    }

    end(): DocumentFacts | DocumentFault {
        const fault = this.pieces.end();
        return fault === undefined ? (this.fault ?? joinFacts(this.read)) : faultOf(this.name, fault);
    }

    /** The part of an element that the audit needs. */
    private take(list: string, element: unknown): unknown {
        if (EVENTS.includes(list) && isEvent(element)) {
            this.onEvent(element);
            return undefined;
        }
        return !isObject(element)
            ? element
            : IDENTITIES.includes(list)
              ? { Arn: element["Arn"] }
              : list === POLICIES
                ? withDefaultVersion(element)
                : element;
    }

    private add(document: unknown): boolean {
        const { name, onEvent } = this;
        const facts = this.fault ?? readValue(document, undefined, { name, onEvent });
        if ("fault" in facts) {
            this.fault = facts;
        } else if (facts !== ONLY_EVENTS || !this.read.includes(ONLY_EVENTS)) {
            this.read.push(facts);
        }
        return facts !== ONLY_EVENTS;
    }
}

/** The facts of a document that has only events. */
const ONLY_EVENTS: DocumentFacts = { ...NO_FACTS, hasEvents: true };

function faultOf(name: string, fault: string): DocumentFault {
    return { fault: `${quote(name)} ${fault}.`, fix: fixOf(fault) };
}

function isAccount(name: string): boolean {
    return /^\d{12}$/.test(name);
}

function fixOf(fault: string): string {
    switch (fault) {
        case "is empty":
        case CUT_OFF:
            return "Write the file again, and check that the command which writes it ends without an error.";
        case NOT_UTF8:
            return "Save the file as UTF-8.";
        case NOT_JSON:
            return `${KINDS} The AWS CLI needs \`--output json\` if another format is configured.`;
        default:
            return KINDS;
    }
}

interface Reading {
    /** Name of the document. */
    readonly name: string;
    readonly onEvent: OnEvent;
}

/** Reads one JSON value, which may have many documents. */
function readValue(value: unknown, account: string | undefined, reading: Reading): DocumentFacts | DocumentFault {
    const list = listIn(value);
    if (list === undefined) {
        return isObject(value) ? readObject(value, account, reading) : wrongKind(reading.name, NO_KIND);
    }
    const read: DocumentFacts[] = [];
    for (const [inner, innerAccount] of list) {
        const facts = isObject(inner)
            ? readValue(inner, innerAccount ?? account, reading)
            : wrongKind(reading.name, NO_KIND);
        if ("fault" in facts) {
            return facts;
        }
        read.push(facts);
    }
    return joinFacts(read);
}

const NO_KIND = "is JSON, but not a document that the audit can read";

/** The documents of an array, or those of an object from account ID to documents, each with its account. */
function listIn(value: unknown): readonly (readonly [document: unknown, account?: string])[] | undefined {
    if (Array.isArray(value)) {
        return (value as unknown[]).map((document) => [document]);
    }
    const entries = isObject(value) ? Object.entries(value) : [];
    return entries.length > 0 && entries.every(([account]) => isAccount(account))
        ? entries.flatMap(([account, documents]) =>
              Array.isArray(documents)
                  ? (documents as unknown[]).map((document) => [document, account] as const)
                  : [[documents, account] as const],
          )
        : undefined;
}

type Members = Readonly<Record<string, unknown>>;

function readObject(
    object: Members,
    account: string | undefined,
    { name, onEvent }: Reading,
): DocumentFacts | DocumentFault {
    const ofAws: AuditSource = { name, isFromAws: true };
    const ofState: AuditSource = { name, isFromAws: false };
    if (isRoleOutput(object)) {
        return readRoles(object, account, ofAws);
    }
    if (typeof object["Url"] === "string" && Array.isArray(object["ClientIDList"])) {
        return readProvider(object, account, ofAws);
    }
    if (Array.isArray(object["OpenIDConnectProviderList"])) {
        return readProviderList(object["OpenIDConnectProviderList"], account, ofAws);
    }
    const deployment =
        object["deployment"] ?? (isObject(object["checkpoint"]) ? object["checkpoint"]["latest"] : undefined);
    if (isObject(deployment)) {
        return readPulumiState(deployment, ofState);
    }
    if (typeof object["format_version"] === "string" && object["planned_values"] === undefined) {
        return readTerraformState(object["values"], ofState);
    }
    if (!hasEvents(object)) {
        return wrongKind(name, ...whatItIs(object));
    }
    eventsIn(object).forEach(onEvent);
    return ONLY_EVENTS;
}

function isRoleOutput(object: Members): boolean {
    const lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Roles"];
    return (
        lists.some((list) => Array.isArray(object[list])) ||
        isPolicyList(object["Policies"]) ||
        rolesIn(object).length > 0
    );
}

function isPolicyList(value: unknown): boolean {
    return Array.isArray(value) && value.every((policy) => isObject(policy) && typeof policy["Arn"] === "string");
}

/** Whether a document is an event of CloudTrail, a log file or the output of `aws cloudtrail lookup-events`. */
function hasEvents(object: Members): boolean {
    const [list] = [object["Records"], object["Events"], [object]].filter(Array.isArray) as [unknown[], ...unknown[]];
    return list.every(isEvent);
}

/** Whether a value is an event of CloudTrail or an item of `aws cloudtrail lookup-events`. */
function isEvent(value: unknown): boolean {
    return isObject(value) && (value["eventName"] ?? value["CloudTrailEvent"]) !== undefined;
}

/** The kind of a document that cannot be used, and the document to give instead. */
function whatItIs(object: Members): readonly [what: string, fix?: string] {
    if (object["planned_values"] !== undefined) {
        return ["is a Terraform plan, not a state", "Give the output of `terraform show -json` without a plan file."];
    }
    if (object["lineage"] !== undefined && object["resources"] !== undefined) {
        return ["is Terraform's own state file", "Give the output of `terraform show -json`."];
    }
    if (object["Statement"] !== undefined) {
        return ["is a policy without its role", "Give the output of `aws iam get-role`."];
    }
    return Array.isArray(object["roles"]) && Array.isArray(object["projects"])
        ? ["is a report of an audit", "To compare reports, give it as the baseline."]
        : [NO_KIND];
}

function wrongKind(name: string, what: string, fix = KINDS): DocumentFault {
    return { fault: `${quote(name)} ${what}.`, fix };
}
