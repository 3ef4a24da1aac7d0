import { Findings, key, quote } from "../findings";
import { known, LATE, type MaybeLate } from "../late";
import { GITLAB_COM_KEYS } from "./claims";
import { GITLAB_COM, issuerOf } from "./issuer-url";
import { checkLatin1, isPattern } from "./names";

/** Operator to condition key to values, as in a policy. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const OPERATOR =
    /^(?:ForAnyValue:)?(?:String(?:Not)?(?:Equals|EqualsIgnoreCase|Like)|(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Arn(?:Not)?(?:Equals|Like))(?:IfExists)?$|^Null$/;

/** Operators that take `*` and `?` for what they are. */
const TAKES_PATTERNS = /Like|Arn/;

/** Global keys that need a signed-in caller, which a job with an ID token is not yet. */
const NEVER_IN_THIS_CALL =
    /^aws:(?:Principal\w*|username|userid|MultiFactorAuth\w*|TokenIssueTime|SourceIdentity|Source(?:Account|Arn|OrgID|OrgPaths|Owner)|Calledvia\w*|ViaAWSService|FederatedProvider|ResourceOrg\w*)$|^aws:PrincipalTag\/|^sts:(?:ExternalId|SourceIdentity|AWSServiceName)$/i;

/** Why a condition key is of no use for AssumeRoleWithWebIdentity of the issuer, and what to do; undefined where it is fine. */
export function conditionKeyFault(name: string, issuer: string): { why: string; cure: string } | undefined {
    const colon = name.lastIndexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    const claim = name.slice(colon + 1);
    if (/^(aws|sts)$/i.test(prefix) || /^(aws|sts):/i.test(name)) {
        return NEVER_IN_THIS_CALL.test(name)
            ? {
                  why: "is not in the request when a job exchanges its ID token, because nobody is signed in yet: the condition would never be met",
                  cure: "Leave it out; who may call is said by the subjects.",
              }
            : undefined;
    }
    if (prefix !== issuer) {
        return {
            why: `is no key of the issuer ${quote(issuer)}`,
            cure: `Keys of the ID token begin with "${issuer}:", the provider's url without https://.`,
        };
    }
    if (["sub", "aud", "amr"].includes(claim)) {
        return undefined;
    }
    if (GITLAB_COM_KEYS.includes(claim)) {
        return issuer === issuerOf(GITLAB_COM)
            ? undefined
            : {
                  why: "is a condition key for gitlab.com only: on this issuer it would never be met",
                  cure: "Declare the claim with `subClaimComponents` where GitLab offers it there.",
              };
    }
    return {
        why: "is a claim that AWS does not look at",
        cure: `Keys are ${["sub", "aud", ...(issuer === issuerOf(GITLAB_COM) ? GITLAB_COM_KEYS : [])].join(", ")}; the name of an environment cannot be checked at all.`,
    };
}

/** Reports conditions that can never be met, that say nothing, or that would get in the way of the subjects'. */
export function checkConditions(
    conditions: MaybeLate<Conditions>,
    issuer: string | undefined,
    path: string,
    findings: Findings,
): void {
    for (const [operator, late] of Object.entries(known(conditions) ?? {})) {
        const at = key(path, operator);
        if (operator.startsWith("ForAllValues:")) {
            findings.add(
                "for-all-values",
                at,
                "`ForAllValues` is met where the key is missing altogether.",
                `Use ${quote(operator.slice("ForAllValues:".length))} or \`ForAnyValue:\`.`,
            );
            continue;
        }
        if (!OPERATOR.test(operator)) {
            findings.add(
                "condition-operator",
                at,
                `${quote(operator)} is no condition operator of IAM.`,
                "Write for example StringEquals, StringLike, NumericLessThan, IpAddress.",
            );
            continue;
        }
        for (const [name, values] of Object.entries(known(late) ?? {})) {
            checkCondition(operator, name, values, issuer, key(at, name), findings);
        }
    }
}

function checkCondition(
    operator: string,
    name: string,
    late: MaybeLate<readonly string[]>,
    issuer: string | undefined,
    at: string,
    findings: Findings,
): void {
    if (issuer !== undefined) {
        const fault = conditionKeyFault(name, issuer);
        if (fault !== undefined) {
            findings.add("condition-key", at, `${quote(name)} ${fault.why}.`, fault.cure);
        } else if ([`${issuer}:sub`, `${issuer}:aud`].includes(name)) {
            findings.add(
                "condition-conflict",
                at,
                `${quote(name)} is set by \`subjects\` and \`audiences\`; a second condition on it would replace theirs, or leave nobody who meets both.`,
                "Leave it out, and write a subject or an audience instead.",
            );
        }
    }
    const values = known(late);
    if (values?.length === 0) {
        findings.add(
            "condition-conflict",
            at,
            "has no value, which nothing can meet.",
            "Give a value, or leave the key out.",
        );
    }
    values?.forEach((value, i) => {
        const where = `${at}[${String(i)}]`;
        if (value === LATE) {
            return;
        }
        if (value.includes("${")) {
            findings.add(
                "policy-variable",
                where,
                `${quote(value)} has \`\${\`, a policy variable of IAM.`,
                "Write the value itself.",
            );
        } else if (/String/.test(operator) && !TAKES_PATTERNS.test(operator) && isPattern(value)) {
            findings.add(
                "literal-wildcard",
                where,
                `${quote(value)} has a wildcard, which ${operator} takes literally.`,
                `Use ${operator.replace(/Equals(IgnoreCase)?/, "Like")}.`,
            );
        } else {
            checkLatin1(value, where, findings);
        }
    });
}
