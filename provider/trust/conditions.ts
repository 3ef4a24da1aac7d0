import { Findings } from "../contract/findings";
import { key } from "../contract/paths";
import { quote } from "../contract/quote";
import { UNKNOWN, type MaybeUnknown, known } from "../contract/unknown";
import { conditionKeyFault, isKey } from "../iam/condition-keys";
import { type Operator, parseOperator } from "../iam/operators";
import { checkLatin1, isPattern } from "../iam/policy-text";

/** Operator to condition key to values, as in a policy. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Reports conditions that can never be met, that say nothing, or that would get in the way of the subjects'. */
export function checkConditions(
    conditions: MaybeUnknown<Conditions | undefined>,
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
    late: MaybeUnknown<readonly string[]>,
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
        if (value === UNKNOWN) {
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
