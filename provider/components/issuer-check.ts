import * as pulumi from "@pulumi/pulumi";
import { reasonText } from "../contract/findings";
import { quote } from "../contract/quote";
import { UNKNOWN } from "../contract/unknown";
import { GITLAB_COM } from "../gitlab/issuer-url";
import type { CheckIssuerResult, Finding, IssuerCheckMode } from "../contract/types";
import type { IdentityProviderArgs } from "../contract/args";
import type { Checked } from "./checked";
import { currentRun } from "./engine";
import { firstGiven, outputOf } from "../contract/outputs";
import { reveal, type Gate } from "./gate";

/** Time limit of a check in seconds. */
const LIMIT = 15;

/** Checks of this process by run and URL: several components with one instance share one check. */
const begun = new Map<string, Promise<CheckIssuerResult>>();

/** Messages that were logged already, by run. */
const logged = new Set<string>();

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

/** An issuer to check. */
export interface Inquiry {
    readonly url: string;
    readonly mode?: IssuerCheckMode | undefined;
    /** Thumbprints of the identity provider, with which AWS can trust a certificate that is not publicly trusted. */
    readonly thumbprints?: readonly string[] | undefined;
}

/** The failed checks of the issuer, as findings about `url`. With the mode `error`, those for which AWS would reject the issuer are errors; all others are warnings. */
export async function issuerFindings({ url, mode = "off", thumbprints = [] }: Inquiry): Promise<readonly Finding[]> {
    if (mode === "off") {
        return [];
    }
    const { checks } = await resultOf(url);
    return checks
        .filter(({ status }) => status === "fail" || status === "warn")
        .map(({ id, status, message, fix }) => {
            const isRejected = status === "fail" && !(id === "trust" && thumbprints.length > 0);
            return {
                id: "issuer-check",
                severity: isRejected && mode === "error" ? "error" : "warning",
                path: "url",
                message: `${quote(url)} ${isRejected ? "fails" : "produces a warning in"} the check \`${id}\`: ${message}`,
                fix: fix ?? "",
            };
        });
}

/** The URL. If its issuer must be checked, the URL waits for the check; with the mode `error` it never comes if AWS would reject the issuer. */
export function afterIssuerCheck<C extends Checked>(
    gate: Gate<IdentityProviderArgs, C>,
    resource: pulumi.Resource,
): pulumi.Input<string> {
    const { issuerCheck: mode, thumbprints } = gate.args;
    const url = gate.hold(() => firstGiven(gate.args.url, GITLAB_COM));
    if (firstGiven(mode, "off") === "off") {
        return url;
    }
    void logIfUnknown(url, resource);
    return outputOf({ url, mode, thumbprints }).apply(async (given) => {
        const known = given as Inquiry;
        const findings = await issuerFindings(known);
        gate.reject(findings.filter(({ severity }) => severity === "error"));
        for (const finding of findings) {
            const { message, fix } = gate.withoutSecrets(finding);
            logOnce(`url: ${reasonText({ message, fix, id: "issuer-check" })}`, (text) =>
                pulumi.log.warn(text, resource),
            );
        }
        return known.url;
    });
}

async function logIfUnknown(url: pulumi.Input<string>, resource: pulumi.Resource): Promise<void> {
    // The check of the inputs reports a URL that it rejects.
    const known = await reveal(url).catch(() => undefined);
    if (known === UNKNOWN) {
        logOnce("issuerCheck: the URL is unknown during this preview. `pulumi up` checks the issuer.", (text) =>
            pulumi.log.info(text, resource),
        );
    }
}

function logOnce(text: string, log: (text: string) => Promise<void>): void {
    const key = `${currentRun()} ${text}`;
    if (!logged.has(key)) {
        logged.add(key);
        void log(text);
    }
}
