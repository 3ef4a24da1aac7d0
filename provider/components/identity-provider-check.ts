import { checkAccept } from "../contract/accept";
import { acceptTags } from "../contract/accept-tag";
import { Findings } from "../contract/findings";
import { quote } from "../contract/quote";
import type { IssuerCheckMode } from "../contract/types";
import { type MaybeUnknown, known, containsUnknown } from "../contract/unknown";
import { GITLAB_COM, issuerUrlFindings } from "../gitlab/issuer-url";
import { checkAudiences } from "../iam/audiences";
import { checkTags } from "../iam/tags";
import { checkThumbprints } from "../iam/thumbprints";
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
    checkThumbprints(provider.thumbprints, url, "thumbprints", findings);
    checkMode(provider.issuerCheck, findings);
    checkTags(provider.tags, "tags", findings, acceptTags(acceptOf(provider), "identity provider"));
    checkAccept(provider.accept, "accept", findings);
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
