import { CALLS } from "../operations/calls";
import { quote } from "../contract/quote";
import { isObject } from "../contract/object";
import { InputFiles, nameOf } from "./input-files";
import { jsonText } from "./json-text";
import { flag, list, parse, text } from "./options";
import { explanationText } from "./report";
import { OK, REFUSED, type Terminal } from "./terminal";
import { UnusableInput } from "./unusable-input";

const OPTIONS = { "trust-policy": text, claims: text, token: text, context: list, json: flag } as const;

/** `aws-gitlab-oidc explain`: whether AWS would let a job have a role, and if not, why. */
export function explain(args: readonly string[], terminal: Terminal): number {
    const values = parse("explain", args, OPTIONS);
    const { claims, token } = values;
    if ((claims === undefined) === (token === undefined)) {
        throw new UnusableInput("explain takes one of --claims and --token.");
    }
    const files = new InputFiles(terminal);
    const result = CALLS.explainTrust({
        trustPolicy: files.json("--trust-policy", values["trust-policy"]).content,
        ...(claims !== undefined && { claims: claimsOf(files, claims) }),
        ...(token !== undefined && { token: files.read("--token", token).trim() }),
        context: Object.fromEntries((values.context ?? []).map(pair)),
    });
    terminal.out(values.json ? jsonText(result) : explanationText(result, terminal.colour));
    return result.allowed ? OK : REFUSED;
}

function claimsOf(files: InputFiles, path: string): Readonly<Record<string, unknown>> {
    const { value } = files.json("--claims", path);
    if (!isObject(value)) {
        throw new UnusableInput(`${nameOf("--claims", path)} is not an object of claims.`);
    }
    return value;
}

function pair(argument: string): [string, string] {
    const at = argument.indexOf("=");
    if (at < 1) {
        throw new UnusableInput(`--context ${quote(argument)} is not KEY=VALUE.`);
    }
    return [argument.slice(0, at), argument.slice(at + 1)];
}
