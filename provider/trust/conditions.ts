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
import { latin1Findings, hasVariable, isPattern } from "../iam/policy-text";
import { claimFault, weakClaims } from "./claims";

/** Operator to condition key to values, as in a policy. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Reports conditions that can never be met, that restrict nothing, or that conflict with those of the subjects. */
export function checkConditions(
    conditions: MaybeUnknown<Conditions | undefined>,
    issuer: string | undefined,
    path: string,
    findings: Findings,
): void {
    checkEachTest(conditions, path, findings, (context) => {
        const { key: name, path: at } = context.test;
        if (issuer !== undefined && ["sub", "aud"].includes(claimOf(name, issuer) ?? "")) {
            findings.add(
                "condition-conflict",
                at,
                `${quote(name)} is already set by \`subjects\` and \`audiences\`. A second condition on it would replace theirs, or exclude every job.`,
                "Remove it, and add a subject or an audience instead.",
            );
        } else {
            findings.addAll(testFindings({ ...context, issuer, caller: "job" }));
        }
    });
}

/** A prefix and a name. The name of a tag can have spaces inside. */
const CONDITION_KEY = /^[^\s:$*?]+:\S(?:.*\S)?$/;

const PRINCIPAL_KEYS =
    'a key of the principal: "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:MultiFactorAuthPresent", "sts:ExternalId"';

/** The same for the conditions of a principal of AWS, whose call has keys of its own and none of the ID token. */
export function checkPrincipalConditions(
    conditions: MaybeUnknown<Conditions | undefined>,
    issuer: string | undefined,
    path: string,
    findings: Findings,
): void {
    checkEachTest(conditions, path, findings, (context) => {
        const { key: name, path: at } = context.test;
        if (!CONDITION_KEY.test(name)) {
            findings.add("condition-key", at, `${quote(name)} is not a condition key.`, `Use ${PRINCIPAL_KEYS}.`);
        } else if (issuer !== undefined && claimOf(name, issuer) !== undefined) {
            findings.add(
                "condition-key",
                at,
                `${quote(name)} is a claim of the ID token, which a principal of AWS does not have. The condition would never be met.`,
                `Remove it, or use ${PRINCIPAL_KEYS}.`,
            );
        } else {
            findings.addAll(testFindings({ ...context, issuer: undefined, caller: "principal" }));
        }
    });
}

/** Reports operators that restrict nothing and keys that appear twice, and passes on every other test. */
function checkEachTest(
    conditions: MaybeUnknown<Conditions | undefined>,
    path: string,
    findings: Findings,
    check: (context: Omit<TestContext, "issuer" | "caller">) => void,
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
                    `${quote(name)} appears twice: IAM ignores case in the names of keys.`,
                    "Put all values under one of them.",
                );
            }
            names.add(name.toLowerCase());
            const test = { operator, key: name, values: known(values), path: key(at, name) };
            check({ test, parsed, pathOf: (v) => `${key(at, name)}[${String(v)}]` });
        }
    }
}

/** Warns about conditions on claims that restrict less than they seem to, together with the subjects. */
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

/** The parts of the operator. Reports one that IAM does not have, and one that a missing key meets. */
export function checkOperator(operator: string, at: string, findings: Findings): Operator | undefined {
    const parsed = parseOperator(operator);
    if (parsed === undefined) {
        const meant = nearest(operator, OPERATORS);
        findings.add(
            "condition-operator",
            at,
            `${quote(operator)} is not a condition operator of IAM.`,
            meant === undefined
                ? "Use, for example, StringEquals, StringLike, NumericLessThan or IpAddress."
                : `Write ${meant}.`,
        );
    } else if (parsed.set === "ForAllValues") {
        findings.add(
            "for-all-values",
            at,
            "A request without the key meets `ForAllValues`.",
            `Use ${quote(operator.slice("ForAllValues:".length))} or \`ForAnyValue:\`.`,
        );
    }
    return parsed;
}

/** One test of a condition block, in the inputs of a role or in a policy. */
interface WrittenTest {
    readonly operator: string;
    readonly key: string;
    /** Undefined if not known yet. */
    readonly values: readonly MaybeUnknown<string>[] | undefined;
    readonly path: string;
}

interface TestContext {
    readonly test: WrittenTest;
    /** The parts of the test's operator. */
    readonly parsed: Operator;
    /** Undefined if not known yet. */
    readonly issuer: string | undefined;
    /** The path of a value. */
    readonly pathOf: (i: number) => string;
    /** Who calls. */
    readonly caller: "job" | "principal";
}

