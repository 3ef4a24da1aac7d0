import { quote, visible } from "../contract/quote";
import type { CheckIssuerArgs, IssuerCheck, IssuerCheckStatus } from "../contract/types";
import { checkText, countsText, skippedText } from "./check-text";
import { doctorProject, isAboutProject, roleFilesOf, roleIn } from "./doctor-project";
import { checkStandardInput, InputFiles, optionFile } from "./input-files";
import { jsonText } from "./json-text";
import { withOptions } from "./option-paths";
import { parse, usageError } from "./options";
import { DOCTOR } from "./reference/doctor";
import { painter, textOf, type Paint } from "./report";
import { FAILED, OK, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

/** `aws-gitlab-oidc doctor`: whether AWS can use an instance as issuer, or whether a project is as a role expects it. */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
    const { values, operands } = parse(DOCTOR, args);
    const url = withScheme(operands[0]!, terminal);
    const { audience, timeout, json } = values;
    const { "connect-to": connectTo, "request-timeout": requestTimeout } = values;
    const isOfProject = isAboutProject(values);
    if (audience !== undefined && values.token === undefined) {
        throw usageError(DOCTOR, "--audience requires --token FILE: it is compared with the audience of the token.");
    }
    const caFile = optionFile("--ca", values.ca);
    const tokenFile = optionFile("--token", values.token);
    const roleFiles = roleFilesOf(values);
    checkStandardInput([caFile, tokenFile, roleFiles.inputs, roleFiles.trustPolicy]);
    const files = new InputFiles(terminal);
    const network = {
        url,
        ...(caFile !== undefined && { certificateAuthorities: files.read(caFile) }),
        ...(connectTo !== undefined && { connectTo }),
        ...(timeout !== undefined && { timeout: secondsOf("--timeout", timeout) }),
        ...(requestTimeout !== undefined && { requestTimeout: secondsOf("--request-timeout", requestTimeout) }),
    };
    if (isOfProject) {
        const { project, group } = values;
        const role = roleIn(roleFiles, files);
        return doctorProject(
            {
                ...network,
                ...(project !== undefined && { project }),
                ...(group !== undefined && { group }),
                ...role,
            },
            json,
            terminal,
        );
    }
    const inputs: CheckIssuerArgs = {
        ...network,
        allowPrivate: values["allow-private"],
        ...(audience !== undefined && { audience }),
        ...(tokenFile !== undefined && { token: files.read(tokenFile).trim() }),
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

function secondsOf(option: string, text: string): number {
    if (!/^\d+(?:\.\d+)?$/.test(text)) {
        throw new UnusableInput(`${option} ${quote(text)} is not a number of seconds.`);
    }
    return Number(text);
}

const OPTION_OF: Readonly<Record<string, string>> = {
    certificateAuthorities: "--ca",
    connectTo: "--connect-to",
    audience: "--audience",
    token: "--token",
    timeout: "--timeout",
    requestTimeout: "--request-timeout",
};

/** The end of the output: the skipped checks, the counts and the result. */
function endText(checks: readonly IssuerCheck[], words: string | undefined, paint: Paint): string {
    const count = (status: IssuerCheckStatus): number => checks.filter((check) => check.status === status).length;
    return (
        skippedText(checks, paint) +
        textOf(["", countsText(checks), ...resultLines({ words, hasWarnings: count("warn") > 0 }, paint)])
    );
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
