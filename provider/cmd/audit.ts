import { quote } from "../contract/quote";
import { packageJson } from "../contract/schema";
import type { AuditReport } from "../audit/report";
import { contentOfAccountFile, readAccounts, usableDocument } from "./account-files";
import { checkStandardInput, InputFiles, type InputFile } from "./input-files";
import { jsonText, jsonTexts } from "./json-text";
import { guardrailNames, naming } from "./option-paths";
import { parse, usageError } from "./options";
import { AUDIT } from "./reference/audit";
import { periodOf } from "./period-option";
import { readOwnTarget, writeChanges } from "./target-file";
import { FAILED, OK, type Terminal } from "./terminal";

/** `aws-gitlab-oidc audit`: the roles that GitLab jobs can assume, and how much they can do. */
export async function audit(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(AUDIT, args);
    const { json, sarif, html, baseline, url, accept, period, guardrail = [], "fail-on": failOn = "error" } = values;
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
    const inputs = new InputFiles(terminal);
    const options = {
        ...(url !== undefined && { urls: url }),
        ...(accept !== undefined && { accept }),
        ...(period !== undefined && { period: periodOf(AUDIT, period, Date.now()) }),
        guardrails: guardrailFiles.map((file) => inputs.guardrail(file)),
    };
    const page = html === undefined ? undefined : await pageFor(html);
    // The access levels of AWS are large, and no other command needs them.
    const core = await import("../audit/audit.js");
    const { compareFindings, findingKeys, readBaseline } = await import("../audit/baseline.js");
    const names = { urls: "--url", accept: "--accept", period: "--period", ...guardrailNames(guardrailFiles) };
    const checked = naming(names, () => core.checkedOptions(options));
    const before =
        baselineFile &&
        usableDocument(
            baselineFile,
            readBaseline({
                name: baselineFile.path,
                content: await contentOfAccountFile(baselineFile, inputs),
            }),
        );
    const facts = await readAccounts(AUDIT, { files, awsCli: values["aws-cli"] }, inputs, (event) => {
        checked.seen.add(event);
    });
    const audited = naming(names, () => core.auditFacts(facts, checked));
    const report: AuditReport =
        before === undefined ? audited : { ...audited, difference: compareFindings(before, findingKeys(audited)) };
    page?.write(report, terminal);
    if (json) {
        for (const text of jsonTexts(report)) {
            terminal.out(text);
        }
    } else if (sarif) {
        const { sarifOf } = await import("../audit/sarif.js");
        terminal.out(jsonText(sarifOf(report, { name: "aws-gitlab-oidc", version: packageJson().version })));
    } else {
        const { auditText } = await import("./audit-text.js");
        terminal.out(auditText(report, terminal.colour));
    }
    return isFailed(report, failOn) ? FAILED : OK;
}

/** The page, which is written when the report is complete. Throws if the file cannot be written, before the audit begins. */
async function pageFor(name: string): Promise<{ readonly write: (report: AuditReport, terminal: Terminal) => void }> {
    const { auditPageOf, emptyAuditPage, PAGE_BEGINNING } = await import("./audit-page.js");
    const target = readOwnTarget(name, PAGE_BEGINNING);
    return {
        write: (report, terminal) => {
            writeChanges([{ ...target, after: auditPageOf(report, emptyAuditPage()) }]);
            terminal.err(`wrote ${quote(name)}\n`);
        },
    };
}

function isFailed({ roles, difference }: AuditReport, failOn: string): boolean {
    const findings = roles.flatMap((role) => role.findings).filter(({ accepted }) => !accepted);
    switch (failOn) {
        case "new":
            return difference!.new.length > 0;
        case "admin":
            return roles.some(({ power }) => power === "administrator");
        default:
            return findings.some(({ severity }) => severity === "error" || failOn === "warning");
    }
}