/** Everything that is wrong with one test of a condition block, in the inputs or in a policy. */
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
            `${quote(test.key)} is not a condition key that this package knows. If AWS does not have it either, the condition is ${parsed.negated || parsed.ifExists ? "always" : "never"} met.`,
            meant === undefined
                ? "Look it up in AWS's lists of global condition keys and of condition keys for STS."
                : `Write "${meant}".`,
        );
    }
    if (test.values?.length === 0) {
        add("condition-conflict", "is empty, so no request can match.", "Add a value, or remove the key.");
    }
    if (parsed.ifExists && !parsed.negated) {
        add(
            "if-exists",
            `A request without the key meets ${quote(test.operator)}.`,
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

/** Faults of the operator for a claim of the issuer. Claims are strings, and every ID token has those that are condition keys. */
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
                `requires a call without ${quote(test.key)}, but every ID token of ${quote(issuer)} has it. No job can match.`,
                "Leave it out.",
            );
        }
    } else if (!parsed.base.startsWith("String")) {
        const instead = `${parsed.negated ? "StringNot" : "String"}${values.some(isPattern) ? "Like" : "Equals"}`;
        findings.add(
            "condition-operator",
            test.path,
            `${quote(test.operator)} does not compare strings, but all values of ${quote(test.key)} are strings. AWS does not document whether it would ever be met.`,
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
            `${quote(test.operator)} ignores case, but GitLab does not. Anyone who can push an unprotected branch or tag whose name differs only in case can assume the role.`,
            `Write ${conditionText("StringEquals", test.key, values)}.`,
        );
    }
    return findings.errors;
}

/** Whether a condition is met only by tokens that have the claim, and have it with a value that the condition allows. */
export function isPositive({ operator }: Pick<KeyTest, "operator">): boolean {
    const parsed = parseOperator(operator);
    return limitsPresent({ operator }) && !parsed!.ifExists && parsed!.set !== "ForAllValues";
}

/** The same for a claim that every token has, as `sub`: `IfExists` and `ForAllValues` do not change the result. */
export function limitsPresent({ operator }: Pick<KeyTest, "operator">): boolean {
    const parsed = parseOperator(operator);
    return parsed !== undefined && parsed.base !== "Null" && !parsed.negated;
}

/** The only values that one of the conditions allows; undefined if no condition lists its values. */
export function listedValues(tests: readonly KeyTest[]): readonly string[] | undefined {
    return tests.find(
        (t) =>
            isPositive(t) &&
            !/LessThan|GreaterThan/.test(t.operator) &&
            !t.values.some((value) => isPattern(value) || hasVariable(value)),
    )?.values;
}

/** The given values of a claim that meet all conditions on it. A condition with too many values to compare counts as met. */
export function allowedValues(tests: readonly KeyTest[], among: readonly string[]): readonly string[] {
    const meets = tests
        .filter((t) => parseOperator(t.operator) !== undefined && !t.values.some((value) => hasVariable(value)))
        .map((t) => valueTest(t, among.length));
    return among.filter((value) => meets.every((isMetBy) => isMetBy(value)));
}

/** More comparisons of one condition than the values of a policy need that IAM stores. */
const MOST_COMPARISONS = 100_000;

/** Whether a value meets a condition, for so many values in turn. Equality is looked up, so the time is linear in the values. */
function valueTest(test: KeyTest, count: number): (value: string) => boolean {
    const form = FORMS.get(parseOperator(test.operator)!.base);
    const key = test.key.toLowerCase();
    const meets = (value: string, values: readonly string[]): boolean =>
        isMet({ ...test, values }, new Map([[key, [value]]]));
    if (form === undefined || test.values.some((value) => /[*?]|\$\{/.test(value))) {
        const values = [...new Set(test.values)];
        return values.length * count > MOST_COMPARISONS ? () => true : (value) => meets(value, values);
    }
    const byForm = new Map(test.values.map((value) => [form(value), value]));
    return (value) => {
        const expected = byForm.get(form(value));
        return meets(value, expected === undefined ? [] : [expected]);
    };
}

/** Operators that compare for equality if the expected value has no wildcards and escapes, and the form that they compare. */
const FORMS: ReadonlyMap<string, (value: string) => string> = new Map([
    ["StringEquals", (s: string) => s],
    ["StringLike", (s: string) => s],
    ["StringEqualsIgnoreCase", (s: string) => s.toLowerCase()],
]);

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
    { test, parsed, pathOf, caller }: TestContext,
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
            "Write the value itself. To match a dollar sign before a brace, write `${$}`.",
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
            `${quote(value)} has a wildcard, which ${test.operator} compares as a plain character: ${parsed.negated ? "every" : "no"} ${caller} matches.`,
            `Use ${test.operator.replace(/Equals(IgnoreCase)?/, "Like")}.`,
        );
    } else if (shape !== undefined && !shape.fits(value)) {
        add(
            "condition-value",
            `${quote(value)} is not ${shape.name}, as ${test.operator} requires: ${parsed.negated ? "every" : "no"} ${caller} matches.`,
            `Write ${shape.name}: ${quote(shape.example)}.`,
        );
    } else if (claim !== "sub" && claim !== "aud") {
        findings.addAll(latin1Findings(value, pathOf(i)));
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

/** The conditions one by one. */
export function testsIn(conditions: Conditions | undefined): readonly KeyTest[] {
    return Object.entries(conditions ?? {}).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    );
}
