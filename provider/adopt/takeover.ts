import type { ManagedResource } from "../audit/account-facts";
import { grouped } from "../audit/accounts";
import type { Adoption } from "./adopt";
import { resourcesOf, type ImportedResource, type ImportFile } from "./import-file";

/** A stack of Pulumi. */
export interface PulumiStack {
    readonly name: string;
    readonly project: string;
}

/** A resource of a stack that becomes a child of a component. */
export interface Move {
    readonly resource: ImportedResource;
    readonly from: ManagedResource;
    /** New URN. */
    readonly to: string;
    /** URN of its parent. */
    readonly parent: string;
}

/** A component that the state of a stack gets. */
export interface NewComponent {
    readonly urn: string;
    readonly type: string;
    /** URN; left out if its parent is the stack. */
    readonly parent?: string;
}

/** The resources of one stack that are or become children of the components. */
export interface StackTakeover {
    readonly stack: PulumiStack;
    /** Name of the document with its state. */
    readonly source: string;
    /** Names in the import file of everything that the stack has. */
    readonly present: ReadonlySet<string>;
    /** Resources that are no children of the components yet. */
    readonly moves: readonly Move[];
    readonly components: readonly NewComponent[];
    /** Resources of the stack that its state has to lose, because other resources of the components replace them. */
    readonly dropped: readonly ManagedResource[];
}

/** How the components take over what exists. */
export interface Takeover {
    /** Undefined if everything is imported. */
    readonly ofStack: StackTakeover | undefined;
    /** The content of the file for `pulumi import`; undefined if the stack has everything. */
    readonly importFile: ImportFile | undefined;
    /** Resources that other programs have in their states, each before those that it depends on. */
    readonly released: readonly ManagedResource[];
}

/** Whether the state of the stack has to change. */
export function isMoving({ moves, dropped }: StackTakeover): boolean {
    return moves.length + dropped.length > 0;
}

/** Resources move if all that Pulumi manages is in one stack. Everything else is imported. */
export function takeoverOf({ components, managed }: Adoption): Takeover {
    const resources = resourcesOf(components);
    const inPulumi = managed.filter(({ program }) => program === "pulumi");
    const [stack, ...more] = [...grouped(inPulumi, ({ address }) => JSON.stringify(stackOf(address))).values()].map(
        ([first]) => stackOf(first!.address),
    );
    const ofStack = stack === undefined || more.length > 0 ? undefined : stackTakeover(stack, resources, inPulumi);
    const elsewhere = managed.filter(({ program }) => ofStack === undefined || program !== "pulumi");
    return {
        ofStack,
        importFile: importFileOf(resources, ofStack),
        // Policies come after their roles, which come after identity providers.
        released: distinct([...elsewhere].reverse()),
    };
}

/** The part of one stack; undefined if it has nothing that can be a child of a component. */
function stackTakeover(
    stack: PulumiStack,
    resources: readonly ImportedResource[],
    managed: readonly ManagedResource[],
): StackTakeover | undefined {
    const urnOf = urnsOf(resources, stack);
    const found = resources.flatMap((resource): Move[] => {
        const from = managed.find(({ type, id }) => type === resource.type && id === resource.id);
        return from === undefined
            ? []
            : [{ resource, from, to: urnOf(resource.name), parent: urnOf(resource.parent!) }];
    });
    const [first] = found;
    const addresses = new Set(found.map(({ from }) => from.address));
    return first === undefined
        ? undefined
        : {
              stack,
              source: first.from.source,
              present: new Set(found.map(({ resource }) => resource.name)),
              moves: found.filter(({ from, to }) => from.address !== to),
              components: resources.flatMap(({ name, type, parent, component }) =>
                  component === true
                      ? [{ urn: urnOf(name), type, ...(parent !== undefined && { parent: urnOf(parent) }) }]
                      : [],
              ),
              dropped: distinct(managed.filter(({ address }) => !addresses.has(address))),
          };
}

/** The file for everything that the stack does not have. Its state has the parents then. */
function importFileOf(
    resources: readonly ImportedResource[],
    ofStack: StackTakeover | undefined,
): ImportFile | undefined {
    if (ofStack === undefined) {
        return { resources };
    }
    const imported = resources.filter(({ component, name }) => component !== true && !ofStack.present.has(name));
    const urnOf = urnsOf(resources, ofStack.stack);
    const names = new Set(imported.map(({ name }) => name));
    const parents = new Set(imported.map(({ parent }) => parent!).filter((parent) => !names.has(parent)));
    return imported.length === 0
        ? undefined
        : { resources: imported, nameTable: Object.fromEntries([...parents].map((name) => [name, urnOf(name)])) };
}

/** One of each: a resource can attach a policy to several roles. */
function distinct(managed: readonly ManagedResource[]): readonly ManagedResource[] {
    const byAddress = grouped(managed, ({ source, address }) => JSON.stringify([source, address]));
    return [...byAddress.values()].map(([first]) => first!);
}

/** The stack of a URN. Source: Pulumi, "Resource names", "URNs". */
export function stackOf(urn: string): PulumiStack {
    const [, name = "", project = ""] = /^urn:pulumi:([^:]*)::([^:]*)::/.exec(urn) ?? [];
    return { name, project };
}

/** A URN without its stack and its project. */
export function urnInStack(urn: string): string {
    return urn.replace(/^urn:pulumi:[^:]*::[^:]*::/, "");
}

/** The URNs of resources by their names in the import file: each has the types of its parents. */
function urnsOf(resources: readonly ImportedResource[], { name, project }: PulumiStack): (name: string) => string {
    const byName = new Map(resources.map((resource) => [resource.name, resource]));
    const typesOf = ({ type, parent }: ImportedResource): string =>
        parent === undefined ? type : `${typesOf(byName.get(parent)!)}$${type}`;
    return (resource) => {
        const found = byName.get(resource)!;
        return `urn:pulumi:${name}::${project}::${typesOf(found)}::${found.logicalName}`;
    };
}
