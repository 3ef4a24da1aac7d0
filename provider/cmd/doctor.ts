import { CALLS } from "../operations/calls";
import { quote } from "../contract/quote";
import type { CheckIssuerResult, IssuerCheckStatus } from "../contract/types";
import { checkStandardInput, InputFiles } from "./input-files";
import { jsonText } from "./json-text";
import { flag, parseWithOperand, text } from "./options";
import { painter, textOf, visible } from "./report";
import { OK, REFUSED, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const OPTIONS = {
    ca: text,
    "connect-to": text,
    "allow-private": flag,
    audience: text,
    token: text,
    timeout: text,
    json: flag,
} as const;

/** `aws-gitlab-oidc doctor`: whether AWS can use an instance as issuer. */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operand: url } = parseWithOperand("doctor", args, OPTIONS, "URL");
    const { ca, audience, token, timeout, json } = values;
    const connectTo = values["connect-to"];
    checkStandardInput({ "--ca": ca, "--token": token });
    const files = new InputFiles(terminal);
    const result = await CALLS.checkIssuer({
        url,
        ...(ca !== undefined && { certificateAuthorities: files.read("--ca", ca) }),
        ...(connectTo !== undefined && { connectTo }),
        allowPrivate: values["allow-private"],
        ...(audience !== undefined && { audience }),
        ...(token !== undefined && { token: files.read("--token", token).trim() }),
        ...(timeout !== undefined && { timeout: secondsOf(timeout) }),
    });
    const { awsWords } = await import("../issuer/aws-words.js");
    terminal.out(json ? jsonText(result) : reportText(result, awsWords(result.checks, url), terminal.colour));
    return result.ok ? OK : REFUSED;
}

function secondsOf(timeout: string): number {
    if (!/^\d+(?:\.\d+)?$/.test(timeout)) {
        throw new UnusableInput(`--timeout ${quote(timeout)} is not a number of seconds.`);
    }
    return Number(timeout);
}

const STYLES = { pass: "green", warn: "yellow", fail: "red", skipped: "cyan" } as const;

/** The result of `checkIssuer` for a person at a terminal. */
function reportText({ checks }: CheckIssuerResult, words: string | undefined, colour: boolean): string {
    const paint = painter(colour);
    const width = Math.max(...checks.map(({ id }) => id.length));
    const indent = " ".repeat("skipped".length + 2 + width + 2);
    const lines = checks.flatMap(({ id, status, message, fix }) => [
        `${paint(STYLES[status], status.padEnd("skipped".length))}  ${paint("bold", id.padEnd(width))}  ${visible(message)}`,
        ...(fix === undefined ? [] : [`${indent}Fix: ${visible(fix)}`]),
    ]);
    const count = (status: IssuerCheckStatus): string =>
        `${String(checks.filter((check) => check.status === status).length)} ${status}`;
    const counts = (["pass", "warn", "fail", "skipped"] as const).map(count).join(", ");
    return textOf([
        ...lines,
        "",
        counts,
        words === undefined
            ? paint("green", "AWS will say nothing against it, as far as can be seen from here.")
            : paint("red", `AWS will say: ${visible(words)}`),
    ]);
}
