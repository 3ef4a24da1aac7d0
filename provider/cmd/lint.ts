import { CALLS } from "../operations/calls";
import { InputFiles } from "./input-files";
import { jsonText } from "./json-text";
import { flag, list, parse, text } from "./options";
import { findingsText } from "./report";
import { OK, REFUSED, type Terminal, UNUSABLE } from "./terminal";
import { isUnchecked } from "../trust/lint";

const OPTIONS = { "trust-policy": text, url: text, accept: list, json: flag } as const;

/** `aws-gitlab-oidc lint`: what is wrong with a trust policy, or allowed but worth knowing. */
export function lint(args: readonly string[], terminal: Terminal): number {
    const values = parse("lint", args, OPTIONS);
    const { url, accept } = values;
    const trustPolicy = new InputFiles(terminal).trustPolicy(values["trust-policy"]);
    const result = CALLS.lintTrustPolicy({
        trustPolicy,
        ...(url !== undefined && { url }),
        ...(accept !== undefined && { accept }),
    });
    terminal.out(values.json ? jsonText(result) : findingsText(result, terminal.colour));
    if (result.findings.some((f) => f.severity === "error")) {
        return REFUSED;
    }
    return isUnchecked(trustPolicy, result) ? UNUSABLE : OK;
}
