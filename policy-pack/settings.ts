import { nearest } from "../provider/contract/nearest";
import { quote } from "../provider/contract/quote";
import { POLICIES, type Level, type PackPolicy } from "./policies";

/** The level of a policy, and its properties. */
export interface PolicySetting {
    readonly level: Level;
    readonly properties: Readonly<Record<string, unknown>>;
}

/** The configuration of all policies. */
export class Settings {
    private readonly given: ReadonlyMap<string, PolicySetting>;

    /** @throws Error that lists every name which is not one of a policy. */
    constructor(given: ReadonlyMap<string, PolicySetting> = new Map()) {
        this.given = given;
        const names = POLICIES.map(({ name }) => name);
        const problems = [...given.keys()]
            .filter((name) => name !== "all" && !names.includes(name))
            .map((name) => {
                const near = nearest(name, names);
                const fix = near === undefined ? `Policies are ${names.join(", ")}.` : `Did you mean ${quote(near)}?`;
                return `${quote(name)} is not a policy of this pack. ${fix}`;
            });
        if (problems.length > 0) {
            throw new Error(problems.join("\n"));
        }
    }

    levelOf({ name, level }: PackPolicy): Level {
        return this.given.get(name)?.level ?? level;
    }

    /** The properties of a policy; undefined if it is disabled. */
    propertiesOf(policy: PackPolicy): Readonly<Record<string, unknown>> | undefined {
        return this.levelOf(policy) === "disabled" ? undefined : (this.given.get(policy.name)?.properties ?? {});
    }
}
