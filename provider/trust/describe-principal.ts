import { Findings } from "../contract/findings";
import type { AdditionalPrincipal } from "../contract/types";
import { parseProviderArn } from "../iam/arn";
import { ASSUME_ROLE, checkAdditionalPrincipals } from "./additional-principals";
import { testsIn } from "./conditions";
import { describeCondition } from "./describe-condition";
import { plain } from "./describe-subject";
import type { Statement } from "./document";

/** The principal of a statement that allows one principal of AWS to assume the role, and nothing else; undefined for any other. */
export function principalOf({
    principals,
    actions,
    isNotAction,
    conditions,
}: Statement): AdditionalPrincipal | undefined {
    const [principal, ...others] = principals;
    const [arn, ...more] = principal?.type === "AWS" ? principal.values : [];
    const [action, ...further] = actions;
    if (arn === undefined || others.length + more.length + further.length > 0) {
        return undefined;
    }
    if (isNotAction || action?.toLowerCase() !== ASSUME_ROLE.toLowerCase()) {
        return undefined;
    }
    const block: Record<string, Record<string, readonly string[]>> = {};
    for (const { operator, key, values } of conditions) {
        block[operator] = { ...block[operator], [key]: values };
    }
    return { arn, ...(conditions.length > 0 && { conditions: block }) };
}

/** Why the inputs do not accept a principal of a policy. */
export function principalFault(principal: AdditionalPrincipal, providerArn: string): string | undefined {
    const findings = new Findings();
    const url = `https://${parseProviderArn(providerArn)!.issuer}`;
    checkAdditionalPrincipals({ providerArn, additionalPrincipals: [principal] }, url, "", findings);
    const [error] = findings.errors;
    return error === undefined
        ? undefined
        : /^["`A-Z]/.test(error.message)
          ? error.message
          : `${error.path.endsWith(".arn") ? "The principal" : "The conditions"} ${error.message}`;
}

/** A principal in words. */
export function describePrincipal({ arn, conditions }: AdditionalPrincipal): string {
    const tests = testsIn(conditions).map(describeCondition);
    return `Without a job, ${plain(arn)} can assume the role${tests.length === 0 ? "" : ` if ${tests.join(" and ")}`}.`;
}
