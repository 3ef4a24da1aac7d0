import { readFileSync } from "node:fs";
import { getAsset, isSea } from "node:sea";
import { join } from "node:path";
import type { AuditReport } from "../audit/report";
import { withoutTokens } from "../contract/quote";

/** The page without a report. The build writes it next to this module, and into the executables of a release. */
export const AUDIT_PAGE = "audit-page.html";

/** Where the report is put into the page. */
export const REPORT_MARK = "{{report}}";

/** The beginning of the page, by which the command knows its own files. */
export const PAGE_BEGINNING = "<!doctype html>\n<!-- Written by aws-gitlab-oidc audit. -->\n";

/** The page without a report. */
export function emptyAuditPage(): string {
    return isSea() ? getAsset(AUDIT_PAGE, "utf8") : readFileSync(join(__dirname, AUDIT_PAGE), "utf8");
}

/** The report as a page for a browser: one file, which loads nothing else. Equal reports give equal pages. */
export function auditPageOf(report: AuditReport, emptyPage: string): string {
    const [before, after] = emptyPage.split(REPORT_MARK);
    return `${before!}${scriptJson(report)}${after!}`;
}

/** JSON for a script element: no text in it can end the element, and all of it can be part of an address. */
function scriptJson(value: unknown): string {
    const json = JSON.stringify(value);
    const wellFormed = /\\ud[89a-f]/.test(json) ? JSON.stringify(value, withoutSurrogates) : json;
    return withoutTokens(wellFormed).replace(
        /[<>&\u2028\u2029]/g,
        (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** Halves of a character that are alone. Addresses cannot have them. */
function withoutSurrogates(_: string, value: unknown): unknown {
    return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}
