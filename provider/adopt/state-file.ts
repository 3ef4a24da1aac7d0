import { providerUrn } from "../audit/state-documents";
import { isObject, valuesOf } from "../contract/object";
import type { StackTakeover } from "./takeover";

type Members = Readonly<Record<string, unknown>>;

/** A resource of a state. */
type Entry = Members & { readonly urn: string };

/**
 * The state of a stack whose resources are children of the components, for `pulumi stack import`. It has other URNs and parents, and
 * the components. Pulumi protects everything that moves, so the former program cannot delete it.
 *
 * @param exported The output of `pulumi stack export`.
 */
export function movedState(exported: Members, { moves, components, dropped }: StackTakeover): Members {
    const urns = new Map<string, string | undefined>([
        ...dropped.map(({ address }) => [address, undefined] as const),
        ...moves.map(({ from, to }) => [from.address, to] as const),
    ]);
    const parents = new Map(moves.map(({ to, parent }) => [to, parent]));
    const kept = entriesOfState(exported).filter(({ urn }) => !urns.has(urn) || urns.get(urn) !== undefined);
    const entries = kept.map((entry) => renamed(entry, urns) as Entry);
    const stack = entries.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
    const present = new Set(entries.map(({ urn }) => urn));
    const resources = [
        ...entries.map((entry) =>
            parents.has(entry.urn) ? { ...entry, parent: parents.get(entry.urn), protect: true } : entry,
        ),
        ...components
            .filter(({ urn }) => !present.has(urn))
            .map(({ urn, type, parent = stack }) => ({ urn, custom: false, type, parent })),
    ];
    return { ...exported, deployment: { ...(exported["deployment"] as Members), resources: parentsFirst(resources) } };
}

/** Resources that stay in the state, and whose parent does not. Their URNs would have to change too. */
export function childrenThatStay(exported: Members, { moves, dropped }: StackTakeover): readonly string[] {
    const gone = new Set([...moves.map(({ from }) => from), ...dropped].map(({ address }) => address));
    return entriesOfState(exported).flatMap(({ urn, parent }) =>
        gone.has(String(parent)) && !gone.has(urn) ? [urn] : [],
    );
}

function entriesOfState({ deployment }: Members): readonly Entry[] {
    return (isObject(deployment) ? valuesOf(deployment["resources"]) : []).filter(
        (entry): entry is Entry => isObject(entry) && typeof entry["urn"] === "string",
    );
}

/** A value with other URNs wherever it has one of the former ones. Lists lose those that have no new one. */
function renamed(value: unknown, urns: ReadonlyMap<string, string | undefined>): unknown {
    if (typeof value === "string") {
        return urns.get(value) ?? value;
    }
    if (Array.isArray(value)) {
        return (value as unknown[])
            .filter((each) => typeof each !== "string" || !urns.has(each) || urns.get(each) !== undefined)
            .map((each) => renamed(each, urns));
    }
    return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, renamed(each, urns)]))
        : value;
}

/** The resources in the order that Pulumi requires: each after its parent, its provider and what it depends on. */
function parentsFirst(resources: readonly Entry[]): readonly Entry[] {
    const byUrn = new Map(resources.map((entry) => [entry.urn, entry]));
    const ordered = new Set<Entry>();
    const add = (entry: Entry): void => {
        for (const urn of [entry["parent"], providerUrn(entry["provider"]), ...valuesOf(entry["dependencies"])]) {
            const before = byUrn.get(String(urn));
            // A resource that waits for its replacement has the same URN.
            if (before !== undefined && before.urn !== entry.urn && !ordered.has(before)) {
                add(before);
            }
        }
        ordered.add(entry);
    };
    resources.forEach(add);
    return [...ordered];
}
