import { Findings } from "../provider/contract/findings";
import { quote } from "../provider/contract/quote";
import { known, type MaybeUnknown } from "../provider/contract/unknown";
import { issuerUrlFindings, issuerOf } from "../provider/gitlab/issuer-url";
import { checkAudiences } from "../provider/iam/audiences";
import { otherIssuer } from "../provider/iam/other-issuers";
import { checkThumbprints } from "../provider/iam/thumbprints";
import type { Configuration } from "./configuration";
import { isGitLab } from "./gitlab-role";
import { OWN } from "./policies";
import type { PackFinding, PackResource } from "./resource";
import { checkListedAudiences } from "./role";

/** Everything that is wrong with one identity provider. IAM returns its URL without the scheme. */
export function checkProviderResource({ values }: PackResource, config: Configuration): readonly PackFinding[] {
    const given = known(values["url"]);
    if (typeof given !== "string") {
        return [];
    }
    const url = given.includes("://") ? given : `https://${given}`;
    const issuer = issuerOf(url);
    if (!isGitLab(issuer, config.urls ?? [])) {
        return checkIssuer(issuer, config);
    }
    const findings = new Findings();
    const audiences = values["clientIdLists"] as MaybeUnknown<readonly string[] | undefined>;
    findings.addAll(issuerUrlFindings(url, "url"));
    checkAudiences(audiences, url, "clientIdLists", findings);
    checkThumbprints(values["thumbprintLists"] as typeof audiences, url, "thumbprintLists", findings);
    return [
        ...findings.errors,
        ...findings.warnings,
        ...checkIssuer(issuer, config),
        ...checkListedAudiences(known(audiences) ?? [], "clientIdLists", config),
    ];
}

function checkIssuer(issuer: string, { urls }: Configuration): readonly PackFinding[] {
    return urls === undefined || urls.map(issuerOf).includes(issuer) || otherIssuer(issuer) !== undefined
        ? []
        : [
              {
                  id: OWN.issuers.name,
                  path: "url",
                  message: `${quote(issuer)} is not one of the allowed GitLab instances.`,
                  fix: urls.length === 0 ? "Remove the identity provider." : `Write ${urls.map(quote).join(" or ")}.`,
              },
          ];
}
