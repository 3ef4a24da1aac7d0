import { nearest } from "../provider/contract/nearest";
import { quote } from "../provider/contract/quote";
import { POLICIES, type Level, type PackPolicy } from "./policies";
import { valueProblems } from "./values";

/** The level of a policy, and its properties. */
export interface PolicySetting {
    readonly level: Level;
    readonly properties: Readonly<Record<string, unknown>>;
}

/** The configuration of all policies. */
export class Settings {
    private readonly given: ReadonlyMap<string, PolicySetting>;

    /** @throws Error that lists every unknown name, and every value that the pack cannot use. */
    constructor(given: ReadonlyMap<string, PolicySetting> = new Map()) {
        this.given = given;
        const problems = [...given].flatMap(([name, { properties }]) =>
            name === ALL ? [] : problemsOf(name, properties),
        );
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

/** The name that sets the level of every policy. */
const ALL = "all";

function problemsOf(name: string, properties: PolicySetting["properties"]): readonly string[] {
    const policy = POLICIES.find((each) => each.name === name);
    if (policy === undefined) {
        const names = POLICIES.map((each) => each.name);
        return [`${quote(name)} is not a policy of this pack. ${fixOf(name, names, "Policies are")}`];
    }
    const known = Object.keys(policy.configSchema?.properties ?? {});
    return Object.entries(properties).flatMap(([property, value]) =>
        known.includes(property)
            ? valueProblems(`${name}.${property}`, property, value)
            : [
                  `${name}: ${quote(property)} is not a property of this policy. ${fixOf(property, [...known, "enforcementLevel"], "Properties are")}`,
              ],
    );
}

function fixOf(name: string, names: readonly string[], all: string): string {
    const near = nearest(name, names);
    return near === undefined ? `${all} ${names.join(", ")}.` : `Did you mean ${quote(near)}?`;
}
