import type { SubClaimComponent, Subject } from "../contract/types";
import { DEFAULT_COMPONENTS, isOpenEnded, isOptional, namedComponents, parseSub } from "../gitlab/sub-claim";
import { quote } from "../contract/quote";
import { literalGlob, matchesGlob } from "../iam/glob";
import { isPattern } from "../iam/policy-text";
import type { ReadTrust } from "./describe-statement";
import { compileSubject } from "./subject";

type Components = readonly SubClaimComponent[];

/** A list of sub claim components, and other lists that are possible. */
export interface ChosenComponents {
    readonly components: Components;
    /** Other lists that lead to the same statements. */
    readonly alternatives: readonly Components[];
    readonly notes: readonly string[];
}

/** Fields of a subject that compile to exactly a `sub` value and to the components that its statement excludes, or why there are none. */
export function fieldsOf(
    text: string,
    excluded: ReadonlySet<SubClaimComponent>,
    components: Components,
): Subject | { readonly why: string } {
    const fields = parseSub(text, components);
    if ("why" in fields) {
        return { why: `${quote(text)} ${fields.why}.` };
    }
    const { except } = compileSubject(fields, components);
    if (isPattern(text)) {
        const own = components.filter((c) => except.includes(`*:${c}:*`));
        const missing = own.filter((c) => !excluded.has(c));
        const more = [...excluded].filter((c) => !own.includes(c));
        if (missing.length > 0) {
            return { why: `${quote(text)} also matches jobs with ${missing.join(" and ")} in their sub claim.` };
        }
        if (more.length > 0) {
            return { why: `The statement excludes jobs with ${more.join(" and ")} from ${quote(text)}.` };
        }
    } else if ([...excluded].some((c) => matchesGlob(literalGlob(`*:${c}:*`), text))) {
        return { why: `The statement excludes ${quote(text)} by another condition.` };
    }
    return fields;
}

/** Most lists of components to compare. Each is compared with all values. */
const MOST_LISTS = 4;

/** More than any policy has values. */
const ALWAYS_MORE = 1e6;

/** A kind of `sub` value. All values of one kind fit the same lists of components. */
interface Shape {
    readonly text: string;
    readonly named: Components;
    readonly excluded: ReadonlySet<SubClaimComponent>;
    readonly count: number;
}

/** The list of components that fits the most values; `given` if it is known. */
export function chooseComponents(trusts: readonly ReadTrust[], given: Components | undefined): ChosenComponents {
    if (given !== undefined) {
        return { components: given, alternatives: [], notes: [] };
    }
    const shapes = shapesOf(trusts);
    const [closed, open] = [false, true].map((is) => shapes.filter((s) => isOpenEnded(s.text, s.named) === is));
    const lists = distinct([...closed!, ...open!].map(({ named }) => named)).slice(0, MOST_LISTS);
    const merged = lists.map((list) => lists.reduce(withOptional, list));
    const fits = (among: readonly Shape[], list: Components): number =>
        among.reduce((sum, s) => sum + ("why" in fieldsOf(s.text, s.excluded, list) ? 0 : s.count), 0);
    // Authors of values with a wildcard at the end rarely know the setting. Such values only decide a tie.
    const score = (list: Components): number => fits(closed!, list) * ALWAYS_MORE + fits(open!, list);
    const [base = DEFAULT_COMPONENTS] = best(distinct([...lists, ...merged]), score);
    const excluded = new Set(shapes.flatMap((s) => [...s.excluded]));
    const absent = [...excluded]
        .filter((c) => isOptional(c) && !base.includes(c))
        .sort()
        .reverse();
    const placed = absent.reduce<readonly Components[]>(
        (found, c) => distinct(found.flatMap((list) => insertions(list, c))),
        [base],
    );
    const [components = base, ...equal] = best(distinct([base, ...placed]), score);
    const alternatives = equal.filter((list) => list.length === components.length);
    // A complete value with the same components confirms the list.
    const isShown = closed!.some(({ named }) => sameList(named, components));
    const openEnded = isShown ? undefined : open!.find(({ named }) => sameList(named, components));
    return {
        components,
        alternatives,
        notes: [
            ...(alternatives.length === 0
                ? []
                : [
                      `The sub claim components may also be ${listed(alternatives)}: the policy is the same. Compare with the setting ci_id_token_sub_claim_components of the projects.`,
                  ]),
            ...(openEnded === undefined
                ? []
                : [
                      `${quote(openEnded.text)} ends with a wildcard, so the sub claim may have more components than ${components.join(", ")}. Compare with the setting ci_id_token_sub_claim_components of the projects.`,
                  ]),
        ],
    };
}

function listed(lists: readonly Components[]): string {
    const shown = lists.slice(0, 3).map((list) => `[${list.join(", ")}]`);
    return (
        shown.join(" or ") + (lists.length > shown.length ? ` or ${String(lists.length - shown.length)} others` : "")
    );
}

function shapesOf(trusts: readonly ReadTrust[]): readonly Shape[] {
    const shapes = new Map<string, Shape>();
    for (const { subs, excluded } of trusts) {
        for (const { text } of subs) {
            const named = text === undefined ? undefined : namedComponents(text);
            if (text !== undefined && named !== undefined) {
                const parts = text.split(":").map((part, i) => (i % 2 === 0 ? part : kindOfValue(part)));
                const id = [...parts, ...[...excluded].sort()].join("|");
                const before = shapes.get(id);
                shapes.set(id, { text, named, excluded, ...before, count: (before?.count ?? 0) + 1 });
            }
        }
    }
    return [...shapes.values()];
}

/** The part of a component's value that decides which lists fit: the value itself for `ref_type`, else whether it is a pattern. */
function kindOfValue(value: string): string {
    return value === "branch" || value === "tag"
        ? value
        : `${isPattern(value) ? "*" : ""}${value.endsWith("*") ? "*" : ""}`;
}

/** The list with the optional components of another one, if nothing else differs. */
function withOptional(list: Components, other: Components): Components {
    const required = (l: Components): Components => l.filter((c) => !isOptional(c));
    if (!sameList(required(list), required(other))) {
        return list;
    }
    return other.reduce<Components>((merged, c, i) => {
        const at = i === 0 ? -1 : merged.indexOf(other[i - 1]!);
        return merged.includes(c) ? merged : [...merged.slice(0, at + 1), c, ...merged.slice(at + 1)];
    }, list);
}

/** The lists with the component at each place but the first, the last place first. */
function insertions(list: Components, component: SubClaimComponent): readonly Components[] {
    return list.map((_, i) => {
        const at = list.length - i;
        return [...list.slice(0, at), component, ...list.slice(at)];
    });
}

/** Those with the highest score, in the given order. */
function best(lists: readonly Components[], score: (list: Components) => number): readonly Components[] {
    const scores = lists.map(score);
    const highest = scores.reduce((a, b) => Math.max(a, b), 0);
    return lists.filter((_, i) => scores[i] === highest);
}

function distinct(lists: readonly Components[]): readonly Components[] {
    return [...new Map(lists.map((list) => [list.join(), list])).values()];
}

function sameList(a: Components, b: Components): boolean {
    return a.join() === b.join();
}
