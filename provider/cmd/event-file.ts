import { eventsIn, readEvent, type ReadEvent, type WebIdentityEvent } from "../audit/events";
import { quote } from "../contract/quote";
import { hasTrustPolicy } from "../trust/role-output";
import { nameOf, type InputFile } from "./input-files";
import { distinct, listed } from "./lists";
import { counted } from "./report";
import { UnusableInput } from "./unusable-input";

type Call = Extract<ReadEvent, { readonly kind: "call" }>;

/** The event of a file that `explain` explains. */
export interface ChosenEvent {
    /** ID of the event; undefined if it has none. */
    readonly id: string | undefined;
    readonly event: WebIdentityEvent;
    /** How many events of the file have the same role, `sub` claim and audience and were denied. This is the newest of them. */
    readonly count: number;
    /** Why further events of the file cannot be read. */
    readonly unreadable: readonly string[];
}

/** A file of events, and the role that they must be of, if it is known. */
export interface EventFile {
    readonly file: InputFile;
    readonly document: unknown;
    readonly role: string | undefined;
    /** Whether the trust policy's file has events. */
    readonly isSwapped: () => boolean;
}

/** Whether a document has an event of CloudTrail. */
export function hasEvents(document: unknown): boolean {
    return eventsIn(document).some((one) => readEvent(one).kind !== "unreadable");
}

/** The only event of a file, or the newest denied one of the role, if all denied ones have the same `sub` claim and audience. */
export function chosenEvent({ file, document, role, isSwapped }: EventFile): ChosenEvent {
    const name = nameOf(file);
    if (hasTrustPolicy(document)) {
        throw new UnusableInput(
            `${name} contains a trust policy${isSwapped() ? ", and the trust policy's file contains events. Swap the two." : ". Use an event of CloudTrail."}`,
        );
    }
    const read = eventsIn(document).map(readEvent);
    const unreadable = read.flatMap((one) => (one.kind === "unreadable" ? [reasonOf(one)] : []));
    const calls = read.filter((one) => one.kind === "call");
    if (calls.length === 0) {
        throw new UnusableInput(
            `${name} has no event of AssumeRoleWithWebIdentity.${unreadable.length > 0 ? ` ${unreadable[0]!}` : " CloudTrail records it in the region of the STS endpoint that the job called."}`,
        );
    }
    const ofRole = calls.filter(({ event }) => role === undefined || event.roleArn === role);
    if (ofRole.length === 0) {
        const roles = distinct(calls, ({ event }) => event.roleArn).map(({ event }) => quote(event.roleArn));
        throw new UnusableInput(
            `${name} has no event of the role ${quote(role)}. Its events are of ${listed(roles, MOST_CHOICES)}.`,
        );
    }
    if (ofRole.length === 1) {
        return { ...ofRole[0]!, count: 1, unreadable };
    }
    const denied = deniedOf(ofRole);
    if (denied.length === 0) {
        throw new UnusableInput(
            `${name} has ${counted(ofRole.length, "event")} of AssumeRoleWithWebIdentity${role === undefined ? "" : ` for the role ${quote(role)}`}, and AWS allowed all of them.`,
        );
    }
    const newestFirst = [...denied].sort((a, b) => Date.parse(b.event.time) - Date.parse(a.event.time));
    const choices = distinct(newestFirst, subjectOf);
    if (choices.length > 1) {
        throw new UnusableInput(choiceText(name, choices, role));
    }
    return { ...choices[0]!, count: denied.length, unreadable };
}

/** The calls that the trust policy denied or, if there are none, those that AWS rejected for another reason. */
function deniedOf(calls: readonly Call[]): readonly Call[] {
    const failed = calls.filter(({ event }) => event.errorCode !== undefined);
    const denied = failed.filter(({ event }) => event.errorCode === "AccessDenied");
    return denied.length > 0 ? denied : failed;
}

function subjectOf({ event: { roleArn, provider, sub, audience } }: Call): string {
    return JSON.stringify([roleArn, provider, sub, audience].map((value) => value ?? null));
}

const MOST_CHOICES = 10;

function choiceText(name: string, choices: readonly Call[], role: string | undefined): string {
    const roles = distinct(choices, ({ event }) => event.roleArn);
    const more = choices.length - MOST_CHOICES;
    return [
        `${name} has denied events of ${String(choices.length)} roles, sub claims or audiences. Use one event:`,
        ...choices.slice(0, MOST_CHOICES).map((choice) => `  - ${choiceLine(choice)}`),
        ...(more > 0 ? [`  - and ${String(more)} more`] : []),
        ...(role === undefined && roles.length > 1
            ? [
                  "To use only the events of one role, use the output of `aws iam get-role --role-name NAME` as the trust policy.",
              ]
            : []),
        `To save one event: ${lookUp(choices[0]!)} > event.json`,
    ].join("\n");
}

function choiceLine({ id, event: { time, roleArn, sub, audience } }: Call): string {
    return [
        time,
        roleArn,
        sub === undefined ? "no sub claim" : `sub ${quote(sub)}`,
        audience === undefined ? "no readable audience" : `aud ${quote(audience)}`,
        ...(id === undefined ? [] : [`EventId ${quote(id)}`]),
    ].join(", ");
}

/** A call of the AWS CLI. Values of the event are part of it only if they mean nothing to a shell. */
function lookUp({ id, event: { region } }: Call): string {
    const isPlain = (value: string | undefined): value is string => value !== undefined && /^\w[\w-]*$/.test(value);
    const inRegion = isPlain(region) ? ` --region ${region}` : "";
    return `aws cloudtrail lookup-events${inRegion} --lookup-attributes AttributeKey=EventId,AttributeValue=${isPlain(id) ? id : "ID"}`;
}

function reasonOf({ id, reason }: Extract<ReadEvent, { readonly kind: "unreadable" }>): string {
    return `The event ${id === undefined ? "" : `${id} `}cannot be read. ${reason}`;
}
