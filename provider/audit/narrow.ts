import { matchesGlob, patternGlob, variablesOf } from "../iam/glob";
import { parseOperator, type KeyTest } from "../iam/operators";
import { issuerOfProvider } from "../iam/other-issuers";
import { mayBeGitLab } from "../trust/gitlab-issuers";
import { latin1Findings, escapeDollar, isPattern } from "../iam/policy-text";
import { VERSION, type ConditionTest, type Statement } from "../trust/document";
import { evaluatePartly } from "../trust/evaluate";
import { pairsOf } from "../trust/explain-sub";
import { coversWebIdentity } from "../trust/statement";
import { policySize } from "../trust/policy";
import { requestOfSubject } from "./explain-event";

/** A subject that AWS allowed. */
export interface AllowedSubject {
    readonly provider: string;
    readonly sub: string;
    /** Undefined if it cannot be read from the events. */
    readonly audience: string | undefined;
}

/** The result for a statement that allows ID tokens. */
export interface StatementChange {
    /** Property path of the statement in the given policy. */
    readonly path: string;
    /** `same`: all its values were seen. `unchanged`: it cannot be narrowed. */
    readonly change: "narrowed" | "removed" | "same" | "unchanged";
    /** Why it cannot be narrowed; left out for the others. */
    readonly reason?: string;
}

/** A trust policy that allows the seen subjects, and nothing that the given policy does not allow. */
export interface NarrowedPolicy {
    /** The policy as compact JSON. */
    readonly policy: string;
    /** Its characters as AWS counts them, without white space. */
    readonly size: number;
    /** The result for each statement that allows ID tokens, in the order of the policy. */
    readonly changes: readonly StatementChange[];
}

/** A pattern for the ref stays if it matched more refs of a project than this; else each of them is listed. */
export const MOST_LISTED_REFS = 10;

type Members = Readonly<Record<string, unknown>>;

/**
 * Narrows a trust policy to the seen subjects. Each Allow statement for one identity provider that may be a GitLab instance becomes a
 * list of the seen `sub` claims that the statement may have allowed:
 *
 * - Every `sub` claim is listed exactly. If a pattern of the statement matched more than `MOST_LISTED_REFS` refs of one project, the
 *   pattern for the ref stays, with that project and all other components exact. No other pattern is added.
 * - A pattern also stays if it matched a `sub` claim that IAM cannot store, for example with a Cyrillic branch name.
 * - If either of two statements may have allowed a subject, both list it.
 * - A statement without any seen subject is removed.
 * - Audiences, Deny statements and conditions on other claims and keys stay as they are.
 *
 * @param document A policy that IAM accepts.
 * @param statements Its statements, all of them.
 * @returns Undefined if the policy allows none of the subjects.
 */
export function narrowPolicy(
    document: Members,
    statements: readonly Statement[],
    seen: readonly AllowedSubject[],
): NarrowedPolicy | undefined {
    const { Statement: given, Version: version } = document;
    const written = (Array.isArray(given) ? given : [given]) as readonly Members[];
    const subjects: Set<string>[] = statements.map(() => new Set());
    let isAllowed = false;
    for (const { provider, sub, audience } of seen) {
        const { allowed, statements: results } = evaluatePartly(
            statements,
            requestOfSubject(provider, { sub, audience }),
        );
        isAllowed ||= allowed !== false;
        results.forEach((r, i) => allowed !== false && r.applies !== false && subjects[i]!.add(sub));
    }
    if (!isAllowed) {
        return undefined;
    }
    const hasVariables = version === VERSION;
    const narrowed = statements.map((statement, i): NarrowedStatement =>
        coversWebIdentity(statement)
            ? narrowStatement(written[i]!, statement, { subs: [...subjects[i]!].sort(), hasVariables })
            : { statement: written[i]! },
    );
    const left = narrowed.flatMap((n) => n.statement ?? []);
    const policy = JSON.stringify({ ...document, Statement: Array.isArray(given) ? left : left[0] });
    return { policy, size: policySize(policy), changes: narrowed.flatMap((n) => n.change ?? []) };
}

