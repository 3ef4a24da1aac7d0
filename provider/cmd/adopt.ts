import type { Adoption } from "../adopt/adopt";
import type { PeriodEvents } from "../adopt/tighten";
import { throwErrors, Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import { issuerUrlFindings } from "../gitlab/issuer-url";
import { readAccountFiles } from "./account-files";
import { adoptText } from "./adopt-text";
import { checkStandardInput, InputFiles, type InputFile } from "./input-files";
import { jsonText } from "./json-text";
import { parse, usageError } from "./options";
import { periodOf } from "./period-option";
import { ADOPT } from "./reference/adopt";
import { counted } from "./report";
import { foreignFiles, readTargetBelow, writeChanges, type Change } from "./target-file";
import { FAILED, OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const MARK = "Written by aws-gitlab-oidc adopt.";
const HEADING = `${MARK} Delete this line before you edit the file: without it, the command does not overwrite the file.`;

/** How the files of this command begin, besides the heading of a program. JSON has no comments. */
const OWN = new RegExp(
    `^(?:(?:// |# )${MARK.replaceAll(".", "\\.")}|\\{\\s*"resources": \\[\\s*\\{\\s*"type": "aws-gitlab-oidc:index:)`,
);

/** `aws-gitlab-oidc adopt`: a program for the roles that an account already has. */
export async function adopt(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(ADOPT, args);
    const { language, out, url = [], account, tighten, period } = values;
    if (language === undefined || out === undefined) {
        throw usageError(
            ADOPT,
            `${language === undefined ? "--language typescript or yaml" : "--out DIR"} is missing.`,
        );
    }
    const findings = new Findings();
    findings.addAll(url.flatMap((each) => issuerUrlFindings(each, "--url")));
    throwErrors(findings);
    const events = await eventsFor({ tighten, period });
    const files = operands.map((path): InputFile => ({ path }));
    checkStandardInput(files);
    const facts = await readAccountFiles(ADOPT, files, new InputFiles(terminal), (event) => {
        events?.seen.add(event);
    });
    if (events !== undefined && !facts.hasEvents) {
        throw usageError(
            ADOPT,
            "--tighten requires CloudTrail events. Add log files, or the output of `aws cloudtrail lookup-events`.",
        );
    }
    const { adoptFacts } = await import("../adopt/adopt.js");
    const { accounts, notes } = adoptFacts(facts, url, events);
    for (const note of [...notes, ...unreadableNotes(events)]) {
        terminal.err(`aws-gitlab-oidc: note: ${note}\n`);
    }
    const adoption = chosenAccount(accounts, account);
    const changes = adoption.components.length === 0 ? [] : await changesOf(adoption, out, language);
    writeChanges(changes);
    terminal.out(
        adoptText(
            adoption,
            changes.map(({ name }) => name),
            terminal.colour,
        ),
    );
    const { components, incomplete, left } = adoption;
    return components.length > 0 && incomplete.length + left.length === 0 ? OK : FAILED;
}

/** Collects the events that narrow the roles; undefined without `--tighten`. */
async function eventsFor(options: {
    readonly tighten: boolean | undefined;
    readonly period: string | undefined;
}): Promise<PeriodEvents | undefined> {
    const { tighten = false, period } = options;
    if (!tighten && period === undefined) {
        return undefined;
    }
    if (!tighten || period === undefined) {
        throw usageError(
            ADOPT,
            tighten
                ? "--tighten requires --period: the period that the CloudTrail events cover, such as 90d."
                : "--period can be used only with --tighten.",
        );
    }
    const { eventsOfPeriod } = await import("../adopt/tighten.js");
    return eventsOfPeriod(periodOf(ADOPT, period, Date.now()), "--period");
}

function unreadableNotes(events: PeriodEvents | undefined): readonly string[] {
    const { unreadable = 0 } = events?.seen ?? {};
    return unreadable === 0
        ? []
        : [`${counted(unreadable, "event")} cannot be read. Jobs that only these events show may lose access.`];
}

function chosenAccount(accounts: readonly Adoption[], id: string | undefined): Adoption {
    const ids = accounts.map(({ account }) => account);
    const concerned = accounts.filter(
        ({ components, incomplete, left }) => components.length + incomplete.length + left.length > 0,
    );
    if (id !== undefined) {
        const found = accounts.find(({ account }) => account === id);
        if (found === undefined) {
            throw new UnusableInput(
                `--account ${quote(id)} is not an account of the files. They describe ${ids.join(", ")}.`,
            );
        }
        return found;
    }
    if (concerned.length > 1) {
        throw usageError(
            ADOPT,
            `The files have roles of the accounts ${concerned.map((each) => each.account).join(", ")}, and a program is for one account. Add --account ID.`,
        );
    }
    return concerned[0] ?? accounts[0]!;
}

async function changesOf({ components }: Adoption, out: string, language: string): Promise<readonly Change[]> {
    const { importFileOf } = await import("../adopt/import-file.js");
    const { typescriptProgram } = await import("../adopt/typescript.js");
    const { yamlProgram } = await import("../adopt/yaml-program.js");
    const program =
        language === "yaml"
            ? { path: "Pulumi.yaml", after: yamlProgram(components, HEADING) }
            : { path: "index.ts", after: typescriptProgram(components, HEADING) };
    const changes = [program, { path: "import.json", after: jsonText(importFileOf(components)) }].map(
        ({ path, after }): Change => ({ ...readTargetBelow(out, path), after }),
    );
    const others = changes.filter(({ before = "" }) => before !== "" && !OWN.test(before));
    if (others.length > 0) {
        throw foreignFiles(others.map(({ name }) => name));
    }
    return changes;
}
