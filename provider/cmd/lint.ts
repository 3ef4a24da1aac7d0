import { CALLS } from "../operations/calls";
import type { LintTrustPolicyArgs, LintTrustPolicyResult } from "../contract/types";
import { isUnchecked } from "../trust/lint";
import { checkStandardInput, InputFiles, type InputFile } from "./input-files";
import { jsonText } from "./json-text";
import { withOptions } from "./option-paths";
import { parse, usageError } from "./options";
import { LINT } from "./reference/lint";
import { filesText, findingsText, type LintedFile } from "./report";
import { FAILED, OK, type Terminal, UNUSABLE } from "./terminal";
import { policyFiles } from "./trust-policies";
import { UnusableInput } from "./unusable-input";

/** `aws-gitlab-oidc lint`: what is wrong with trust policies, or valid but risky. */
export function lint(args: readonly string[], terminal: Terminal): number {
    const { values, operands } = parse(LINT, args);
    const files = policyFiles(LINT, operands, values["trust-policy"]);
    if (files.length === 0) {
        throw usageError(LINT, "Missing: the trust policy (FILE or --trust-policy FILE).");
    }
    checkStandardInput(files);
    const { url, accept } = values;
    const linted = readPolicies(files, terminal).map(({ name, text }) => {
        const result = lintPolicy({
            trustPolicy: text,
            ...(url !== undefined && { url }),
            ...(accept !== undefined && { accept }),
        });
        return { name, result, isUnchecked: isUnchecked(text, result) };
    });
    const shown = withoutUsedElsewhere(linted);
    if (files.length === 1) {
        const [file] = shown as readonly [LintedFile];
        terminal.out(values.json ? jsonText(file.result) : findingsText(file, terminal.colour));
    } else {
        terminal.out(values.json ? jsonText(joined(shown)) : filesText(shown, terminal.colour));
    }
    return Math.max(
        linted.length < files.length ? UNUSABLE : OK,
        ...shown.map((file) => statusOf(file, values["fail-on"])),
    );
}

interface NamedText {
    readonly name: string;
    readonly text: string;
}

/** The texts of the files. One of several that cannot be read is reported and left out. */
function readPolicies(files: readonly InputFile[], terminal: Terminal): readonly NamedText[] {
    const inputs = new InputFiles(terminal);
    return files.flatMap((file) => {
        try {
            const name = file.path === "-" ? "standard input" : file.path;
            return [{ name, text: inputs.trustPolicy(file) }];
        } catch (error) {
            if (files.length === 1 || !(error instanceof UnusableInput)) {
                throw error;
            }
            terminal.err(`aws-gitlab-oidc: ${error.message}\n`);
            return [];
        }
    });
}

function lintPolicy(args: LintTrustPolicyArgs): LintTrustPolicyResult {
    try {
        return CALLS.lintTrustPolicy(args);
    } catch (error) {
        throw withOptions(error, { url: "--url", accept: "--accept" });
    }
}

/** The findings without `unused-accept` for a warning that occurs in one of the other files. */
function withoutUsedElsewhere(files: readonly LintedFile[]): readonly LintedFile[] {
    const isUnusedIn = ({ result }: LintedFile, message: string): boolean =>
        result.findings.some((f) => f.id === "unused-accept" && f.message === message);
    return files.map((file) => ({
        ...file,
        result: {
            ...file.result,
            findings: file.result.findings.filter(
                ({ id, message }) => id !== "unused-accept" || files.every((other) => isUnusedIn(other, message)),
            ),
        },
    }));
}

/** One result for several files, each entry with the file that it is about. */
function joined(files: readonly LintedFile[]): object {
    return {
        findings: files.flatMap(({ name, result }) => result.findings.map((finding) => ({ file: name, ...finding }))),
        unchecked: files.flatMap(({ name, result }) => result.unchecked.map((entry) => ({ file: name, ...entry }))),
    };
}

function statusOf({ result, isUnchecked: nothingChecked }: LintedFile, failOn: string | undefined): number {
    const severities: readonly LintTrustPolicyResult["findings"][number]["severity"][] =
        failOn === "warning" ? ["error", "warning"] : ["error"];
    if (result.findings.some(({ severity }) => severities.includes(severity))) {
        return FAILED;
    }
    return nothingChecked ? UNUSABLE : OK;
}
