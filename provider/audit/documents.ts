import { CUT_OFF, NOT_JSON, readJsonDocuments, takeJsonObject } from "../contract/json-document";
import { isObject } from "../contract/object";
import { quote } from "../contract/quote";
import { rolesIn } from "../iam/role-list";
import { type DocumentFacts, joinFacts, NO_FACTS, type AuditSource } from "./account-facts";
import { eventsIn } from "./events";
import { readProvider, readProviderList, readRoles } from "./iam-output";
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

/** Characters of a document that is read in one piece: what a JavaScript string can have. */
const LARGEST = 500_000_000;

const KINDS =
    "Give the output of `aws iam get-account-authorization-details`, `get-role`, `list-roles`, `get-open-id-connect-provider` or `list-open-id-connect-providers`, of `pulumi stack export`, of `terraform show -json`, or CloudTrail events; for several accounts, an object from account ID to documents.";

/** Reads a document of any kind. The kind is recognized by the content. */
export function readDocument({ name, content }: AuditDocument): DocumentFacts | DocumentFault {
    const values = valuesIn(content);
    if ("fault" in values) {
        return { fault: `${quote(name)} ${values.fault}.`, fix: fixOf(values.fault) };
    }
    const read: DocumentFacts[] = [];
    for (const value of values.values) {
        const facts = readValue(value, undefined, name);
        if ("fault" in facts) {
            return facts;
        }
        read.push(facts);
    }
    return joinFacts(read);
}

function valuesIn(content: AuditDocument["content"]): { readonly values: readonly unknown[] } | { fault: string } {
    if (typeof content === "string" || content instanceof Uint8Array) {
        const { values, fault } = readJsonDocuments(content, LARGEST);
        return fault === undefined ? { values } : { fault };
    }
    const { object, fault } = takeJsonObject(Array.isArray(content) ? { content } : content, LARGEST);
    return object === undefined ? { fault } : { values: [content] };
}

function fixOf(fault: string): string {
    switch (fault) {
        case "is empty":
        case CUT_OFF:
            return "Write the file again, and check that the command which writes it ends without an error.";
        case "is not valid UTF-8":
            return "Save the file as UTF-8.";
        case NOT_JSON:
            return `${KINDS} The AWS CLI needs \`--output json\` if another format is configured.`;
        default:
            return KINDS;
    }
}

/** Reads one JSON value, which may have many documents. */
function readValue(value: unknown, account: string | undefined, name: string): DocumentFacts | DocumentFault {
    const list = listIn(value);
    if (list === undefined) {
        return isObject(value) ? readObject(value, account, name) : wrongKind(name, NO_KIND);
    }
    const read: DocumentFacts[] = [];
    for (const [inner, innerAccount] of list) {
        const facts = isObject(inner) ? readValue(inner, innerAccount ?? account, name) : wrongKind(name, NO_KIND);
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
    return entries.length > 0 && entries.every(([account]) => /^\d{12}$/.test(account))
        ? entries.flatMap(([account, documents]) =>
              Array.isArray(documents)
                  ? (documents as unknown[]).map((document) => [document, account] as const)
                  : [[documents, account] as const],
          )
        : undefined;
}

type Members = Readonly<Record<string, unknown>>;

function readObject(object: Members, account: string | undefined, name: string): DocumentFacts | DocumentFault {
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
    return hasEvents(object) ? { ...NO_FACTS, events: eventsIn(object) } : wrongKind(name, ...whatItIs(object));
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
    return list.every((event) => isObject(event) && (event["eventName"] ?? event["CloudTrailEvent"]) !== undefined);
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
