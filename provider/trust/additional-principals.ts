import type { Findings } from "../contract/findings";
import { property } from "../contract/paths";
import { quote } from "../contract/quote";
import type { AdditionalPrincipal } from "../contract/types";
import { containsUnknown, isComplete, known, type MaybeUnknown } from "../contract/unknown";
import { issuerOf } from "../gitlab/issuer-url";
import { parsePrincipalArn, parseProviderArn } from "../iam/arn";
import { isPattern } from "../iam/policy-text";
import { checkPrincipalConditions, isPositive, testsIn, type Conditions } from "./conditions";

/** The action that a principal of AWS calls to assume a role. */
export const ASSUME_ROLE = "sts:AssumeRole";

const EXAMPLE = '"arn:aws:iam::111122223333:role/break-glass"';

/** Principals besides the jobs, and the identity provider of the jobs, as far as known. */
interface PrincipalsView {
    readonly providerArn: MaybeUnknown<string>;
    readonly additionalPrincipals?: MaybeUnknown<readonly AdditionalPrincipal[] | undefined>;
}

/** Reports principals that IAM rejects or that allow strangers, and warns about all others, because they need no job. */
export function checkAdditionalPrincipals(
    { providerArn, additionalPrincipals }: PrincipalsView,
    url: string | undefined,
    path: string,
    findings: Findings,
): void {
    const arn = known(providerArn);
    const provider = arn === undefined ? undefined : parseProviderArn(arn);
    const first = new Map<string, string>();
    (known(additionalPrincipals) ?? []).forEach((maybe, i) => {
        const principal = known(maybe);
        if (principal !== undefined) {
            const at = `${path}[${String(i)}]`;
            const ofConditions = property(at, "conditions");
            checkPrincipal(known(principal.arn), provider?.partition, property(at, "arn"), findings);
            checkPrincipalConditions(
                principal.conditions,
                url === undefined ? undefined : issuerOf(url),
                ofConditions,
                findings,
            );
            checkExternalId(principal, provider?.account, ofConditions, findings);
            if (isComplete<AdditionalPrincipal>(principal)) {
                const text = principalText(principal);
                const other = first.get(text);
                if (other !== undefined) {
                    const message = `${quote(principal.arn)} is also listed as ${other}, with the same conditions.`;
                    findings.add("additional-principal", at, message, "Keep only one of them.");
                }
                first.set(text, other ?? at);
            }
        }
    });
}

/** The same text for principals with the same ARN and conditions. */
export function principalText({ arn, conditions = {} }: AdditionalPrincipal): string {
    return JSON.stringify([arn, conditions]);
}

function checkPrincipal(arn: string | undefined, partition: string | undefined, at: string, findings: Findings): void {
    if (arn === undefined) {
        return;
    }
    const fault = (message: string, fix: string): void => findings.add("additional-principal", at, message, fix);
    const parsed = parsePrincipalArn(arn);
    if (arn === "*") {
        fault('is "*", which trusts everyone, in every account.', `Name the principal: ${EXAMPLE}.`);
    } else if (/^\d{12}$/.test(arn)) {
        fault(
            `${quote(arn)} is the ID of an account.`,
            `Name a role of the account. "arn:${partition ?? "aws"}:iam::${arn}:root" is the whole account.`,
        );
    } else if (parsed === undefined && isPattern(arn)) {
        fault(
            `${quote(arn)} has a wildcard, which IAM does not accept in a principal.`,
            'Write one principal for each ARN, or trust the account and add a condition on "aws:PrincipalArn".',
        );
    } else if (parsed === undefined) {
        fault(`${quote(arn)} is not the ARN of an account, a user, a role or a session.`, `It looks like ${EXAMPLE}.`);
    } else if (partition !== undefined && parsed.partition !== partition) {
        fault(
            `${quote(arn)} is in the partition ${parsed.partition}, but the identity provider is in ${partition}. Roles cannot be assumed across partitions.`,
            `Use a principal of ${partition}.`,
        );
    } else {
        findings.add(
            "other-principal",
            at,
            parsed.isAccount
                ? `${quote(arn)} is the whole account ${parsed.account}: every user and role there whose own policies allow ${ASSUME_ROLE} can assume the role, without a GitLab job.`
                : `${quote(arn)} can assume the role without a GitLab job.`,
            parsed.isAccount
                ? `Name the role that needs it: "arn:${parsed.partition}:iam::${parsed.account}:role/break-glass".`
                : "Remove it if only jobs need the role.",
        );
    }
}

/** Reports a principal of another account without an external ID: it may act for somebody else. Source: AWS, "The confused deputy problem". */
function checkExternalId(
    { arn, conditions }: Exclude<MaybeUnknown<AdditionalPrincipal>, symbol>,
    account: string | undefined,
    at: string,
    findings: Findings,
): void {
    const written = known(arn);
    const other = written === undefined ? undefined : parsePrincipalArn(written)?.account;
    if (account === undefined || other === undefined || other === account || containsUnknown({ conditions })) {
        return;
    }
    const isTested = testsIn(conditions as Conditions | undefined).some(
        ({ operator, key, values }) =>
            key.toLowerCase() === "sts:externalid" &&
            isPositive({ operator }) &&
            /^String(?:Equals|Like)/.test(operator) &&
            values.length > 0 &&
            values.every((value) => !/^[*?]*$/.test(value)),
    );
    if (!isTested) {
        findings.add(
            "external-id",
            at,
            `do not test "sts:ExternalId", but the principal is in the account ${other}, and the identity provider in ${account}. Other customers of that account could use it to assume the role.`,
            'Add conditions: { StringEquals: { "sts:ExternalId": ["<a value that you share only with that account>"] } }.',
        );
    }
}
