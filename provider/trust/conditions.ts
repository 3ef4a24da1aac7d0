import { Findings } from "../contract/findings";
import { nearest } from "../contract/nearest";
import { key } from "../contract/paths";
import { quote, quoteUpTo } from "../contract/quote";
import type { RuleId } from "../contract/rules";
import type { Finding, Subject } from "../contract/types";
import { UNKNOWN, type MaybeUnknown, known } from "../contract/unknown";
import { namesProjectId } from "../gitlab/sub-claim";
import { claimOf, conditionKeyFault, GITLAB_COM_KEYS, isUnknownKey, meantKey } from "../iam/condition-keys";
import { isMet, type KeyTest, type Operator, OPERATORS, parseOperator, shapeOfValues } from "../iam/operators";
import { checkLatin1, hasVariable, isPattern } from "../iam/policy-text";
import { claimFault, weakClaims } from "./claims";

/** Operator to condition key to values, as in a policy. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Reports conditions that can never be met, that say nothing, or that would get in the way of the subjects'. */
export function checkConditions(
    conditions: MaybeUnknown<Conditions | undefined>,
    issuer: string | undefined,
    path: string,
    findings: Findings,
): void {
    for (const [operator, maybe] of Object.entries(known(conditions) ?? {})) {
        const at = key(path, operator);
        const parsed = checkOperator(operator, at, findings);
        if (parsed === undefined || parsed.set === "ForAllValues") {
            continue;
        }
        const names = new Set<string>();
        for (const [name, values] of Object.entries(known(maybe) ?? {})) {
            if (names.has(name.toLowerCase())) {
                findings.add(
                    "condition-conflict",
                    key(at, name),
                    `${quote(name)} stands twice: IAM compares the names of keys without regard to case.`,
                    "Put all values under one of them.",
                );
            }
            names.add(name.toLowerCase());
            const isOfSubjects = issuer !== undefined && ["sub", "aud"].includes(claimOf(name, issuer) ?? "");
            if (isOfSubjects) {
                findings.add(
                    "condition-conflict",
                    key(at, name),
                    `${quote(name)} is set by \`subjects\` and \`audiences\`; a second condition on it would replace theirs, or leave nobody who meets both.`,
                    "Leave it out, and write a subject or an audience instead.",
                );
            } else {
                const test = { operator, key: name, values: known(values), path: key(at, name) };
                const pathOf = (v: number): string => `${key(at, name)}[${String(v)}]`;
                findings.addAll(testFindings({ test, parsed, issuer, pathOf }));
            }
        }
    }
}

/** Warns of conditions on claims that say less than they seem to, beside what the subjects say. */
export function checkWeakConditions(
    conditions: MaybeUnknown<Conditions | undefined>,
    { issuer, subjects }: { readonly issuer: string; readonly subjects: readonly MaybeUnknown<Subject>[] },
    path: string,
    findings: Findings,
): void {
    const paths = new Map<string, string>();
    for (const [operator, maybe] of Object.entries(known(conditions) ?? {})) {
        for (const name of isPositive({ operator }) ? Object.keys(known(maybe) ?? {}) : []) {
            paths.set(claimOf(name, issuer) ?? "", key(key(path, operator), name));
        }
    }
    const ofAll = (has: (subject: Exclude<MaybeUnknown<Subject>, typeof UNKNOWN>) => boolean): boolean =>
        subjects.every((subject) => subject === UNKNOWN || has(subject));
    const namesProject =
        paths.has("project_id") ||
        ofAll((s) => s.projectId !== undefined || s.sub === UNKNOWN || namesProjectId(s.sub ?? ""));
    const namesUser = ofAll((s) => s.claims === UNKNOWN || s.claims?.userId !== undefined);
    for (const { id, claim, message } of weakClaims(
        (claim) => paths.has(claim) || (claim === "user_id" && namesUser),
        namesProject,
    )) {
        const fix = `Add "${issuer}:${id === "namespace-only" ? "project_id" : "user_id"}".`;
        findings.add(id, paths.get(claim)!, message, fix);
    }
}

