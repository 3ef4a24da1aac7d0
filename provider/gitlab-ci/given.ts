import type { Verdict } from "../contract/findings";
import { property } from "../contract/paths";
import type { GitLabCiForm, GitLabCiOptions, GitLabCiSecret } from "../contract/types";
import { isComplete, known, type MaybeUnknown } from "../contract/unknown";

/** Options as they are given, and where. */
export interface Given {
    readonly options: MaybeUnknown<GitLabCiOptions> | undefined;
    readonly path: string;
}

/** The role whose job is written, as far as known. */
export interface CiRole {
    readonly key: string;
    /** The role's own options, if it can have some in addition to those for all. */
    readonly own?: Given;
    readonly partition?: string | undefined;
    readonly maxSessionDuration?: MaybeUnknown<number | undefined>;
}

/** A conflict of options of one role, and its path. */
export interface Conflict extends Verdict {
    readonly at: string;
}

interface Option<T> {
    /** Undefined if not known yet. */
    readonly value: T | undefined;
    /** As far as known. */
    readonly partly: MaybeUnknown<T> | undefined;
    /** Whether it is known that the option is set. */
    readonly isSet: boolean;
    readonly at: string;
}

export type OptionName = keyof GitLabCiOptions;
export type OptionValue<N extends OptionName> = Exclude<GitLabCiOptions[N], undefined>;

/** The first option of that name; undefined if none is set. It has no value if that is not known yet. */
export function optionOf<N extends OptionName>(
    name: N,
    ...given: readonly (Given | undefined)[]
): Option<OptionValue<N>> | undefined {
    for (const g of given) {
        if (g?.options !== undefined) {
            const options = known(g.options);
            const value = options?.[name];
            if (options === undefined || value !== undefined) {
                const at = property(g.path, name);
                const isKnown = value !== undefined && isComplete(value as MaybeUnknown<unknown>);
                return {
                    value: isKnown ? (value as OptionValue<N>) : undefined,
                    partly: value as MaybeUnknown<OptionValue<N>> | undefined,
                    isSet: options !== undefined,
                    at,
                };
            }
        }
    }
    return undefined;
}

interface KnownSecrets {
    /** The variables of all secrets. */
    readonly names: readonly string[];
    /** The secrets of which everything is known. */
    readonly value: Readonly<Record<string, GitLabCiSecret>>;
    readonly at: string;
}

/** The secrets of a job as far as they are known; undefined if none are set, or not even their names are known. */
export function secretsOf(...given: readonly (Given | undefined)[]): KnownSecrets | undefined {
    const option = optionOf("secrets", ...given);
    const secrets = known(option?.partly);
    if (secrets === undefined) {
        return undefined;
    }
    const complete = Object.entries(secrets).filter(([, secret]) => isComplete<GitLabCiSecret>(secret));
    return {
        names: Object.keys(secrets),
        value: Object.fromEntries(complete) as Readonly<Record<string, GitLabCiSecret>>,
        at: option!.at,
    };
}

/** The form of the output, which is the same for all roles; undefined if not known yet. */
export function ciFormOf(common: Given): GitLabCiForm | undefined {
    const option = optionOf("form", common);
    return option === undefined ? "job" : option.value;
}