interface NarrowedStatement {
    /** Left out if the statement is removed. */
    readonly statement?: Members;
    /** Left out if the statement is not about ID tokens of GitLab. */
    readonly change?: StatementChange;
}

interface StatementContext {
    /** The seen `sub` claims, sorted. */
    readonly subs: readonly string[];
    /** Whether the policy's version has variables and escapes. */
    readonly hasVariables: boolean;
}

function narrowStatement(written: Members, statement: Statement, context: StatementContext): NarrowedStatement {
    const { path, effect, principals, conditions } = statement;
    const trusted = principals.flatMap((p) => p.values.map((value) => ({ type: p.type, value })));
    const mayTrustGitLab = trusted.some(({ type, value }) =>
        type === "Federated" ? mayBeGitLab(value) : value === "*",
    );
    if (effect === "Deny" || !mayTrustGitLab) {
        return { statement: written };
    }
    const unchanged = (reason: string): NarrowedStatement => ({
        statement: written,
        change: { path, change: "unchanged", reason },
    });
    const [first] = trusted;
    if (trusted.length > 1 || first!.type !== "Federated") {
        return unchanged("It trusts more than a single identity provider.");
    }
    if (context.subs.length === 0) {
        return { change: { path, change: "removed" } };
    }
    const key = `${issuerOfProvider(first!.value)}:sub`;
    const subTests = conditions.filter((test) => isSubTest(test, key));
    if (subTests.some(({ values }) => values.some((value) => variablesOf(value).length > 0))) {
        return unchanged("It compares the sub claim with a policy variable.");
    }
    const tests = subTests.filter((test) => !isNegated(test));
    const list = listFor(context, patternsIn(tests), new Set(tests.flatMap((t) => t.values)));
    if (typeof list === "string") {
        return unchanged(list);
    }
    if (tests.length === 1 && hasSameValues(tests[0]!.values, list.values)) {
        return { statement: written, change: { path, change: "same" } };
    }
    const values = context.hasVariables ? list.values : list.values.map(withoutEscapes);
    const narrowed = { ...written, Condition: conditionWith(written["Condition"], key, { ...list, values }) };
    return { statement: narrowed, change: { path, change: "narrowed" } };
}

/** Whether a condition compares the `sub` claim with texts. */
function isSubTest({ operator, key }: Pick<KeyTest, "operator" | "key">, sub: string): boolean {
    return key.toLowerCase() === sub.toLowerCase() && parseOperator(operator)?.base.startsWith("String") === true;
}

function isNegated({ operator }: Pick<KeyTest, "operator">): boolean {
    return parseOperator(operator)!.negated;
}

/** The patterns of the only condition on the `sub` claim, the longest first. With several conditions there are none, because a value must meet all of them. */
function patternsIn(tests: readonly ConditionTest[]): readonly string[] {
    const [test, ...more] = tests;
    return test === undefined || more.length > 0 || parseOperator(test.operator)!.base !== "StringLike"
        ? []
        : test.values.filter(isPattern).sort((a, b) => b.length - a.length);
}

/** Values for the `sub` claim. */
interface SubList {
    /** As a policy of version 2012-10-17 has them, sorted. */
    readonly values: readonly string[];
    readonly hasPatterns: boolean;
}

interface Group {
    readonly subs: string[];
    readonly refs: Set<string>;
}

/** The values that cover the seen `sub` claims, or the reason why there are none. */
function listFor(
    { subs, hasVariables }: StatementContext,
    given: readonly string[],
    values: ReadonlySet<string>,
): SubList | string {
    const patterns = given.map(readPattern);
    const exact: string[] = [];
    const kept = new Set<string>();
    const groups = new Map<string, Group>();
    for (const sub of subs) {
        const pattern = values.has(escapeDollar(sub)) ? undefined : patterns.find((p) => matchesGlob(p.glob, sub));
        const value =
            pattern === undefined ? undefined : (patternForProject(pattern, sub, hasVariables) ?? pattern.text);
        if (isStored(sub) && (hasVariables || !isPattern(sub))) {
            if (value === undefined) {
                exact.push(sub);
                continue;
            }
        } else if (value === undefined) {
            return "IAM cannot store one of the seen sub claims exactly, and the statement has no single pattern for it.";
        } else {
            kept.add(value);
        }
        const group = groups.get(value) ?? { subs: [], refs: new Set() };
        groups.set(value, group);
        group.subs.push(sub);
        group.refs.add(refOf(sub));
    }
    for (const [value, group] of groups) {
        if (group.refs.size > MOST_LISTED_REFS) {
            kept.add(value);
        } else if (!kept.has(value)) {
            group.subs.forEach((sub) => exact.push(sub));
        }
    }
    const hasPatterns = kept.size > 0;
    const texts = exact.map((sub) => (hasPatterns ? escapeAll(sub) : escapeDollar(sub)));
    return { values: [...new Set([...kept, ...texts])].sort(), hasPatterns };
}

