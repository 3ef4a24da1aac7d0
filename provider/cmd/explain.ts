import { explainEvent, type EventExplanation, type EventVerdict } from "../audit/explain-event";
import { CALLS } from "../operations/calls";
import { quote } from "../contract/quote";
import { isObject } from "../contract/object";
import type { ExplainTrustArgs } from "../contract/types";
import { hasTrustPolicy, isUrlEncoded, roleArnIn } from "../trust/role-output";
import { chosenEvent, hasEvents, type ChosenEvent } from "./event-file";
import { eventText } from "./event-text";
import { checkStandardInput, InputFiles, nameOf, optionFile, type InputFile } from "./input-files";
import { jsonText } from "./json-text";
import { guardrailNames, naming, namingGuardrail } from "./option-paths";
import { parse, usageError } from "./options";
import { EXPLAIN } from "./reference/explain";
import { explanationText } from "./report";
import { FAILED, OK, UNUSABLE, type Terminal } from "./terminal";
import { policyFiles } from "./trust-policies";
import { UnusableInput } from "./unusable-input";

/** `aws-gitlab-oidc explain`: whether AWS would allow a job to assume a role and, if not, why. */
export function explain(args: readonly string[], terminal: Terminal): number {
    const { values, operands } = parse(EXPLAIN, args);
    const [policyFile] = policyFiles(EXPLAIN, operands, values["trust-policy"]);
    const claimsFile = optionFile("--claims", values.claims);
    const tokenFile = optionFile("--token", values.token);
    const eventFile = optionFile("--event", values.event);
    const [first, second] = [claimsFile, tokenFile, eventFile].filter((file) => file !== undefined);
    const missing = [
        ...(policyFile === undefined ? ["the trust policy (FILE or --trust-policy FILE)"] : []),
        ...(first === undefined
            ? ["the job's claims, ID token or event (--claims FILE, --token FILE or --event FILE)"]
            : []),
    ];
    if (missing.length > 0) {
        throw usageError(EXPLAIN, `Missing: ${missing.join(", and ")}.`);
    }
    if (second !== undefined) {
        throw usageError(EXPLAIN, `${first!.option!} and ${second.option!} cannot be used together.`);
    }
    if (eventFile !== undefined && values.context !== undefined) {
        throw usageError(EXPLAIN, "--event and --context cannot be used together.");
    }
    const guardrailFiles = (values.guardrail ?? []).map((path): InputFile => ({ option: "--guardrail", path }));
    checkStandardInput([policyFile, first, ...guardrailFiles]);
    const names = guardrailNames(guardrailFiles);
    const context = Object.fromEntries((values.context ?? []).map(pair));
    const files = new InputFiles(terminal);
    const trustPolicy = files.trustPolicy(policyFile!);
    if (eventFile !== undefined) {
        const chosen = eventIn(eventFile, trustPolicy, terminal);
        const guardrails = guardrailFiles.map((file) => files.guardrail(file));
        const explanation = naming(names, () => explainEvent(chosen.event, trustPolicy, guardrails));
        return printEvent(chosen, namingGuardrail(explanation, names), values.json, terminal);
    }
    const claims = claimsFile && claimsIn(claimsFile, files, { file: policyFile!, text: trustPolicy });
    const inputs = {
        trustPolicy,
        ...(claims !== undefined && { claims }),
        ...(tokenFile !== undefined && { token: files.read(tokenFile).trim() }),
        context,
        ...(guardrailFiles.length > 0 && guardrailsOf(guardrailFiles, files, trustPolicy)),
    };
    const result = namingGuardrail(
        naming(names, () => CALLS.explainTrust(inputs)),
        names,
    );
    terminal.out(values.json ? jsonText(result) : explanationText(result, terminal.colour));
    return result.allowed ? OK : FAILED;
}

/** The guardrails, and the ARN of the role if the trust policy was in the role. */
function guardrailsOf(
    guardrailFiles: readonly InputFile[],
    files: InputFiles,
    trustPolicy: string,
): Pick<ExplainTrustArgs, "guardrails" | "roleArn"> {
    const roleArn = roleArnIn(trustPolicy);
    const guardrails = guardrailFiles.map((file) => files.guardrail(file));
    return { guardrails, ...(roleArn !== undefined && { roleArn }) };
}

/** Megabytes of a file of events: several thousand of them. */
const MOST_MEGABYTES = 20;

const STATUSES: Readonly<Record<EventVerdict, number>> = { allowed: OK, denied: FAILED, unknown: UNUSABLE };

/** The event of a file, for a trust policy that is given as text. */
function eventIn(file: InputFile, trustPolicy: string, terminal: Terminal): ChosenEvent {
    const chosen = chosenEvent({
        file,
        document: new InputFiles(terminal, MOST_MEGABYTES).events(file),
        role: roleArnIn(trustPolicy),
        isSwapped: () => !isUrlEncoded(trustPolicy) && hasEvents(JSON.parse(trustPolicy)),
    });
    for (const reason of chosen.unreadable) {
        terminal.err(`aws-gitlab-oidc: ${nameOf(file)}: ${reason}\n`);
    }
    return chosen;
}

/** Prints whether the policies allow the call of an event. An event with too little information cannot be used. */
function printEvent(chosen: ChosenEvent, explanation: EventExplanation, json: boolean, terminal: Terminal): number {
    terminal.out(
        json
            ? jsonText({ ...explanation, event: { id: chosen.id, ...chosen.event } })
            : eventText(chosen, explanation, terminal.colour),
    );
    return STATUSES[explanation.verdict];
}

interface PolicyText {
    readonly file: InputFile;
    readonly text: string;
}

function claimsIn(file: InputFile, files: InputFiles, policy: PolicyText): Readonly<Record<string, unknown>> {
    const value = files.claims(file);
    if (hasTrustPolicy(value)) {
        throw new UnusableInput(
            isClaims(policy.text)
                ? `${nameOf(policy.file)} contains claims, and ${nameOf(file)} contains a trust policy. Swap the two.`
                : `${nameOf(file)} contains a trust policy. Use the claims of the job's ID token.`,
        );
    }
    if (!isObject(value)) {
        throw new UnusableInput(`${nameOf(file)} is not a JSON object of claims.`);
    }
    return value;
}

/** Whether the text is an object with an issuer, as claims are and a trust policy is not. */
function isClaims(text: string): boolean {
    const value: unknown = isUrlEncoded(text) ? undefined : JSON.parse(text);
    return isObject(value) && value["iss"] !== undefined;
}

function pair(argument: string): [string, string] {
    const at = argument.indexOf("=");
    if (at < 1) {
        throw new UnusableInput(`--context ${quote(argument)} is not KEY=VALUE.`);
    }
    return [argument.slice(0, at), argument.slice(at + 1)];
}
