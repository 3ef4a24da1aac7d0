import type { JSX } from "preact";
import type { Severity } from "../../contract/rules";
import type { AuditedSubject } from "../report";

/** Outlines of shapes, because some fonts lack them. A mark is hidden from screen readers: a text follows it. */
const PATHS: Readonly<Record<Severity | AuditedSubject["refs"], string>> = {
    error: "M2 1h12a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1zm2.2 4.6L6.6 8l-2.4 2.4 1.4 1.4L8 9.4l2.4 2.4 1.4-1.4L9.4 8l2.4-2.4-1.4-1.4L8 6.6 5.6 4.2z",
    warning: "M8 .8 15.6 14.4H.4zM7.1 5.8v4.4h1.8V5.8zm0 5.4v1.8h1.8v-1.8z",
    one: "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
    some: "M8 2.5 13.5 8 8 13.5 2.5 8z",
    any: "M2.5 2.5h11v11h-11z",
    unknown: "M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zm0 1.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
};

export function Mark({ shape }: { shape: keyof typeof PATHS }): JSX.Element {
    return (
        <svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d={PATHS[shape]} fill="currentColor" fill-rule="evenodd" />
        </svg>
    );
}
