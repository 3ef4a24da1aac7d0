import * as pulumi from "@pulumi/pulumi";
import { quote } from "../contract/quote";
import { UNKNOWN } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";
import type { CheckIssuerResult, Finding, IssuerCheckMode } from "../contract/types";
import type { IdentityProviderArgs } from "../contract/args";
import type { Checked } from "./checked";
import { currentRun } from "./engine";
import { firstGiven, outputOf } from "../contract/outputs";
import { reveal, type Gate } from "./gate";

/** Seconds that a check takes at most. */
const LIMIT = 15;

/** Checks of this process by run and url: several components on one instance ask it once. */
const begun = new Map<string, Promise<CheckIssuerResult>>();

/** What was said already, by run. */
const said = new Set<string>();

function resultOf(url: string): Promise<CheckIssuerResult> {
    const key = `${currentRun()} ${url}`;
    const known = begun.get(key);
    if (known !== undefined) {
        return known;
    }
    const result = import("../operations/issuer.js").then(({ checkIssuer }) => checkIssuer({ url, timeout: LIMIT }));
    begun.set(key, result);
    return result;
}

/** An issuer that is to be checked. */
export interface Inquiry {
    readonly url: string;
    readonly mode?: IssuerCheckMode | undefined;
    /** Those of the identity provider, by which AWS can trust what is not publicly trusted. */
    readonly thumbprints?: readonly string[] | undefined;
}

/** What the issuer fails, each as a finding about `url`: errors for AWS's refusals where the mode is `error`, else warnings. */
export async function issuerFindings({ url, mode = "off", thumbprints = [] }: Inquiry): Promise<readonly Finding[]> {
    if (mode === "off") {
        return [];
    }
    const { checks } = await resultOf(url);
    return checks
        .filter(({ status }) => status === "fail" || status === "warn")
        .map(({ id, status, message, fix }) => {
            const isRefused = status === "fail" && !(id === "trust" && thumbprints.length > 0);
            return {
                id: "issuer-check",
                severity: isRefused && mode === "error" ? "error" : "warning",
                path: "url",
                message: `${quote(url)} ${isRefused ? "fails" : "gives a warning in"} the check \`${id}\`: ${message}`,
                fix: fix ?? "",
            };
        });
}

/** The url, but if its issuer is to be checked not before that is done, and never if AWS would reject it and the mode is `error`. */
export function afterIssuerCheck<C extends Checked>(
    gate: Gate<IdentityProviderArgs, C>,
    resource: pulumi.Resource,
): pulumi.Input<string> {
    const { issuerCheck: mode, thumbprints } = gate.args;
    const url = gate.hold(() => firstGiven(gate.args.url, GITLAB_COM));
    if (firstGiven(mode, "off") === "off") {
        return url;
    }
    void sayIfUnknown(url, resource);
    return outputOf({ url, mode, thumbprints }).apply(async (given) => {
        const known = given as Inquiry;
        const findings = await issuerFindings(known);
        gate.reject(findings.filter(({ severity }) => severity === "error"));
        for (const finding of findings) {
            const { message, fix } = gate.withoutSecrets(finding);
            sayOnce(`url: ${message} ${fix} [issuer-check]`, (text) => pulumi.log.warn(text, resource));
        }
        return known.url;
    });
}

async function sayIfUnknown(url: pulumi.Input<string>, resource: pulumi.Resource): Promise<void> {
    // A url that is refused is told by whoever refuses it.
    const known = await reveal(url).catch(() => undefined);
    if (known === UNKNOWN) {
        sayOnce("issuerCheck: the url is not known in this preview; `up` checks the issuer.", (text) =>
            pulumi.log.info(text, resource),
        );
    }
}

function sayOnce(text: string, say: (text: string) => Promise<void>): void {
    const key = `${currentRun()} ${text}`;
    if (!said.has(key)) {
        said.add(key);
        void say(text);
    }
}