interface Pattern {
    readonly text: string;
    readonly glob: ReturnType<typeof patternGlob>;
    readonly pairs: ReturnType<typeof pairsOf>;
}

function readPattern(text: string): Pattern {
    return { text, glob: patternGlob(text), pairs: pairsOf(text) };
}

/**
 * The pattern with everything but the ref as the `sub` claim has it; undefined if it does not match component by component. A policy
 * without variables has no escape for a wildcard, so the claim must not have one.
 */
function patternForProject({ pairs }: Pattern, sub: string, hasVariables: boolean): string | undefined {
    const actual = pairsOf(sub);
    const fits =
        pairs.length === actual.length &&
        pairs.every(([name, value], i) => name === actual[i]![0] && matchesGlob(patternGlob(value), actual[i]![1]));
    const isWritable = hasVariables || !actual.some(([name, value]) => name !== "ref" && isPattern(value));
    const ref = fits && isWritable ? pairs.find(([name]) => name === "ref") : undefined;
    if (ref === undefined) {
        return undefined;
    }
    const text = actual.map(([name, value]) => `${name}:${name === "ref" ? ref[1] : escapeAll(value)}`).join(":");
    return isStored(text) ? text : undefined;
}

function refOf(sub: string): string {
    return pairsOf(sub).find(([name]) => name === "ref")?.[1] ?? sub;
}

/** Whether IAM stores the characters of a text. */
function isStored(text: string): boolean {
    return latin1Findings(text, "").length === 0;
}

/** A text for an operator with wildcards. */
function escapeAll(text: string): string {
    return text.replace(/\$\{|[*?]/g, (found) => (found === "${" ? "${$}{" : `\${${found}}`));
}

/** A value for a policy of version 2008-10-17, which has no escapes. */
function withoutEscapes(value: string): string {
    return value.replaceAll("${$}{", "${");
}

function hasSameValues(a: readonly string[], b: readonly string[]): boolean {
    const values = new Set(a);
    return values.size === b.length && b.every((value) => values.has(value));
}

/** The condition block with the list. It replaces all conditions on the `sub` claim that every listed value meets. */
function conditionWith(given: unknown, key: string, { values, hasPatterns }: SubList): Members {
    const operator = hasPatterns ? "StringLike" : "StringEquals";
    // Every seen value meets the conditions with Not. Other values that a pattern matches may not.
    const isSuperfluous = (of: string, name: string): boolean =>
        isSubTest({ operator: of, key: name }, key) && !(hasPatterns && isNegated({ operator: of }));
    const blocks = new Map<string, (readonly [string, unknown])[]>();
    for (const [of, keys] of Object.entries((given ?? {}) as Readonly<Record<string, Members>>)) {
        const left = Object.entries(keys).filter(([name]) => !isSuperfluous(of, name));
        if (left.length > 0 || of === operator) {
            blocks.set(of, left);
        }
    }
    const block = blocks.get(operator) ?? [];
    const audience = `${key.slice(0, -"sub".length)}aud`.toLowerCase();
    const at = block.findIndex(([name]) => name.toLowerCase() === audience) + 1;
    blocks.set(operator, [...block.slice(0, at), [key, values.length === 1 ? values[0] : values], ...block.slice(at)]);
    return Object.fromEntries([...blocks].map(([of, keys]) => [of, Object.fromEntries(keys)]));
}
