import { checkAccept } from "../contract/accept";
import { Findings, type Verdict } from "../contract/findings";
import { quote } from "../contract/quote";
import type { IssuerCheckMode } from "../contract/types";
import { type MaybeUnknown, known, containsUnknown } from "../contract/unknown";
import { GITLAB_COM, issuerUrlFindings } from "../gitlab/issuer-url";
import { checkAudiences } from "../iam/audiences";
import { checkTags } from "../iam/tags";
import { type Checked, type InputsView, acceptOf, typedInputs, withUnusedAccepts, withoutIds } from "./checked";

export interface ProviderView {
    readonly url?: MaybeUnknown<string>;
    readonly audiences?: MaybeUnknown<readonly string[]>;
    readonly thumbprints?: MaybeUnknown<readonly string[]>;
    readonly issuerCheck?: MaybeUnknown<string>;
    readonly tags?: MaybeUnknown<Readonly<Record<string, string>>>;
    readonly accept?: MaybeUnknown<readonly string[]>;
}

/** Checks the inputs of `IdentityProvider`. */
export function checkIdentityProvider(inputs: InputsView): Checked {
    const findings = new Findings();
    const provider: ProviderView = typedInputs("IdentityProvider", inputs, "", findings);
    checkProviderInputs(provider, findings);
    const warnings = withUnusedAccepts(findings.warnings, provider, "", !containsUnknown(provider));
    return { errors: findings.errors, warnings: withoutIds(warnings, acceptOf(provider)) };
}

export function checkProviderInputs(provider: ProviderView, findings: Findings): void {
    const url = known(provider.url ?? GITLAB_COM);
    if (url !== undefined) {
        findings.addAll(issuerUrlFindings(url, "url"));
    }
    checkAudiences(provider.audiences, url, "audiences", findings);
    checkThumbprints(provider.thumbprints, url, findings);
    checkMode(provider.issuerCheck, findings);
    checkTags(provider.tags, "tags", findings);
    checkAccept(provider.accept, "accept", findings);
}

function checkThumbprints(maybe: ProviderView["thumbprints"], url: string | undefined, findings: Findings): void {
    const thumbprints = known(maybe);
    if (thumbprints === undefined) {
        return;
    }
    if (thumbprints.length > 5) {
        findings.add(
            "thumbprint",
            "thumbprints",
            `has ${String(thumbprints.length)} values, and IAM accepts at most 5.`,
            "Keep those of the current certificate chain and of its successor.",
        );
    }
    thumbprints.forEach((value, i) => {
        const thumbprint = known(value);
        const fault = thumbprint === undefined ? undefined : thumbprintFault(thumbprint);
        if (fault !== undefined) {
            findings.add("thumbprint", `thumbprints[${String(i)}]`, fault.message, fault.fix);
        }
    });
    if (url === GITLAB_COM && thumbprints.length > 0) {
        findings.add(
            "redundant-thumbprints",
            "thumbprints",
            "AWS trusts the CA of gitlab.com anyway and ignores thumbprints, which only become outdated.",
            "Leave them out.",
        );
    }
}

function thumbprintFault(thumbprint: string): Omit<Verdict, "id"> | undefined {
    const digits = thumbprint.replace(/[:\s]/g, "");
    if (/^[0-9a-fA-F]{64}$/.test(digits)) {
        return {
            message: `${quote(thumbprint)} is a SHA-256 fingerprint, but IAM compares SHA-1 fingerprints.`,
            fix: "Write the SHA-1 fingerprint of the same certificate, 40 hexadecimal digits: `aws-gitlab-oidc doctor URL` prints it.",
        };
    }
    return /^[0-9a-fA-F]{40}$/.test(thumbprint)
        ? undefined
        : {
              message: `${quote(thumbprint)} is not a SHA-1 fingerprint.`,
              fix: /^[0-9a-fA-F]{40}$/.test(digits)
                  ? `Write it without colons and spaces: ${quote(digits)}.`
                  : "Write its 40 hexadecimal digits without colons.",
          };
}

const MODES: readonly string[] = ["off", "warn", "error"] satisfies readonly IssuerCheckMode[];

function checkMode(maybe: ProviderView["issuerCheck"], findings: Findings): void {
    const mode = known(maybe);
    if (mode !== undefined && !MODES.includes(mode)) {
        findings.add(
            "issuer-check",
            "issuerCheck",
            `${quote(mode)} is not a mode.`,
            `Use ${MODES.map(quote).join(" or ")}.`,
        );
    }
}
