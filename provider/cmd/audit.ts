import { gunzipSync } from "node:zlib";
import { quote } from "../contract/quote";
import { packageJson } from "../contract/schema";
import type { DocumentFacts } from "../audit/account-facts";
import type { AuditDocument, DocumentFault } from "../audit/documents";
import type { AuditReport } from "../audit/report";
import { checkStandardInput, InputFiles, nameOf, type InputFile } from "./input-files";
import { jsonText } from "./json-text";
import { withOptions } from "./option-paths";
import { parse, usageError } from "./options";
import { textIn, isUtf16 } from "./read-text";
import { AUDIT } from "./reference/audit";
import { FAILED, OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** Size of a file, uncompressed: the text of one is read in one piece. */
const MEGABYTES = 500;

/** `aws-gitlab-oidc audit`: the roles that GitLab jobs can assume, and how much they can do. */
export async function audit(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(AUDIT, args);
    const { json, sarif, baseline, url, accept, "fail-on": failOn = "error", guardrail = [] } = values;
    if (json && sarif) {
        throw usageError(AUDIT, "--json and --sarif cannot be used together.");
    }
    if (failOn === "new" && baseline === undefined) {
        throw usageError(AUDIT, "--fail-on new requires --baseline FILE.");
    }
    const files = operands.map((path): InputFile => ({ path }));
    const baselineFile = baseline === undefined ? undefined : { option: "--baseline", path: baseline };
    const guardrailFiles = guardrail.map((path): InputFile => ({ option: "--guardrail", path }));
    checkStandardInput([...files, baselineFile, ...guardrailFiles]);
    // The access levels of AWS are large, and no other command needs them.
    const core = await import("../audit/audit.js");
    const { compareFindings, findingKeys, readBaseline } = await import("../audit/baseline.js");
    const inputs = new InputFiles(terminal);
    const before = baselineFile && usable(baselineFile, readBaseline(documentOf(baselineFile, inputs)));
    const { readDocument } = await import("../audit/documents.js");
    const { joinFacts } = await import("../audit/account-facts.js");
    const seen = core.gitLabEvents();
    const read = files.map((file): DocumentFacts => {
        const { events, ...facts } = usable(file, readDocument(documentOf(file, inputs)));
        // Only what the report needs is kept of the events.
        for (const event of events) {
            seen.add(event);
        }
        return { ...facts, events: [] };
    });
    const facts = joinFacts(read);
    if (facts.roles.length === 0) {
        throw new UnusableInput(
            `No file has a role. Add the output of \`aws iam get-account-authorization-details\`. Help: aws-gitlab-oidc help audit`,
        );
    }
    const options = {
        ...(url !== undefined && { urls: url }),
        ...(accept !== undefined && { accept }),
        guardrails: guardrailFiles.map((file) => inputs.json(file)),
    };
    const audited = reportOf(() => core.auditFacts(facts, seen, options));
    const report: AuditReport =
        before === undefined ? audited : { ...audited, difference: compareFindings(before, findingKeys(audited)) };
    if (json) {
        terminal.out(jsonText(report));
    } else if (sarif) {
        const { sarifOf } = await import("../audit/sarif.js");
        terminal.out(jsonText(sarifOf(report, { name: "aws-gitlab-oidc", version: packageJson().version })));
    } else {
        const { auditText } = await import("./audit-text.js");
        terminal.out(auditText(report, terminal.colour));
    }
    return isFailed(report, failOn) ? FAILED : OK;
}

/** A file as the audit reads it: uncompressed, in UTF-8 without a byte order mark. */
function documentOf(file: InputFile, inputs: InputFiles): AuditDocument {
    const given = inputs.bytes(file, MEGABYTES);
    const bytes = given[0] === 0x1f && given[1] === 0x8b ? unzipped(file, given) : given;
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { name: file.path, content: isUtf16(bytes) ? textIn(bytes) : hasMark ? bytes.subarray(3) : bytes };
}

function unzipped(file: InputFile, bytes: Uint8Array): Uint8Array {
    try {
        return gunzipSync(bytes, { maxOutputLength: MEGABYTES * 1_000_000 });
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const reason =
            code === "ERR_BUFFER_TOO_LARGE"
                ? `it has more than ${String(MEGABYTES)} MB when it is uncompressed`
                : code === "Z_BUF_ERROR"
                  ? "it is compressed with gzip, and cut off"
                  : "it is compressed with gzip, and damaged";
        throw new UnusableInput(`${nameOf(file)} cannot be read: ${reason}.`);
    }
}

/** The content of a file. Throws if the file has a fault. */
function usable<T extends object>(file: InputFile, read: T | DocumentFault): T {
    if (!("fault" in read)) {
        return read;
    }
    const { fault, fix } = read;
    const name = quote(file.path);
    throw new UnusableInput(`${fault.startsWith(name) ? nameOf(file) + fault.slice(name.length) : fault} ${fix}`);
}

function reportOf(audited: () => AuditReport): AuditReport {
    try {
        return audited();
    } catch (error) {
        throw withOptions(error, { urls: "--url", accept: "--accept" });
    }
}

function isFailed({ roles, difference }: AuditReport, failOn: string): boolean {
    const findings = roles.flatMap((role) => role.findings);
    switch (failOn) {
        case "new":
            return difference!.new.length > 0;
        case "admin":
            return roles.some(({ power }) => power === "administrator");
        default:
            return findings.some(({ severity }) => severity === "error" || failOn === "warning");
    }
}
