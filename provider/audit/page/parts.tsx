import type { ComponentChildren, JSX } from "preact";
import { documentationOf } from "../../contract/documentation";
import { capitalized, visible } from "../../contract/quote";
import type { Severity } from "../../contract/rules";
import type { PowerLevel } from "../power";
import type { AuditedRole } from "../report";
import { Mark } from "./marks";
import { hashOf } from "./route";

/** The power of a role. */
export function PowerBadge({ power, isAtLeast = false }: { power: PowerLevel; isAtLeast?: boolean }): JSX.Element {
    return (
        <span class={`badge power-${power}`}>
            {capitalized(power)}
            {isAtLeast && <span class="badge-note"> at least</span>}
        </span>
    );
}

/** A severity, or how many findings of it a role has. */
export function SeverityMark({ severity, text }: { severity: Severity; text?: string }): JSX.Element {
    return (
        <span class={`severity severity-${severity}`}>
            <Mark shape={severity} />
            {text ?? capitalized(severity)}
        </span>
    );
}

/** How many errors and warnings a role has. */
export function FindingCounts({ findings }: Pick<AuditedRole, "findings">): JSX.Element {
    if (findings.length === 0) {
        return <span class="muted">None</span>;
    }
    const errors = findings.filter(({ severity }) => severity === "error").length;
    const warnings = findings.length - errors;
    return (
        <span class="counts">
            {errors > 0 && <SeverityMark severity="error" text={amountOf(errors, "error")} />}
            {warnings > 0 && <SeverityMark severity="warning" text={amountOf(warnings, "warning")} />}
        </span>
    );
}

/** A link to the documentation of a rule. It is the only kind of link that leads out of the page. */
export function RuleLink({ id }: { id: string }): JSX.Element {
    return (
        <a class="rule" href={documentationOf(id)} rel="noreferrer noopener" target="_blank">
            {id}
            <span class="sr-only"> (documentation, in a new tab)</span>
        </a>
    );
}

export function RoleLink({ role }: { role: Pick<AuditedRole, "arn" | "name"> }): JSX.Element {
    return (
        <a class="role-link" href={hashOf({ view: "role", arn: role.arn })}>
            {visible(role.name)}
        </a>
    );
}

/** A sentence of a message, with its code in backticks. */
export function Prose({ text }: { text: string }): JSX.Element {
    return (
        <>
            {visible(text)
                .split("`")
                .map((part, i) => (i % 2 === 0 ? part : <code key={i}>{part}</code>))}
        </>
    );
}

/** A heading and its content, as a region that the heading names. */
export function Section({
    id,
    title,
    children,
}: {
    id: string;
    title: ComponentChildren;
    children: ComponentChildren;
}): JSX.Element {
    return (
        <section aria-labelledby={id} class="section">
            <h2 id={id}>{title}</h2>
            {children}
        </section>
    );
}

/** A wide table or text that scrolls on its own, with the keyboard too. */
export function Scrolled({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
    return (
        <div class="scrolled" role="region" aria-label={label} tabIndex={0}>
            {children}
        </div>
    );
}

/** Text of a document, with its line breaks. */
export function Code({ label, text }: { label: string; text: string }): JSX.Element {
    return (
        <Scrolled label={label}>
            <pre>
                <code>{text.split("\n").map(visible).join("\n")}</code>
            </pre>
        </Scrolled>
    );
}

/** The buttons of a list that is shown page by page. */
export function Pager({
    total,
    page,
    what,
    onPage,
}: {
    total: number;
    page: number;
    what: string;
    onPage: (page: number) => void;
}): JSX.Element | null {
    const last = lastPage(total);
    if (last === 1) {
        return null;
    }
    return (
        <nav class="pager" aria-label={`Pages of ${what}`}>
            <button type="button" disabled={page === 1} onClick={() => onPage(page - 1)}>
                Previous
            </button>
            <span>
                Page {page} of {last}
            </span>
            <button type="button" disabled={page === last} onClick={() => onPage(page + 1)}>
                Next
            </button>
        </nav>
    );
}

/** Rows of one page of a list. */
export const PAGE_SIZE = 50;

function lastPage(total: number): number {
    return Math.max(1, Math.ceil(total / PAGE_SIZE));
}

/** The items of one page of a list, and its number: the last page if there are fewer. */
export function pageOf<T>(
    items: readonly T[],
    wanted: number,
): { readonly page: number; readonly items: readonly T[] } {
    const page = Math.min(wanted, lastPage(items.length));
    return { page, items: items.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE) };
}

/** The caption of a table: which items of a list it has, if not all. */
export function Range({ total, page, noun }: { total: number; page: number; noun: string }): JSX.Element {
    const last = Math.min(page * PAGE_SIZE, total);
    return total <= PAGE_SIZE ? (
        <caption class="sr-only">{amountOf(total, noun)}</caption>
    ) : (
        <caption>
            {number((page - 1) * PAGE_SIZE + 1)}–{number(last)} of {amountOf(total, noun)}
        </caption>
    );
}

export function amountOf(count: number, noun: string): string {
    return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number with separators: 10,000. */
export function number(value: number): string {
    return String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A time in UTC without its `T` and `Z`. */
export function timeText(time: string): string {
    return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ$/, "$1 $2 UTC");
}
