import type { Claims, SubClaimComponent, Subject } from "../contract/types";
import { GITLAB_COM, issuerOf } from "../gitlab/issuer-url";
import { CLAIM_KEYS, claimOf } from "../iam/condition-keys";
import { hasVariable, unescapeDollar } from "../iam/policy-text";
import { claimFault } from "./claims";
import type { Conditions } from "./conditions";
import { fieldsOf } from "./describe-components";
import type { ReadTrust, SubValue } from "./describe-statement";
import type { Beside } from "./describe-subject";
import type { ConditionTest } from "./document";

/** The instance and the setting of its projects. */
export interface ClaimContext {
    readonly issuer: string;
    readonly components: readonly SubClaimComponent[];
}

export interface ReadValue {
    readonly value: SubValue;
    /** Undefined if no input has the value. */
    readonly fields: Subject | undefined;
    readonly reason: string;
}

/** A statement, with its conditions on claims as fields of a subject. */
export interface Candidate {
    readonly trust: ReadTrust;
    readonly values: readonly ReadValue[];
    readonly claims: ReadonlyMap<ConditionTest, Beside>;
}

/** Most values of a claim in all subjects of a statement together: more than fit into a policy that AWS stores. */
const MOST_REPEATED = 200_000;

export function candidateOf(trust: ReadTrust, context: ClaimContext): Candidate {
    const values = trust.subs.map((value): ReadValue => {
        if (value.text === undefined) {
            return { value, fields: undefined, reason: value.obstacle! };
        }
        const fields = fieldsOf(value.text, trust.excluded, context.components);
        return "why" in fields
            ? { value, fields: undefined, reason: fields.why }
            : { value, fields: withFlags(fields), reason: "" };
    });
    const claims = new Map<ConditionTest, Beside>();
    for (const test of trust.others) {
        // Each subject repeats its claims. A long list becomes a condition, which exists once.
        const isShort = test.values.length * values.length <= MOST_REPEATED;
        const beside = isShort ? besideOf(test, context) : undefined;
        if (beside !== undefined) {
            claims.set(test, beside);
        }
    }
    return { trust, values, claims };
}

/** The flags of a `sub` value as booleans. */
function withFlags(fields: Subject): Subject {
    return Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [
            name,
            /Protected$/.test(name) && (value === "true" || value === "false") ? value === "true" : (value as string),
        ]),
    );
}

/** A condition on one of gitlab.com's claims as fields of a subject; undefined if it can only be a condition. */
export function besideOf(
    { operator, key, values }: ConditionTest,
    { issuer, components }: ClaimContext,
): Beside | undefined {
    const claim = claimOf(key, issuer);
    const isWritten = operator === "StringEquals" && issuer === issuerOf(GITLAB_COM) && key === `${issuer}:${claim!}`;
    if (claim === undefined || !isWritten || values.length === 0 || values.some(hasVariable)) {
        return undefined;
    }
    const texts = values.map(unescapeDollar);
    if (texts.some((text) => claimFault(claim, text) !== undefined)) {
        return undefined;
    }
    if (claim === "project_id" || claim === "ref_protected") {
        const [text, ...more] = texts;
        if (more.length > 0 || components.includes(claim)) {
            return undefined;
        }
        return claim === "project_id" ? { projectId: text! } : { refProtected: text === "true" };
    }
    const name = (Object.keys(CLAIM_KEYS) as (keyof Claims)[]).find((n) => CLAIM_KEYS[n].key === claim);
    return name === undefined ? undefined : { claims: { [name]: texts } };
}

/** The subject of a `sub` value and other conditions. With a project ID, a group becomes a pattern for the path of that project. */
export function withBeside({ group, ...fields }: Subject, beside: Beside): Subject {
    const scope = group === undefined ? {} : beside.projectId === undefined ? { group } : { project: `${group}/*` };
    return { ...scope, ...fields, ...beside };
}

export function together(a: Beside, b: Beside): Beside {
    const claims = { ...a.claims, ...b.claims };
    return { ...a, ...b, ...(Object.keys(claims).length > 0 && { claims }) };
}

type IsCondition = (test: ConditionTest, claims: Candidate["claims"]) => boolean;

/**
 * Separates the conditions that all statements share from the claims of the subjects. For a claim that all statements test alike, both
 * are correct: the position in the policy decides, as in policies of this package.
 */
export function conditionsAmong(candidates: readonly Candidate[]): IsCondition {
    const counts = new Map<string, number>();
    const asConditions = new Set<string>();
    for (const { trust, claims } of candidates) {
        const late = lateTests(trust.others, claims);
        for (const test of trust.others) {
            const id = idOf(test);
            counts.set(id, (counts.get(id) ?? 0) + 1);
            if (!claims.has(test) || late.has(test)) {
                asConditions.add(id);
            }
        }
    }
    return (test, claims) =>
        !claims.has(test) || (asConditions.has(idOf(test)) && counts.get(idOf(test)) === candidates.length);
}

/** Tests at a position where this package writes conditions: claims of the subjects come first, sorted by key. */
function lateTests(tests: readonly ConditionTest[], claims: Candidate["claims"]): ReadonlySet<ConditionTest> {
    const exact = tests.filter(({ operator }) => operator === "StringEquals");
    const end = exact.findIndex((test, i) => !claims.has(test) || (i > 0 && exact[i - 1]!.key >= test.key));
    return new Set(end < 0 ? [] : exact.slice(end));
}

function idOf({ operator, key, values }: ConditionTest): string {
    return JSON.stringify([operator, key, [...values].sort()]);
}

export function idsOf(tests: readonly ConditionTest[]): string {
    return JSON.stringify(tests.map(idOf).sort());
}

export function conditionsOf(tests: readonly ConditionTest[]): Conditions | undefined {
    const blocks = new Map<string, ConditionTest[]>();
    for (const test of tests) {
        const block = blocks.get(test.operator) ?? [];
        blocks.set(test.operator, block);
        block.push(test);
    }
    const keysOf = (of: readonly ConditionTest[]): Conditions[string] =>
        Object.fromEntries(of.map(({ key, values }) => [key, values]));
    return tests.length === 0
        ? undefined
        : Object.fromEntries([...blocks].map(([operator, of]) => [operator, keysOf(of)]));
}
