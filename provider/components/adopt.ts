import type * as pulumi from "@pulumi/pulumi";
import { getOpenIdConnectProvider } from "@pulumi/aws/iam/getOpenIdConnectProvider";
import { Findings } from "../contract/findings";
import type { Finding } from "../contract/types";
import { quote } from "../contract/quote";
import { exampleProviderArn } from "../iam/arn";
import { lookUpFailure } from "../iam/provider-lookup";
import { issuerOf } from "../gitlab/issuer-url";

/** The ARN of the account's identity provider for the URL; rejects the inputs if there is none that lists the audiences. */
export async function lookUp(
    { url, audiences }: { readonly url: string; readonly audiences: readonly string[] },
    reject: (errors: readonly Finding[]) => void,
    parent: pulumi.Resource,
): Promise<string> {
    const findings = new Findings();
    const found = await getOpenIdConnectProvider({ url }, { parent }).catch((error: unknown) => {
        addFailure(url, error instanceof Error ? error.message : String(error), findings);
        reject(findings.errors);
        throw error;
    });
    const missing = audiences.filter((audience) => !found.clientIdLists.includes(audience));
    if (missing.length > 0) {
        findings.add(
            "adopt-audience",
            "audiences",
            `The account's identity provider ${found.arn} does not list ${missing.map(quote).join(", ")} (it lists ${found.clientIdLists.map(quote).join(", ")}). AWS would deny jobs with \`Incorrect token audience\`.`,
            `Add it there: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${found.arn} --client-id ${missing[0]!}`,
        );
    }
    reject(findings.errors);
    return found.arn;
}

function addFailure(url: string, message: string, findings: Findings): void {
    const { isMissing, reason } = lookUpFailure(message);
    if (isMissing) {
        findings.add(
            "adopt-missing",
            "adoptExisting",
            `The account has no identity provider for ${quote(url)} (${reason}).`,
            "Remove adoptExisting to create one.",
        );
    } else {
        findings.add(
            "adopt-lookup",
            "adoptExisting",
            `The identity provider for ${quote(url)} could not be looked up, so it is unknown whether the account has one (${reason}).`,
            `Allow \`iam:ListOpenIDConnectProviders\` and \`iam:GetOpenIDConnectProvider\` if they are denied. Or replace adoptExisting with \`existingProviderArn: "${exampleProviderArn(issuerOf(url))}"\`, which needs no lookup.`,
        );
    }
}
