import { documentationOfCheck } from "../contract/documentation";
import { quote, visible } from "../contract/quote";
import type { CheckIssuerArgs, IssuerCheck, IssuerCheckStatus } from "../contract/types";
import { checkStandardInput, InputFiles } from "./input-files";
import { jsonText } from "./json-text";
import { withOptions } from "./option-paths";
import { parse, usageError } from "./options";
import { DOCTOR } from "./reference/doctor";
import { counted, painter, textOf, type Paint } from "./report";
import { FAILED, OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** `aws-gitlab-oidc doctor`: whether AWS can use an instance as issuer. */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(DOCTOR, args);
    const url = withScheme(operands[0]!, terminal);
    const { ca, audience, token, timeout, json } = values;
    const connectTo = values["connect-to"];
    if (audience !== undefined && token === undefined) {
        throw usageError(DOCTOR, "--audience requires --token FILE: it is compared with the audience of the token.");
    }
    const caFile = ca === undefined ? undefined : { option: "--ca", path: ca };
    const tokenFile = token === undefined ? undefined : { option: "--token", path: token };
    checkStandardInput([caFile, tokenFile]);
    const files = new InputFiles(terminal);
    const inputs: CheckIssuerArgs = {
        url,
        ...(caFile !== undefined && { certificateAuthorities: files.read(caFile) }),
        ...(connectTo !== undefined && { connectTo }),
        allowPrivate: values["allow-private"],
        ...(audience !== undefined && { audience }),
        ...(tokenFile !== undefined && { token: files.read(tokenFile).trim() }),
        ...(timeout !== undefined && { timeout: secondsOf(timeout) }),
    };
    const paint = painter(terminal.colour);
    const { checkIssuerOn } = await import("../operations/check-issuer.js");
    const { INTERNET } = await import("../issuer/connection.js");
    const result = await checkIssuerOn(INTERNET, inputs, (check) => {
        // Skipped checks are put together at the end.
        if (!json && check.status !== "skipped") {
            terminal.out(checkText(check, paint));
        }
    }).catch((error: unknown) => {
        throw withOptions(error, OPTION_OF);
    });
    if (json) {
        terminal.out(jsonText(result));
    } else {
        const { awsWords } = await import("../issuer/aws-words.js");
        terminal.out(endText(result.checks, awsWords(result.checks, url), paint));
    }
    return result.ok ? OK : FAILED;
}

function withScheme(url: string, terminal: Terminal): string {
    if (url === "" || url.includes("://")) {
        return url;
    }
    terminal.err(`aws-gitlab-oidc: ${quote(url)} does not have a scheme. Checking ${quote(`https://${url}`)}.\n`);
    return `https://${url}`;
}

function secondsOf(timeout: string): number {
    if (!/^\d+(?:\.\d+)?$/.test(timeout)) {
        throw new UnusableInput(`--timeout ${quote(timeout)} is not a number of seconds.`);
    }
    return Number(timeout);
}

const OPTION_OF: Readonly<Record<string, string>> = {
    certificateAuthorities: "--ca",
    connectTo: "--connect-to",
    audience: "--audience",
    token: "--token",
    timeout: "--timeout",
};

const STYLES = { pass: "green", warn: "yellow", fail: "red", skipped: "cyan" } as const;

const STATUS_WIDTH = "skipped".length;
/** The longest id of a check. */
const ID_WIDTH = "discovery-response-types".length;

function checkText({ id, status, message, fix }: IssuerCheck, paint: Paint): string {
    const indent = " ".repeat(STATUS_WIDTH + 2 + ID_WIDTH + 2);
    return textOf([
        `${paint(STYLES[status], status.padEnd(STATUS_WIDTH))}  ${paint("bold", id.padEnd(ID_WIDTH))}  ${visible(message)}`,
        ...(fix === undefined ? [] : [`${indent}Fix: ${visible(fix)}`]),
        ...(status === "fail" ? [`${indent}Help: ${documentationOfCheck(id)}`] : []),
    ]);
}

/** The end of the output: the skipped checks, the counts and the result. */
function endText(checks: readonly IssuerCheck[], words: string | undefined, paint: Paint): string {
    const count = (status: IssuerCheckStatus): number => checks.filter((check) => check.status === status).length;
    const counts = (["pass", "warn", "fail", "skipped"] as const).map((status) => `${String(count(status))} ${status}`);
    return (
        skippedText(checks, paint) +
        textOf(["", counts.join(", "), ...resultLines({ words, hasWarnings: count("warn") > 0 }, paint)])
    );
}

/** A line for each skipped check; checks that were skipped for the same reason have one line. */
function skippedText(checks: readonly IssuerCheck[], paint: Paint): string {
    const skipped = checks.filter(({ status }) => status === "skipped");
    const reasons = [...new Set(skipped.map(({ message }) => message))];
    return reasons
        .map((reason) => {
            const same = skipped.filter(({ message }) => message === reason);
            const why = reason.replace(/^Skipped: /, "");
            return same.length === 1
                ? checkText({ ...same[0]!, message: why }, paint)
                : textOf([paint("cyan", `${counted(same.length, "check")} skipped: ${visible(why)}`)]);
        })
        .join("");
}

const NO_GUARANTEE = "(AWS connects from a different network, so this is not a guarantee.)";

function resultLines(
    { words, hasWarnings }: { readonly words: string | undefined; readonly hasWarnings: boolean },
    paint: Paint,
): readonly string[] {
    if (words !== undefined) {
        return [paint("red", `AWS would report: ${visible(words)}`)];
    }
    return [
        hasWarnings
            ? paint("yellow", `No check failed, but see the warnings. ${NO_GUARANTEE}`)
            : paint("green", `No problems found. ${NO_GUARANTEE}`),
    ];
}
