import type { EventExplanation, EventVerdict } from "../audit/explain-event";
import { visible } from "../contract/quote";
import type { ChosenEvent } from "./event-file";
import { painter, textOf, type Style } from "./report";

const EVENT_HEADS: Readonly<Record<EventVerdict, readonly [style: Style, text: string]>> = {
    denied: ["red", "Denied: the trust policy does not allow this call."],
    allowed: ["green", "Allowed: the trust policy allows the sub claim and the audience of this call."],
    unknown: ["yellow", "Unknown: the event has too little information."],
};

const BY_GUARDRAIL = ["red", "Denied: a resource control policy does not allow this call."] as const;

/** The explanation of an event for a person at a terminal. */
export function eventText({ event, count }: ChosenEvent, explanation: EventExplanation, colour: boolean): string {
    const { verdict, cause, fix, undecided, note, deniedBy } = explanation;
    const { time, region, address, errorCode, errorMessage } = event;
    const paint = painter(colour);
    const rows: readonly (readonly [name: string, value: string | undefined])[] = [
        [
            "Event",
            `${[time, region, address].filter((value) => value !== undefined).join(", ")}${count > 1 ? ` (the newest of ${String(count)})` : ""}`,
        ],
        ["Role", event.roleArn],
        ["Sub", event.sub ?? "(not in the event)"],
        ["Aud", event.audience ?? "(not in the event)"],
        [
            "Error",
            errorCode === undefined
                ? undefined
                : [errorCode, ...(errorMessage === undefined ? [] : [errorMessage])].join(": "),
        ],
        ["Cause", cause],
        ["Fix", fix],
        ["Note", note],
    ];
    return textOf([
        paint(...(deniedBy === undefined ? EVENT_HEADS[verdict] : BY_GUARDRAIL)),
        ...rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(5)}  ${visible(value)}`])),
        ...(undecided.length > 0
            ? ["", paint("bold", "Conditions that depend on values that the event does not have")]
            : []),
        ...undecided.flatMap(({ path, expected }) => [
            `  ${visible(path)}`,
            ...expected.map((value, i) => `    ${i === 0 ? "expected" : "      or"}  ${visible(value)}`),
        ]),
    ]);
}
