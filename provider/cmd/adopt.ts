import type { Adoption } from "../adopt/adopt";
import type { StackTakeover, Takeover } from "../adopt/takeover";
import type { PeriodEvents } from "../adopt/tighten";
import { throwErrors, Findings } from "../contract/findings";
import { readJsonObject } from "../contract/json-document";
import { quote } from "../contract/quote";
import { issuerUrlFindings } from "../gitlab/issuer-url";
import { contentOfAccountFile, readAccounts } from "./account-files";
import type { AdoptResult, WrittenFile } from "./adopt-text";
import { checkStandardInput, InputFiles, nameOf, type InputFile } from "./input-files";
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
    `^(?:(?:// |# |\\{\\s*"writtenBy": ")${MARK.replaceAll(".", "\\.")}|\\{\\s*"resources": \\[\\s*\\{\\s*"type": "aws(?:-gitlab-oidc:index:|:iam/\\w+:\\w+",\\s*"name": "\\w+/))`,
);

/** `aws-gitlab-oidc adopt`: a program for the roles that an account already has. */
export async function adopt(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(ADOPT, args);
    const { json, language, out, url = [], account, tighten, period } = values;
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
    const documents = operands.map((path): InputFile => ({ path }));
    checkStandardInput(documents);
    const inputs = new InputFiles(terminal);
    const sources = { files: documents, awsCli: values["aws-cli"] };
    const facts = await readAccounts(ADOPT, sources, inputs, (event) => {
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
    const { takeoverOf } = await import("../adopt/takeover.js");
    const takeover = takeoverOf(adoption);
    const files = adoption.components.length === 0 ? {} : await filesOf(adoption, takeover, { out, language, inputs });
    writeChanges(Object.values(files));
    const { adoptJson, adoptText } = await import("./adopt-text.js");
    const result = { adoption, takeover, written: textsOf(files, "name"), paths: textsOf(files, "path") };
    terminal.out(json ? jsonText(adoptJson(result)) : adoptText(result, terminal.colour));
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

interface Writing {
    readonly out: string;
    readonly language: string;
    readonly inputs: InputFiles;
}

/** The files that the command writes. */
async function filesOf(
    { components }: Adoption,
    { ofStack, importFile }: Takeover,
    { out, language, inputs }: Writing,
): Promise<Partial<Record<WrittenFile, Change>>> {
    const { typescriptProgram } = await import("../adopt/typescript.js");
    const { functionKeys, yamlProgram } = await import("../adopt/yaml-program.js");
    const { isMoving } = await import("../adopt/takeover.js");
    const [callKey, ...otherKeys] = language === "yaml" ? functionKeys(components) : [];
    if (callKey !== undefined) {
        throw new UnusableInput(
            `Pulumi's YAML calls a function for ${[callKey, ...otherKeys].map(quote).join(", ")} in a tag or a policy. Use --language typescript.`,
        );
    }
    // A child of a component can have an alias only by a transform, which YAML does not have.
    const hasAliases = language === "typescript" && ofStack?.dropped.length === 0 && importFile === undefined;
    const hasState = ofStack !== undefined && !hasAliases && (isMoving(ofStack) || importFile !== undefined);
    const change = (path: string, after: string): Change => ({ ...readTargetBelow(out, path), after });
    const files = {
        program:
            language === "yaml"
                ? change("Pulumi.yaml", yamlProgram(components, HEADING, ofStack?.stack.project))
                : change("index.ts", typescriptProgram(components, HEADING, hasAliases ? ofStack.moves : [])),
        ...(hasState && { state: change("state.json", await stateText(ofStack, inputs)) }),
        ...(importFile !== undefined && { import: change("import.json", jsonText(importFile)) }),
    };
    const others = Object.values(files).filter(({ before = "" }) => before !== "" && !OWN.test(before));
    if (others.length > 0) {
        throw foreignFiles(others.map(({ name }) => name));
    }
    return files;
}

/** The new state of the stack. */
async function stateText(ofStack: StackTakeover, inputs: InputFiles): Promise<string> {
    const { childrenThatStay, movedState } = await import("../adopt/state-file.js");
    const path = ofStack.source;
    const exported = await exportedState({ path }, inputs);
    const [child, ...more] = childrenThatStay(exported, ofStack);
    if (child !== undefined) {
        throw new UnusableInput(
            `${quote(path)}: the parent of ${[child, ...more].map(quote).join(", ")} becomes a child of a component. Give ${more.length === 0 ? "this resource" : "these resources"} another parent first, and run \`pulumi up\`.`,
        );
    }
    // Pulumi ignores the first property.
    return `${JSON.stringify({ writtenBy: MARK, ...movedState(exported, ofStack) }, null, 4)}\n`;
}

async function exportedState(file: InputFile, inputs: InputFiles): Promise<Readonly<Record<string, unknown>>> {
    const name = nameOf(file);
    const fix = "Give the output of `pulumi stack export` as a file of its own.";
    if (file.path === "-") {
        throw new UnusableInput(`${name} cannot be read twice. ${fix}`);
    }
    const { object } = readJsonObject(await contentOfAccountFile(file, inputs));
    if (object === undefined || object["deployment"] === undefined) {
        throw new UnusableInput(`${name} has more than the state of one stack. ${fix}`);
    }
    return object;
}

function textsOf(files: Partial<Record<WrittenFile, Change>>, of: "name" | "path"): AdoptResult["written"] {
    return Object.fromEntries(Object.entries(files).map(([kind, file]) => [kind, file[of]]));
}
