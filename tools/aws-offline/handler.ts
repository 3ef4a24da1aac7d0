import { Aws } from "./clients";
import { Properties, textMap, Value } from "./values";

/** What AWS has to be asked for one resource type. Inputs are checked and policies in their normal form. */
export interface Handler {
    /** Returns the id. */
    create(aws: Aws, inputs: Properties): Promise<string>;
    /** The outputs as AWS has them now, or nothing when it is gone. `known`: the state or inputs so far. */
    read(aws: Aws, id: string, known: Properties): Promise<Properties | undefined>;
    update?(aws: Aws, id: string, update: Update): Promise<void>;
    /** Succeeds when it is gone already. */
    delete(aws: Aws, id: string, state: Properties): Promise<void>;
}

export interface Update {
    readonly state: Properties;
    readonly inputs: Properties;
    /** Names of the properties that differ. */
    readonly changed: ReadonlySet<string>;
}

export interface Tag {
    Key: string | undefined;
    Value: string | undefined;
}

export function toTags(tags: Value | undefined): { Key: string; Value: string }[] | undefined {
    const list = Object.entries(textMap(tags)).map(([Key, Value]) => ({ Key, Value }));
    return list.length > 0 ? list : undefined;
}

/** All tags that AWS has; which of them are the resource's own is found from these. */
export function tagOutputs(tags: readonly Tag[] | undefined): { readonly tagsAll: Properties } {
    return { tagsAll: Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""])) };
}

export function tagChanges({ state, inputs }: Update): { removed: string[]; set: { Key: string; Value: string }[] } {
    const olds = textMap(state["tagsAll"]);
    const news = textMap(inputs["tagsAll"]);
    return {
        removed: Object.keys(olds).filter((key) => !(key in news)),
        set: Object.entries(news)
            .filter(([key, value]) => olds[key] !== value)
            .map(([Key, Value]) => ({ Key, Value })),
    };
}

/** AWS gives dates as Date, the real provider as RFC 3339 without fractions. */
export function timestamp(date: Date | undefined): string {
    return date ? date.toISOString().replace(/\.\d+Z$/, "Z") : "";
}