/** The operator, and a report where IAM has no such or it is met by what is not there. */
export function checkOperator(operator: string, at: string, findings: Findings): Operator | undefined {
    const parsed = parseOperator(operator);
    if (parsed === undefined) {
        const meant = nearest(operator, OPERATORS);
        findings.add(
            "condition-operator",
            at,
            `${quote(operator)} is no condition operator of IAM.`,
            meant === undefined
                ? "Write for example StringEquals, StringLike, NumericLessThan, IpAddress."
                : `Write ${meant}.`,
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

/** One test of a condition block, in the inputs of a role or in a policy. */
interface WrittenTest {
    readonly operator: string;
    readonly key: string;
    /** Undefined where they are not known yet. */
    readonly values: readonly MaybeUnknown<string>[] | undefined;
    readonly path: string;
}

interface TestContext {
    readonly test: WrittenTest;
    /** The test's operator, taken apart. */
    readonly parsed: Operator;
    /** Undefined where it is not known yet. */
    readonly issuer: string | undefined;
    /** Where a value stands. */
    readonly pathOf: (i: number) => string;
}

/** Everything that is wrong with one test of a condition block, whoever wrote it. */
export function testFindings(context: TestContext): readonly Finding[] {
    const { test, parsed, issuer } = context;
    const findings = new Findings();
    const add = (id: RuleId, message: string, fix: string): void => findings.add(id, test.path, message, fix);
    const fault = issuer === undefined ? undefined : conditionKeyFault(test.key, issuer);
    if (fault !== undefined) {
        add("condition-key", `${quote(test.key)} ${fault.why}.`, fault.fix);
    } else if (isUnknownKey(test.key)) {
        const meant = meantKey(test.key);
        add(
            "unknown-key",
            `${quote(test.key)} is no condition key that this package knows: if AWS does not have it either, the condition is ${parsed.negated || parsed.ifExists ? "always" : "never"} met.`,
            meant === undefined
                ? "Look it up in AWS's lists of global condition keys and of keys for STS."
                : `Write "${meant}".`,
        );
    }
    if (test.values?.length === 0) {
        add("condition-conflict", "has no value, which nothing can meet.", "Give a value, or leave the key out.");
    }
    if (parsed.ifExists && !parsed.negated) {
        add(
            "if-exists",
            `${quote(test.operator)} is met where the key is missing.`,
            `Use ${quote(test.operator.replace(/IfExists$/, ""))}.`,
        );
    }
    const claim = issuer === undefined ? undefined : claimOf(test.key, issuer);
    const isClaim = fault === undefined && claim !== undefined && claim !== "amr";
    const [kind] = isClaim ? operatorFindings(context, claim) : [];
    if (kind !== undefined) {
        findings.addAll([kind]);
    } else {
        test.values?.forEach((value, i) => {
            if (value !== UNKNOWN) {
                findings.addAll(valueFindings(context, isClaim ? claim : undefined, value, i));
            }
        });
    }
    return [...findings.errors, ...findings.warnings];
}

/** What is wrong with testing a claim of the issuer with that operator: the claims are text, and every ID token has those that are condition keys. */
function operatorFindings({ test, parsed, issuer }: TestContext, claim: string): readonly Finding[] {
    if (parsed.base === "StringEquals" || parsed.base === "StringLike") {
        return [];
    }
    const values = (test.values ?? []).flatMap((value) => known(value) ?? []);
    const findings = new Findings();
    if (parsed.base === "Null") {
        if (values.length > 0 && values.every((value) => value.toLowerCase() === "true")) {
            findings.add(
                "condition-conflict",
                test.path,
                `asks for calls without ${quote(test.key)}, and every ID token of ${quote(issuer)} has it: nobody can meet it.`,
                "Leave it out.",
            );
        }
    } else if (!parsed.base.startsWith("String")) {
        const instead = `${parsed.negated ? "StringNot" : "String"}${values.some(isPattern) ? "Like" : "Equals"}`;
        findings.add(
            "condition-operator",
            test.path,
            `${quote(test.operator)} does not compare text, and all values of ${quote(test.key)} are text: AWS does not document whether it would ever be met.`,
            `Write ${instead === "StringLike" || values.length > 0 ? conditionText(instead, test.key, claim === "ref_protected" ? values.map((v) => v.toLowerCase()) : values) : instead}.`,
        );
    } else if (
        claim === "sub" &&
        parsed.base === "StringEqualsIgnoreCase" &&
        !parsed.negated &&
        !values.some(hasWildcard)
    ) {
        findings.add(
            "condition-operator",
            test.path,
            `${quote(test.operator)} takes capital and small letters for the same, and GitLab does not: whoever can push a branch or tag that is written in another case gets the role, although it is not protected.`,
            `Write ${conditionText("StringEquals", test.key, values)}.`,
        );
    }
    return findings.errors;
}

/** Whether a condition is met only by tokens that have the claim, and have it as the condition says. */
export function isPositive({ operator }: Pick<KeyTest, "operator">): boolean {
    const parsed = parseOperator(operator);
    return (
        parsed !== undefined &&
        parsed.base !== "Null" &&
        !parsed.negated &&
        !parsed.ifExists &&
        parsed.set !== "ForAllValues"
    );
}

/** The values that one of the conditions lists, so that no other is let in; undefined where none does. */
export function listedValues(tests: readonly KeyTest[]): readonly string[] | undefined {
    return tests.find(
        (t) =>
            isPositive(t) &&
            !/LessThan|GreaterThan/.test(t.operator) &&
            !t.values.some((value) => isPattern(value) || hasVariable(value)),
    )?.values;
}

/** Those of the values of a claim that all conditions on it together let in. */
export function allowedValues(tests: readonly KeyTest[], among: readonly string[]): readonly string[] {
    const readable = tests.filter(
        (t) => parseOperator(t.operator) !== undefined && !t.values.some((value) => hasVariable(value)),
    );
    return among.filter((value) => readable.every((t) => isMet(t, new Map([[t.key.toLowerCase(), [value]]]))));
}

/** Whether no value of a claim meets all conditions on it, each of which is sound alone. */
export function excludeEachOther(claim: string, tests: readonly KeyTest[]): boolean {
    const listed = listedValues(tests) ?? [];
    const isSound = tests.every((t) => t.values.every((v) => claimFault(claim, v) === undefined));
    return listed.length > 0 && isSound && allowedValues(tests, listed).length === 0;
}

/** A condition as it is written in a policy. */
export function conditionText(operator: string, name: string, values: readonly string[]): string {
    const quoted = values.map((value) => quoteUpTo(300, value));
    const written = quoted.length === 1 ? quoted[0]! : `[${quoted.join(", ")}]`;
    return `"${operator}": { ${quote(name)}: ${written} }`;
}

function valueFindings(
    { test, parsed, pathOf }: TestContext,
    claim: string | undefined,
    value: string,
    i: number,
): readonly Finding[] {
    const findings = new Findings();
    const add = (id: RuleId, message: string, fix: string): void => findings.add(id, pathOf(i), message, fix);
    if (hasVariable(value)) {
        add(
            "policy-variable",
            `${quote(value)} has a policy variable.`,
            "Write the value itself; a dollar sign before a brace is `${$}`.",
        );
        return findings.errors;
    }
    const ofClaim =
        parsed.negated || parsed.base === "Null" || !GITLAB_COM_KEYS.includes(claim ?? "") ? undefined : claim;
    const fault = ofClaim === undefined ? undefined : claimFault(ofClaim, folded(value, parsed));
    const shape = shapeOfValues(parsed);
    if (fault !== undefined) {
        add(fault.id, fault.message, fault.fix);
    } else if (parsed.base.startsWith("StringEquals") && claim !== "aud" && hasWildcard(value)) {
        add(
            "literal-wildcard",
            `${quote(value)} has a wildcard, which ${test.operator} takes literally: ${parsed.negated ? "every" : "no"} job matches.`,
            `Use ${test.operator.replace(/Equals(IgnoreCase)?/, "Like")}.`,
        );
    } else if (shape !== undefined && !shape.fits(value)) {
        add(
            "condition-value",
            `${quote(value)} is not ${shape.name}, which ${test.operator} compares: ${parsed.negated ? "every" : "no"} job matches.`,
            `Write ${shape.name}: ${quote(shape.example)}.`,
        );
    } else if (claim !== "sub" && claim !== "aud") {
        checkLatin1(value, pathOf(i), findings);
    }
    return findings.errors;
}

/** The value as the operator compares it. */
function folded(value: string, { base }: Operator): string {
    return base === "StringEqualsIgnoreCase" ? value.toLowerCase() : value;
}

/** Whether the value has a wildcard that is not escaped. */
function hasWildcard(value: string): boolean {
    return isPattern(value.replace(/\$\{[*?$]\}/g, ""));
}
