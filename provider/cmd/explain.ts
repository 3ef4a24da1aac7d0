import { CALLS } from "../operations/calls";
import { quote } from "../contract/quote";
import { isObject } from "../contract/object";
import { hasTrustPolicy, isUrlEncoded } from "../trust/role-output";
import { checkStandardInput, InputFiles, nameOf } from "./input-files";
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
    const policyPath = values["trust-policy"];
    checkStandardInput({ "--trust-policy": policyPath, "--claims": claims, "--token": token });
    const files = new InputFiles(terminal);
    const trustPolicy = files.trustPolicy(policyPath);
    const given = claims === undefined ? undefined : files.claims(claims);
    if (hasTrustPolicy(given)) {
        const name = nameOf("--claims", claims);
        throw new UnusableInput(
            isClaims(trustPolicy)
                ? `${nameOf("--trust-policy", policyPath)} has claims, and ${name} has a trust policy. Swap the two.`
                : `${name} has a trust policy. Give the claims of the job's ID token.`,
        );
    }
    const result = CALLS.explainTrust({
        trustPolicy,
        ...(claims !== undefined && { claims: claimsOf(given, claims) }),
        ...(token !== undefined && { token: files.read("--token", token).trim() }),
        context: Object.fromEntries((values.context ?? []).map(pair)),
    });
    terminal.out(values.json ? jsonText(result) : explanationText(result, terminal.colour));
    return result.allowed ? OK : REFUSED;
}

/** Whether the text is an object with an issuer, as claims are and a trust policy is not. */
function isClaims(text: string): boolean {
    const value: unknown = isUrlEncoded(text) ? undefined : JSON.parse(text);
    return isObject(value) && value["iss"] !== undefined;
}

function claimsOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
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
