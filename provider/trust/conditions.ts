import { Findings, key, quote } from "../findings";
import { known, LATE, type MaybeLate } from "../late";
import { GITLAB_COM_KEYS } from "./claims";
import { parseOperator, type Operator } from "./evaluate";
import { GITLAB_COM, issuerOf } from "./issuer-url";
import { checkLatin1, isPattern } from "./names";

/** Operator to condition key to values, as in a policy. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Global keys that need a signed-in caller, which a job with an ID token is not yet. */
const NEVER_IN_THIS_CALL =
    /^aws:(?:Principal\w*|username|userid|MultiFactorAuth\w*|TokenIssueTime|SourceIdentity|Source(?:Account|Arn|OrgID|OrgPaths|Owner)|Calledvia\w*|ViaAWSService|FederatedProvider|ResourceOrg\w*)$|^aws:PrincipalTag\/|^sts:(?:ExternalId|SourceIdentity|AWSServiceName)$/i;

/** Why a condition key is of no use for AssumeRoleWithWebIdentity of the issuer, and what to do; undefined where it is fine. IAM compares the names of keys without regard to case. */
export function conditionKeyFault(name: string, issuer: string): { why: string; cure: string } | undefined {
    const colon = name.lastIndexOf(":");
    const prefix = colon < 0 ? "" : name.slice(0, colon);
    const claim = name.slice(colon + 1).toLowerCase();
    if (/^(aws|sts):/i.test(name)) {
        return NEVER_IN_THIS_CALL.test(name)
            ? {
                  why: "is not in the request when a job exchanges its ID token, because nobody is signed in yet: the condition would never be met",
                  cure: "Leave it out: who may call is said by the `sub` claim.",
              }
            : undefined;
    }
    if (prefix.toLowerCase() !== issuer.toLowerCase()) {
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
                  cure: "Leave it out; what the `sub` claim can carry is the project's setting `ci_id_token_sub_claim_components`.",
              };
    }
    return {
        why: "is a claim that AWS does not look at",
        cure: `Keys are ${["sub", "aud", ...(issuer === issuerOf(GITLAB_COM) ? GITLAB_COM_KEYS : [])].join(", ")}; the name of an environment cannot be checked at all.`,
    };
}

/** Whether a condition key is that of the issuer's claim. */
export function isKey(name: string, issuer: string, claim: string): boolean {
    // Issuer and claim are ASCII, where the length does not depend on the case.
    return (
        name.length === issuer.length + 1 + claim.length && name.toLowerCase() === `${issuer}:${claim}`.toLowerCase()
    );
}

/** Reports conditions that can never be met, that say nothing, or that would get in the way of the subjects'. */
export function checkConditions(
    conditions: MaybeLate<Conditions | undefined>,
    issuer: string | undefined,
    path: string,
    findings: Findings,
): void {
    for (const [operator, late] of Object.entries(known(conditions) ?? {})) {
        const at = key(path, operator);
        const parsed = checkOperator(operator, at, findings);
        if (parsed === undefined || parsed.set === "ForAllValues") {
            continue;
        }
        const names = Object.keys(known(late) ?? {}).map((name) => name.toLowerCase());
        Object.entries(known(late) ?? {}).forEach(([name, values], i) => {
            if (names.indexOf(name.toLowerCase()) < i) {
                findings.add(
                    "condition-conflict",
                    key(at, name),
                    `${quote(name)} stands twice: IAM compares the names of keys without regard to case.`,
                    "Put all values under one of them.",
                );
            }
            checkCondition(operator, parsed, name, values, issuer, key(at, name), findings);
        });
    }
}

/** The operator, and a report where IAM has no such or it is met by what is not there. */
export function checkOperator(operator: string, at: string, findings: Findings): Operator | undefined {
    const parsed = parseOperator(operator);
    if (parsed === undefined) {
        findings.add(
            "condition-operator",
            at,
            `${quote(operator)} is no condition operator of IAM.`,
            "Write for example StringEquals, StringLike, NumericLessThan, IpAddress.",
        );
    } else if (parsed.set === "ForAllValues") {
        findings.add(
            "for-all-values",
            at,
            "`ForAllValues` is met where the key is missing altogether.",
            `Use ${quote(operator.slice("ForAllValues:".length))} or \`ForAnyValue:\`.`,
        );
    }
    return parsed;
}

/** Reports a key that the call never has, and one without a value. */
export function checkTest(
    name: string,
    values: readonly unknown[] | undefined,
    issuer: string | undefined,
    at: string,
    findings: Findings,
): void {
    const fault = issuer === undefined ? undefined : conditionKeyFault(name, issuer);
    if (fault !== undefined) {
        findings.add("condition-key", at, `${quote(name)} ${fault.why}.`, fault.cure);
    }
    if (values?.length === 0) {
        findings.add(
            "condition-conflict",
            at,
            "has no value, which nothing can meet.",
            "Give a value, or leave the key out.",
        );
    }
}

/** Operators that take a wildcard literally. */
export function isLiteral({ base }: Operator): boolean {
    return base.startsWith("StringEquals");
}

function checkCondition(
    operator: string,
    parsed: Operator,
    name: string,
    late: MaybeLate<readonly string[]>,
    issuer: string | undefined,
    at: string,
    findings: Findings,
): void {
    const values = known(late);
    checkTest(name, values, issuer, at, findings);
    if (issuer !== undefined && ["sub", "aud"].some((claim) => isKey(name, issuer, claim))) {
        findings.add(
            "condition-conflict",
            at,
            `${quote(name)} is set by \`subjects\` and \`audiences\`; a second condition on it would replace theirs, or leave nobody who meets both.`,
            "Leave it out, and write a subject or an audience instead.",
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
        } else if (isLiteral(parsed) && isPattern(value)) {
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
